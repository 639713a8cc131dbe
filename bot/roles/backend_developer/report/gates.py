"""Gates as the iteration's file has them, and back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.gate import Gate, Vote
from bot.domain.role import Role
from bot.roles.backend_developer.report.schema import ReportedGate, ReportedVote


def reported(role: Role, gates: Iterable[Gate]) -> tuple[ReportedGate, ...]:
    """Return gates as they stand in the file."""
    return tuple(_reported(role, gate) for gate in gates)


def _reported(role: Role, gate: Gate) -> ReportedGate:
    spec = role.gate(gate.key)
    return ReportedGate(
        gate=gate.key, name=spec.name, question=spec.question, state=gate.state, outcome=gate.outcome,
        opened_at=gate.opened_at.isoformat(), decided_at=gate.decided_at.isoformat() if gate.decided_at else None,
        needed=gate.needed, approvers=gate.approvers, escalated_to=gate.escalated_to,
        subject_sha256=gate.subject_sha256,
        votes=tuple(
            ReportedVote(by=v.voter, option=v.option, at=v.at.isoformat(), comment=v.comment, concerns=v.concerns)
            for v in gate.votes
        ),
    )  # fmt: skip


def as_gate(number: int, iteration: int, said: ReportedGate) -> Gate:
    """Return a gate of the file as one of the domain's. Raises ValueError for a time that is none."""
    return Gate(
        id=str(number), evaluation_id="", iteration=iteration, key=said.gate, state=said.state,
        approvers=said.approvers, needed=said.needed, subject_sha256=said.subject_sha256,
        opened_at=_moment(said.opened_at), decided_at=_moment(said.decided_at) if said.decided_at else None,
        outcome=said.outcome, escalated_to=said.escalated_to,
        votes=tuple(
            Vote(
                voter=v.by, option=v.option, at=_moment(v.at), subject_sha256=said.subject_sha256, comment=v.comment,
                concerns=v.concerns,
            )
            for v in said.votes
        ),
    )  # fmt: skip


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return found
