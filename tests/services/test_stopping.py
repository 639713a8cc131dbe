"""Runs that are stopped, die, are taken over or are lost: one worker writes, and nobody waits for ever."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.design import Design
from bot.domain.errors import IllegalEvent, NotAllowed
from bot.domain.run import RunState
from bot.services.common import Rules
from bot.services.designer import DesignSession, TaskStatus
from bot.services.run_fencing import RunFenced
from tests.services.conftest import MakeWorld
from tests.support.designing import Pause, ask, run_of
from tests.support.dossiers import ARCHITECT, OWNER
from tests.support.services import STRANGER, World


async def test_stopping_cancels_the_designer_at_once(world: World) -> None:
    """The designer at work in this process is cancelled; its run is stopped, and what it spent is kept."""
    pause = Pause()

    async def spend(session: DesignSession) -> Design:
        await session.open_call("model", 0.25)
        return await pause(session)

    world.designer.script = [spend]
    evaluation = await world.to_run()
    driving = asyncio.create_task(world.do(world.waiting[0]))
    await pause.begun.wait()
    await world.services.runs.stop(world.actor(ARCHITECT), evaluation.id)
    assert await asyncio.wait_for(driving, 5) is RunState.STOPPED
    run = await run_of(world, evaluation)
    assert (pause.ended, run.state, run.spent_usd) == ("CancelledError", "stopped", 0.25)
    assert (await world.dossier(evaluation)).evaluation.failure == f"Stopped by {ARCHITECT}."


async def test_cancelling_the_evaluation_cancels_the_designer(world: World) -> None:
    """It is not left to find out at its next step."""
    pause = Pause()
    world.designer.script = [pause]
    evaluation = await world.to_run()
    driving = asyncio.create_task(world.do(world.waiting[0]))
    await pause.begun.wait()
    await world.services.evaluations.cancel(world.actor(), evaluation.id, "Enough")
    assert await asyncio.wait_for(driving, 5) is RunState.STOPPED
    assert await world.state(evaluation) == "cancelled"


async def test_a_run_stopped_elsewhere_ends_at_its_next_write(world: World) -> None:
    """Where the stop came through another machine, the row alone ends it; what it spent is booked nevertheless."""

    async def step(session: DesignSession) -> None:
        call = {"id": calls[0], "outcome": "ok", "usd": 0.5}
        await session.append([{"role": "assistant"}], call=call)

    async def open_first(session: DesignSession) -> Design:
        calls.append(await session.open_call("model", 0.25))
        return await pause(session)

    calls: list[str] = []
    pause = Pause(step)
    world.designer.script = [open_first]
    evaluation = await world.to_run()
    driving = asyncio.create_task(world.do(world.waiting[0]))
    await pause.begun.wait()
    world.services.runs._tasks._tasks.clear()  # as on a machine that does not drive it
    await world.services.runs.stop(world.actor(), evaluation.id)
    pause.go_on.set()
    assert await asyncio.wait_for(driving, 5) is RunState.STOPPED
    run = await run_of(world, evaluation)
    assert (pause.ended, run.state, run.spent_usd) == (RunFenced.__name__, "stopped", 0.5)
    assert await world.database.read(lambda tx: tx.runs.steps(run.id)) == ()


async def test_stopping_is_for_those_involved_and_for_live_runs(world: World) -> None:
    """Nobody else may, and what does not run cannot be stopped."""
    evaluation = await world.to_run()
    with pytest.raises(NotAllowed, match=f"@{OWNER}"):
        await world.services.runs.stop(world.actor(STRANGER), evaluation.id)
    await world.services.runs.stop(world.actor(), evaluation.id)
    with pytest.raises(IllegalEvent):
        await world.services.runs.stop(world.actor(), evaluation.id)
    await world.work_off()
    assert world.designer.briefs == []


async def test_a_cancelled_worker_leaves_its_run_to_be_taken_up_again(world: World) -> None:
    """When the process goes down the run is neither failed nor stopped; whoever drives it next finishes it."""
    pause = Pause()
    world.designer.script = [pause]
    evaluation = await world.to_run()
    work = world.waiting[0]
    driving = asyncio.create_task(world.do(work))
    await pause.begun.wait()
    driving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await driving
    assert pause.ended == "CancelledError"
    assert ((await run_of(world, evaluation)).state, await world.state(evaluation)) == ("running", "running")
    await world.do(work)
    assert await world.state(evaluation) == "in_review"


async def test_a_run_that_keeps_dying_is_ended(make: MakeWorld) -> None:
    """After the allowed number of begins without a stop of its own it fails, with words."""
    world = await make(rules=Rules(max_run_starts=2))
    pauses = [Pause(), Pause()]
    world.designer.script = list(pauses)
    evaluation = await world.to_run()
    work = world.waiting[0]
    for pause in pauses:
        dying = asyncio.create_task(world.do(work))
        await pause.begun.wait()
        dying.cancel()
        await asyncio.wait([dying])
    await world.do(work)
    dossier = await world.dossier(evaluation)
    assert dossier.evaluation.state == "failed" and "2 times" in dossier.evaluation.failure
    assert len(world.designer.briefs) == 2


async def test_parking_is_no_death(make: MakeWorld) -> None:
    """A run that parks by itself may begin as often as it likes."""
    world = await make(rules=Rules(max_run_starts=1))
    world.designer.script = [ask, ask]
    evaluation = await world.to_run()
    await world.work_off()
    await world.reply(evaluation, "40")
    await world.work_off()
    assert await world.state(evaluation) == "in_review"


async def test_who_takes_over_keeps_the_run(world: World) -> None:
    """A worker that was thought dead finds at its next write that it may not, and changes nothing any more."""

    async def show(session: DesignSession) -> None:
        await session.progress("late", "Too late", TaskStatus.COMPLETE)

    late = Pause(show)
    world.designer.script = [late]
    evaluation = await world.to_run()
    work = world.waiting[0]
    old = asyncio.create_task(world.do(work))
    await late.begun.wait()
    world.services.runs._tasks._tasks.clear()  # as in another process
    await world.do(work)
    before = await world.dossier(evaluation)
    late.go_on.set()
    assert await asyncio.wait_for(old, 5) is RunState.FINISHED
    assert await world.dossier(evaluation) == before
    assert late.ended == RunFenced.__name__


async def test_the_watchdog_enqueues_only_what_the_engine_lost(world: World) -> None:
    """A run whose work the engine still has is left alone; one whose work is gone is enqueued once, under a new id."""
    evaluation = await world.to_run()
    rescue = world.services.runs.rescue
    assert await rescue(world.under_way) == 0
    lost = {world.waiting[0].key}

    async def engine() -> set[str]:
        return {work.key for work in world.waiting} - lost

    assert sorted(await asyncio.gather(rescue(engine), rescue(engine))) == [0, 1]
    assert [work.id.rpartition(":")[2] for work in world.waiting] == ["1", "2"]
    await world.work_off()
    assert await world.state(evaluation) == "in_review"
    assert await rescue(engine) == 0 and len(world.designer.briefs) == 1
