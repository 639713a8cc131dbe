"""What the rules designer makes of verbs in paths and of times that lists are read between."""

from __future__ import annotations

import pytest

from bot.roles.backend_developer.blueprint import Entity, EntityField, Operation, StateMachine, Transition
from bot.roles.backend_developer.designers.rules.lives import linked
from bot.roles.backend_developer.designers.rules.moments import indexed


@pytest.mark.parametrize(
    ("path", "target"),
    [("/bookings/{id}/return", "returned"), ("/bookings/{id}/pay", "paid"), ("/bookings/{id}/cancelled", "cancelled")],
)
def test_an_operation_makes_the_state_that_it_is_called_after(path: str, target: str) -> None:
    """In whatever form the verb stands in the path; one that is called otherwise makes nothing."""
    machine = StateMachine(
        entity="Booking", field="state", transitions=(Transition(sources=("active",), target=target),)
    )
    made = {"method": "POST", "summary": "Do it", "kind": "action", "entity": "Booking"}
    own = Operation.model_validate({"id": "does", "path": path, **made})
    other = Operation.model_validate({"id": "other", "path": "/bookings/{id}/remind", **made})
    assert linked(machine, [other, own]).transitions[0].operation == "does"
    assert linked(machine, [other]).transitions[0].operation == ""


def test_a_time_that_a_list_is_read_from_has_an_index() -> None:
    """``due_before`` is about ``due_at``, a bare ``from`` about the time that each row has; others about none."""
    fields = [
        EntityField(name="starts_at", type="timestamp"), EntityField(name="due_at", type="timestamp", required=False),
        EntityField(name="title", type="string"),
    ]  # fmt: skip
    entity = Entity(name="Job", plural="jobs", fields=tuple(fields))
    asked = [EntityField(name="due_before", type="timestamp"), EntityField(name="from", type="timestamp"),
             EntityField(name="title", type="string")]  # fmt: skip
    assert [index.fields for index in indexed(entity, asked).indexes] == [("due_at",), ("starts_at",)]
    assert indexed(entity, asked[2:]) is entity
