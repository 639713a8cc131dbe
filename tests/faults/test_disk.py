"""The disk full for a while."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.conftest import Figures
from tests.faults.day import quiet
from tests.faults.disk import NoSmallDisk, SmallDisk, small_disk
from tests.faults.process import Bot, Recipe, kill_all
from tests.faults.stage import set_up
from tests.faults.story import Story
from tests.faults.verdict import problems
from tests.support.waiting import until


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of 24 MB."""
    try:
        with small_disk(tmp_path / "disk", tmp_path / "bot.log") as mounted:
            yield mounted
    except NoSmallDisk as reason:
        pytest.skip(f"a small disk cannot be mounted here: {reason}")


async def test_a_full_disk_delays_and_loses_nothing(disk: SmallDisk, figures: Figures) -> None:
    """While nothing can be written nothing is acknowledged.

    Once there is room everything goes on, without a restart.
    """
    url, titles = f"sqlite:///{disk.folder}/eipas.db", ["Idea 0", "Idea 1", "Idea 2"]
    async with set_up(3) as stage:
        bot = Bot(Recipe(slack=stage.at, database_url=url, data_dir=disk.folder, log=disk.log, think_s=0.5))
        try:
            await bot.ready()
            stories = [Story(p, stage.ledger, t, random.Random(5)) for p, t in zip(stage.pairs, titles, strict=True)]
            async with asyncio.TaskGroup() as playing:  # who fails ends the test, and says why
                for turn in range(2):  # somebody has only begun each time, so that there is something to write
                    for story in stories[turn::2]:
                        playing.create_task(story.to_end())
                    await asyncio.sleep(0.5)
                    await full_until_met(disk)
            await quiet(stage)
            assert await bot.stop() == 0
        finally:
            kill_all([bot])
        assert await problems(url, stage.slack, stage.ledger, titles) == []
    figures(f"disk full twice: {disk.met} writes found no room, {stage.ledger.count} acknowledged words are all there")


async def full_until_met(disk: SmallDisk) -> None:
    """Keep the disk full until the bot has met it, and a while longer."""
    seen = disk.met

    def felt() -> bool:
        _fill_to_the_brim(disk)
        return disk.met > seen

    await until(felt, "a write that finds no room", 30)
    await asyncio.sleep(2)
    await asyncio.to_thread(disk.clear)


def _fill_to_the_brim(disk: SmallDisk) -> None:
    """Fill the disk, and leave no room in SQLite's log either: what it once had it writes in again.

    It can be shortened only while there is room to copy what is in it, and while nobody reads or writes.
    """
    database = disk.folder / "eipas.db"
    if (disk.folder / "eipas.db-wal").stat().st_size:
        disk.clear()
        with closing(sqlite3.connect(database, timeout=1)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    disk.fill()
