"""What is read from a dossier: which gate is the newest, and which questions still count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import TypeAdapter

from bot.domain.evaluation import Highlights, Question, still_open
from bot.domain.gate import Gate, GateState
from bot.domain.run import Run, RunState
from tests.support.dossiers import START, collecting

RUN = Run(
    id="rn_1", evaluation_id="ev_1", iteration=1, attempt=1, state=RunState.PARKED, designer="double", model=None,
    created_at=START,
)  # fmt: skip
ROLES = Question(key="opening_1", position=0, name="Stack", text="Which?")
AGENTS = Question(key="rn_1.tenants", position=9, name="Asked", text="How many?", run_id="rn_1")


@pytest.mark.parametrize("state", RunState)
def test_a_question_of_a_run_counts_while_the_run_lives(state: RunState) -> None:
    """What the role asks counts always; what an ended run asked is nobody's question any more."""
    open_now = still_open((ROLES, AGENTS), replace(RUN, state=state))
    alive = state in (RunState.QUEUED, RunState.RUNNING, RunState.PARKED)
    assert open_now == ((ROLES, AGENTS) if alive else (ROLES,))
    assert still_open((ROLES, AGENTS), None) == (ROLES,)
    assert still_open((ROLES, AGENTS), replace(RUN, id="rn_2", state=state)) == (ROLES,)


@pytest.mark.parametrize("ids", [("gt_a", "gt_b"), ("gt_b", "gt_a")])
def test_the_open_gate_is_the_newest_of_its_moment(ids: tuple[str, str]) -> None:
    """A gate withdrawn and opened anew at one instant: the open one counts, whatever their ids."""
    old = Gate(
        id=ids[0], evaluation_id="ev_1", iteration=1, key="go", state=GateState.WITHDRAWN, approvers=("U1",), needed=1,
        subject_sha256="aa", opened_at=START, decided_at=START,
    )  # fmt: skip
    new = replace(old, id=ids[1], state=GateState.PENDING, decided_at=None)
    dossier = replace(collecting(), gates=(new, old))
    assert dossier.gate(1, "go") == new
    later = replace(old, id="gt_0", opened_at=START + timedelta(seconds=1), decided_at=START + timedelta(seconds=2))
    assert replace(dossier, gates=(old, later, new)).gate(1, "go") == later


def test_highlights_of_older_results_are_read() -> None:
    """What was stored while there was one role said `endpoints`; it is read as the lines that a role shows."""
    read = TypeAdapter(Highlights).validate_python
    assert read({"summary": "s", "endpoints": ["GET /orders"]}).lines == ("GET /orders",)
    assert read({"summary": "s", "lines": ["Book a repair"]}).lines == ("Book a repair",)
