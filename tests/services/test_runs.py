"""Runs: finishing, waiting, failing, being stopped, dying, and being driven more than once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.design import Design
from bot.domain.errors import IllegalEvent, InvalidInput, NotAllowed
from bot.domain.evaluation import Evaluation, Run, RunState
from bot.services.common import Rules
from bot.services.designing import DesignFailed, DesignSession, RunParked, TaskStatus
from bot.services.holding import RunStopped
from tests.services.conftest import MakeWorld
from tests.support.dossiers import ARCHITECT, OWNER
from tests.support.services import REVIEWS, STRANGER, World, design

ASKED = (("tenants", "How many tenants?", "It sizes the pool."),)


class Pause:
    """A designer that has begun and waits to be let go on; `ended` says how it was left."""

    def __init__(self, then: Callable[[DesignSession], Awaitable[None]] | None = None) -> None:
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()
        self.ended = ""
        self._then = then

    async def __call__(self, session: DesignSession) -> Design:
        self.begun.set()
        try:
            await self.go_on.wait()
            if self._then is not None:
                await self._then(session)
        except BaseException as error:
            self.ended = type(error).__name__
            raise
        return design()


async def ask(session: DesignSession) -> Design:
    """Ask the people, and wait for them."""
    if await session.ask(ASKED) is None:
        raise RunParked(reason="The agent asks.", kind="people")
    return design()


async def broke(session: DesignSession) -> Design:
    """Wait for money."""
    if await session.budget_usd() < 10:
        raise RunParked(reason="The budget is used up.", kind="budget")
    return design()


async def run_of(world: World, evaluation: Evaluation) -> Run:
    dossier = await world.dossier(evaluation)
    found = dossier.run(dossier.evaluation.iteration)
    assert found is not None
    return found


async def test_a_finished_run_opens_three_gates_on_its_draft(world: World) -> None:
    """Result, files and gates stand together; the gates judge the draft's digest."""
    evaluation = await world.to_review()
    dossier = await world.dossier(evaluation)
    current = dossier.current
    assert dossier.evaluation.state == "in_review" and current.result is not None
    draft = next(f for f in current.files if f.draft)
    assert draft.name == "backend-developer-iteration-1.draft.json"
    opened = [gate for gate in dossier.gates if gate.key in REVIEWS]
    assert [gate.subject_sha256 for gate in opened] == [draft.sha256] * 3
    assert current.result.scorecard.overall == 97 and not any(check.raw for check in current.result.checks)


async def test_a_run_of_before_is_left_alone(world: World) -> None:
    """Driving a finished run again says that it is finished and changes nothing."""
    evaluation = await world.to_review()
    run, before = await run_of(world, evaluation), (await world.dossier(evaluation)).evaluation
    assert await world.services.runs.drive(run.id) is RunState.FINISHED
    assert (await world.dossier(evaluation)).evaluation == before
    assert len(world.designer.briefs) == 1


async def test_the_evidence_is_made_once_for_a_proposal(world: World) -> None:
    """A designer that assesses its own proposal does not make it be assessed again at the end."""

    async def assess(session: DesignSession) -> Design:
        await session.assess(design().blueprint)
        await session.assess(design().blueprint)
        return design()

    world.designer.script = [assess]
    await world.to_review()
    assert world.kit.assessed == 1


async def test_a_parked_run_goes_on_when_all_is_answered(world: World) -> None:
    """The agent's questions are answered by replies; the last answer enqueues the run anew."""
    world.designer.script = [ask, ask]
    evaluation = await world.to_run()
    await world.work_off()
    assert await world.state(evaluation) == "parked"
    dossier = await world.dossier(evaluation)
    assert [q.text for q in dossier.open_questions] == ["How many tenants?"]
    evaluation = await with_thread(world, evaluation)
    await world.reply(evaluation, "About 40", user=STRANGER)
    assert [work.id.rpartition(":")[2] for work in world.waiting] == ["2"]
    await world.work_off()
    assert await world.state(evaluation) == "in_review"


async def with_thread(world: World, evaluation: Evaluation) -> Evaluation:
    return (await world.dossier(evaluation)).evaluation


async def test_an_answer_to_the_agent_stands(world: World) -> None:
    """It cannot be edited, and the role's own answers stay closed while the run waits."""
    world.designer.script = [ask, ask]
    evaluation = await world.to_run()
    await world.work_off()
    question = (await world.dossier(evaluation)).open_questions[0]
    with pytest.raises(IllegalEvent):
        await world.services.questions.answer(world.actor(), evaluation.id, {"opening_1": "no"})
    await world.services.questions.answer(world.actor(), evaluation.id, {question.key: "40"})
    with pytest.raises(IllegalEvent):
        await world.services.questions.answer(world.actor(), evaluation.id, {question.key: "41"})


async def test_a_question_of_a_stopped_run_is_nobodys_any_more(world: World) -> None:
    """After the run was stopped its open question keeps neither the go gate nor the next run waiting."""
    world.designer.script = [ask]
    evaluation = await world.to_run()
    await world.work_off()
    await world.services.runs.stop(world.actor(), evaluation.id)
    await world.services.runs.reopen(world.actor(), evaluation.id)
    assert (await world.dossier(evaluation)).open_questions == ()
    await world.services.questions.ready(world.actor(), evaluation.id)
    assert await world.state(evaluation) == "awaiting_go"


async def test_a_later_run_knows_what_the_agent_was_told(world: World) -> None:
    """The answers to an earlier run's questions are in the next brief, so nobody is asked twice."""

    async def ask_then_fail(session: DesignSession) -> Design:
        await ask(session)
        raise DesignFailed(reason="It broke after the answer.")

    world.designer.script = [ask, ask_then_fail]
    evaluation = await world.to_run()
    await world.work_off()
    await world.reply(await with_thread(world, evaluation), "About 40")
    await world.work_off()
    await world.services.runs.retry(world.actor(), evaluation.id)
    await world.work_off()
    assert [r.text for r in world.designer.briefs[-1].replies if r.question == "How many tenants?"] == ["About 40"]


async def test_a_run_that_waits_for_time_is_woken_by_the_clock(world: World) -> None:
    """The parked run has a due row; when its time has come it is enqueued once, by whichever clock comes first."""

    async def busy(session: DesignSession) -> Design:
        raise RunParked(reason="The model is busy.", until=world.time.now + timedelta(minutes=5), kind="busy")

    world.designer.script = [busy]
    evaluation = await world.to_run()
    await world.work_off()
    assert await world.services.deadlines.tick() == 0
    world.time.passes(minutes=6)
    await asyncio.gather(world.services.deadlines.tick(), world.services.deadlines.tick())
    assert len(world.waiting) == 1
    await world.work_off()
    assert await world.state(evaluation) == "in_review"


async def test_a_run_that_waits_for_money_goes_on_when_there_is_more(world: World) -> None:
    """Only a higher, finite budget is taken, from who is involved, while the evaluation is open."""
    world.designer.script = [broke, broke]
    evaluation = await world.to_run()
    await world.work_off()
    raise_budget = world.services.runs.raise_budget
    for amount in (5.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(InvalidInput, match=r"\$5\.00"):
            await raise_budget(world.actor(), evaluation.id, amount)
    with pytest.raises(NotAllowed):
        await raise_budget(world.actor(STRANGER), evaluation.id, 20.0)
    await raise_budget(world.actor(ARCHITECT), evaluation.id, 20.0)
    await world.work_off()
    assert await world.state(evaluation) == "in_review"
    await world.services.evaluations.cancel(world.actor(), evaluation.id)
    with pytest.raises(IllegalEvent):
        await raise_budget(world.actor(), evaluation.id, 30.0)


async def test_a_failed_design_says_why_and_can_be_tried_again(world: World) -> None:
    """The reason stands in the thread; trying again is a fresh run with a number of its own."""

    async def fail(session: DesignSession) -> Design:
        raise DesignFailed(reason="The model refused. Shorten the answers.")

    world.designer.script = [fail]
    evaluation = await world.to_run()
    await world.work_off()
    dossier = await world.dossier(evaluation)
    assert (dossier.evaluation.state, dossier.evaluation.failure) == (
        "failed",
        "The model refused. Shorten the answers.",
    )
    with pytest.raises(NotAllowed):
        await world.services.runs.retry(world.actor(STRANGER), evaluation.id)
    await world.services.runs.retry(world.actor(), evaluation.id)
    with pytest.raises(IllegalEvent):
        await world.services.runs.retry(world.actor(), evaluation.id)
    await world.work_off()
    dossier = await world.dossier(evaluation)
    assert [(run.attempt, run.state) for run in dossier.runs] == [(1, "failed"), (2, "finished")]
    assert (dossier.evaluation.state, dossier.evaluation.failure) == ("in_review", "")


async def test_a_bug_in_a_designer_fails_the_run_in_words(world: World) -> None:
    """The thread is told the kind of error and nothing of its inside."""

    async def crash(session: DesignSession) -> Design:
        raise ZeroDivisionError("secret words")

    world.designer.script = [crash]
    evaluation = await world.to_run()
    await world.work_off()
    failure = (await world.dossier(evaluation)).evaluation.failure
    assert "ZeroDivisionError" in failure and "secret" not in failure


async def test_a_designer_that_is_gone_fails_the_run_in_words(world: World) -> None:
    """A run that was launched with a designer which is no longer configured says so."""
    evaluation = await world.to_run()
    run = await run_of(world, evaluation)
    await world.database.transaction(lambda tx: tx.runs.save(replace(run, designer="gone")))
    await world.work_off()
    assert "“gone”" in (await world.dossier(evaluation)).evaluation.failure


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
    assert (await world.dossier(evaluation)).evaluation.failure == f"Stopped by <@{ARCHITECT}>."


async def test_cancelling_the_evaluation_cancels_the_designer(world: World) -> None:
    """It is not left to find out at its next step."""
    pause = Pause()
    world.designer.script = [pause]
    evaluation = await world.to_run()
    driving = asyncio.create_task(world.do(world.waiting[0]))
    await pause.begun.wait()
    await world.services.evaluations.cancel(world.actor(), evaluation.id)
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
    assert (pause.ended, run.state, run.spent_usd) == (RunStopped.__name__, "stopped", 0.5)
    assert await world.database.read(lambda tx: tx.runs.steps(run.id)) == ()


async def test_stopping_is_for_those_involved_and_for_live_runs(world: World) -> None:
    """Nobody else may, and what does not run cannot be stopped."""
    evaluation = await world.to_run()
    with pytest.raises(NotAllowed, match=f"<@{OWNER}>"):
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
    await world.reply(await with_thread(world, evaluation), "40")
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
    assert late.ended == RunStopped.__name__


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


async def test_progress_is_kept_by_task(world: World) -> None:
    """A task is one line that changes; saying the same again writes nothing."""

    async def show(session: DesignSession) -> Design:
        await session.progress("api", "Paths", TaskStatus.IN_PROGRESS)
        await session.progress("db", "Tables", TaskStatus.PENDING)
        await session.progress("api", "Paths", TaskStatus.COMPLETE, "12 of them")
        return design()

    world.designer.script = [show]
    evaluation = await world.to_review()
    tasks = (await run_of(world, evaluation)).tasks
    assert [(t.key, t.status, t.detail) for t in tasks] == [("api", "complete", "12 of them"), ("db", "pending", "")]


async def test_notes_reach_the_agent_once(world: World) -> None:
    """Those from before the run are in the brief, those that come while it runs in the session, none in both."""
    heard: list[str] = []

    async def listen(session: DesignSession) -> None:
        heard.extend(note.text for note in await session.notes())

    pause = Pause(listen)
    world.designer.script = [pause]
    evaluation = await with_thread(world, await world.to_go())
    await world.reply(evaluation, "before")
    await world.vote(evaluation, "go", "U0DANKIM01")
    driving = asyncio.create_task(world.do(world.waiting[0]))
    await pause.begun.wait()
    await world.reply(evaluation, "meanwhile")
    pause.go_on.set()
    await driving
    assert [f.text for f in world.designer.briefs[0].feedback] == ["before"] and heard == ["meanwhile"]


async def test_small_memory_keeps_the_first_write(world: World) -> None:
    """What a run remembers under a key stays, so that a repeated step finds what the first one decided."""
    seen: list[object] = []

    async def remember(session: DesignSession) -> Design:
        await session.remember("frame", {"a": 1})
        await session.remember("frame", {"a": 2})
        seen.append(await session.recall("frame"))
        seen.append(await session.recall("nothing"))
        return design()

    world.designer.script = [remember]
    await world.to_review()
    assert seen == [{"a": 1}, None]
