"""Runs: finishing, waiting for people, time and money, failing, and what the agent hears meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.design import Design
from bot.domain.errors import IllegalEvent, InvalidInput, NotAllowed
from bot.domain.evaluation import Evaluation
from bot.domain.run import RunState
from bot.services.designer import DesignFailed, DesignSession, RunParked, TaskStatus
from tests.support.designing import Pause, ask, broke, run_of
from tests.support.dossiers import ARCHITECT
from tests.support.services import REVIEWS, STRANGER, World, design


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
        await session.assess(design().proposal)
        await session.assess(design().proposal)
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
    await world.services.evaluations.cancel(world.actor(), evaluation.id, "Enough")
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
