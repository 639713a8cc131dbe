"""The small forms: cancelling, raising the budget, a view while something loads, and one that says what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from bot.domain.errors import InvalidInput
from bot.domain.evaluation import Dossier
from bot.domain.phrase import Phrase
from bot.domain.role import Role
from bot.services.evaluations import REASON_LIMIT
from handlers.ids import BlockId, CallbackId
from handlers.views.blocks import context, quote, section
from handlers.views.modals.form import FormRefused, Meta, Sent, entry, fitting, modal, typed
from handlers.views.text import clip_line, money, person, refusal_words

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


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessorForm:
    """Who has left an evaluation, and who decides in their place."""

    evaluation_id: str
    gone: str
    successor: str


def successor_form(dossier: Dossier, role: Role, gone: str) -> dict[str, Any]:
    """Return the form that names another approver for one who has left."""
    evaluation = dossier.evaluation
    names = [gate.name for gate in role.gates if gone in evaluation.deciders(gate.key)]
    said = f"{person(gone)} has left the workspace and decides {clip_line(', '.join(names) or 'nothing', 600)}."
    asked = "The new one is asked at once where a gate is open. Verdicts that were given stay."
    blocks = [
        section(f"*{clip_line(evaluation.title, 150)}*\n{said}"),
        entry(BlockId.SUCCESSOR, "Who decides instead", {"type": "users_select"}, hint=asked),
    ]
    meta = Meta(evaluation=evaluation.id, target=gone)
    title = "Name another approver"
    return modal(title, blocks, callback=CallbackId.SUCCESSOR, submit="Name them", close="Back", meta=meta)


def parse_successor(view: Mapping[str, Any]) -> SuccessorForm:
    """Read the form; FormRefused if nobody is named."""
    sent = Sent(view)
    chosen = sent.field(BlockId.SUCCESSOR).selected_user
    if not chosen:
        raise FormRefused(errors={BlockId.SUCCESSOR: "Choose who decides instead."})
    return SuccessorForm(evaluation_id=_evaluation(sent), gone=sent.meta.target, successor=chosen)


def cancel_form(dossier: Dossier) -> dict[str, Any]:
    """Return the confirmation before an evaluation is ended."""
    said = "Open gates are withdrawn and a run is stopped. Thread, answers and files stay; it can be reopened there."
    blocks = [
        section(f"*Cancel “{clip_line(dossier.evaluation.title, 150)}”?*\n{said}"),
        entry(BlockId.REASON, "Why", typed(limit=REASON_LIMIT), hint="Announced in the thread."),
    ]
    meta = Meta(evaluation=dossier.evaluation.id)
    title = "Cancel the evaluation"
    return modal(title, blocks, callback=CallbackId.CANCEL, submit="Cancel it", close="Keep it", meta=meta)


def parse_cancel(view: Mapping[str, Any]) -> CancelForm:
    """Read the confirmation; FormRefused without a reason, InvalidInput if it is none."""
    sent = Sent(view)
    if not sent.text(BlockId.REASON):
        raise FormRefused(errors={BlockId.REASON: "Please say why: it is announced in the thread."})
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


def problem_view(words: Phrase | str, kept: Sequence[str] = ()) -> dict[str, Any]:
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
