"""A day of evaluations while one bot, or several on one database, is killed again and again.

`play` returns what did not hold at its end.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handlers.sync.budget import FIGURES
from tests.faults.balancer import balancing
from tests.faults.crashing import Crashing
from tests.faults.disk import SmallDisk
from tests.faults.killer import Killer, Killers
from tests.faults.process import Recipe
from tests.faults.stage import Stage, set_up
from tests.faults.story import Story, key_of
from tests.faults.trouble import SLACK_TIMEOUT_S, Trouble
from tests.faults.verdict import open_runs, problems
from tests.support.waiting import until

LANES = 6
QUIET_S = 10.0
"""Longer than anything that the bot waits for when nothing troubles it any more: the lease of one that was killed.

Under Slack's rates it waits for the minute between two updates of a summary as well, and for its turn among others'.
"""
DAY_S = 3600.0


@dataclass(frozen=True, kw_only=True)
class Day:
    """How much happens in it. Between its start and its kill the bot lives at most `longest_life_s` seconds."""

    evaluations: int
    kills: int
    seed: int
    longest_life_s: float = 2.0
    machines: int = 1
    """How many serve side by side, each with its share of the kills; more than one needs PostgreSQL."""
    behind_a_balancer: bool = False
    """Whether Slack calls them there; else they dial out by Socket Mode."""
    minute_s: float = 0.0
    """How long the minute of Slack's rates lasts, 0 for a Slack without them; the bot's pauses are shortened alike."""
    troubled: bool = False
    """Whether Slack fails as well, and the disk where there is a small one, or PostgreSQL."""


@dataclass(kw_only=True)
class Outcome:
    """What happened, and what does not hold."""

    kills: int = 0
    while_starting: int = 0
    acknowledged: int = 0
    messages: int = 0
    files: int = 0
    seconds: float = 0.0
    refused: float = 0.0
    """The share of the calls under the budget that were too fast for Slack."""
    trouble: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills ({self.while_starting} of them while it started) in {self.seconds:.0f} s; compared: "
            f"{self.acknowledged} acknowledged words, {self.messages} messages, {self.files} files; "
            f"{self.refused:.2%} of the calls too fast; "
            f"{len(self.problems)} problems"
        )


async def play(day: Day, url: str, folder: Path, disk: SmallDisk | None = None) -> Outcome:
    """Play the day against the database at `url`; what the bot logs goes into `folder`, what it writes onto `disk`."""
    began, dice = time.monotonic(), random.Random(day.seed)
    found: list[str] = []
    async with _staged(day) as (stage, ports):
        killer = Killers(
            Killer(recipe, -(-day.kills // day.machines), day.longest_life_s, dice, may_not_start=day.troubled)
            for recipe in _recipes(day, stage, url, folder, disk, ports)
        )
        titles = [f"Idea {number:03}" for number in range(day.evaluations)]
        trouble = Trouble(stage, dice, disk, None if url.startswith("sqlite") else Crashing(url))
        try:
            async with asyncio.TaskGroup() as group:  # whatever fails ends the day at once
                troubling = [group.create_task(trouble.work())] if day.troubled else []
                killing = group.create_task(killer.work())
                await _lanes(stage, titles, killer, dice)
                await killing
                for task in troubling:
                    task.cancel()
            await killer.keep_up()
            await quiet(stage, QUIET_S + 2 * day.minute_s)
        except* Exception as failed:
            found += [f"the day did not end: {reason}" for reason in _leaves(failed)]
            found += (await asyncio.to_thread(open_runs, url)).splitlines()
        finally:
            codes = await killer.end()
        found += killer.problems + [f"stopped with {code}" for code in codes]
        found += await problems(url, stage.slack, stage.ledger, titles)
        messages, files = _standing(stage)
        # Each start dials in, which Slack allows once a minute; that is the kills' doing and not the budget's.
        calls = [call for call in stage.slack.calls if call.method in FIGURES]
        return Outcome(
            refused=sum(call.status == 429 for call in calls) / max(1, len(calls)),
            kills=killer.kills, while_starting=killer.while_starting, acknowledged=stage.ledger.count,
            messages=messages, files=files, seconds=time.monotonic() - began, trouble=trouble.made, problems=found,
        )  # fmt: skip


@asynccontextmanager
async def _staged(day: Day) -> AsyncIterator[tuple[Stage, tuple[int, ...]]]:
    """Set up the stage; behind a balancer each machine has a port of its own to listen on."""
    async with AsyncExitStack() as stack:
        calls, ports = None, ()
        if day.behind_a_balancer:
            calls, ports = await stack.enter_async_context(balancing(day.machines))
        yield await stack.enter_async_context(set_up(min(LANES, day.evaluations), calls, day.minute_s)), ports


def _recipes(
    day: Day, stage: Stage, url: str, folder: Path, disk: SmallDisk | None, ports: tuple[int, ...]
) -> Iterator[Recipe]:
    """How each machine is set up: they share the folder of the workspaces, all else of their data is their own."""
    settings: dict[str, Any] = {"slack_timeout": SLACK_TIMEOUT_S} if day.troubled else {}
    if day.minute_s:
        faster = 60 / day.minute_s
        settings |= {"rate_minute": day.minute_s, "post_interval": 1 / faster, "update_interval": 3 / faster}
    data, workspaces = disk.folder if disk else folder, folder / "workspaces"
    for number in range(day.machines):
        if day.machines > 1:
            data = folder / f"machine-{number}"
            data.mkdir()
            workspaces.mkdir(exist_ok=True)
            (data / "workspaces").symlink_to(workspaces)
        its = settings | ({"mode": "http", "http_port": ports[number]} if ports else {})
        yield Recipe(slack=stage.at, database_url=url, data_dir=data, log=folder / "bot.log", settings=its)


def _leaves(failed: BaseExceptionGroup[BaseException]) -> Iterator[str]:
    for reason in failed.exceptions:
        if isinstance(reason, BaseExceptionGroup):
            yield from _leaves(reason)
        else:
            yield f"{type(reason).__name__}: {reason}"


def _standing(stage: Stage) -> tuple[int, int]:
    workspace = stage.slack.core.workspace
    all_of_them = [m for channel in workspace.channels for m in workspace.all_messages(channel)]
    return sum(bool(key_of(m)) for m in all_of_them), sum(len(m.get("files", ())) for m in all_of_them)


async def _lanes(stage: Stage, titles: list[str], killer: Killers, dice: random.Random) -> None:
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


async def quiet(stage: Stage, quiet_s: float = QUIET_S, within: float = 120.0) -> None:
    """Wait until the bot has left Slack alone for `quiet_s` seconds."""
    async with asyncio.timeout(within):
        seen, since = -1, time.monotonic()
        while time.monotonic() - since < quiet_s:
            if stage.slack.core.counted_calls != seen:
                seen, since = stage.slack.core.counted_calls, time.monotonic()
            await asyncio.sleep(0.1)
