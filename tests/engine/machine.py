"""One machine's engine in a process of its own, to be killed; its work is written into a table."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from dbos._sys_db import SystemDatabase
from sqlalchemy import Connection, create_engine, text

from bot.app.jobs import JobQueue
from bot.app.jobs.dbos_runtime import DbosRuntime
from bot.services.ports import Work
from storage import Machines, SqlDatabase, open_database
from storage.engines import parse
from tests.support.forked import FORK

BEAT_S = 0.3
_DID = "CREATE TABLE did (key TEXT, machine TEXT, begun DOUBLE PRECISION, ended DOUBLE PRECISION)"

Place = Literal["", "enqueued", "committed", "ended"]
"""Where to die: amid the transaction that enqueues; once it is committed; when the work has ended in DBOS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """How a machine lives: it puts `works` in, does what there is, each `takes_s` long, and dies at `die`."""

    url: str
    name: str
    works: tuple[str, ...] = ()
    takes_s: float = 0.0
    die: Place = ""
    lease_s: float = 1.5
    runs_at_once: int = 4
    runs_in_all: int = 4


class Machine:
    """The process."""

    def __init__(self, life: Life) -> None:
        self._process = FORK.Process(target=_live, args=(life,), daemon=True)
        self._process.start()

    def died(self, within_s: float = 30.0) -> bool:
        """Whether it killed itself in time, as it was told to."""
        self._process.join(within_s)
        return self._process.exitcode == -signal.SIGKILL

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.join()


@contextmanager
def machines(*lives: Life) -> Iterator[list[Machine]]:
    """Machines side by side, until the end of the block."""
    alive = [Machine(life) for life in lives]
    try:
        yield alive
    finally:
        for machine in alive:
            machine.kill()


def create(url: str) -> None:
    """Make the table of what was done."""
    with _connected(url) as connection:
        connection.execute(text(_DID))


def did(url: str) -> list[tuple[str, str, float, float | None]]:
    """What was done: work, by which machine, from when to when."""
    with _connected(url) as connection:
        rows = connection.execute(text("SELECT key, machine, begun, ended FROM did ORDER BY begun")).all()
    return [(row[0], row[1], row[2], row[3]) for row in rows]


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(parse(url))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


async def all_ended(url: str, keys: set[str], within_s: float = 20.0) -> None:
    """Wait until each of these was done to its end."""
    async with asyncio.timeout(within_s):
        while not keys <= {key for key, _, _, ended in await asyncio.to_thread(did, url) if ended is not None}:
            await asyncio.sleep(0.05)


async def all_noted(url: str, within_s: float = 20.0) -> None:
    """Wait until DBOS, too, has noted the end of all that was begun."""
    async with asyncio.timeout(within_s):
        while await asyncio.to_thread(_open_in_dbos, url):
            await asyncio.sleep(0.05)


def _open_in_dbos(url: str) -> int:
    table = "dbos.workflow_status" if url.startswith("postgresql") else "workflow_status"
    with _connected(url) as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table} WHERE status <> 'SUCCESS'")) or 0)


def _live(life: Life) -> None:
    asyncio.set_event_loop(None)  # what the loop of the parent had open is not ours
    asyncio.run(_work(life))


async def _work(life: Life) -> None:
    database = open_database(life.url, clock=lambda: datetime.now(UTC))
    await database.start()
    engine = JobQueue(
        database.engine, Machines(database.engine, life.name, life.lease_s), polling_s=0.05,
        runs_at_once=life.runs_at_once, runs_in_all=life.runs_in_all,
    )  # fmt: skip
    database.set_enqueue(engine.enqueue)
    database.on_commit = lambda _count: engine.committed()
    _mortal(life.die, database)
    await engine.start({"run": lambda name: _do(database, life, name)})
    for name in life.works:
        work = Work(kind="run", id=name, args={"name": name})
        await database.transaction(lambda tx, work=work: tx.enqueue(work))  # type: ignore[misc]
    while True:
        await asyncio.sleep(BEAT_S)
        await engine.heartbeat()


async def _do(database: SqlDatabase, life: Life, name: str) -> None:
    values = {"key": name, "machine": life.name, "begun": time.time()}
    await asyncio.to_thread(_write, database, "INSERT INTO did VALUES (:key, :machine, :begun, NULL)", values)
    await asyncio.sleep(life.takes_s)
    ended = {**values, "ended": time.time()}
    await asyncio.to_thread(
        _write, database, "UPDATE did SET ended = :ended WHERE key = :key AND machine = :machine", ended
    )


def _write(database: SqlDatabase, statement: str, values: dict[str, Any]) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(statement), values)


def _mortal(place: Place, database: SqlDatabase) -> None:
    """Have this process end at a place, as by kill -9."""
    enqueue, outcome = DbosRuntime.enqueue, SystemDatabase.update_workflow_outcome
    dbos: Any = DbosRuntime
    system: Any = SystemDatabase

    def enqueuing(*args: Any) -> None:
        enqueue(*args)
        _die()

    def ending(*args: Any, **options: Any) -> None:
        outcome(*args, **options)
        _die()

    if place == "enqueued":
        dbos.enqueue = enqueuing
    elif place == "committed":
        database.on_commit = lambda _count: _die()
    elif place == "ended":
        system.update_workflow_outcome = ending


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
