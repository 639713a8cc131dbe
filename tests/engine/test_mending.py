"""What goes wrong around the outbox mends itself; what it does when all is well is in tests/operations."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dbos import DBOSClient
from sqlalchemy import text

from bot.domain.errors import Unavailable
from bot.engine import Engine
from bot.engine.launched import APPLICATION_VERSION, Launched
from bot.engine.limits import Limits
from bot.services.ports import Work
from storage import Machines, Outbox, SqlDatabase, StorageUnavailable, open_database
from storage.engines import parse, postgres_engine, sqlite_engine
from storage.migrating import migrate

PATIENCE_S = 15.0


@pytest.fixture(params=["fresh_sqlite_url", "fresh_postgres_url"])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(request.param)
    return found


class Bot:
    """A database with its engine, which notes the names of what it does."""

    def __init__(self, database: SqlDatabase) -> None:
        self.database = database
        self.engine = Engine(
            database.engine, Machines(database.engine, "m1", 5.0), Outbox(database.engine), poll_s=0.02, linger_s=0.2
        )
        self.done: list[str] = []
        self.fails: list[Exception] = []
        self.go_on = asyncio.Event()
        self.go_on.set()
        database.set_enqueue(self.engine.enqueue)
        database.on_commit = lambda _count: self.engine.committed()

    async def work(self, name: str) -> None:
        await self.go_on.wait()
        if self.fails:
            raise self.fails.pop()
        self.done.append(name)

    async def put(self, name: str) -> None:
        work = Work(kind="run", id=name, args={"name": name})
        await self.database.transaction(lambda tx: tx.enqueue(work))

    async def asleep(self) -> None:
        """Beat until DBOS sleeps."""
        async with asyncio.timeout(PATIENCE_S):
            while self.engine.awake:
                await self.engine.beat()
                await asyncio.sleep(0.05)


@asynccontextmanager
async def bot_at(url: str) -> AsyncIterator[Bot]:
    database = open_database(url, clock=lambda: datetime.now(UTC))
    await database.start()
    bot = Bot(database)
    try:
        await bot.engine.start({"run": bot.work})
        yield bot
    finally:
        await bot.engine.stop(grace_s=0.1)
        await database.close()


async def until(true: Callable[[], bool] | Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not ((await found) if isinstance(found := true(), Awaitable) else found):
            await asyncio.sleep(0.01)


def _nothing_under_way(bot: Bot) -> Callable[[], Awaitable[bool]]:
    async def nothing() -> bool:
        return not await bot.engine.under_way()

    return nothing


async def test_it_stays_awake_while_anything_is_open(url: str) -> None:
    """Work that takes longer than the lingering is under way until it has ended, and is done once."""
    async with bot_at(url) as bot:
        bot.go_on.clear()
        await bot.put("long")
        await until(lambda: bot.engine.awake)
        for _ in range(10):
            await bot.engine.beat()
            await asyncio.sleep(0.05)
        assert bot.engine.awake
        assert await bot.engine.under_way() == {"run:long"}
        bot.go_on.set()
        await until(_nothing_under_way(bot))
        assert bot.done == ["long"]


async def test_what_cannot_be_written_is_tried_again_and_what_fails_has_ended(url: str) -> None:
    """Unavailable is no end; any other error is one, for the service has written it where people see it."""
    async with bot_at(url) as bot:
        bot.fails = [ValueError("broken"), Unavailable(reason="the disk is full")]
        await bot.put("w1")
        await until(_nothing_under_way(bot))
        assert (bot.fails, bot.done) == ([], [])


async def test_a_launch_that_fails_is_said_and_tried_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as DBOS cannot be launched readiness has the reason, and metrics how long work waits; then it is done."""

    def refuse(*_: Any) -> None:
        raise Unavailable(reason="the database is busy")

    async with bot_at(url) as bot:
        with monkeypatch.context() as patched:
            patched.setattr(Launched, "adopt", refuse)
            await bot.put("w1")
            await until(lambda: bool(bot.engine.problem))
            assert not bot.engine.awake
            assert (await bot.database.vitals()).oldest["work"] is not None
        await until(lambda: bot.done == ["w1"])
        await until(lambda: not bot.engine.problem)
        assert (await bot.database.vitals()).oldest["work"] is None


async def test_work_that_only_the_outbox_knows_is_ended(url: str) -> None:
    """Work that somebody cancelled in DBOS's tables is not under way for ever, so that the watchdog may renew it."""
    async with bot_at(url) as bot:
        bot.go_on.clear()
        await bot.put("other")
        await until(lambda: bot.engine.awake)
        with bot.database.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO outbox (key, kind, args, queued_at, taken_at)"
                    " VALUES ('run:lost', 'run', '{}', :now, :now)"
                ),
                {"now": datetime.now(UTC)},
            )
        assert await bot.engine.under_way() == {"run:other", "run:lost"}
        await bot.engine.beat()
        assert await bot.engine.under_way() == {"run:other"}


async def test_work_is_not_done_again_because_its_end_cannot_be_written(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the disk is full when work has ended, its end is written later; the work itself is not repeated."""
    ends = Outbox.end
    refusals = [StorageUnavailable(reason="the disk is full")]

    def end(outbox: Outbox, keys: Collection[str]) -> frozenset[str]:
        if refusals:
            raise refusals.pop()
        return ends(outbox, keys)

    monkeypatch.setattr(Outbox, "end", end)
    async with bot_at(url) as bot:
        await bot.put("w1")
        await until(_nothing_under_way(bot))
        assert (refusals, bot.done) == ([], ["w1"])


async def test_ended_work_is_forgotten_here_and_in_dbos(url: str) -> None:
    """Pruning forgets what ended and keeps what is open; a sleeping DBOS does so when it goes to sleep again."""
    table = "dbos.workflow_status" if url.startswith("postgres") else "workflow_status"
    async with bot_at(url) as bot:

        def known() -> tuple[int, int]:
            with bot.database.engine.connect() as connection:
                found = [connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in ("outbox", table)]
            return found[0], found[1]

        await bot.put("w1")
        await until(_nothing_under_way(bot))
        await bot.asleep()
        assert known() == (1, 1)
        assert await bot.engine.prune(timedelta()) == 1
        assert known() == (0, 1)
        await bot.put("w2")
        await until(_nothing_under_way(bot))
        await bot.asleep()
        assert known() == (1, 0)
        bot.go_on.clear()
        await bot.put("w3")
        await until(lambda: bot.engine.awake)
        assert await bot.engine.prune(timedelta()) == 1
        assert known() == (1, 1)


async def test_what_dbos_was_handed_before_there_was_an_outbox_is_done(url: str) -> None:
    """A database of the revision before, with work queued in DBOS, is brought up to date and the work is done."""
    parsed = parse(url)
    engine = sqlite_engine(parsed) if parsed.get_backend_name() == "sqlite" else postgres_engine(parsed)
    await asyncio.to_thread(migrate, engine, "0002")
    await asyncio.to_thread(_queued_in_dbos, engine, "old")
    engine.dispose()
    async with bot_at(url) as bot:
        await until(lambda: bot.done == ["old"])
        await until(_nothing_under_way(bot))


def _queued_in_dbos(engine: Any, name: str) -> None:
    """As the version before this one did."""
    options: Any = {
        "workflow_name": "eipas_work", "queue_name": "runs", "workflow_id": f"run:{name}",
        "app_version": APPLICATION_VERSION,
    }  # fmt: skip
    Launched(engine, "before", Limits(runs_at_once=1, runs_in_all=1, poll_s=0.02), lambda *_: None).close()
    client = DBOSClient(system_database_engine=engine, application_name="eipas", lazy=True)
    with engine.begin() as connection:
        client.enqueue_in_transaction(connection, options, "run", {"name": name})
