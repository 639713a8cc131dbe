"""The database: every statement runs where row level security knows who asks, and shows what the caller may see."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from psycopg import AsyncConnection, AsyncCursor, errors, sql
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from app.core.problems import Problem, of_database
from app.core.settings import settings

Row = dict[str, Any]
Connection = AsyncConnection[Row]

_KNOWN = (
    "SELECT set_config('app.role', %s, true), set_config('app.user_id', %s, true),"
    " set_config('app.tenant_id', %s, true)"
)
# In one message to the database, which takes several statements only with their values written into them.
_BEGIN = sql.SQL("BEGIN; " + _KNOWN.replace("%s", "{}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: `role` is the one that the operation was allowed by, `name` says who it is in logs and history."""

    name: str
    role: str
    user_id: str = ""
    tenant_id: str = ""
    roles: frozenset[str] = field(default=frozenset())
    request_id: str = field(default_factory=lambda: uuid4().hex)


class Reading:
    """Runs statements as a caller, each in a transaction of its own that takes one round trip: for what is read once."""

    def __init__(self, connection: Connection, caller: Caller) -> None:
        self._connection = connection
        self._caller = caller

    async def execute(self, statement: bytes, values: Sequence[Any]) -> AsyncCursor[Row]:
        """Tell the database who asks and run the statement, in one pipeline, which is one transaction."""
        caller = self._caller
        async with self._connection.pipeline():
            await self._connection.execute(_KNOWN, (caller.role, caller.user_id, caller.tenant_id))
            return await self._connection.execute(statement, values)


class Database:
    """The pool of connections of this process."""

    def __init__(self) -> None:
        self._pool: AsyncConnectionPool[Connection] | None = None

    async def open(self) -> None:
        """Open the pool; connections are made as soon as the database answers."""
        config = settings()
        options = f"-c role={config.database_role} -c timezone=UTC -c statement_timeout=10s -c lock_timeout=3s"
        pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            config.database_url,
            connection_class=AsyncConnection[Row],
            kwargs={"row_factory": dict_row, "options": options, "autocommit": True},
            min_size=config.pool_min,
            max_size=config.pool_max,
            timeout=5,
            open=False,
        )
        self._pool = pool
        await pool.open()

    async def close(self) -> None:
        """Close every connection."""
        if self._pool is not None:
            await self._pool.close()

    @asynccontextmanager
    async def as_caller(self, caller: Caller, *, conflict: str = "") -> AsyncIterator[Connection]:
        """Lend a connection in a transaction, ended by the pool, in which the database knows who asks.

        `conflict` is the domain's own code of what the database refuses because of other rows.
        """
        try:
            async with self._lent() as connection:
                begin = _BEGIN.format(caller.role, caller.user_id, caller.tenant_id).as_bytes(connection)
                await connection.execute(begin)
                yield connection
        except (errors.UniqueViolation, errors.ExclusionViolation) as error:
            refused = of_database(error)
            raise Problem(refused.status, refused.detail, code=conflict) from error

    @asynccontextmanager
    async def as_reader(self, caller: Caller) -> AsyncIterator[Reading]:
        """Lend a connection that reads as the caller."""
        async with self._lent() as connection:
            yield Reading(connection, caller)

    @asynccontextmanager
    async def as_service(self, tenant_id: str = "") -> AsyncIterator[Connection]:
        """Lend a connection for work that nobody asked for: limits, jobs, deliveries."""
        async with self.as_caller(Caller(name="service", role="service", tenant_id=tenant_id)) as connection:
            yield connection

    async def single(self, statement: str, values: Sequence[Any]) -> Row:
        """Run a statement that gives one row, as nobody, on tables that are the service's own."""
        async with self._lent() as connection:
            row = await (await connection.execute(statement, values)).fetchone()
        assert row is not None, "the statement gives a row"
        return row

    def _lent(self) -> AbstractAsyncContextManager[Connection]:
        assert self._pool is not None, "open() comes first"
        return self._pool.connection()


database = Database()
"""The one of this process."""
