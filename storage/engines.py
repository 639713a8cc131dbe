"""SQLAlchemy engines as the two databases need them."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.domain.errors import ConfigurationError
from bot.services.private_folders import make_private
from storage.errors import DatabaseInUse, in_words

BUSY_MS = 10_000
"""How long SQLite waits for another connection of this process (the engine's) to finish writing."""

POOL = 16
"""PostgreSQL connections for our own transactions; as many again may be taken by the engine that shares the pool."""

STANDSTILL_MS = 10_000
"""After how long PostgreSQL ends a transaction that says nothing. Ours are done in milliseconds."""


def parse(url: str) -> URL:
    """Return the URL as SQLAlchemy's. Raises ConfigurationError for anything but a SQLite file or PostgreSQL."""
    try:
        parsed = make_url(url)
    except ArgumentError as malformed:
        raise ConfigurationError(
            problem="the database's URL cannot be read", mend="Use sqlite:///path or postgresql://"
        ) from malformed
    kind = parsed.get_backend_name()
    if kind == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if kind != "sqlite" or parsed.database in (None, "", ":memory:"):
        raise ConfigurationError(
            problem=f"{parsed.render_as_string()} is no database this can use",
            mend="Use sqlite:///path/of/a/file or postgresql://user@host/name",
        )
    return parsed


def sqlite_engine(url: URL, *, read_only: bool = False) -> Engine:
    """Return an engine whose connections are durable at each commit, or for reading only."""
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: Any) -> None:
        # BEGIN IMMEDIATE before the first write, as the engine on the same file expects; readers begin by themselves.
        connection.isolation_level = None if read_only else "IMMEDIATE"
        pragmas = ["journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON"]
        for pragma in [*pragmas, *(["query_only=ON"] if read_only else [])]:
            connection.execute(f"PRAGMA {pragma}")

    return engine


def postgres_engine(url: URL) -> Engine:
    """Return an engine with a bounded pool; sessions think in UTC.

    A machine that stands still in a transaction loses it: what it has locked all others wait for.
    """
    options = f"-c timezone=UTC -c idle_in_transaction_session_timeout={STANDSTILL_MS}"
    return create_engine(
        url,
        pool_size=POOL,
        max_overflow=POOL,
        pool_timeout=10,
        connect_args={"options": options, "application_name": "eipas", "connect_timeout": 10},
    )


def engine_of(url: URL) -> Engine:
    """Return the engine of either database, to read and to write; the URL is one that `parse` returned."""
    return sqlite_engine(url) if url.get_backend_name() == "sqlite" else postgres_engine(url)


def private_file(path: Path) -> None:
    """Make a file that only this account may read, unless it is there: SQLite gives its WAL the rights of the file."""
    make_private(path.parent)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    if path.stat().st_mode & 0o077 and path.stat().st_uid == os.getuid():
        path.chmod(0o600)


class ProcessLock:
    """One process per SQLite file, held by `flock` on a file beside it: the lock ends with the process in any case."""

    def __init__(self, database: str) -> None:
        self._path = Path(f"{database}.lock")
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock, or raise DatabaseInUse."""
        make_private(self._path.parent)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise DatabaseInUse(path=self._path.name.removesuffix(".lock")) from None
        self._descriptor = descriptor

    def release(self) -> None:
        """Give it back; the file stays, for removing it would let two processes hold a lock each."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@contextmanager
def transaction_on(engine: Engine) -> Iterator[Connection]:
    """Yield a transaction of its own, committed if the body ends. Raises StorageUnavailable, for the body as well."""
    try:
        with engine.begin() as connection:
            yield connection
    except (DBAPIError, NoConnectionFree) as problem:
        raise in_words(problem) from problem
