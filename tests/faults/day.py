"""A day of evaluations while the bot is killed again and again: `play` returns what did not hold at its end."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.faults.process import Bot, Recipe
from tests.faults.stage import Stage, set_up
from tests.faults.story import Story
from tests.faults.trouble import Trouble
from tests.faults.verdict import open_runs, problems
from tests.faults.waiting import until

LANES = 6
QUIET_S = 2.0
DAY_S = 3600.0


@dataclass(frozen=True, kw_only=True)
class Day:
    """How much happens in it. Between two kills lie at most `longest_life_s` seconds."""

    evaluations: int
    kills: int
    seed: int
    longest_life_s: float = 3.5
    troubled: bool = False
    """Whether Slack fails as well."""


@dataclass
class Outcome:
    kills: int
    seconds: float
    trouble: dict[str, int]
    problems: list[str]


async def play(day: Day, url: str, folder: Path) -> Outcome:
    """Play the day against the database at `url`; what the bot logs goes into `folder`."""
    began, dice = time.monotonic(), random.Random(day.seed)
    async with set_up(min(LANES, day.evaluations)) as stage:
        recipe = Recipe(slack=stage.at, database_url=url, data_dir=folder, log=folder / "bot.log")
        killer = Killer(recipe, day, dice)
        titles = [f"Idea {number:03}" for number in range(day.evaluations)]
        trouble = Trouble(stage, dice)
        tasks = [asyncio.create_task(killer.work())]
        tasks += [asyncio.create_task(trouble.work())] if day.troubled else []
        try:
            await _lanes(stage, titles, killer, dice)
            await tasks[0]
            await _calm(tasks[1:])
            await quiet(stage)
        except* (AssertionError, TimeoutError):
            sys.stderr.write(await asyncio.to_thread(open_runs, url))
            raise
        finally:
            await _calm(tasks)
            code = await killer.end()
        found = await problems(url, stage.slack, stage.ledger, titles)
    return Outcome(
        killer.kills, time.monotonic() - began, trouble.made, [*found, *([f"stopped with {code}"] if code else [])]
    )


async def _calm(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class Killer:
    """Lets the bot live for a moment, kills it, and starts it again; after the last kill it lives on."""

    def __init__(self, recipe: Recipe, day: Day, dice: random.Random) -> None:
        self._recipe, self._day, self._dice = recipe, day, dice
        self._bot: Bot | None = None
        self.kills = 0

    @property
    def progress(self) -> float:
        """The share of the day that has passed."""
        return self.kills / self._day.kills if self._day.kills else 1.0

    async def work(self) -> None:
        while self.kills < self._day.kills:
            self._bot = Bot(self._recipe)
            await asyncio.sleep(self._dice.uniform(0.2, self._day.longest_life_s))
            self._bot.kill()
            self.kills += 1
        self._bot = Bot(self._recipe)
        await self._bot.ready()

    async def end(self) -> int | None:
        """Ask the last one to stop, and return its exit code."""
        return await self._bot.stop() if self._bot is not None and self._bot.alive else 0


async def _lanes(stage: Stage, titles: list[str], killer: Killer, dice: random.Random) -> None:
    waiting = list(enumerate(titles))
    waiting.reverse()

    async def lane(number: int) -> None:
        own = random.Random(dice.random())
        while waiting:
            index, title = waiting.pop()
            # The evaluations are spread over the day, so that kills hit every part of each.
            await until(lambda i=index: killer.progress >= 0.9 * i / len(titles), "the time of day", DAY_S)
            await Story(stage.pairs[number], stage.ledger, title, own).to_end()

    async with asyncio.TaskGroup() as group:
        for number in range(len(stage.pairs)):
            group.create_task(lane(number))


async def quiet(stage: Stage, within: float = 60.0) -> None:
    """Wait until the bot has left Slack alone for a while."""
    async with asyncio.timeout(within):
        seen, since = -1, time.monotonic()
        while time.monotonic() - since < QUIET_S:
            if stage.slack.core.counted_calls != seen:
                seen, since = stage.slack.core.counted_calls, time.monotonic()
            await asyncio.sleep(0.1)
