"""The life of an evaluation as one literal table.

Every transition the product knows stands in ``TRANSITIONS``; everything else is ``IllegalEvent`` and changes nothing.
The diagram in docs/lifecycle.md is generated from this table by ``mermaid()`` and held current by a test.
"""

from __future__ import annotations

from enum import StrEnum

from bot.domain.errors import IllegalEvent


class State(StrEnum):
    """Where an evaluation stands; the value is what storage keeps."""

    COLLECTING = "collecting"
    AWAITING_GO = "awaiting_go"
    RUNNING = "running"
    PARKED = "parked"
    IN_REVIEW = "in_review"
    DECIDING = "deciding"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Event(StrEnum):
    """What may happen to an evaluation."""

    QUESTIONS_SETTLED = "questions_settled"
    ANSWERS_CHANGED = "answers_changed"
    GO_APPROVED = "go_approved"
    GO_REJECTED = "go_rejected"
    GO_EXPIRED = "go_expired"
    RUN_PARKED = "run_parked"
    RUN_RESUMED = "run_resumed"
    RUN_FINISHED = "run_finished"
    RUN_FAILED = "run_failed"
    RUN_STOPPED = "run_stopped"
    RETRIED = "retried"
    REOPENED = "reopened"
    REVIEW_SETTLED = "review_settled"
    NEXT_READY = "next_ready"
    NEXT_OPTIMISE = "next_optimise"
    NEXT_REFINE = "next_refine"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    RESTORED = "restored"


OPEN = frozenset(State) - {State.DONE, State.CANCELLED}
CLOSED = frozenset({State.DONE, State.CANCELLED})

_S, _E = State, Event
TRANSITIONS: dict[tuple[State, Event], State] = {
    (_S.COLLECTING, _E.QUESTIONS_SETTLED): _S.AWAITING_GO,
    (_S.COLLECTING, _E.ANSWERS_CHANGED): _S.COLLECTING,
    (_S.AWAITING_GO, _E.ANSWERS_CHANGED): _S.COLLECTING,
    (_S.AWAITING_GO, _E.GO_APPROVED): _S.RUNNING,
    (_S.AWAITING_GO, _E.GO_REJECTED): _S.COLLECTING,
    (_S.AWAITING_GO, _E.GO_EXPIRED): _S.COLLECTING,
    (_S.RUNNING, _E.RUN_PARKED): _S.PARKED,
    (_S.RUNNING, _E.RUN_FINISHED): _S.IN_REVIEW,
    (_S.RUNNING, _E.RUN_FAILED): _S.FAILED,
    (_S.RUNNING, _E.RUN_STOPPED): _S.FAILED,
    (_S.PARKED, _E.RUN_RESUMED): _S.RUNNING,
    (_S.PARKED, _E.RUN_FAILED): _S.FAILED,
    (_S.PARKED, _E.RUN_STOPPED): _S.FAILED,
    (_S.FAILED, _E.RETRIED): _S.RUNNING,
    (_S.FAILED, _E.REOPENED): _S.COLLECTING,
    (_S.IN_REVIEW, _E.REVIEW_SETTLED): _S.DECIDING,
    (_S.DECIDING, _E.NEXT_READY): _S.COLLECTING,
    (_S.DECIDING, _E.NEXT_OPTIMISE): _S.RUNNING,
    (_S.DECIDING, _E.NEXT_REFINE): _S.COLLECTING,
    (_S.DECIDING, _E.FINISHED): _S.DONE,
    (_S.CANCELLED, _E.RESTORED): _S.COLLECTING,
} | {(state, _E.CANCELLED): _S.CANCELLED for state in State if state in OPEN}

HINTS: dict[State, str] = {
    _S.COLLECTING: "it is collecting answers. Answer or skip the open questions in the thread.",
    _S.AWAITING_GO: "it waits for the go gate. Its approvers decide by the buttons in the thread.",
    _S.RUNNING: "the design is running. Wait for the result, or stop it by the button in the thread.",
    _S.PARKED: "the run is waiting. The thread says for what.",
    _S.IN_REVIEW: "its result is being reviewed. The review gates in the thread are open.",
    _S.DECIDING: "the closing gate is open. Its approvers decide how it goes on.",
    _S.DONE: "it is finished. Start a copy of it with the clone command.",
    _S.FAILED: "its run failed. Use “Try again” in the thread.",
    _S.CANCELLED: "it was cancelled. Its owner can reopen it in the thread; anybody can start a copy.",
}


def after(state: State, event: Event) -> State:
    """Return the state that `event` leads to.

    Raises:
        IllegalEvent: the table has no such transition; the words say what is possible instead.
    """
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalEvent(state=state.replace("_", " "), hint=HINTS[state], event=event) from None


def mermaid() -> str:
    """Return the table as a Mermaid state diagram, one line per transition, stable in order."""
    lines = ["stateDiagram-v2", "    [*] --> collecting"]
    lines += [f"    {source} --> {target}: {event}" for (source, event), target in TRANSITIONS.items()]
    lines += [f"    {state} --> [*]" for state in State if state in CLOSED]
    return "\n".join(lines) + "\n"
