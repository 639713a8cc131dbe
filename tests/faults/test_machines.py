"""Several machines on one PostgreSQL."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from storage.engines import parse
from tests.faults.conftest import Figures
from tests.faults.day import quiet
from tests.faults.process import Bot, Recipe, kill_all
from tests.faults.stage import Stage, set_up
from tests.faults.story import Story
from tests.faults.verdict import problems
from tests.support.waiting import until

LEASE_S = 5.0
WITHIN_S = 30.0


@pytest.fixture
def machines() -> Iterator[list[Bot]]:
    """Those that a test starts; they end with it."""
    started: list[Bot] = []
    yield started
    kill_all(started)


def recipe(stage: Stage, url: str, folder: Path, name: str, think_s: float = 3.0) -> Recipe:
    settings = {"lease_seconds": LEASE_S, "runs_at_once": 2, "runs_in_all": 4}
    data = folder / name
    data.mkdir()
    return Recipe(
        slack=stage.at, database_url=url, data_dir=data, log=data / "bot.log", think_s=think_s, settings=settings
    )


def transaction_on(url: str) -> dict[str, int]:
    """How many runs each machine is at work on; none before DBOS was woken for the first time and made its tables."""
    engine = create_engine(parse(url))
    asked = text(
        "SELECT executor_id, count(*) FROM dbos.workflow_status"
        " WHERE status = 'PENDING' AND queue_name = 'runs' GROUP BY executor_id"
    )
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("workflow_status", schema="dbos"):
                return {}
            return {str(row[0]): int(row[1]) for row in connection.execute(asked)}
    finally:
        engine.dispose()


async def test_another_machine_ends_the_runs_of_a_dead_one(
    postgres_url: str, tmp_path: Path, machines: list[Bot], figures: Figures
) -> None:
    """Two start at once on an empty database; one is killed for good amid runs; the other ends all within 30 s."""
    async with set_up(6) as stage:
        machines += [Bot(recipe(stage, postgres_url, tmp_path, name)) for name in ("first", "second")]
        await asyncio.gather(*(machine.ready() for machine in machines))
        titles = [f"Idea {n}" for n in range(6)]
        stories = [Story(p, stage.ledger, t, random.Random(3)) for p, t in zip(stage.pairs, titles, strict=True)]
        await asyncio.gather(*(story.to_run() for story in stories))
        await until(lambda: len(transaction_on(postgres_url)) == 2, "a run on each machine", 20)
        left = transaction_on(postgres_url)
        machines[0].kill()
        killed = time.monotonic()
        await asyncio.gather(*(story.reviewed() for story in stories))
        took = time.monotonic() - killed
        await quiet(stage)
        assert await machines[1].stop() == 0
        assert await problems(postgres_url, stage.slack, stage.ledger, titles) == []
    assert "work_recovered" in (tmp_path / "second" / "bot.log").read_text()
    figures(f"a machine killed amid {sum(left.values())} runs: the other ended all {len(titles)} within {took:.1f} s")
    assert took <= WITHIN_S


async def test_a_machine_that_stops_hands_its_runs_over(postgres_url: str, tmp_path: Path, machines: list[Bot]) -> None:
    """SIGTERM leaves a run open that outlasts its grace; the other machine takes it up without waiting for a lease."""
    async with set_up(1) as stage:
        machines.append(Bot(recipe(stage, postgres_url, tmp_path, "first", think_s=12)))
        await machines[0].ready()
        story = Story(stage.pairs[0], stage.ledger, "Idea", random.Random(3))
        await story.to_run()
        await until(lambda: bool(transaction_on(postgres_url)), "the run", 10)
        machines.append(Bot(recipe(stage, postgres_url, tmp_path, "second")))
        await machines[1].ready()
        assert await machines[0].stop() == 0
        await story.reviewed()
        await quiet(stage)
        assert await machines[1].stop() == 0
        assert await problems(postgres_url, stage.slack, stage.ledger, ["Idea"]) == []
    assert "work_recovered" in (tmp_path / "second" / "bot.log").read_text()
