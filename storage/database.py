"""One code above both databases: transactions of repositories, and what is told after a commit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine

from bot.domain.queue_statistics import QueueStatistics
from bot.domain.surface import SurfaceId
from bot.services.ports import Clock, Tx
from storage.audit_verification import queue_statistics
from storage.schema_upgrade import migrate
from storage.transaction import Enqueue, SqlTx, perform
from storage.unit_of_work import Memory, UnitOfWork

T = TypeVar("T")
OnDirty = Callable[[frozenset[SurfaceId]], None]
Marks = frozenset[SurfaceId]


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


def migrated(engine: Engine) -> None:
    """Bring the schema up to date, or let go of the engine."""
    try:
        migrate(engine)
    except Exception:
        engine.dispose()
        raise
