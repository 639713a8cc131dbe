"""kill -9 anywhere in a run: every turn that was answered is paid once, no step is lost, the end is the same.

Five kills here; `EIPAS_KILLS=60` (as `make faults` sets it) for the whole loop.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from bot.agent.script import Body, end, turn_of
from bot.devtools.local_model import LocalModel, Reply
from bot.domain.evaluation import Dossier, Evaluation
from storage.tables.work import ledger
from tests.agents.samples import calling, proposal, review
from tests.artefacts.blueprints import shop, tiny
from tests.faults.conftest import Figures
from tests.faults.worker import ENDED, Task, work
from tests.support.services import World, world_at

KILLS = int(os.environ.get("EIPAS_KILLS", "5"))
STEPS = [
    calling("read_answers"),
    proposal({**tiny().model_dump(mode="json"), "operations": []}),
    proposal(tiny()),
    calling("read_findings"),
    proposal(shop()),
    end(review(strengths=["Too few"])),
    end(review()),
]
_LONGEST_S = 30.0


def slowly(body: Body) -> Reply:
    """Read, propose three times (once invalid), review twice; slow enough to be killed in the middle of a word."""
    return replace(STEPS[turn_of(body)], pace=0.004)


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a run ended, without ids and times."""

    steps: tuple[Mapping[str, Any], ...]
    tasks: tuple[Any, ...]
    events: tuple[str, ...]
    gates: tuple[str, ...]
    answered: int


def end_of(world: World, dossier: Dossier, steps: tuple[Mapping[str, Any], ...], events: list[str]) -> End:
    run = dossier.runs[0]
    calls = booked(world.database.engine)
    return End(
        steps=steps,
        tasks=run.tasks,
        events=tuple(events),
        gates=tuple(sorted(gate.key for gate in dossier.gates)),
        answered=sum(call["outcome"] in ("tool_use", "end_turn") for call in calls),
    )


def booked(engine: Engine) -> list[Mapping[str, Any]]:
    """The closed and open calls; each database here holds one run."""
    with engine.connect() as connection:
        rows = connection.execute(select(ledger.c.call)).scalars().all()
    return [row or {"outcome": "sent"} for row in rows]


async def queued(url: str, folder: Path) -> tuple[Evaluation, str]:
    async with world_at(url, folder) as world:
        evaluation = await world.to_run()
        return evaluation, (await world.dossier(evaluation)).runs[0].id


async def attempt(task: Task, after_s: float | None = None) -> int:
    """Let a worker drive the run; returns its exit code, negative for a signal."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.worker"])
    process = context.Process(target=work, args=(task,), daemon=True)
    await asyncio.to_thread(process.start)
    if after_s is not None:
        await asyncio.sleep(after_s)
        process.kill()
    await asyncio.to_thread(process.join, _LONGEST_S)
    code = process.exitcode
    if code is None:
        process.kill()
        await asyncio.to_thread(process.join)
        pytest.fail(f"the worker hung; it was to die at {task.die_at}")
    process.close()
    return code


async def ended(url: str, folder: Path, evaluation: Evaluation) -> End:
    async with world_at(url, folder) as world:
        dossier = await world.dossier(evaluation)
        steps = await world.database.read(lambda tx: tx.runs.steps(dossier.runs[0].id))
        assert await world.state(evaluation) == "in_review"
        return end_of(world, dossier, steps, await world.kinds(evaluation))


async def killed_until_ended(chance: random.Random, task: Task) -> int:
    """Kill the run's workers at random places until one of them gets to the end; returns how many were killed.

    After as many as are wanted in all the next one lives: a run may be killed by chance for minutes.
    """
    for kills in range(KILLS):
        if chance.random() < 0.4:
            code = await attempt(task, after_s=chance.uniform(0.05, 0.6))
        else:
            code = await attempt(replace(task, die_at=chance.randint(1, 12), after=chance.random() < 0.5))
        if code == ENDED:
            return kills
        assert code == -9, f"the worker ended with {code}"
    assert await attempt(task) == ENDED
    return KILLS


async def test_a_run_that_is_killed_again_and_again_ends_as_if_it_never_was(tmp_path: Path, figures: Figures) -> None:
    """Workers die before and after every kind of write and in the middle of streams; nothing is lost or paid twice."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    async with LocalModel(slowly) as model:
        undisturbed, _ = await one(tmp_path / "calm", model, None)
        kills, rounds = 0, 0
        while kills < KILLS:
            rounds += 1
            outcome, more = await one(tmp_path / f"round{rounds}", model, chance)
            kills += more
            assert outcome == undisturbed, f"seed {seed}, round {rounds}"
    figures(
        f"workers of one run killed {kills} times in {rounds} runs: each ended like the undisturbed one (seed {seed})"
    )
    assert undisturbed.answered == len(STEPS) == sum(step["role"] == "assistant" for step in undisturbed.steps)
    assert json.dumps(undisturbed.steps).count("tool_result") == len(STEPS) - 2


async def one(folder: Path, model: LocalModel, chance: random.Random | None) -> tuple[End, int]:
    await asyncio.to_thread(folder.mkdir)
    url = f"sqlite:///{folder / 'eipas.db'}"
    evaluation, run_id = await queued(url, folder)
    task = Task(url=url, folder=folder, model_url=model.url, run_id=run_id)
    kills = 0
    if chance is None:
        assert await attempt(task) == ENDED
    else:
        kills = await killed_until_ended(chance, task)
    return await ended(url, folder, evaluation), kills
