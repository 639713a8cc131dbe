"""What goes wrong around the queues mends itself; what it does when all is well is in test_working.py."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from dbos._migration import sqlite_migrations
from dbos._sys_db import SystemDatabase
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.app.jobs import SCHEMA_VERSION
from bot.app.jobs.dbos_runtime import DbosRuntime
from bot.domain.errors import ConfigurationError, Unavailable
from bot.services.ports import Work
from storage.engines import engine_of, parse
from storage.schema_upgrade import migrate
from tests.acceptance.stage import eventually
from tests.engine.bench import CheckContext, running, work


@pytest.fixture(params=["fresh_sqlite_url", "fresh_postgres_url"])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(request.param)
    return found


def bench_at(url: str) -> AbstractAsyncContextManager[CheckContext]:
    return running(url, linger_s=0.2, grace_s=0.1)


def run(name: str) -> Work:
    return work(name, "run")


async def test_it_stays_awake_while_anything_is_open(url: str) -> None:
    """Work that takes longer than the lingering is under way until it has ended, and is done once."""
    async with bench_at(url) as bench:
        bench.gate.clear()
        await bench.put(run("long"))
        await bench.until(lambda: bench.engine.awake)
        for _ in range(10):
            await bench.engine.heartbeat()
            await asyncio.sleep(0.05)
        assert bench.engine.awake
        assert await bench.engine.open_keys() == {"run:long"}
        bench.gate.set()
        await bench.ended()
        assert bench.done == ["long"]


async def test_what_cannot_be_written_is_tried_again_and_what_fails_has_ended(url: str) -> None:
    """Unavailable is no end; any other error is one, for the service has written it where people see it."""
    async with bench_at(url) as bench:
        bench.fails = [ValueError("broken"), Unavailable(reason="the disk is full")]
        await bench.put(run("w1"))
        await bench.ended()
        assert (bench.fails, bench.done) == ([], [])


async def test_a_launch_that_fails_is_said_and_tried_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as DBOS cannot be launched readiness has the reason, and metrics how long work waits; then it is done."""

    def refuse(*_: Any) -> None:
        raise Unavailable(reason="the database is busy")

    async with bench_at(url) as bench:
        with monkeypatch.context() as patched:
            patched.setattr(DbosRuntime, "launch", refuse)
            await bench.put(run("w1"))
            await bench.until(lambda: bool(bench.engine.problem))
            assert not bench.engine.awake
            assert (await bench.database.queue_statistics()).oldest["work"] is not None
        await bench.until(lambda: bench.done == ["w1"])
        await bench.until(lambda: not bench.engine.problem)
        assert (await bench.database.queue_statistics()).oldest["work"] is None


async def test_what_dbos_cannot_read_or_write_is_in_the_log(url: str) -> None:
    """Its queues say at every try what is wrong, and the work is done once it is right."""
    lines: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    async with bench_at(url) as bench:
        bench.gate.clear()
        await bench.put(run("w1"))
        await bench.until(lambda: bench.doing == {"w1"})
        logging.getLogger("dbos").addHandler(handler)
        try:
            await asyncio.to_thread(_renamed, bench, "workflow_status", "elsewhere")
            await bench.until(lambda: any("workflow_status" in line for line in lines))
            await asyncio.to_thread(_renamed, bench, "elsewhere", "workflow_status")
        finally:
            logging.getLogger("dbos").removeHandler(handler)
        await bench.put(run("w2"))
        bench.gate.set()
        await bench.ended()
        assert sorted(bench.done) == ["w1", "w2"]


def _renamed(bench: CheckContext, old: str, new: str) -> None:
    engine = bench.database.engine
    schema = "dbos." if engine.dialect.name == "postgresql" else ""
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {schema}{old} RENAME TO {new}"))


async def test_an_end_that_cannot_be_recorded_is_recorded_later(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk is full when work has ended, its end is recorded later; the work itself is not repeated."""
    records = SystemDatabase.update_workflow_outcome
    refusals: list[Exception] = [OperationalError("UPDATE", None, Exception("database or disk is full"))]

    def record(*args: Any, **options: Any) -> Any:
        if refusals:
            raise refusals.pop()
        return records(*args, **options)

    monkeypatch.setattr(SystemDatabase, "update_workflow_outcome", record)
    async with bench_at(url) as bench:
        await bench.put(run("w1"))
        await bench.until(lambda: bench.done)
        assert await bench.engine.open_keys() == {"run:w1"}

        async def ended() -> bool:
            await bench.engine.heartbeat()
            return not await bench.engine.open_keys()

        await eventually(ended)
        assert (refusals, bench.done) == ([], ["w1"])


async def test_what_waits_in_the_outbox_of_the_version_before_is_done(url: str) -> None:
    """A database of the revision before is brought up to date; what DBOS had been handed is done, and the rest."""
    engine = engine_of(parse(url))
    await asyncio.to_thread(migrate, engine, "0003")
    await asyncio.to_thread(_left_by_the_version_before, engine)
    engine.dispose()
    async with bench_at(url) as bench:
        await bench.until(lambda: sorted(bench.done) == ["handed", "kept"])
        await bench.ended()


async def test_an_outbox_without_dbos_is_not_dropped(url: str) -> None:
    """Where DBOS never ran, waiting work has nowhere to go: the update is refused in words and nothing is lost."""
    engine = engine_of(parse(url))
    await asyncio.to_thread(migrate, engine, "0003")
    with engine.begin() as connection:
        connection.execute(_PUT, {"key": "run:kept", "now": datetime.now(UTC), "taken": None, "args": "{}"})
    with pytest.raises(ConfigurationError, match="Start the version before"):
        await asyncio.to_thread(migrate, engine)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM outbox")) == 1
    engine.dispose()


_PUT = text("INSERT INTO outbox (key, kind, args, queued_at, taken_at) VALUES (:key, 'run', :args, :now, :taken)")


def _left_by_the_version_before(engine: Any) -> None:
    dbos, now = DbosRuntime(engine), datetime.now(UTC)
    dbos.migrate()
    with engine.begin() as connection:
        dbos.enqueue(connection, run("handed"))
        connection.execute(_PUT, {"key": "run:handed", "now": now, "taken": now, "args": '{"name": "handed"}'})
        connection.execute(_PUT, {"key": "run:kept", "now": now, "taken": None, "args": '{"name": "kept"}'})


def test_the_schema_version_is_dbos_own() -> None:
    """What is compared at each start without DBOS is what DBOS calls its newest migration."""
    assert len(sqlite_migrations) == SCHEMA_VERSION
