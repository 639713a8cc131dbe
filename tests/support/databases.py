"""A pytest plugin: databases that many tests can afford.

One embedded PostgreSQL for a test process, started by the first test that needs it, and schemas that were migrated once
and are copied from then on. What a start and a migration do is proven where they are the subject: tests/evidence,
tests/storage/test_migrations.py.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bot.evidence.postgres import PostgresServer
    from bot.evidence.sharing import SharedServer

# The product is imported where it is used: the process that only hands out tests to others loads this file too.


@cache
def shared_server() -> SharedServer:
    """The process's server. Tests that let one die or retire make their own."""
    from bot.evidence.sharing import SharedServer

    return SharedServer(idle_seconds=3600.0)


def pytest_unconfigure() -> None:
    """Stop it with the session."""
    if shared_server.cache_info().currsize:
        shared_server().close()


@cache
def _empty_file() -> bytes:
    from storage.engines import parse, sqlite_engine
    from storage.schema_upgrade import migrate

    with tempfile.TemporaryDirectory(prefix="eipas-schema-") as folder:
        path = Path(folder) / "empty.db"
        engine = sqlite_engine(parse(f"sqlite:///{path}"))
        migrate(engine)
        engine.dispose()  # the last connection takes the write-ahead log into the file
        return path.read_bytes()


def migrated_file(path: Path) -> str:
    """Put an empty, migrated SQLite file there, unless there is one, and return its URL."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_empty_file())
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def server() -> SharedServer:
    """A server that all tests of the process share; each check makes a database of its own on it."""
    return shared_server()


@pytest.fixture(scope="session")
def postgres(server: SharedServer) -> Iterator[PostgresServer]:
    """The same, up for the whole session; where it cannot run, the test is skipped and says why."""
    from bot.evidence.postgres import PostgresUnavailable

    with ExitStack() as stack:
        try:
            running = stack.enter_context(server.use())
        except PostgresUnavailable as absent:
            pytest.skip(str(absent))
        yield running


@pytest.fixture
def fresh_sqlite_url(tmp_path: Path) -> str:
    """A file that is not there yet."""
    return f"sqlite:///{tmp_path}/eipas.db"


@pytest.fixture
def fresh_postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """A database without tables."""
    created = postgres.create_database()
    yield postgres.url_of(created.name)
    postgres.drop_database(created.name)


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresServer) -> str:
    """A database with empty tables that nobody is connected to: a template for others."""
    from storage.engines import parse, postgres_engine
    from storage.schema_upgrade import migrate

    name = postgres.create_database().name
    engine = postgres_engine(parse(postgres.url_of(name)))
    migrate(engine)
    engine.dispose()
    return name


@pytest.fixture
def migrated_postgres_url(postgres: PostgresServer, migrated_postgres: str) -> Iterator[str]:
    """A database of the test's own with empty tables."""
    from psycopg import sql

    name = f"copy_{secrets.token_hex(6)}"
    with postgres.connect() as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(migrated_postgres))
        )
    yield postgres.url_of(name)
    postgres.drop_database(name)
