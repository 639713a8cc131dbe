"""A SQLite file of this process alone."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.services.ports import Tx
from storage.database import Marks, SqlDatabase, migrated
from storage.engines import ProcessLock, private_file, sqlite_engine
from storage.errors import StorageUnavailable, in_words
from storage.sqlite.clock import require_millisecond_clock
from storage.sqlite.statements import DriverStatements, driver
from storage.sqlite.writer import Writer
from storage.transaction import forget_deliveries
from storage.unit_of_work import Memory

T = TypeVar("T")

READERS = 4
"""Threads (and connections) that read the file beside its writer."""


class SqliteDatabase(SqlDatabase):
    """A file of this process alone: writes by group commit, reads beside them from the same file."""

    def _open(self) -> None:
        self._lock = ProcessLock(str(self.url.database))
        try:
            self._lock.take()
            with closing(sqlite3.connect(":memory:")) as memory:
                require_millisecond_clock(memory)
            private_file(Path(str(self.url.database)))
            self.engine = sqlite_engine(self.url)
            migrated(self.engine)
            self._memory = Memory(statements=DriverStatements(self.engine.dialect).over)
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
