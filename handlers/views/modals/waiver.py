"""The form that takes back a point of feedback, with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.errors import InvalidInput, NotFound
from bot.domain.evaluation import Dossier
from bot.services.waiving import REASON_LIMIT, WaiverForm
from handlers.ids import BlockId, CallbackId
from handlers.views.blocks import Block, context
from handlers.views.modals.form import FormRefused, Meta, Sent, choice, entry, modal, typed
from handlers.views.text import one_line

_MOST = 100


def waiver_form(dossier: Dossier) -> dict[str, Any]:
    """Return the form. Raises NotFound if no point is open."""
    points = [point for point in dossier.current.points if point.open]
    if not points:
        raise NotFound(what="open point", name=dossier.evaluation.title, hint="All points are done or waived.")
    options = [choice(one_line(point.text), f"{point.feedback_id}:{point.number}") for point in points[:_MOST]]
    menu: Block = {"type": "static_select", "options": options, "initial_option": options[0]}
    blocks = [
        context("A point that is neither done nor waived is carried into the next iteration."),
        entry(BlockId.POINT, "Which point need not be done?", menu),
        entry(BlockId.REASON, "Why", typed(limit=REASON_LIMIT), hint="Stands in the review, with your name."),
    ]
    meta = Meta(evaluation=dossier.evaluation.id)
    return modal("Waive a point", blocks, callback=CallbackId.WAIVE, submit="Waive it", close="Keep it", meta=meta)


def parse_waiver(view: Mapping[str, Any]) -> WaiverForm:
    """Read the form; FormRefused without a reason, InvalidInput if it is no such form."""
    sent = Sent(view)
    picked = sent.field(BlockId.POINT).selected_option
    feedback, _, number = picked.value.rpartition(":") if picked else ("", "", "")
    if not feedback or not number.isdecimal() or not sent.meta.evaluation:
        raise InvalidInput(problem="This form cannot be read. Please open it again from the review.")
    why = sent.text(BlockId.REASON)
    if not why:
        raise FormRefused(errors={BlockId.REASON: "Please say why: whoever asked for it reads it in the review."})
    return WaiverForm(evaluation_id=sent.meta.evaluation, feedback_id=feedback, number=int(number), why=why)
