"""How long rows are kept, and from when on."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from bot.evidence.postgres import PostgresServer
from bot.roles.backend_developer.blueprint import Blueprint, Rule, RuleKind
from bot.roles.backend_developer.checks.fit.data import _counts_from
from bot.roles.backend_developer.renderers.migrations import create, drop
from bot.roles.backend_developer.renderers.service import render_service
from tests.designers.test_rules import known

LOCKERS = "Locker: number int, rented_at timestamp, returned_on date optional, closed_at timestamp optional\n"


def kept(said: str) -> list[tuple[str, tuple[str, ...], float | None]]:
    """Return the retention rules of a design of lockers of which this is said: entity, fields, days."""
    plan, _ = known({"database_schema": f"{LOCKERS}{said}"})
    return [(r.entity, r.fields, r.value) for r in plan.rules if r.kind is RuleKind.RETENTION]


@pytest.mark.parametrize(
    ("said", "field", "days"),
    [
        ("Lockers are deleted 90 days after the return.", "returned_on", 90),
        ("Lockers are deleted 2 years after they were closed.", "closed_at", 730),
        ("Lockers are purged 30 days after closing.", "closed_at", 30),
        ("Lockers are deleted after 3 years.", "", 1095),
        ("Lockers are deleted 10 days after creation.", "", 10),
        ("Delete lockers older than 6 months.", "", 180),
    ],
)
def test_a_period_counts_from_what_people_named(said: str, field: str, days: float) -> None:
    """It counts from the field that says when that was, and from when the row was made where nothing is named."""
    assert kept(said) == [("Locker", (field,) if field else (), days)]


@pytest.mark.parametrize(
    "said", ["Lockers are deleted 90 days after the refund.", "Lockers go 1 year after the audit."]
)
def test_nothing_is_purged_where_nothing_says_when(said: str) -> None:
    """Counted from when they were made, rows would be gone too early: that is asked about, and not done."""
    assert kept(said) == []


def two_periods() -> Blueprint:
    plan, _ = known({"database_schema": f"{LOCKERS}Lockers are deleted 90 days after the return."})
    more = Rule(entity="Locker", kind=RuleKind.RETENTION, fields=("closed_at",), value=7)
    return plan.model_copy(update={"rules": (*plan.rules, more)})


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[psycopg.Connection]:
    with postgres.trial_database(seconds=60) as made, psycopg.connect(made.conninfo, autocommit=True) as session:
        yield session


def test_two_periods_of_one_table_are_two_purges(database: psycopg.Connection) -> None:
    """Each takes away what its own time is over for, the service calls both, and the way back leaves neither."""
    plan = two_periods()
    database.execute(create(plan).encode())
    for number, returned, closed in ((1, "100 days", None), (2, None, "8 days"), (3, "80 days", "6 days")):
        database.execute(
            "INSERT INTO lockers (number, rented_at, returned_on, closed_at, created_at) "
            "VALUES (%s, now(), now() - %s::interval, now() - %s::interval, now() - interval '1000 days')",
            (number, returned, closed),
        )
    design = render_service(plan)["app/design.py"]
    purges = [str(row[0]) for row in database.execute("SELECT proname FROM pg_proc WHERE proname LIKE 'purge%'")]
    assert len(purges) == 2
    for name in purges:
        assert f'"{name}"' in design
        database.execute(f"SELECT {name}()".encode())
    assert [row[0] for row in database.execute("SELECT number FROM lockers")] == [3]
    database.execute(drop(plan).encode())
    assert database.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'purge%'").fetchone() == (0,)


def test_a_purge_that_counts_from_elsewhere_is_not_what_was_said() -> None:
    """The judge asks for a field of the event that people named."""
    assert _counts_from("delivery", ["delivered_at"])
    assert not _counts_from("delivery", [])
    assert not _counts_from("delivery", ["created_at"])
