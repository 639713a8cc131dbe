"""Worlds over a SQLite file of the test's own."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.services.common import Rules
from storage import open_database
from tests.support.services import Time, World, world_at

MakeWorld = Callable[..., Awaitable[World]]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file whose schema is up to date: copying it is faster than migrating for every test."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"

    async def migrate() -> None:
        database = open_database(f"sqlite:///{path}", clock=Time())
        await database.start()
        await database.close()

    asyncio.run(migrate())
    return path


@pytest.fixture
async def make(tmp_path: Path, migrated: Path) -> AsyncIterator[MakeWorld]:
    """Opens worlds, each on a database of its own."""
    async with AsyncExitStack() as stack:
        count = 0

        async def maker(rules: Rules | None = None) -> World:
            nonlocal count
            count += 1
            path = shutil.copy(migrated, tmp_path / f"{count}.db")
            return await stack.enter_async_context(world_at(f"sqlite:///{path}", tmp_path, rules=rules))

        yield maker


@pytest.fixture
async def world(make: MakeWorld) -> World:
    """A world under the usual rules."""
    return await make()
