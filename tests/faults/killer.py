"""Lives of the bot, each ended by kill -9 at a random moment."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable

from tests.faults.process import Bot, Recipe

EARLY = 0.2
"""The share of lives that are drawn from the moment of the start; the others begin to count once the bot serves.

Counted from the start all of them, a loaded machine would spend the day starting bots that never serve.
"""
EARLY_S = 1.0
PAUSE_S = 0.3


class Killer:
    """Lets the bot live for a moment, kills it, and starts it again; after the last kill it lives on.

    With `may_not_start` a bot that gives up while it starts is started again, as a supervisor does; one that ends by
    itself later, or on a quiet day, is a problem.
    """

    def __init__(
        self, recipe: Recipe, kills: int, longest_s: float, dice: random.Random, *, may_not_start: bool
    ) -> None:
        self._recipe, self.wanted, self._longest_s, self._dice = recipe, kills, longest_s, dice
        self._may_not_start = may_not_start
        self._bot: Bot | None = None
        self.kills = self.while_starting = 0
        self.problems: list[str] = []

    async def work(self) -> None:
        while self.kills < self.wanted:
            early = self._dice.random() < EARLY
            bot = self._bot = Bot(self._recipe) if early else await self._up()
            await asyncio.sleep(self._dice.uniform(0, EARLY_S if early else self._longest_s))
            if bot.alive:
                served = bot.has_served
                bot.kill()
                self.kills += 1
                self.while_starting += not served
            else:
                self._ended(bot)
        await self.keep_up()

    async def keep_up(self) -> None:
        """See that it serves."""
        if self._bot is None or not self._bot.alive:
            self._bot = await self._up()

    async def end(self) -> int | None:
        """Ask the last one to stop, and return its exit code."""
        return await self._bot.stop() if self._bot is not None and self._bot.alive else 0

    async def _up(self) -> Bot:
        while True:
            bot = self._bot = Bot(self._recipe)
            try:
                await bot.ready()
            except EOFError:
                self._ended(bot)
                await asyncio.sleep(PAUSE_S)
            else:
                return bot

    def _ended(self, bot: Bot) -> None:
        if bot.has_served or not self._may_not_start:
            self.problems.append(f"the bot ended by itself with {bot.exit_code}, {self.kills} kills into the day")


class Killers:
    """Those of several machines, as one."""

    def __init__(self, killers: Iterable[Killer]) -> None:
        self._all = tuple(killers)

    @property
    def kills(self) -> int:
        return sum(killer.kills for killer in self._all)

    @property
    def while_starting(self) -> int:
        return sum(killer.while_starting for killer in self._all)

    @property
    def problems(self) -> list[str]:
        return [problem for killer in self._all for problem in killer.problems]

    @property
    def progress(self) -> float:
        """The share of the day that has passed."""
        wanted = sum(killer.wanted for killer in self._all)
        return self.kills / wanted if wanted else 1.0

    async def work(self) -> None:
        """Let each machine live and die as often as it shall."""
        async with asyncio.TaskGroup() as group:
            for killer in self._all:
                group.create_task(killer.work())

    async def keep_up(self) -> None:
        """See that all serve."""
        for killer in self._all:
            await killer.keep_up()

    async def end(self) -> list[int]:
        """Ask the last ones to stop, and return the exit codes of those that did not do so well."""
        return [code for killer in self._all if (code := await killer.end())]
