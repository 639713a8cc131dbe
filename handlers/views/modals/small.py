"""The small forms: cancelling, raising the budget, a view while something loads, and one that says what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from bot.domain.errors import InvalidInput
from bot.domain.evaluation import Dossier
from handlers.ids import BlockId, CallbackId
from handlers.views.blocks import context, quote, section
from handlers.views.modals.form import FormRefused, Meta, Sent, entry, fitting, modal, typed
from handlers.views.text import clip_line, money, refusal_words

REASON_LIMIT: Final = 600
MOST_USD: Final = Decimal(1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelForm:
    """An evaluation to end, and why."""

    evaluation_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetForm:
    """A new budget in US dollars."""

    evaluation_id: str
    budget_usd: float


def cancel_form(dossier: Dossier) -> dict[str, Any]:
    """Return the confirmation before an evaluation is ended."""
    said = "Open gates are withdrawn and a run is stopped. Thread, answers and files stay. This cannot be undone."
    blocks = [
        section(f"*Cancel “{clip_line(dossier.evaluation.title, 150)}”?*\n{said}"),
        entry(BlockId.REASON, "Why", typed(limit=REASON_LIMIT), optional=True, hint="Shown in the thread."),
    ]
    meta = Meta(evaluation=dossier.evaluation.id)
    title = "Cancel the evaluation"
    return modal(title, blocks, callback=CallbackId.CANCEL, submit="Cancel it", close="Keep it", meta=meta)


def parse_cancel(view: Mapping[str, Any]) -> CancelForm:
    """Read the confirmation; InvalidInput if it is none."""
    sent = Sent(view)
    return CancelForm(evaluation_id=_evaluation(sent), reason=sent.text(BlockId.REASON)[:REASON_LIMIT])


def budget_form(dossier: Dossier) -> dict[str, Any]:
    """Return the form that raises an evaluation's budget."""
    budget = dossier.evaluation.budget_usd
    least = f"{budget:.2f}"
    amount = {"type": "number_input", "is_decimal_allowed": True, "min_value": least, "max_value": str(MOST_USD)}
    blocks = [
        section(f"The budget is {money(budget)}. With a higher one the run goes on where it stands."),
        entry(BlockId.BUDGET, "New budget in US dollars, all runs together", amount),
    ]
    meta = Meta(evaluation=dossier.evaluation.id, choice=least)
    return modal("Raise the budget", blocks, callback=CallbackId.BUDGET, submit="Raise", close="Cancel", meta=meta)


def parse_budget(view: Mapping[str, Any]) -> BudgetForm:
    """Read the new budget; FormRefused unless it is a sensible amount above the old one."""
    sent = Sent(view)
    evaluation_id = _evaluation(sent)
    try:
        amount, least = Decimal(sent.text(BlockId.BUDGET)), Decimal(sent.meta.choice or "0")
    except InvalidOperation:
        raise FormRefused(errors={BlockId.BUDGET: "Give an amount, as 12.50."}) from None
    if not amount.is_finite() or not least < amount <= MOST_USD:
        raise FormRefused(errors={BlockId.BUDGET: f"Give more than ${least} and at most ${MOST_USD}."})
    return BudgetForm(evaluation_id=evaluation_id, budget_usd=float(amount))


def loading(title: str) -> dict[str, Any]:
    """Return what stands while a form is prepared: a trigger lives 3 s, so a view is opened at once and updated."""
    return modal(title, [section("One moment…")], callback=CallbackId.LOADING, meta=Meta())


def problem_view(words: str, kept: Sequence[str] = ()) -> dict[str, Any]:
    """Return what replaces a loading view, or follows a form, when the way is barred: an error's words.

    `kept` is what had been written in the form, so that nobody has to write it twice.
    """
    blocks = [section(refusal_words(words))]
    if kept:
        blocks += [
            context("Nothing of it was saved. What you had written, to copy:"),
            *fitting([[quote(said)] for said in kept]),
        ]
    return modal("Not possible", blocks, callback=CallbackId.LOADING, meta=Meta())


def _evaluation(sent: Sent) -> str:
    if not sent.meta.evaluation:
        raise InvalidInput(problem="This form belongs to no evaluation. Please open it again from the thread.")
    return sent.meta.evaluation
