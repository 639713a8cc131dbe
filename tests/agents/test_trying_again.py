"""Trying again with Claude: what the service sees of the next attempt after a stop, a bad key and a refusal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.agent.designer import ClaudeDesigner
from bot.agent.script import Body, turn_of
from bot.devtools.local_model import Fault, LocalModel, Reply, Script, end
from bot.domain.evaluation import Dossier, Evaluation
from bot.domain.run import Run
from tests.agents.samples import calling, proposal, review, stage, thought
from tests.agents.test_in_the_thread import driven, shown
from tests.artefacts.blueprints import tiny
from tests.support.databases import migrated_file
from tests.support.dossiers import LEAD
from tests.support.services import World, world_at

KEY = Fault(status=401, type="authentication_error")
REFUSAL = Reply(content=(thought("No."),), stop="refusal")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Services over a SQLite file."""
    async with world_at(migrated_file(tmp_path / "eipas.db"), tmp_path) as opened:
        yield opened


def three(body: Body) -> Reply:
    """Reads the answers, proposes, then reviews: three turns."""
    return (calling("read_answers"), proposal(tiny()), end(review()))[min(turn_of(body), 2)]


def slow(reply: Reply) -> Reply:
    return Reply(content=reply.content, stop=reply.stop, pace=0.2)


async def again(world: World, claude: ClaudeDesigner, evaluation: Evaluation) -> tuple[Dossier, Run]:
    await world.services.runs.retry(world.actor(), evaluation.id)
    return await driven(world, claude, evaluation)


def turns(model: LocalModel) -> list[tuple[int, str]]:
    return [(call.turn, call.outcome) for call in model.calls]


async def booked(world: World, dossier: Dossier) -> list[list[str]]:
    """How the calls of each run ended, as the ledger has it."""
    found = await world.database.read(lambda tx: [tx.ledger.calls(run.id) for run in dossier.runs])
    return [[str((call or {}).get("outcome")) for call in calls] for calls in found]


async def stopped_when(world: World, evaluation: Evaluation, ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not ready():
            await asyncio.sleep(0.01)
    await world.services.runs.stop(world.actor(LEAD), evaluation.id)


async def test_after_a_stop_no_turn_is_asked_for_again(world: World) -> None:
    """Stopped in its third turn: the next attempt asks for the third only, with the prefix the service knows."""
    evaluation = await world.to_run()
    third: list[Body] = []

    def answer(body: Body) -> Reply:
        if turn_of(body) < 2 or third:
            return three(body)
        third.append(body)
        return slow(three(body))

    async with stage(answer) as (model, claude):
        world.designer.script = [claude.design]
        await asyncio.gather(world.work_off(), stopped_when(world, evaluation, lambda: bool(third)))
        dossier, run = await again(world, claude, evaluation)
        last = model.calls[-1]
    finished = [(turn, outcome) for turn, outcome in turns(model) if outcome != "client gone"]
    assert finished == [(0, "tool_use"), (1, "tool_use"), (2, "end_turn")]
    assert dict(last.body) == dict(third[0])
    assert (run.state, run.attempt, dossier.evaluation.state) == ("finished", 2, "in_review")
    assert await booked(world, dossier) == [["tool_use", "tool_use", "cancelled"], ["end_turn"]]
    assert world.kit.assessed == 1
    assert "Goes on from attempt 1: 5 steps kept" in shown(world, dossier)
    assert dossier.spent_usd == await world.database.read(lambda tx: tx.ledger.spent_usd(evaluation.id))


@pytest.mark.parametrize("turn", [0, 1, 2])
async def test_a_mended_key_loses_and_repeats_nothing(world: World, turn: int) -> None:
    """Wherever the key fails, and though it is tried again before it is mended, each turn is paid for once."""
    evaluation = await world.to_run()
    async with stage(Script(three, {turn: [KEY]})) as (model, claude):
        await driven(world, claude, evaluation)
        locked, _ = await again(world, claude, evaluation)
        assert locked.evaluation.state == "failed" and "key was not accepted" in locked.evaluation.failure
        async with stage(three) as (other, mended):
            dossier, run = await again(world, mended, evaluation)
    answered = [t for t, outcome in (*turns(model), *turns(other)) if outcome != "401"]
    assert answered == [0, 1, 2] and run.state == "finished"
    outcomes = [outcome for calls in await booked(world, dossier) for outcome in calls]
    assert [o for o in outcomes if o != "authentication_error"] == ["tool_use", "tool_use", "end_turn"]
    assert dossier.spent_usd == await world.database.read(lambda tx: tx.ledger.spent_usd(evaluation.id))


async def test_after_a_refusal_it_starts_afresh(world: World) -> None:
    """What the model declined to go on with is not put to it again; the card says that it starts afresh."""
    evaluation = await world.to_run()
    async with stage(Script(three, {1: [REFUSAL]})) as (model, claude):
        await driven(world, claude, evaluation)
        dossier, run = await again(world, claude, evaluation)
    assert turns(model) == [(0, "tool_use"), (1, "refusal"), (0, "tool_use"), (1, "tool_use"), (2, "end_turn")]
    assert run.state == "finished"
    assert "Starts afresh, because going on would end as attempt 1 did" in shown(world, dossier)


ENDS: dict[str, tuple[Fault | Reply, int, bool]] = {
    "spend limit": (Fault(status=429, type="rate_limit_error", error_code="enforced_spend_limit_reached"), 1, True),
    "billing": (Fault(status=402, type="billing_error"), 1, True),
    "permission": (Fault(status=403, type="permission_error"), 1, True),
    "model gone": (Fault(status=404, type="not_found_error"), 1, True),
    "faulty request": (Fault(status=400, type="invalid_request_error"), 1, True),
    "too large": (Fault(status=413, type="request_too_large"), 1, False),
    "context": (Reply(content=(thought("Long."),), stop="model_context_window_exceeded"), 1, False),
    "max_tokens": (Reply(content=(thought("Cut."),), stop="max_tokens"), 3, False),
    "invalid review": (end(review(strengths=[])), 9, False),
}


@pytest.mark.parametrize("name", ENDS)
async def test_each_failure_says_whether_its_turns_are_kept(world: World, name: str) -> None:
    """The error matrix: what lies with account, key or request keeps the turns; what the record caused does not."""
    fault, times, kept = ENDS[name]
    evaluation = await world.to_run()
    failing = [fault] * times
    script = (lambda body: fault if turn_of(body) else three(body)) if times == 9 else Script(three, {1: failing})
    async with stage(script) as (_, claude):
        failed, _ = await driven(world, claude, evaluation)
        assert failed.evaluation.state == "failed"
    async with stage(three) as (model, mended):
        _, run = await again(world, mended, evaluation)
    assert (run.state, model.calls[0].turn) == ("finished", 1 if kept else 0)


async def test_what_people_answered_before_a_stop_is_not_asked_again(world: World) -> None:
    """The tool's result of the earlier attempt stands in the transcript, and the question stays answered."""
    evaluation = await world.to_run()
    asking = calling("ask_user", questions=[{"question": "Which provider?", "why": "It decides a lot."}])

    def answer(body: Body) -> Reply:
        return (asking, proposal(tiny()), end(review()))[min(turn_of(body), 2)]

    async with stage(Script(answer, {1: [KEY]})) as (_, claude):
        await driven(world, claude, evaluation)
        await world.reply(evaluation, "Stripe")
        await driven(world, claude, evaluation)
    async with stage(answer) as (model, mended):
        dossier, run = await again(world, mended, evaluation)
    assert run.state == "finished" and [call.turn for call in model.calls] == [1, 2]
    assert "Stripe" in str(model.calls[0].body["messages"])
    assert [q.text for q in dossier.questions if q.run_id] == ["Which provider?"]
