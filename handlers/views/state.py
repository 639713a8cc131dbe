"""Where an evaluation stands, in words: its state with an icon, what it waits for, and who acts next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.domain.evaluation import Dossier, Question
from bot.domain.gate import Gate, GateState, Policy, voters
from bot.domain.lifecycle import OPEN, TRANSITIONS, Event, State
from bot.domain.role import Role
from handlers.views.text import clip_line, people, person, when

STATES: Final[Mapping[State, tuple[str, str]]] = {
    State.COLLECTING: ("📝", "Collecting answers"),
    State.AWAITING_GO: ("🚦", "Waiting for the go"),
    State.RUNNING: ("⚙️", "Design running"),
    State.PARKED: ("⏸️", "Run paused"),
    State.IN_REVIEW: ("🔎", "Result in review"),
    State.DECIDING: ("⚖️", "Deciding how to go on"),
    State.DONE: ("✅", "Finished"),
    State.FAILED: ("⚠️", "Run failed"),
    State.CANCELLED: ("🚫", "Cancelled"),
}

GATE_STATES: Final[Mapping[GateState, tuple[str, str]]] = {
    GateState.PENDING: ("⏳", "decision needed"),
    GateState.APPROVED: ("✅", "approved"),
    GateState.REJECTED: ("❌", "rejected"),
    GateState.EXPIRED: ("⌛", "expired"),
    GateState.WITHDRAWN: ("↩️", "withdrawn"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the installation's settings say that cards must tell: the model that a run would use, and who may vote."""

    model: str | None = None
    policy: Policy = field(default_factory=Policy)


def state_words(state: State) -> str:
    """Return the state with its icon, as "📝 Collecting answers"."""
    return " ".join(STATES[state])


def is_open(dossier: Dossier) -> bool:
    """Whether anything can still happen."""
    return dossier.evaluation.state in OPEN


def editable(dossier: Dossier) -> bool:
    """Whether answers to the role's questions may change now, by the lifecycle's table."""
    return (dossier.evaluation.state, Event.ANSWERS_CHANGED) in TRANSITIONS


def answerable(dossier: Dossier, question: Question) -> bool:
    """Whether an open question can be answered now.

    The agent's can while its run is paused, the role's while answers may change.
    """
    if question not in dossier.open_questions:
        return False
    return dossier.evaluation.state is State.PARKED if question.run_id else editable(dossier)


def short_path(role: Role, path: str) -> str:
    """Return a recorded path as people say it: all of a workspace's documents begin alike."""
    return path.removeprefix(role.workspace_prefix)


def pending(dossier: Dossier) -> tuple[Gate, ...]:
    """Return the gates that wait for verdicts."""
    return tuple(gate for gate in dossier.gates if gate.state is GateState.PENDING)


def yet_to_vote(gate: Gate, owner: str, policy: Policy) -> tuple[str, ...]:
    """Return the deciders who may still give a verdict; the owner only where `may_vote` would let them."""
    voted = {vote.voter for vote in gate.votes}
    return tuple(user for user in voters(gate, owner, policy) if user not in voted)


def waits_for(dossier: Dossier, role: Role, policy: Policy) -> str:
    """Return what the evaluation waits for and who acts next, as markup."""
    special = _WAITS.get(dossier.evaluation.state)
    return special(dossier) if special else _gates(dossier, role, policy)


def _gates(dossier: Dossier, role: Role, policy: Policy) -> str:
    owner, order = dossier.evaluation.owner, [spec.key for spec in role.gates]
    lines = [
        f"{clip_line(role.gate(gate.key).name, 150)}: {people(yet_to_vote(gate, owner, policy))}"
        for gate in sorted(pending(dossier), key=lambda gate: order.index(gate.key))
    ]
    return "\n".join(lines[:10]) or "Nothing: the verdicts are being counted."


def _collecting(dossier: Dossier) -> str:
    upcoming = dossier.next_question
    if upcoming is None:
        return (
            f"{person(dossier.evaluation.owner)}: all questions are settled. Ask for the go, or edit an answer first."
        )
    settled = sum(question.settled for question in dossier.questions)
    progress = f"{settled} of {len(dossier.questions)} settled"
    return f"An answer to “{clip_line(upcoming.name, 150)}” ({progress}). Anybody in the thread can answer."


def _parked(dossier: Dossier) -> str:
    run = dossier.run(dossier.evaluation.iteration)
    if asked := [question for question in dossier.open_questions if question.run_id]:
        return f"An answer to the agent’s question “{clip_line(asked[0].name, 150)}”. Anybody in the thread can answer."
    if run is None:
        return "The run: it goes on by itself."
    reason = clip_line(run.reason, 600) or "the run goes on by itself"
    return f"{reason} — looked at again {when(run.wake_at)}" if run.wake_at else reason


_WAITS: Final[Mapping[State, Callable[[Dossier], str]]] = {
    State.COLLECTING: _collecting,
    State.RUNNING: lambda _: "The design run. Nobody has to act; the result comes into this thread.",
    State.PARKED: _parked,
    State.FAILED: lambda dossier: f"{person(dossier.evaluation.owner)}: try again, or change the answers.",
    State.DONE: lambda _: "Nobody. All iterations are decided.",
    State.CANCELLED: lambda _: "Nobody. It was cancelled.",
}
