"""A PostgreSQL server that any number of processes share."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.services.ports import Tx
from storage.database import Marks, SqlDatabase, migrated
from storage.engines import POOL, postgres_engine
from storage.errors import in_words, may_retry
from storage.transaction import forget_deliveries

T = TypeVar("T")

ATTEMPTS = 6
"""How often a transaction is run that PostgreSQL undid for reasons of concurrency."""

_IN_MEMORY = text("SET LOCAL synchronous_commit TO OFF")


class PostgresDatabase(SqlDatabase):
    """A server, shared by any number of processes: each transaction on a connection and a thread of its own."""

    def _open(self) -> None:
        self.engine = postgres_engine(self.url)
        try:
            migrated(self.engine)
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
