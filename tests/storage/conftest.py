"""Both databases for real: a SQLite file and an embedded PostgreSQL; every contract test runs on each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from psycopg import sql

from bot.domain.surface import SurfaceId
from bot.evidence.postgres import PostgresServer
from storage import SqlDatabase, open_database
from storage.schema_upgrade import VERSION_TABLE
from tests.support.databases import migrated_file
from tests.support.dossiers import START


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **amount: float) -> None:
        self.now += timedelta(**amount)


Opener = Callable[[str], Awaitable[SqlDatabase]]


class Reports:
    """What was reported dirty, in order."""

    def __init__(self) -> None:
        self.all: list[frozenset[SurfaceId]] = []

    def __call__(self, marks: frozenset[SurfaceId]) -> None:
        self.all.append(marks)

    @property
    def kinds(self) -> set[tuple[str, str]]:
        return {(mark.kind, mark.owner) for marks in self.all for mark in marks}


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def reports() -> Reports:
    return Reports()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A file whose tables are empty."""
    return migrated_file(tmp_path / "eipas.db")


@pytest.fixture(scope="session")
def shared_postgres(postgres: PostgresServer) -> str:
    return postgres.create_database().name


@pytest.fixture
def postgres_url(postgres: PostgresServer, shared_postgres: str) -> str:
    """A database whose tables are empty; emptying them is faster than creating another."""
    with postgres.connect(shared_postgres) as connection:
        names = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        emptied = [sql.Identifier(name) for name in names if name != VERSION_TABLE]
        if emptied:
            connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(emptied)))
    return postgres.url_of(shared_postgres)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
async def opened(time: Time, reports: Reports) -> AsyncIterator[Opener]:
    """Opens databases by URL and closes them all."""
    async with AsyncExitStack() as stack:

        async def opener(url: str) -> SqlDatabase:
            database = open_database(url, clock=time, on_dirty=reports)
            await database.start()
            stack.push_async_callback(database.close)
            return database

        yield opener


@pytest.fixture
async def database(url: str, opened: Opener) -> SqlDatabase:
    return await opened(url)


@pytest.fixture
async def sqlite(sqlite_url: str, opened: Opener) -> SqlDatabase:
    return await opened(sqlite_url)
