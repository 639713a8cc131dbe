"""The disk full for a while."""

from __future__ import annotations

import asyncio
import ctypes
import os
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.day import quiet
from tests.faults.process import Bot, Recipe, kill_all
from tests.faults.stage import set_up
from tests.faults.story import Story
from tests.faults.verdict import problems
from tests.faults.waiting import until

LIBC = ctypes.CDLL(None, use_errno=True)
LAZY = 2  # MNT_DETACH


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or LIBC.mount(b"tmpfs", bytes(folder), b"tmpfs", 0, b"size=24m") != 0:
        pytest.skip(f"a small disk cannot be mounted here: {os.strerror(ctypes.get_errno()) or 'not root'}")
    yield folder
    LIBC.umount2(bytes(folder), LAZY)


def fill(ballast: Path) -> None:
    """Write until nothing more fits."""
    with ballast.open("ab", buffering=0) as stream, suppress(OSError):
        while True:
            stream.write(bytes(4096))


async def test_a_full_disk_delays_and_loses_nothing(small_disk: Path, tmp_path: Path) -> None:
    """While nothing can be written nothing is acknowledged.

    Once there is room everything goes on, without a restart.
    """
    log, url = tmp_path / "bot.log", f"sqlite:///{small_disk}/eipas.db"
    titles = ["Idea 0", "Idea 1", "Idea 2"]
    async with set_up(3) as stage:
        bot = Bot(Recipe(slack=stage.at, database_url=url, data_dir=small_disk, log=log, think_s=0.5))
        try:
            await bot.ready()
            stories = [Story(p, stage.ledger, t, random.Random(5)) for p, t in zip(stage.pairs, titles, strict=True)]
            playing = [asyncio.create_task(story.to_end()) for story in stories]
            for _ in range(2):
                await asyncio.sleep(1)
                await full_for_a_while(small_disk / "ballast", log)
            await asyncio.gather(*playing)
            await quiet(stage)
            assert await bot.stop() == 0
        finally:
            kill_all([bot])
        assert await problems(url, stage.slack, stage.ledger, titles) == []


async def full_for_a_while(ballast: Path, log: Path) -> None:
    """Keep the disk full until the bot has met it, and a while longer."""
    seen = met(log)

    def felt() -> bool:
        fill(ballast)
        return met(log) > seen

    await until(felt, "a write that finds no room", 30)
    await asyncio.sleep(2)
    await asyncio.to_thread(ballast.unlink)


def met(log: Path) -> int:
    """How often the bot has found the disk full."""
    return log.read_text().count("No space left") + log.read_text().count("disk is full") if log.exists() else 0
