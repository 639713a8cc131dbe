"""One message per evaluation in the stakeholder channel, updated in place."""

from __future__ import annotations

from bot.domain.evaluation import Dossier
from bot.domain.gate import GateState, Policy
from bot.domain.role import Role
from bot.domain.surface import Message
from handlers.views.blocks import actions, context, fields, header, message, section
from handlers.views.gates import option_label
from handlers.views.root import newest_score
from handlers.views.state import GATE_STATES, state_words, waits_for
from handlers.views.text import bullets, clip_line, person, when
from handlers.views.thread_link import to_thread


def stakeholders(dossier: Dossier, role: Role, thread_link: str | None, *, policy: Policy | None = None) -> Message:
    """Return the message for those who only follow: state, score, gates and who waits, and the way to the thread."""
    evaluation = dossier.evaluation
    blocks = [
        header(f"{role.icons.title} {evaluation.title}"),
        fields(
            [
                ("State", state_words(evaluation.state)),
                ("Iteration", f"{evaluation.iteration} · {clip_line(role.title, 100)}"),
                ("Newest score", newest_score(dossier)),
                ("Owner", person(evaluation.owner)),
            ]
        ),
        section(f"*Waits for*\n{waits_for(dossier, role, policy or Policy())}"),
    ]
    if gates := _gates(dossier, role):
        blocks.append(section(f"*Decided in iteration {evaluation.iteration}*\n{bullets(gates)}"))
    blocks.append(context(f"Started {when(evaluation.created_at)} · last change {when(evaluation.updated_at)}"))
    way = to_thread(evaluation.id, thread_link)
    return message("stakeholders", [*blocks, *([actions(way)] if way else [])])


def _gates(dossier: Dossier, role: Role) -> list[str]:
    lines = []
    for spec in role.gates:
        gate = dossier.gate(dossier.evaluation.iteration, spec.key)
        if gate is None or gate.state is GateState.PENDING:
            continue
        chosen = spec.stage == "closing" and gate.outcome
        words = option_label(spec, gate.outcome or "", gate.iteration) if chosen else GATE_STATES[gate.state][1]
        lines.append(f"{clip_line(spec.name, 100)}: {GATE_STATES[gate.state][0]} {clip_line(words, 75)}")
    return lines
