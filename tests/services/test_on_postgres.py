"""The same services over PostgreSQL, where transactions really run side by side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.errors import EipasError
from bot.domain.event import first_broken
from bot.domain.gate import GateState
from bot.domain.run import LIVE, RunState
from bot.services.designer import DesignSession, TaskStatus
from bot.services.gates import Verdict
from tests.support.designing import Pause
from tests.support.dossiers import ARCHITECT, LEAD, SECURITY
from tests.support.services import REVIEWS, World, world_at


@pytest.fixture
async def world(migrated_postgres_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """A world over a PostgreSQL database of its own."""
    async with world_at(migrated_postgres_url, tmp_path) as opened:
        yield opened


async def test_an_evaluation_from_idea_to_export(world: World) -> None:
    """The whole way works as on SQLite."""
    evaluation = await world.to_closing()
    await world.vote(evaluation, "iteration_complete", LEAD, "finish")
    await world.work_off()
    dossier = await world.dossier(evaluation)
    assert dossier.evaluation.state == "done"
    events = await world.database.read(lambda tx: tx.events.all(evaluation.id))
    assert first_broken(events) is None


async def test_all_reviews_at_once_open_one_closing_gate(world: World) -> None:
    """Three people who decide three gates at the same moment see one closing gate; no verdict is lost."""
    evaluation = await world.to_review()
    gates = {key: await world.gate(evaluation, key) for key in REVIEWS}
    voters = dict(zip(REVIEWS, (LEAD, ARCHITECT, SECURITY), strict=True))
    vote = world.services.gates.vote
    await asyncio.gather(*(vote(world.actor(voters[k]), g.id, Verdict(option="approve")) for k, g in gates.items()))
    assert await world.state(evaluation) == "deciding"
    assert await world.gates(evaluation, "iteration_complete") == [GateState.PENDING]


async def test_a_rush_on_one_gate_decides_it_once(world: World) -> None:
    """Whoever loses is refused in words."""
    evaluation = await world.to_go()
    gate = await world.gate(evaluation, "go")
    vote = world.services.gates.vote
    results = await asyncio.gather(
        *(vote(world.actor(LEAD), gate.id, Verdict(option="approve")) for _ in range(8)), return_exceptions=True
    )
    assert sum(not isinstance(result, BaseException) for result in results) == 1
    assert all(isinstance(result, EipasError) for result in results if isinstance(result, BaseException))
    assert [work.kind for work in world.waiting] == ["run"]


async def test_a_late_write_never_undoes_a_stop(world: World) -> None:
    """Progress that is written while people stop the run leaves it stopped: the row is read again under the lock."""

    async def show(session: DesignSession) -> None:
        for number in range(200):
            await session.progress("api", f"Path {number}", TaskStatus.IN_PROGRESS)

    pause = Pause(show)
    world.designer.script = [pause]
    evaluation = await world.to_run()
    driving = asyncio.create_task(world.do(world.waiting[0]))
    await pause.begun.wait()
    world.services.runs._tasks._tasks.clear()  # as on another machine
    pause.go_on.set()
    await asyncio.sleep(0.05)
    await world.services.runs.stop(world.actor(), evaluation.id)
    assert await asyncio.wait_for(driving, 10) is RunState.STOPPED
    dossier = await world.dossier(evaluation)
    assert dossier.evaluation.state == "failed" and not [run for run in dossier.runs if run.state in LIVE]


async def test_two_clocks_do_not_double(world: World) -> None:
    """Each due row is done by one of them."""
    evaluation = await world.to_review()
    world.time.passes(hours=30)
    done = await asyncio.gather(*(world.services.deadlines.tick() for _ in range(4)))
    assert sum(done) == 6
    assert [(await world.gate(evaluation, key)).reminders for key in REVIEWS] == [2, 2, 2]


async def test_two_watchdogs_rescue_once(world: World) -> None:
    """A lost run is enqueued by one of them."""
    await world.to_run()
    lost = {world.waiting[0].key}

    async def engine() -> set[str]:
        return {work.key for work in world.waiting} - lost

    rescued = await asyncio.gather(*(world.services.runs.rescue(engine) for _ in range(4)))
    assert sum(rescued) == 1 and len(world.waiting) == 2


async def test_numbers_are_not_reused_by_those_who_start_at_once(world: World, tmp_path: Path) -> None:
    """Evaluations of one workspace that start at the same moment get numbers of their own."""
    (tmp_path / "roots" / "acme").mkdir(parents=True)
    started = await asyncio.gather(*(world.start(workspace="acme") for _ in range(6)))
    assert sorted(evaluation.iteration for evaluation in started) == [1, 2, 3, 4, 5, 6]
