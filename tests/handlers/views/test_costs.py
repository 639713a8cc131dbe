"""What cards say of a model's cost and of notes on their way to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.evaluation import Dossier
from bot.domain.run import RunState, Task
from bot.domain.spending import Estimate, Inquiry, InquiryState
from bot.services.designer import BUDGET_TASK
from handlers.views import messages
from handlers.views.thread import thread
from tests.handlers.views.test_thread import buttons
from tests.handlers.views.test_thread import messages as cards
from tests.support import dossiers as stages
from tests.support.dossiers import at, role

ESTIMATE = Estimate(model="claude-opus-5-5", usd=0.42, prices_of=date(2026, 10, 21))


def paid(dossier: Dossier) -> Dossier:
    """The same with an inquiry that cost 11 cents, and a budget."""
    inquiry = Inquiry(
        evaluation_id=dossier.evaluation.id, iteration=1, cause="start", subject="s", state=InquiryState.FAILED,
        created_at=at(1), reason="The model declined <!channel>.", spent_usd=0.11,
    )  # fmt: skip
    return replace(dossier, inquiries=(inquiry,), evaluation=replace(dossier.evaluation, budget_usd=5.0))


def test_the_go_gate_shows_the_estimate_that_it_keeps() -> None:
    """The gate's own model and day of prices are shown, whatever the settings say by now, and what is spent so far."""
    dossier = paid(stages.awaiting_go())
    gates = tuple(replace(gate, estimate=ESTIMATE) for gate in dossier.gates)
    said = cards(replace(dossier, gates=gates), model="another")[f"i1.gate.go.{gates[0].id}"].text
    assert "about $0.42 with claude-opus-5-5 (prices of 2026-10-21); budget $5.00, spent so far $0.11" in said


def test_a_run_near_the_budgets_end_warns_once_and_offers_more() -> None:
    """The warning is a message of its own; its button goes when the run has ended, its words stay."""
    dossier = stages.running()
    run = replace(dossier.runs[-1], tasks=(Task(key=BUDGET_TASK, title="82% of the budget is used", status="pending"),))
    live = cards(replace(dossier, runs=(run,)))
    key = f"i1.budget.{run.id}"
    assert buttons(live[key]) == ["Raise the budget"] and "82%" in live[key].text
    assert "82%" not in live[f"i1.run.{run.id}"].text
    ended = cards(replace(dossier, runs=(replace(run, state=RunState.FINISHED, ended_at=at(40)),)))
    assert buttons(ended[key]) == [] and "82%" in ended[key].text
    assert key not in cards(dossier)


def test_a_failed_inquiry_is_told_beside_the_documents_and_mentions_nobody() -> None:
    """The context review says why the designer asked nothing; the status sums up what was spent on it."""
    dossier = paid(stages.awaiting_go())
    said = cards(dossier)["i1.context"].text
    assert "could not ask questions of its own" in said and "<!channel>" not in said
    assert "$0.11 of a budget of $5.00" in messages.status(dossier, role())["text"]
    assert thread(dossier, role()) == thread(dossier, role())
