"""The form of a verdict: what is judged, and the note, reason or concerns that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.closing import needs_justification
from bot.domain.errors import InvalidInput
from bot.domain.evaluation import Dossier
from bot.domain.gate import COMMENT_LIMIT, Gate
from bot.domain.role import GateOption, GateSpec, Role
from bot.services.gates import Verdict
from handlers.ids import BlockId, CallbackId
from handlers.views.blocks import Block, context, section
from handlers.views.gate_evidence import parts_of
from handlers.views.modals.form import FormRefused, Meta, Sent, entry, modal, typed
from handlers.views.scores import against_threshold, overall_words, part_line
from handlers.views.text import clip, clip_line, escape

_WISH: Final = "What should the next iteration change all the same?"
_LONGER: Final = f"What is longer than {COMMENT_LIMIT:,} characters goes into the thread, as a reply or as a file."
_KEPT: Final = "Goes to the next iteration as feedback, which it has to answer."


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictForm:
    """A verdict on a gate as it was sent."""

    evaluation_id: str
    gate_id: str
    verdict: Verdict


def verdict_form(dossier: Dossier, role: Role, gate: Gate, option_key: str) -> dict[str, Any]:
    """Return the form for one option of a gate. InvalidInput if the gate has no such option."""
    spec = role.gate(gate.key)
    option = next((offered for offered in spec.options if offered.key == option_key), None)
    if option is None:
        raise InvalidInput(problem=f"“{spec.name}” offers no such verdict. Use the buttons in the thread.")
    label = option.text(gate.iteration + 1)
    why = needs_justification(role, dossier, option)
    required = option.needs_reason or bool(why)
    meta = Meta(
        evaluation=gate.evaluation_id, target=gate.id, choice=option.key, subject=gate.subject_sha256, required=required
    )
    words = typed(limit=COMMENT_LIMIT)
    blocks = [
        section(f"*{clip(spec.text(gate.iteration), 800)}*\nYour verdict: *{clip_line(label, 75)}*"),
        *_judged(dossier, role, gate, spec),
        entry(
            BlockId.COMMENT, _comment_label(option, why), words, optional=not required, hint=_comment_hint(option, why)
        ),
    ]
    if asked := _asked_beside(role, gate, spec, option):
        blocks.append(entry(BlockId.CONCERNS, asked, words, optional=True, hint=_KEPT))
    return modal(spec.name, blocks, callback=CallbackId.VERDICT, submit=label, close="Back", meta=meta)


def _asked_beside(role: Role, gate: Gate, spec: GateSpec, option: GateOption) -> str:
    """Return what is asked beside the verdict: an approver may wish for something without rejecting."""
    if spec.stage == "closing":
        return role.ask(role.closing_question, gate.iteration + 1)
    return _WISH if spec.stage == "review" and option.verdict == "approve" else ""


def _judged(dossier: Dossier, role: Role, gate: Gate, spec: GateSpec) -> list[Block]:
    """Say what the verdict is about, so that nobody confirms something else than they saw."""
    iteration = dossier.iteration(gate.iteration)
    about = f"Iteration {gate.iteration} of “{clip_line(dossier.evaluation.title, 150)}”"
    if spec.stage == "go" or iteration is None or iteration.result is None:
        return [context(f"{about}: its documents and answers as they are now (`{escape(gate.subject_sha256[:12])}`).")]
    card = iteration.result.scorecard
    lines = [part_line(part) for part in parts_of(role, spec, iteration.result)]
    if spec.stage == "closing" or not lines:
        lines = [f"*{overall_words(card)}* — {against_threshold(card.overall, role.threshold_score)}"]
    return [section("\n".join(lines)), context(f"{about}, result `{escape(gate.subject_sha256[:12])}`.")]


def _comment_label(option: GateOption, why: str) -> str:
    if why:
        return "Justification"
    return "Reason" if option.needs_reason else "Note"


def _comment_hint(option: GateOption, why: str) -> str:
    if why:
        return f"Needed, since {why}. It is kept with your verdict."
    if option.verdict == "reject":
        return f"Say what is wrong and what would be right; what follows works from your words. {_LONGER}"
    return (
        "The next iteration works from your words."
        if option.needs_reason
        else "Stands beside your verdict in the thread."
    )


def parse_verdict(view: Mapping[str, Any]) -> VerdictForm:
    """Read a verdict.

    Raises:
        FormRefused: the needed reason or justification is missing.
        InvalidInput: it is no verdict's form.
    """
    sent = Sent(view)
    meta, comment = sent.meta, sent.text(BlockId.COMMENT)
    if not (meta.evaluation and meta.target and meta.choice):
        raise InvalidInput(problem="This form belongs to no gate. Please open it again from the gate’s card.")
    if meta.required and not comment:
        raise FormRefused(errors={BlockId.COMMENT: "Please say why in a sentence or two."})
    verdict = Verdict(
        option=meta.choice, comment=comment, concerns=sent.text(BlockId.CONCERNS), subject_sha256=meta.subject
    )
    return VerdictForm(evaluation_id=meta.evaluation, gate_id=meta.target, verdict=verdict)
