"""SQLite's one writer: all transactions that wait share one commit.

An fsync costs more than the statements of a vote, and a thread costs more than them, too: every statement that a
second thread runs gives up the interpreter and must win it back from the event loop, which was measured at three
times the statements themselves. So the bodies run on the loop, between a BEGIN and a COMMIT, and only what may wait
for the disk or for another connection has a thread. While it syncs one group the next one gathers.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.domain.surface import SurfaceId
from storage.engines import BUSY_MS
from storage.errors import StorageUnavailable, code, in_words
from storage.sqlite.statements import driver

GROUP = 64
"""Most transactions in one commit: enough to make the fsync cheap, few enough that the loop is soon free again."""

CHECKPOINT_PAGES = 1000
"""SQLite's default: after so many pages in the log a durable commit copies them into the file."""

Marks = frozenset[SurfaceId]
Body = Callable[[Connection], tuple[Any, Marks]]


@dataclass(slots=True)
class Job:
    """One transaction that waits for its commit, and what became of it."""

    body: Body
    future: asyncio.Future[Any]
    durable: bool = True
    result: Any = None
    error: BaseException | None = None
    marks: Marks = field(default_factory=frozenset)

    def settle(self) -> None:
        """Tell the caller."""
        if self.future.done():  # the caller gave up waiting
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class Writer:
    """Runs jobs in the order in which they came, on the loop that built it.

    After each commit `report` is told its marks, and `count` how many transactions shared it.
    """

    def __init__(self, engine: Engine, report: Callable[[Marks], None], count: Callable[[int], None]) -> None:
        self._engine, self._report, self._count = engine, report, count
        self._loop = asyncio.get_running_loop()
        self._jobs: deque[Job] = deque()
        self._disk = ThreadPoolExecutor(1, "storage-disk")
        self._connection: Connection | None = None
        self._synced = True
        self._turn: asyncio.Task[None] | None = None

    async def put(self, body: Body, *, durable: bool = True) -> Any:
        """Run a transaction and return its result once it is on disk, or written if it need not be `durable`.

        To be awaited on the writer's loop.
        """
        job = Job(body, self._loop.create_future(), durable)
        self._jobs.append(job)
        if self._turn is None:
            self._turn = self._loop.create_task(self._work())
        return await job.future

    async def stop(self) -> None:
        """Finish what waits, then let go of the connection and the thread."""
        while self._turn is not None:
            await self._turn
        await self._loop.run_in_executor(self._disk, self._disconnect)
        self._disk.shutdown()

    async def _work(self) -> None:
        try:
            while self._jobs:
                await self._finish(self._next())
        finally:
            self._turn = None

    def _next(self) -> list[Job]:
        group: list[Job] = []
        while self._jobs and len(group) < GROUP:
            job = self._jobs.popleft()
            if not job.future.cancelled():
                group.append(job)
        return group

    async def _finish(self, group: list[Job]) -> None:
        if not group:
            return
        try:
            await self._commit(group)
            self._count(len(group))
        except Exception as problem:
            # Nothing of the group is on disk. Whoever failed alone keeps the own reason.
            words = in_words(problem)
            for job in group:
                job.error = job.error or words
            await self._loop.run_in_executor(self._disk, self._disconnect)
        for job in group:
            job.settle()
        marks: Marks = frozenset().union(*(job.marks for job in group if job.error is None))
        if marks:
            self._report(marks)

    async def _commit(self, group: list[Job]) -> None:
        connection = self._connection
        if connection is None:
            connection = await self._loop.run_in_executor(self._disk, self._connect)
        raw, durable = driver(connection), any(job.durable for job in group)
        self._sync(raw, durable)
        connection.begin()
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as busy:
            if code(busy) != "SQLITE_BUSY":
                raise
            await self._loop.run_in_executor(self._disk, _begin_patiently, raw)
        if len(group) == 1 and not self._alone(group[0], connection):
            return
        if len(group) > 1:
            for job in group:
                _try(job, connection, raw)
        if durable:
            await self._loop.run_in_executor(self._disk, connection.commit)
        else:
            connection.commit()

    def _sync(self, raw: sqlite3.Connection, durable: bool) -> None:
        """Let the next commit wait for the disk or not; what does not wait never copies the log into the file either.

        The log is synced as a whole, so that nothing durable ever stands behind something that was lost.
        sqlite.org/pragma.html#pragma_synchronous
        """
        if durable is not self._synced:
            raw.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            raw.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES if durable else 0}")
            self._synced = durable

    def _connect(self) -> Connection:
        connection = self._connection = self._engine.connect()
        self._synced = True
        # The loop never waits for a lock: what it cannot have at once the thread waits for.
        driver(connection).execute("PRAGMA busy_timeout=0")
        return connection

    @staticmethod
    def _alone(job: Job, connection: Connection) -> bool:
        """Run a job that shares its commit with nobody: its failure may undo all, so it needs no savepoint."""
        try:
            job.result, job.marks = job.body(connection)
        except BaseException as problem:
            job.error = in_words(problem)
            connection.rollback()
            return False
        return True

    def _disconnect(self) -> None:
        """Drop the connection, whatever state it is in; the next commit opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(DBAPIError, sqlite3.Error):  # else nobody would tell those who wait for this group
                connection.invalidate()
                connection.close()


def _try(job: Job, connection: Connection, raw: sqlite3.Connection) -> None:
    """Run one job in a savepoint, so that its failure undoes only its own writes."""
    raw.execute("SAVEPOINT job")
    try:
        job.result, job.marks = job.body(connection)
    except BaseException as problem:
        job.error = in_words(problem)
        if not raw.in_transaction:
            # A full disk makes SQLite roll back everything, the neighbours' writes included.
            raise StorageUnavailable(reason="the database undid the change") from problem
        raw.execute("ROLLBACK TO job")
    raw.execute("RELEASE job")


def _begin_patiently(raw: sqlite3.Connection) -> None:
    raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    try:
        raw.execute("BEGIN IMMEDIATE")
    finally:
        raw.execute("PRAGMA busy_timeout=0")
