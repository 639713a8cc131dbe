"""Questions made for an idea: asked once, paid once, and never waited for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.design import Brief, ModelReading
from bot.domain.errors import Unavailable
from bot.domain.spending import Estimate, InquiryState
from bot.services.designer import Ledger
from tests.support.services import TEAM, World

ASKED = (("specific-1", "Who may cancel?", "Nobody says."),)


class Adviser:
    """Asks one question at a price; `trouble` is raised once, after its call was made."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.looks = 0

    def forecast(self, brief: Brief) -> Estimate:
        return Estimate(model="double", usd=0.4, prices_of=date(2026, 10, 21))

    async def specific_questions(self, brief: Brief, ledger: Ledger) -> tuple[tuple[str, str, str], ...]:
        self.looks += 1
        call: Mapping[str, Any] = {"id": await ledger.open_call("double", 0.5), "outcome": "end_turn", "usd": 0.1}
        await ledger.close_call(call)
        if self.trouble is not None:
            trouble, self.trouble = self.trouble, None
            raise trouble
        return ASKED

    async def read_statements(self, brief: Brief, ledger: Ledger) -> tuple[ModelReading, ...]:
        return ()

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def adviser(world: World) -> Adviser:
    """The world's designer has a model from now on."""
    found = Adviser()
    world.kit.advisor = found
    return found


async def test_work_that_is_done_again_asks_and_pays_once(world: World, adviser: Adviser) -> None:
    """The engine may do the same work twice: the second time finds it done."""
    evaluation = await world.start()
    work = next(item for item in world.waiting if item.kind == "questions")
    await world.services.inquiries.ask(**work.args)
    await world.services.inquiries.ask(**work.args)
    dossier = await world.dossier(evaluation)
    assert [question.text for question in dossier.questions if question.made] == ["Who may cancel?"]
    assert (adviser.looks, dossier.spent_usd) == (1, pytest.approx(0.1))


async def test_work_that_is_interrupted_is_done_again_and_its_call_is_booked(world: World, adviser: Adviser) -> None:
    """What was paid before the interruption stays in the ledger; the questions are asked once."""
    evaluation = await world.start()
    work = next(item for item in world.waiting if item.kind == "questions")
    adviser.trouble = Unavailable()
    with pytest.raises(Unavailable):
        await world.services.inquiries.ask(**work.args)
    await world.services.inquiries.ask(**work.args)
    dossier = await world.dossier(evaluation)
    assert sum(question.made for question in dossier.questions) == 1
    assert dossier.spent_usd == pytest.approx(0.2)


async def test_a_budget_that_does_not_reach_asks_nothing(world: World, adviser: Adviser) -> None:
    """No call is made that could overrun the budget; the inquiry says so in words."""
    evaluation = await world.start()
    work = next(item for item in world.waiting if item.kind == "questions")
    await world.database.transaction(
        lambda tx: tx.evaluations.save(replace(tx.evaluations.get(evaluation.id), budget_usd=0.2))
    )
    await world.services.inquiries.ask(**work.args)
    inquiry = (await world.dossier(evaluation)).inquiries[0]
    assert inquiry.state is InquiryState.FAILED and "does not reach" in inquiry.reason and inquiry.spent_usd == 0


async def test_what_is_late_before_it_begins_makes_no_call(world: World, adviser: Adviser) -> None:
    """Once the go gate is open the model is not even asked, and the gate keeps its estimate."""
    evaluation = await world.start()
    work = next(item for item in world.waiting if item.kind == "questions")
    await world.answer_all(evaluation)
    await world.services.inquiries.ask(**work.args)
    dossier = await world.dossier(evaluation)
    assert (adviser.looks, dossier.inquiries[0].state) == (0, InquiryState.DROPPED)
    estimate = (await world.gate(evaluation, "go")).estimate
    assert estimate is not None and estimate.usd == 0.4


async def test_a_workspace_that_leaves_is_asked_nothing_more(world: World, adviser: Adviser) -> None:
    """What was to be asked when the app was removed is given up: no call is made for it, before or after."""
    evaluation = await world.start()
    work = next(item for item in world.waiting if item.kind == "questions")
    await world.services.leaving.leave(TEAM)
    await world.services.inquiries.ask(**work.args)
    assert adviser.looks == 0
    (inquiry,) = (await world.dossier(evaluation)).inquiries
    assert (inquiry.state, inquiry.spent_usd) == (InquiryState.DROPPED, 0.0)
    assert "removed from this workspace" in inquiry.reason
