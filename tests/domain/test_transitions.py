"""The tables of runs and gates: whole, closed, and drawn as they are."""

from __future__ import annotations

from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.domain.errors import IllegalTransition
from bot.domain.gate import GATE_TRANSITIONS, GateEvent, GateState
from bot.domain.run import LIVE, RUN_TRANSITIONS, RunEvent, RunState, stopped_by, who_stopped
from bot.domain.transitions import Transitions

DOCUMENT = Path(__file__).parents[2] / "docs" / "lifecycle.md"
TABLES: list[tuple[Transitions[Any, Any], type[StrEnum], type[StrEnum]]] = [
    (RUN_TRANSITIONS, RunState, RunEvent), (GATE_TRANSITIONS, GateState, GateEvent),
]  # fmt: skip


@pytest.mark.parametrize(("table", "states", "events"), TABLES, ids=["run", "gate"])
def test_what_the_table_does_not_know_is_refused(
    table: Transitions[Any, Any], states: type[StrEnum], events: type[StrEnum]
) -> None:
    """Every pair leads where the table says, or is refused with the state it stands in."""
    for state, event in product(states, events):
        if table.allows(state, event):
            assert table.after(state, event) in states
            continue
        with pytest.raises(IllegalTransition) as refused:
            table.after(state, event)
        assert f"the {table.what} is {state}" in refused.value.message


@pytest.mark.parametrize(("table", "states", "events"), TABLES, ids=["run", "gate"])
def test_every_state_is_reached_and_every_event_happens(
    table: Transitions[Any, Any], states: type[StrEnum], events: type[StrEnum]
) -> None:
    """Nothing in either vocabulary is dead."""
    assert {event for _, event in table} == set(events)
    reached = {next(iter(table))[0]} | {table.after(state, event) for state, event in table}
    assert reached == set(states)


@pytest.mark.parametrize(("table", "states", "events"), TABLES, ids=["run", "gate"])
def test_the_document_shows_the_table(
    table: Transitions[Any, Any], states: type[StrEnum], events: type[StrEnum]
) -> None:
    """docs/lifecycle.md holds the generated diagram."""
    assert f"```mermaid\n{table.mermaid()}```\n" in DOCUMENT.read_text(encoding="utf-8")


def test_a_live_run_can_be_stopped_and_an_ended_one_takes_nothing() -> None:
    """Whatever may still bring a result can be stopped by people; after its end nothing happens to a run."""
    assert {state for state in RunState if RUN_TRANSITIONS.allows(state, RunEvent.STOPPED)} == LIVE
    assert {state for state, _ in RUN_TRANSITIONS} == LIVE


@pytest.mark.parametrize("reason", [stopped_by("U0AVA"), "Stopped by <@U0AVA>."])
def test_who_stopped_a_run_is_read_back_from_its_reason(reason: str) -> None:
    """The reason of a stopped run names the person, in the older form as well; any other reason names nobody."""
    assert who_stopped(reason) == "U0AVA"
    assert who_stopped("Stopped by the night watch.") == ""
