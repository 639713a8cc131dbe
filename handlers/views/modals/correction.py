"""The form that corrects what was understood: an answer to each question that is shown, and whatever else is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.errors import InvalidInput
from bot.domain.evaluation import FIELD_LIMIT, Dossier
from bot.domain.recap import RecapQuestion
from bot.services.recaps import CorrectionForm, Wording
from handlers.ids import BlockId, CallbackId, qualified, suffix_of
from handlers.views.blocks import Block, context, section
from handlers.views.modals.form import FormRefused, Meta, Sent, choice, entry, fitting, modal, typed
from handlers.views.text import clip

_ELSE = "else"
"""Names the last field, which is about no question."""


def correction_form(dossier: Dossier) -> dict[str, Any]:
    """Return the form; what is left empty stays as it was understood."""
    stored = dossier.recap(dossier.evaluation.iteration)
    asked = stored.recap.questions if stored is not None and stored.recap is not None else ()
    lead = context(
        "What you leave empty stays as it is. Whole sentences or any notation; what was said last counts.",
        f"A field holds {FIELD_LIMIT:,} characters; what is longer goes into the thread, as a reply or as a file.",
    )
    parts = [[section(clip(question.text, 1500)), _field(question, place)] for place, question in enumerate(asked, 1)]
    other = "Anything else that is wrong or missing" if asked else "What is wrong or missing"
    last = entry(qualified(BlockId.CORRECTION, _ELSE), other, typed(limit=FIELD_LIMIT), optional=True)
    blocks = [lead, *fitting(parts), last]
    meta = Meta(evaluation=dossier.evaluation.id)
    return modal("Correct", blocks, callback=CallbackId.CORRECT, submit="Save", close="Cancel", meta=meta)


def parse_correction(view: Mapping[str, Any]) -> CorrectionForm:
    """Read the form; FormRefused if every field is empty, InvalidInput if it is no such form."""
    sent = Sent(view)
    blocks = [block for block in sent.blocks() if block.startswith(f"{BlockId.CORRECTION}/")]
    if not blocks or not sent.meta.evaluation:
        raise InvalidInput(problem="This form cannot be read. Please open it again from the thread.")
    said = tuple(wording for block in blocks if (wording := _wording(sent, block)))
    if not said:
        raise FormRefused(errors={blocks[-1]: "Write what shall be otherwise, or close this form."})
    return CorrectionForm(evaluation_id=sent.meta.evaluation, wordings=said)


def _field(question: RecapQuestion, place: int) -> Block:
    name, label = qualified(BlockId.CORRECTION, f"{place}.{question.about}"), f"To question {place}"
    if not question.choices:
        return entry(name, label, typed(limit=FIELD_LIMIT), optional=True)
    menu: Block = {"type": "static_select", "options": [choice(c.text, c.replaces) for c in question.choices]}
    return entry(name, f"{label}: which one holds?", menu, optional=True)


def _wording(sent: Sent, block: str) -> Wording | None:
    chosen = sent.field(block).selected_option
    if chosen is not None:
        return Wording(about=chosen.value)
    text = sent.text(block)
    return Wording(text=text, about=suffix_of(block).partition(".")[2]) if text else None
