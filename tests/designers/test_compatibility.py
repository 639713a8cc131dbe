"""What a later iteration owes to the callers of the one before."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.design import Feedback
from bot.roles.backend_developer.blueprint import Blueprint, EntityField, Operation, Relation
from tests.designers.test_rules import known

ALLOTMENT = {
    "opening_1": "FastAPI on PostgreSQL.",
    "database_schema": "A plot has a number and a size. A harvest belongs to one plot and has a weight.",
    "security_controls": "Wardens can create harvests. Roles: warden, tenant, treasurer.",
}


def after(said: str) -> tuple[Blueprint, Blueprint]:
    """Return the first design and the one after somebody said this of it."""
    first, _ = known(ALLOTMENT, title="Allotments")
    heard = Feedback(id="g1", origin="api_review", text=said, by="U1", iteration=1)
    second, _ = known(ALLOTMENT, title="Allotments", feedback=(heard,), previous=first)
    return first, second


def field_of(plan: Blueprint, entity: str, name: str) -> EntityField:
    return next(f for e in plan.entities if e.name == entity for f in e.fields if f.name == name)


def link_of(plan: Blueprint, source: str, target: str) -> Relation:
    return next(r for r in plan.relations if (r.source, r.target) == (source, target))


def call(plan: Blueprint, label: str) -> Operation:
    return next(op for op in plan.operations if f"{op.method.value} {op.path}" == label)


def test_a_new_field_may_be_left_out() -> None:
    """Who sent a harvest without a comment may go on doing so, and what had to be sent still has to be."""
    _, second = after("A harvest should have a comment.")
    assert not field_of(second, "Harvest", "comment").required
    assert field_of(second, "Harvest", "weight").required


def test_a_new_field_of_a_new_thing_is_as_said() -> None:
    """What the first design lacks has no callers yet."""
    _, second = after("We need tools, too. A tool has a name.")
    assert field_of(second, "Tool", "name").required


def test_a_field_that_people_demand_is_demanded() -> None:
    """Who says that it must be sent gets it so."""
    _, second = after("Harvest: comment string required")
    assert field_of(second, "Harvest", "comment").required


def test_what_was_optional_stays_so_in_the_third_iteration() -> None:
    """The third design keeps the second's callers, although the comment is not new to it."""
    first, second = after("A harvest should have a comment.")
    heard = (
        Feedback(id="g1", origin="api_review", text="A harvest should have a comment.", by="U1", iteration=1),
        Feedback(id="g2", origin="api_review", text="A plot should have a colour.", by="U1", iteration=2),
    )
    third, _ = known(ALLOTMENT, title="Allotments", feedback=heard, previous=second)
    assert not field_of(third, "Harvest", "comment").required
    assert not field_of(third, "Plot", "colour").required
    assert first.relations == third.relations


def test_a_new_relation_may_be_left_out() -> None:
    """A harvest that was sent without a season may still be."""
    _, second = after("A harvest belongs to a season.")
    assert not link_of(second, "Harvest", "Season").required
    assert link_of(second, "Harvest", "Plot").required


@pytest.mark.parametrize(
    "said", ["Tenants should also be able to see the harvests.", "Tenants may see harvests as well.",
             "Tenants, too, can see harvests."]
)  # fmt: skip
def test_who_may_as_well_takes_it_from_nobody(said: str) -> None:
    """What is granted as well adds to those who could do it before."""
    first, second = after(said)
    before, now = call(first, "GET /harvests"), call(second, "GET /harvests")
    assert set(before.roles) <= set(now.roles)
    assert "tenant" in now.roles


def test_who_may_as_well_gets_in_where_others_were_named() -> None:
    """The wardens keep what they were given, the tenants get it, and the treasurers do not."""
    _, second = after("Tenants should also be able to create harvests.")
    assert set(call(second, "POST /harvests").roles) == {"warden", "tenant"}


@pytest.mark.parametrize("said", ["Only wardens may see harvests.", "Tenants must not see the harvests."])
def test_a_denial_in_feedback_still_closes(said: str) -> None:
    """Callers are kept as far as people want: who is shut out is shut out."""
    _, second = after(said)
    assert "tenant" not in call(second, "GET /harvests").roles


def test_records_are_written_by_those_who_keep_them() -> None:
    """Where nobody said who writes refunds, customers do not; they may where somebody said so."""
    answers: dict[str, Any] = {
        "database_schema": "A refund has an amount.",
        "security_controls": "Roles: customer, clerk.",
    }
    plan, _ = known(answers)
    assert call(plan, "POST /refunds").roles == ("clerk",)
    assert set(call(plan, "GET /refunds").roles) == {"customer", "clerk"}
    plan, _ = known(answers | {"api_design": "Customers can create refunds."})
    assert "customer" in call(plan, "POST /refunds").roles
