"""What goes wrong around the outbox mends itself; what it does when all is well is in test_working.py."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dbos import DBOSClient
from sqlalchemy import text

from bot.app.jobs.launched import APPLICATION_VERSION, Launched
from bot.app.jobs.limits import Limits
from bot.domain.errors import Unavailable
from bot.services.ports import Work
from storage import Outbox, StorageUnavailable
from storage.engines import engine_of, parse
from storage.schema_upgrade import migrate
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
            await bench.engine.beat()
            await asyncio.sleep(0.05)
        assert bench.engine.awake
        assert await bench.engine.under_way() == {"run:long"}
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
            patched.setattr(Launched, "adopt", refuse)
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


async def test_work_that_only_the_outbox_knows_is_ended(url: str) -> None:
    """Work that somebody cancelled in DBOS's tables is not under way for ever, so that the watchdog may renew it."""
    async with bench_at(url) as bench:
        bench.gate.clear()
        await bench.put(run("other"))
        await bench.until(lambda: bench.engine.awake)
        with bench.database.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO outbox (key, kind, args, queued_at, taken_at)"
                    " VALUES ('run:lost', 'run', '{}', :now, :now)"
                ),
                {"now": datetime.now(UTC)},
            )
        assert await bench.engine.under_way() == {"run:other", "run:lost"}
        await bench.engine.beat()
        assert await bench.engine.under_way() == {"run:other"}


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
    async with bench_at(url) as bench:
        await bench.put(run("w1"))
        await bench.ended()
        assert (refusals, bench.done) == ([], ["w1"])


async def test_ended_work_is_forgotten_here_and_in_dbos(url: str) -> None:
    """Pruning forgets what ended and keeps what is open; a sleeping DBOS does so when it goes to sleep again."""
    table = "dbos.workflow_status" if url.startswith("postgres") else "workflow_status"
    async with bench_at(url) as bench:

        def known() -> tuple[int, int]:
            with bench.database.engine.connect() as connection:
                found = [connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in ("outbox", table)]
            return found[0], found[1]

        await bench.put(run("w1"))
        await bench.ended()
        await bench.beats_until(lambda: not bench.engine.awake)
        assert known() == (1, 1)
        assert await bench.engine.prune(timedelta()) == 1
        assert known() == (0, 1)
        await bench.put(run("w2"))
        await bench.ended()
        await bench.beats_until(lambda: not bench.engine.awake)
        assert known() == (1, 0)
        bench.gate.clear()
        await bench.put(run("w3"))
        await bench.until(lambda: bench.engine.awake)
        assert await bench.engine.prune(timedelta()) == 1
        assert known() == (1, 1)


async def test_what_dbos_was_handed_before_there_was_an_outbox_is_done(url: str) -> None:
    """A database of the revision before, with work queued in DBOS, is brought up to date and the work is done."""
    engine = engine_of(parse(url))
    await asyncio.to_thread(migrate, engine, "0002")
    await asyncio.to_thread(_queued_in_dbos, engine, "old")
    engine.dispose()
    async with bench_at(url) as bench:
        await bench.until(lambda: bench.done == ["old"])
        await bench.ended()


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
