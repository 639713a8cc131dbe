"""Trying again: what another attempt goes on with, when it starts afresh, and what the thread says of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.attempt import TranscriptHealth
from bot.domain.design import Design
from bot.domain.evaluation import Evaluation
from bot.domain.run import Run
from bot.services.designer import DesignFailed, DesignSession
from tests.support.designing import ASKED, ask, run_of
from tests.support.dossiers import LEAD
from tests.support.services import Behaviour, World, design

TURN = {"role": "assistant", "content": [], "stop": "tool_use"}


def works(turns: int, end: Exception | None = None) -> Behaviour:
    """Pay for some turns, remember one value, then end in that way or with a design."""

    async def work(session: DesignSession) -> Design:
        for _ in range(turns):
            call = await session.open_call("model", 0.5)
            await session.append([TURN], call={"id": call, "outcome": "tool_use", "usd": 0.25})
        await session.remember("frame", {"by": session.run_id})
        if end is not None:
            raise end
        return design()

    return work


def failing(record: TranscriptHealth) -> DesignFailed:
    return DesignFailed(reason="It ended. Try again.", record=record)


async def failed(world: World, *behaviours: Behaviour) -> Evaluation:
    """An evaluation whose run has failed after all these attempts."""
    world.designer.script = list(behaviours)
    evaluation = await world.to_run()
    await world.work_off()
    for _ in behaviours[1:]:
        await again(world, evaluation)
    assert await world.state(evaluation) == "failed"
    return (await world.dossier(evaluation)).evaluation


async def again(world: World, evaluation: Evaluation) -> Run:
    await world.services.runs.retry(world.actor(), evaluation.id)
    await world.work_off()
    return await run_of(world, evaluation)


async def record_of(world: World, run: Run) -> tuple[int, Any]:
    """How many steps a run has, and what it knows as its frame."""
    return await world.database.read(lambda tx: (len(tx.runs.steps(run.id)), tx.runs.recall(run.id, "frame")))


def origin(run: Run) -> list[str]:
    return [task.title for task in run.tasks if task.key == "origin"]


async def test_another_attempt_goes_on_where_the_last_one_ended(world: World) -> None:
    """It has the steps and the memories; the turns stay booked once, on the run that paid them."""
    evaluation = await failed(world, works(2, failing(TranscriptHealth.SOUND)))
    first = await run_of(world, evaluation)
    world.designer.script = [works(1)]
    second = await again(world, evaluation)
    assert await record_of(world, second) == (3, {"by": first.id})
    assert await record_of(world, first) == (2, {"by": first.id})
    dossier = await world.dossier(evaluation)
    assert [run.spent_usd for run in dossier.runs] == [0.5, 0.25] and dossier.spent_usd == 0.75
    assert await world.database.read(lambda tx: tx.ledger.spent_usd(evaluation.id)) == 0.75
    assert origin(second) == ["Goes on from attempt 1: 2 steps kept"] and origin(first) == []


async def test_a_record_is_handed_on_from_attempt_to_attempt(world: World) -> None:
    """A key that is mended late costs nothing, however often it was tried meanwhile."""
    sound = failing(TranscriptHealth.SOUND)
    evaluation = await failed(world, works(2, sound), works(0, sound), works(0, sound), works(1, sound))
    world.designer.script = [works(0)]
    last = await again(world, evaluation)
    assert (await record_of(world, last))[0] == 3 and origin(last) == ["Goes on from attempt 4: 3 steps kept"]
    assert [run.spent_usd for run in (await world.dossier(evaluation)).runs] == [0.5, 0, 0, 0.25, 0]


async def test_a_spoiled_record_is_left_behind(world: World) -> None:
    """What was itself the failure is not gone on from, and the card says so; the one after may go on again."""
    evaluation = await failed(world, works(2, failing(TranscriptHealth.SPOILED)))
    world.designer.script = [works(1, failing(TranscriptHealth.SOUND))]
    second = await again(world, evaluation)
    assert (await record_of(world, second)) == (1, {"by": second.id})
    assert origin(second) == ["Starts afresh, because going on would end as attempt 1 did"]
    world.designer.script = [works(0)]
    assert origin(await again(world, evaluation)) == ["Goes on from attempt 2: 1 step kept"]


@pytest.mark.parametrize(
    "end", [ZeroDivisionError("a bug"), failing(TranscriptHealth.DOUBTFUL)], ids=["crash", "faulty"]
)
async def test_a_doubtful_record_is_gone_on_from_once(world: World, end: Exception) -> None:
    """If going on comes no further than before, the record may be what is wrong: the next attempt starts afresh."""
    evaluation = await failed(world, works(2, end), works(0, end))
    assert origin(await run_of(world, evaluation)) == ["Goes on from attempt 1: 2 steps kept"]
    world.designer.script = [works(1)]
    third = await again(world, evaluation)
    assert (await record_of(world, third))[0] == 1
    assert origin(third) == ["Starts afresh, because attempt 2 went on and came no further"]


async def test_an_attempt_that_came_further_is_gone_on_from_again(world: World) -> None:
    """A crash after new turns loses none of them."""
    crash = ZeroDivisionError("a bug")
    evaluation = await failed(world, works(2, crash), works(1, crash))
    world.designer.script = [works(0)]
    assert origin(await again(world, evaluation)) == ["Goes on from attempt 2: 3 steps kept"]


async def test_a_changed_answer_starts_afresh(world: World) -> None:
    """The conversation began with what people said then; its first step cannot be changed."""
    evaluation = await failed(world, works(2, failing(TranscriptHealth.SOUND)))
    await world.services.runs.reopen(world.actor(), evaluation.id)
    await world.services.questions.answer(world.actor(), evaluation.id, {"opening_1": "Another stack"})
    await world.vote(evaluation, "go", LEAD)
    run = await run_of(world, evaluation)
    assert origin(run) == ["Starts afresh, because the answers changed since attempt 1"]
    assert await record_of(world, run) == (0, None)


async def test_answers_looked_at_again_and_left_as_they_were_change_nothing(world: World) -> None:
    """Not the way to the next attempt decides, but whether it designs from the same."""
    evaluation = await failed(world, works(2, failing(TranscriptHealth.SOUND)))
    await world.services.runs.reopen(world.actor(), evaluation.id)
    await world.services.questions.ready(world.actor(), evaluation.id)
    await world.vote(evaluation, "go", LEAD)
    assert origin(await run_of(world, evaluation)) == ["Goes on from attempt 1: 2 steps kept"]


async def test_another_model_starts_afresh(world: World) -> None:
    """A conversation's frame names its model, and signed thinking of one model is refused by another."""
    evaluation = await failed(world, works(2, failing(TranscriptHealth.SOUND)))
    first = await run_of(world, evaluation)
    await world.database.transaction(lambda tx: tx.runs.save(replace(first, model="an older one")))
    assert origin(await again(world, evaluation)) == [
        "Starts afresh, because the designer or its model is another one than in attempt 1"
    ]


async def test_nothing_done_is_nothing_to_go_on_from(world: World) -> None:
    """A run that was stopped in the queue leaves no record, and the card of the next one says nothing of it."""
    evaluation = await world.to_run()
    await world.services.runs.stop(world.actor(), evaluation.id)
    assert origin(await again(world, evaluation)) == []


async def test_a_note_of_meanwhile_reaches_who_goes_on(world: World) -> None:
    """It is not in the brief that is kept, so it is handed over in the session, once, like any later note."""
    evaluation = await failed(world, works(2, failing(TranscriptHealth.SOUND)))
    heard: list[str] = []

    async def listen(session: DesignSession) -> Design:
        assert session.brief.feedback == ()
        heard.extend(note.text for note in await session.notes())
        return design()

    await world.reply(evaluation, "Add an auditor")
    world.designer.script = [listen]
    run = await again(world, evaluation)
    assert heard == ["Add an auditor"] and origin(run) == ["Goes on from attempt 1: 2 steps kept"]


async def test_who_goes_on_has_the_answers_that_were_given_to_the_last_attempt(world: World) -> None:
    """Nobody is asked twice, however many attempts lie between; what was left open is asked anew."""
    more = ("region", "Which region?", "It decides the law.")
    told: list[object] = []

    async def ask_then_fail(session: DesignSession) -> Design:
        await ask(session)
        return await works(0, failing(TranscriptHealth.SOUND))(session)

    async def ask_more(session: DesignSession) -> Design:
        told.append(await session.ask(ASKED))
        told.append(await session.ask([*ASKED, more]))
        return design()

    async def begin(session: DesignSession) -> Design:
        await session.append([TURN])
        return await ask(session)

    world.designer.script = [begin, ask_then_fail]
    evaluation = await world.to_run()
    await world.work_off()
    await world.reply((await world.dossier(evaluation)).evaluation, "About 40")
    await world.work_off()
    world.designer.script = [works(0, failing(TranscriptHealth.SOUND)), ask_more]
    await again(world, evaluation)
    run = await again(world, evaluation)
    assert told == [{"tenants": "About 40"}, None]
    questions = (await world.dossier(evaluation)).questions
    assert [(q.text, q.run_id == run.id) for q in questions if q.run_id] == [(ASKED[0][1], False), (more[1], True)]
