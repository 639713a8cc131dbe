"""Worlds over a SQLite file of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.services.common import Rules
from tests.support.databases import migrated_file
from tests.support.services import World, world_at

MakeWorld = Callable[..., Awaitable[World]]


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[MakeWorld]:
    """Opens worlds, each on a database of its own."""
    async with AsyncExitStack() as stack:
        count = 0

        async def maker(rules: Rules | None = None) -> World:
            nonlocal count
            count += 1
            url = migrated_file(tmp_path / f"{count}.db")
            return await stack.enter_async_context(world_at(url, tmp_path, rules=rules))

        yield maker


@pytest.fixture
async def world(make: MakeWorld) -> World:
    """A world under the usual rules."""
    return await make()
