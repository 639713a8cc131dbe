"""SQLite's one writer: a thread that puts all waiting transactions into one commit.

An fsync costs more than the statements of a vote. With 32 people waiting this was measured at 20 times the commits
of one transaction each; every one of them is still durable before its caller goes on.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.domain.surface import SurfaceId
from storage.errors import StorageUnavailable, in_words
from storage.prepared import driver

GROUP = 128
"""Most transactions in one commit: enough to make the fsync cheap, few enough that none waits long for others."""

Marks = frozenset[SurfaceId]
Body = Callable[[Connection], tuple[Any, Marks]]


@dataclass(slots=True)
class Job:
    """One transaction that waits for the writer, and what became of it."""

    body: Body
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    result: Any = None
    error: BaseException | None = None
    marks: Marks = field(default_factory=frozenset)

    def settle(self) -> None:
        """Tell the caller; to be called on its loop."""
        if self.future.done():  # the caller gave up waiting
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class Writer:
    """Runs jobs in the order in which they came.

    On the writer's thread `report` is told the marks of each commit, and `count` how many transactions shared it.
    """

    def __init__(self, engine: Engine, report: Callable[[Marks], None], count: Callable[[int], None]) -> None:
        self._engine = engine
        self._report = report
        self._count = count
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="storage-writer", daemon=True)
        self._connection: Connection | None = None

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def put(self, body: Body) -> asyncio.Future[Any]:
        """Hand over a transaction; the future is completed after its commit."""
        loop = asyncio.get_running_loop()
        job = Job(body, loop.create_future(), loop)
        self._jobs.put(job)
        return job.future

    def stop(self) -> None:
        """Finish what waits, then end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        going = True
        while going:
            group: list[Job] = []
            job = self._jobs.get()
            with suppress(queue.Empty):
                while job is not None:
                    group.append(job)
                    if len(group) == GROUP:
                        break
                    job = self._jobs.get_nowait()
            going = job is not None
            if group:
                self._finish(group)
        self._disconnect()

    def _finish(self, group: list[Job]) -> None:
        group = [job for job in group if not job.future.cancelled()]
        try:
            self._commit(group)
            self._count(len(group))
        except Exception as problem:
            # Nothing of the group is on disk. Whoever failed alone keeps the own reason.
            words = in_words(problem)
            for job in group:
                job.error = job.error or words
            self._disconnect()
        marks: Marks = frozenset().union(*(job.marks for job in group if job.error is None))
        if marks:
            self._report(marks)
        for loop in {job.loop for job in group}:
            settled = [job.settle for job in group if job.loop is loop]
            with suppress(RuntimeError):  # that loop is closed: nobody waits there any more
                loop.call_soon_threadsafe(_each, settled)

    def _commit(self, group: list[Job]) -> None:
        connection = self._connection = self._connection or self._engine.connect()
        raw = driver(connection)
        connection.begin()
        raw.execute("BEGIN IMMEDIATE")
        if len(group) == 1:
            self._alone(group[0], connection)
            return
        for job in group:
            self._try(job, connection, raw)
        connection.commit()

    @staticmethod
    def _alone(job: Job, connection: Connection) -> None:
        """Run a job that shares its commit with nobody: its failure may undo all, so it needs no savepoint."""
        try:
            job.result, job.marks = job.body(connection)
        except BaseException as problem:
            job.error = in_words(problem)
            connection.rollback()
        else:
            connection.commit()

    def _try(self, job: Job, connection: Connection, raw: sqlite3.Connection) -> None:
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

    def _disconnect(self) -> None:
        """Drop the connection, whatever state it is in; the next commit opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(DBAPIError, sqlite3.Error):
                connection.invalidate()
            connection.close()


def _each(calls: list[Callable[[], None]]) -> None:
    for call in calls:
        call()
