"""Transactions: one writer thread on SQLite, a pool on PostgreSQL, one code above both."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.domain.queue_statistics import QueueStatistics
from bot.domain.surface import SurfaceId
from bot.services.ports import Clock, Tx
from storage.audit_verification import queue_statistics
from storage.engines import POOL, ProcessLock, parse, postgres_engine, sqlite_engine
from storage.errors import StorageUnavailable, in_words, may_retry
from storage.prepared import Preparations, driver
from storage.schema_upgrade import migrate
from storage.transaction import Enqueue, SqlTx, forget_deliveries, perform
from storage.unit_of_work import Memory, UnitOfWork
from storage.writer import Marks, Writer

_IN_MEMORY = text("SET LOCAL synchronous_commit TO OFF")

T = TypeVar("T")
OnDirty = Callable[[frozenset[SurfaceId]], None]

READERS = 4
"""Threads (and connections) that read a SQLite file beside its writer."""

ATTEMPTS = 6
"""How often PostgreSQL is asked to run a transaction that it undid for reasons of concurrency."""


def open_database(
    url: str, *, clock: Clock, enqueue: Enqueue | None = None, on_dirty: OnDirty | None = None
) -> SqlDatabase:
    """Return the database behind `url` (`sqlite:///file` or `postgresql://...`), not started yet.

    Raises:
        ConfigurationError: the URL names neither.
    """
    parsed = parse(url)
    kind = SqliteDatabase if parsed.get_backend_name() == "sqlite" else PostgresDatabase
    return kind(parsed, clock=clock, enqueue=enqueue, on_dirty=on_dirty)


class SqlDatabase:
    """See `bot.services.ports.Database`.

    `engine` is the synchronous SQLAlchemy engine, to be shared with the workflow engine. `enqueue`, `on_dirty` and
    `on_commit` may be set until the first transaction; `on_dirty` is called after a commit on the loop that awaited
    `start`, `on_commit` with the number of transactions in it on whatever thread committed.
    """

    engine: Engine

    def __init__(self, url: URL, *, clock: Clock, enqueue: Enqueue | None, on_dirty: OnDirty | None) -> None:
        self.url = url
        self.enqueue = enqueue
        self.on_dirty = on_dirty
        self.on_commit: Callable[[int], None] | None = None
        self._clock = clock
        self._memory = Memory()
        self._home: asyncio.AbstractEventLoop | None = None
        self._threads: ThreadPoolExecutor

    async def start(self) -> None:
        """Bring the schema up to date and open for transactions.

        Raises:
            DatabaseInUse: another process holds the SQLite file.
            SchemaTooNew: a newer version wrote it.
            StorageUnavailable: it cannot be reached.
        """
        self._home = asyncio.get_running_loop()
        await asyncio.to_thread(self._open)

    async def close(self) -> None:
        """Finish what was begun and let go of every connection, thread and lock; doing so twice is harmless."""
        if self._home is not None:
            self._home = None
            await asyncio.to_thread(self._close)

    def set_enqueue(self, enqueue: Enqueue) -> None:
        """Attach the engine, which is built after the database that it shares."""
        self.enqueue = enqueue

    async def transaction(self, fn: Callable[[Tx], T], *, delivery: str | None = None, durable: bool = True) -> T:
        """Run `fn`, commit, and return its result; nothing is kept if it raises.

        Raises:
            Replayed: `delivery` was handled before.
            StorageUnavailable: it could not be made durable; nothing was kept.
            Stale: somebody else wrote the same at the same time.
        """
        raise NotImplementedError

    async def read(self, fn: Callable[[Tx], T]) -> T:
        """Run `fn` on a snapshot without writing; never waits for a writer."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, fn)

    async def forget_deliveries(self, before: datetime) -> int:
        """Drop inbox rows older than `before` and return how many; Slack retries for an hour."""
        raise NotImplementedError

    def _open(self) -> None:
        raise NotImplementedError

    def _close(self) -> None:
        raise NotImplementedError

    def _read(self, fn: Callable[[Tx], T]) -> T:
        raise NotImplementedError

    def _perform(self, connection: Connection, fn: Callable[[Tx], T], delivery: str | None) -> tuple[T, Marks]:
        session = UnitOfWork(connection, self._clock(), self._memory, locks=connection.dialect.name == "postgresql")
        return perform(session, fn, delivery=delivery, enqueue=self.enqueue)

    def _look(self, connection: Connection, fn: Callable[[Tx], T]) -> T:
        return fn(SqlTx(UnitOfWork(connection, self._clock(), self._memory, snapshot=True), None))

    async def queue_statistics(self) -> QueueStatistics:
        """Count what waits. Raises StorageUnavailable."""
        return await asyncio.to_thread(queue_statistics, self.engine)

    def _count(self, transactions: int) -> None:
        if self.on_commit is not None:
            self.on_commit(transactions)

    def _report(self, marks: Marks) -> None:
        if self.on_dirty is not None and self._home is not None and marks:
            with suppress(RuntimeError):  # the loop is closed: the next start's sweep finds what is dirty
                self._home.call_soon_threadsafe(self.on_dirty, marks)


class SqliteDatabase(SqlDatabase):
    """A file of this process alone: writes by group commit, reads beside them from the same file."""

    def _open(self) -> None:
        self._lock = ProcessLock(str(self.url.database))
        try:
            self._lock.take()
            self.engine = sqlite_engine(self.url)
            _migrated(self.engine)
            self._memory = Memory(statements=Preparations(self.engine.dialect))
        except Exception as problem:
            self._lock.release()
            raise in_words(problem) from problem
        self._reader = sqlite_engine(self.url, read_only=True)
        self._threads = ThreadPoolExecutor(READERS, "storage-reader")

    async def start(self) -> None:
        """Bring the schema up to date and open for transactions, which run on this loop."""
        await super().start()
        self._here = self._reader.connect()
        self._writer = Writer(self.engine, self._report, self._count)

    async def close(self) -> None:
        """Finish what was begun and let go of every connection, thread and lock; doing so twice is harmless."""
        if self._home is not None:
            await self._writer.stop()
            self._here.close()
        await super().close()

    def _close(self) -> None:
        self._threads.shutdown()
        self._reader.dispose()
        self.engine.dispose()
        self._lock.release()

    async def transaction(self, fn: Callable[[Tx], T], *, delivery: str | None = None, durable: bool = True) -> T:
        """Hand `fn` to the writer and wait for the commit that carries it."""
        result: T = await self._at_home(lambda connection: self._perform(connection, fn, delivery), durable=durable)
        return result

    async def forget_deliveries(self, before: datetime) -> int:
        """Drop inbox rows older than `before` and return how many; Slack retries for an hour."""
        count: int = await self._at_home(lambda connection: (forget_deliveries(connection, before), frozenset()))
        return count

    async def _at_home(self, body: Callable[[Connection], tuple[Any, Marks]], *, durable: bool = True) -> Any:
        """Hand a body to the writer; a caller on another loop waits there for the answer."""
        home = self._home
        if home is None:
            raise StorageUnavailable(reason="the database is closed")
        if home is asyncio.get_running_loop():
            return await self._writer.put(body, durable=durable)
        put = self._writer.put(body, durable=durable)
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(put, home))

    async def read(self, fn: Callable[[Tx], T]) -> T:
        """Run `fn` on a snapshot: at once on the loop, as reading never waits and a thread costs more than a read."""
        if self._home is not asyncio.get_running_loop():
            return await super().read(fn)
        return self._read_from(self._here, fn)

    def _report(self, marks: Marks) -> None:
        if self.on_dirty is not None and self._home is not None and marks:
            self._home.call_soon(self.on_dirty, marks)  # the writer is on this loop

    def _read(self, fn: Callable[[Tx], T]) -> T:
        with self._reader.connect() as connection:
            return self._read_from(connection, fn)

    def _read_from(self, connection: Connection, fn: Callable[[Tx], T]) -> T:
        try:
            driver(connection).execute("BEGIN")
            return self._look(connection, fn)
        except (DBAPIError, sqlite3.Error) as problem:
            raise in_words(problem) from problem
        finally:
            connection.rollback()
            driver(connection).rollback()


class PostgresDatabase(SqlDatabase):
    """A server, shared by any number of processes: each transaction on a connection and a thread of its own."""

    def _open(self) -> None:
        self.engine = postgres_engine(self.url)
        try:
            _migrated(self.engine)
        except DBAPIError as problem:
            raise in_words(problem) from problem
        self._snapshots = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._threads = ThreadPoolExecutor(POOL, "storage")

    def _close(self) -> None:
        self._threads.shutdown()
        self.engine.dispose()

    async def transaction(self, fn: Callable[[Tx], T], *, delivery: str | None = None, durable: bool = True) -> T:
        """Run `fn` on a thread of the pool, again where PostgreSQL undid it for reasons of concurrency."""

        def body(connection: Connection) -> tuple[T, Marks]:
            if not durable:
                connection.execute(_IN_MEMORY)
            return self._perform(connection, fn, delivery)

        return await asyncio.get_running_loop().run_in_executor(self._threads, self._attempt, body)

    async def forget_deliveries(self, before: datetime) -> int:
        """Drop inbox rows older than `before` and return how many; Slack retries for an hour."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._threads, self._attempt, lambda c: (forget_deliveries(c, before), frozenset())
        )

    def _attempt(self, body: Callable[[Connection], tuple[T, Marks]]) -> T:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._once(body)
            except (DBAPIError, NoConnectionFree) as problem:
                if attempt == ATTEMPTS or not may_retry(problem):
                    raise in_words(problem) from problem
            time.sleep(random.uniform(0, 0.005 * 2**attempt))  # noqa: S311 - spreads rivals, guards nothing
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _once(self, body: Callable[[Connection], tuple[T, Marks]]) -> T:
        with self.engine.begin() as connection:
            result, marks = body(connection)
        self._count(1)
        self._report(marks)
        return result

    def _read(self, fn: Callable[[Tx], T]) -> T:
        try:
            with self._snapshots.connect() as connection:
                return self._look(connection, fn)
        except (DBAPIError, NoConnectionFree) as problem:
            raise in_words(problem) from problem


def _migrated(engine: Engine) -> None:
    try:
        migrate(engine)
    except Exception:
        engine.dispose()
        raise
