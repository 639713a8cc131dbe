"""What the checks of a table demand together: whether any row can meet them."""

from __future__ import annotations

import pytest

from bot.roles.backend_developer.checks.areas.satisfiable import impossible
from bot.roles.backend_developer.checks.catalogue import Catalogue, Column, Constraint, Table


def _catalogue(*checks: str) -> Catalogue:
    kinds = {"seats": "int8", "price": "numeric", "starts_at": "timestamptz", "ends_at": "timestamptz", "day": "date"}
    columns = {
        name: Column(name=name, type=kind, kind="b", required=True, defaulted=False, identity=False, generated=False,
                     labels=())
        for name, kind in kinds.items()
    }  # fmt: skip
    constraints = tuple(Constraint(kind="c", columns=(), target="", definition=f"CHECK ({one})") for one in checks)
    return Catalogue(
        tables={"courses": Table(schema="public", name="courses", columns=columns, constraints=constraints)}
    )


@pytest.mark.parametrize(
    "checks",
    [
        ["(seats > 100)", "(seats < 50)"],
        ["((seats >= 5) AND (seats <= 240))", "(seats > 240)"],
        ["(seats > 4)", "(seats < 5)"],
        ["(starts_at < ends_at)", "(ends_at <= starts_at)"],
        ["(price > (100)::numeric)", "(price <= (99.5)::numeric)"],
        ["(day >= '2026-05-01'::date)", "(day < '2026-04-01'::date)"],
        ["(char_length(title) <= 3)", "(char_length(title) > 3)"],
    ],
)
def test_what_no_row_can_meet_is_told(checks: list[str]) -> None:
    """Bounds that leave no number, day or length, and comparisons that put a column before itself, name their table."""
    assert [line.split()[0] for line in impossible(_catalogue(*checks))] == ["courses"]


@pytest.mark.parametrize(
    "checks",
    [
        ["((seats >= 5) AND (seats <= 240))"],
        ["(seats > 4)", "(seats < 6)"],
        ["(starts_at <= ends_at)", "(ends_at <= starts_at)"],
        ["((seats > 100) OR (seats < 50))"],
        ["(price > (4)::numeric)", "(price < (5)::numeric)"],
        ["(status = ANY (ARRAY['open'::text, 'paid'::text]))"],
    ],
)
def test_what_some_row_meets_is_not(checks: list[str]) -> None:
    """Room between two bounds is room, be it one number wide; alternatives are not taken for demands."""
    assert list(impossible(_catalogue(*checks))) == []
