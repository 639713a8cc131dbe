"""Designers for tests that wait: to be let go on, for people, or for money."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.domain.design import Design
from bot.domain.evaluation import Evaluation
from bot.domain.run import Run
from bot.services.designer import DesignSession, RunParked
from tests.support.services import World, design

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
