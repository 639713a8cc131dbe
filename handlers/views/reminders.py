"""Reminders and escalations: messages of their own, since only a new message notifies people."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.evaluation import Dossier
from bot.domain.gate import Gate, GateState
from bot.domain.role import Role
from bot.domain.surface import Message
from handlers.views.blocks import context, message, section
from handlers.views.gates import gate_key
from handlers.views.state import GATE_STATES, Terms, yet_to_vote
from handlers.views.text import clip_line, people, when

SHOWN = 10


def reminders(dossier: Dossier, role: Role, gate: Gate, terms: Terms) -> Iterator[Message]:
    """One message per reminder that was due and one for an escalation; once the gate is settled they say so."""
    name = clip_line(role.gate(gate.key).name, 150)
    settled = f"“{name}” is {GATE_STATES[gate.state][1]} since; nobody has to act on this any more."
    waiting = people(yet_to_vote(gate, dossier.evaluation.owner, terms.policy))
    open_now = gate.state is GateState.PENDING
    due = f" Decide by {when(gate.due_at)}." if gate.due_at else ""
    for number in range(1, min(gate.reminders, SHOWN) + 1):
        words = f"“{name}” has waited since {when(gate.opened_at)} for {waiting}.{due}" if open_now else settled
        yield message(
            f"{gate_key(gate)}.reminder{number}", [section(f"⏰ *Reminder {number}:* {words}"), _where(open_now)]
        )
    if gate.escalated_to:
        words = f"“{name}” was not decided in time; {people(gate.escalated_to)} may decide it now, too.{due}"
        body = section(f"📣 *Escalated:* {words if open_now else settled}")
        yield message(f"{gate_key(gate)}.escalation", [body, _where(open_now)])


def _where(open_now: bool) -> dict[str, object]:
    return context(
        "The buttons are on the gate’s card above." if open_now else "The verdict is on the gate’s card above."
    )
