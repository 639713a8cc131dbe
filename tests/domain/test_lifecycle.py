"""The table of transitions: whole, closed, and drawn as it is."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from bot.domain.errors import IllegalEvent
from bot.domain.lifecycle import CLOSED, HINTS, OPEN, TRANSITIONS, Event, State, after, mermaid

DOCUMENT = Path(__file__).parents[2] / "docs" / "lifecycle.md"


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_every_pair_is_in_the_table_or_illegal(state: State, event: Event) -> None:
    """A pair leads where the table says; any other is refused with what is possible instead, and changes nothing."""
    if (state, event) in TRANSITIONS:
        assert after(state, event) is TRANSITIONS[state, event]
        return
    before = dict(TRANSITIONS)
    with pytest.raises(IllegalEvent) as refused:
        after(state, event)
    assert HINTS[state] in refused.value.message
    assert before == TRANSITIONS


def test_every_state_can_be_reached_and_every_event_happens() -> None:
    """Nothing in the vocabulary is dead."""
    reached, grown = {State.COLLECTING}, True
    while grown:
        found = reached | {target for (source, _), target in TRANSITIONS.items() if source in reached}
        grown, reached = found != reached, found
    assert reached == set(State)
    assert {event for _, event in TRANSITIONS} == set(Event)


def test_closed_states_are_final_and_open_ones_are_not() -> None:
    """Nothing follows the end but the taking back of a cancellation; every open state has a way on beside it."""
    assert {source for source, _ in TRANSITIONS} == OPEN | {State.CANCELLED}
    assert [event for source, event in TRANSITIONS if source is State.CANCELLED] == [Event.RESTORED]
    for state in OPEN:
        assert (state, Event.CANCELLED) in TRANSITIONS
        assert [event for source, event in TRANSITIONS if source is state and event is not Event.CANCELLED]
    assert frozenset(State) == OPEN | CLOSED


def test_a_run_begins_only_by_a_person() -> None:
    """Only an approved go, a retry or a closing choice lead from standing still to running."""
    starting = {event for (source, event), target in TRANSITIONS.items() if target is State.RUNNING}
    assert starting == {Event.GO_APPROVED, Event.RETRIED, Event.NEXT_OPTIMISE, Event.RUN_RESUMED}


def test_the_document_shows_the_table_as_it_is() -> None:
    """docs/lifecycle.md holds the generated diagram, and speaks of every state."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert f"```mermaid\n{mermaid()}```\n" in text
    assert all(f"`{state}`" in text for state in State)
