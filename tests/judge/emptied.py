"""Lends one trial database again and again, emptied, where making and dropping one takes longer than all that runs in it.

Only what is as a fresh one is lent again: everything that a trial may leave is asked for, and what is not as it was
before is dropped with its database. For SQL of our own making; what others wrote gets a fresh database each time.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import psycopg

from bot.evidence.postgres import TRIAL_ROLE, Database, PostgresClient, PostgresServer

_TIMES: Final = 60
"""So often one is lent: each trial leaves dead rows in the catalogue that make the next one slower."""

_EMPTY: Final = (
    b"DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner;"
    b"GRANT USAGE ON SCHEMA public TO PUBLIC; COMMENT ON SCHEMA public IS 'standard public schema'"
)
_LEFT: Final = b"""SELECT ARRAY(SELECT format('%s %s %s', nspname, nspowner::regrole, nspacl) FROM pg_namespace
    WHERE nspname !~ '^pg_(toast_)?temp_' ORDER BY 1),
  (SELECT array_agg(extname ORDER BY 1) FROM pg_extension),
  (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_type),
  (SELECT count(*) FROM pg_operator), (SELECT count(*) FROM pg_opclass), (SELECT count(*) FROM pg_cast),
  (SELECT count(*) FROM pg_collation), (SELECT count(*) FROM pg_language), (SELECT count(*) FROM pg_trigger),
  (SELECT count(*) FROM pg_event_trigger), (SELECT count(*) FROM pg_publication), (SELECT count(*) FROM pg_policy),
  (SELECT count(*) FROM pg_largeobject_metadata), (SELECT count(*) FROM pg_default_acl),
  (SELECT count(*) FROM pg_foreign_server), (SELECT count(*) FROM pg_statistic_ext), (SELECT count(*) FROM pg_ts_config),
  (SELECT count(*) FROM pg_description), (SELECT count(*) FROM pg_seclabel),
  (SELECT format('%s %s', datdba::regrole, datacl) FROM pg_database WHERE datname = current_database()),
  (SELECT count(*) FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""
"""Everything that a database has and another one has not."""


class EmptiedDatabases:
    """A lender of a server whose trial databases are lent again."""

    def __init__(self) -> None:
        self._server = PostgresServer()
        self._client: _Client | None = None

    @contextmanager
    def use(self) -> Iterator[PostgresClient]:
        """Lend the server, which is started at the first use. Raises PostgresUnavailable."""
        if self._client is None:
            self._server.start()
            self._client = _Client(self._server)
        yield self._client

    def close(self) -> None:
        """Stop the server."""
        self._client = None
        self._server.stop()


class _Client(PostgresClient):
    def __init__(self, server: PostgresClient) -> None:
        super().__init__(Path(server.sockets).parent, "")
        self.server = server
        self._free: list[tuple[Database, int]] = []
        self._fresh: tuple[Any, ...] | None = None

    @cached_property
    def version(self) -> str:  # type: ignore[override]  # asked for once
        return self.server.version

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        return self.server.connect(database)

    @contextmanager
    def trial_database(self, *, seconds: float) -> Iterator[Database]:
        database, times = self._free.pop() if self._free else (self._made(), 0)
        deadline = threading.Timer(seconds, self._end_connections, args=(database.name,))
        deadline.daemon = True
        deadline.start()
        try:
            yield database
        finally:
            deadline.cancel()
            if times + 1 < _TIMES and self._emptied(database.name):
                self._free.append((database, times + 1))
            else:
                self.drop_database(database.name)

    def _made(self) -> Database:
        made = self.create_database(owner=TRIAL_ROLE, prefix="trial")
        if self._fresh is None:
            self._fresh = self._left(made.name)
        return made

    def _emptied(self, name: str) -> bool:
        """Empty a database; whether it is as a fresh one now."""
        try:
            with self.connect(name) as connection:
                connection.execute(_EMPTY)
                return connection.execute(_LEFT).fetchone() == self._fresh
        except psycopg.Error:
            return False

    def _left(self, name: str) -> tuple[Any, ...] | None:
        with self.connect(name) as connection:
            return connection.execute(_LEFT).fetchone()
