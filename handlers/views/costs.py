"""What a model costs, in words: at the go, while it runs, near the end of the budget, and on demand."""

from __future__ import annotations

from bot.domain.evaluation import Dossier
from bot.domain.gate import Gate, GateState
from bot.domain.lifecycle import OPEN
from bot.domain.run import LIVE, Run, Task
from bot.domain.surface import Message
from bot.services.designer import BUDGET_TASK
from handlers.ids import ActionId, Ref
from handlers.views.blocks import actions, button, context, message, section
from handlers.views.text import clip_line, money, plural


def at_the_go(dossier: Dossier, gate: Gate, model: str | None) -> str:
    """Return what the run behind a go gate costs, as the gate keeps it; what was spent only while it is pending."""
    run, budget = dossier.run(gate.iteration), money(dossier.evaluation.budget_usd)
    used = gate.estimate.model if gate.estimate else run.model if run else model
    if used is None:
        return "no model is used. The design comes from fixed rules, free of charge and on this installation only."
    most = f"At most the budget of {budget} is spent in this evaluation; then the run pauses and asks."
    if gate.estimate is None:
        return f"the model {clip_line(used, 80)} is called. {most}"
    spent = f", spent so far {money(dossier.spent_usd)}" if gate.state is GateState.PENDING else ""
    about = f"about {money(gate.estimate.usd)} with {clip_line(used, 80)} (prices of {gate.estimate.prices_of})"
    return f"estimated cost of this run: {about}; budget {budget}{spent}. {most}"


def spent(dossier: Dossier) -> str:
    """Return what a model has cost until now, by iteration; empty if none was ever asked."""
    booked = [(run.iteration, run.spent_usd) for run in dossier.runs if run.model]
    booked += [(inquiry.iteration, inquiry.spent_usd) for inquiry in dossier.inquiries]
    booked += [(one.iteration, one.recap.spent_usd) for one in dossier.recaps if one.recap and one.recap.spent_usd]
    if not booked:
        return ""
    by_iteration = dict.fromkeys(sorted(number for number, _ in booked), 0.0)
    for number, usd in booked:
        by_iteration[number] += usd
    parts = ", ".join(f"iteration {number}: {money(usd)}" for number, usd in by_iteration.items())
    return (
        f"*Spent on the model:* {money(dossier.spent_usd)} of a budget of {money(dossier.evaluation.budget_usd)} "
        f"({parts}; {plural(len(dossier.runs), 'run')})"
    )


def budget_task(run: Run) -> Task | None:
    """Return the warning that a run's designer gave of the budget's end, if it gave one."""
    return next((task for task in run.tasks if task.key == BUDGET_TASK), None)


def budget_warning(dossier: Dossier, run: Run) -> Message | None:
    """Return the message that warns of the budget's end, once a run got there; it stays when the run has ended."""
    warned = budget_task(run)
    if warned is None:
        return None
    ref = Ref(dossier.evaluation.id, run.id)
    live = run.state in LIVE and dossier.evaluation.state in OPEN
    blocks = [
        section(f"💰 *{clip_line(warned.title, 150)}:* {clip_line(warned.detail, 300)}"),
        context("At 100 % the run pauses and asks; nothing is lost. The owner and the approvers may raise the budget."),
        *([actions(button("Raise the budget", ActionId.RAISE_BUDGET, ref))] if live else []),
    ]
    return message(f"i{run.iteration}.budget.{run.id}", blocks)
