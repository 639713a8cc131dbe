"""A database that is lent again is as empty as a fresh one; what cannot be emptied is not lent again."""

from __future__ import annotations

import psycopg
import pytest

from tests.judge.bench import server

_MADE = "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE a (id int PRIMARY KEY, m mood); INSERT INTO a VALUES (1, 'a');"
_ASKED = (
    "SELECT count(*) FROM pg_class WHERE relname = 'a' UNION ALL SELECT count(*) FROM pg_type WHERE typname = 'mood'"
)


def _run(sql: str) -> str:
    """Run something in a trial database and return the database's name."""
    with (
        server().use() as client,
        client.trial_database(seconds=20) as database,
        psycopg.connect(database.conninfo, autocommit=True) as connection,
    ):
        connection.execute(sql.encode())
        return database.name


def test_what_is_lent_again_is_empty() -> None:
    """The second borrower gets the first one's database, with nothing of the first in it."""
    first = _run(_MADE)
    with (
        server().use() as client,
        client.trial_database(seconds=20) as again,
        psycopg.connect(again.conninfo, autocommit=True) as connection,
    ):
        left = connection.execute(_ASKED.encode()).fetchall()
    assert (again.name, left) == (first, [(0,), (0,)])


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE SCHEMA other",
        "GRANT CREATE ON DATABASE {} TO PUBLIC",
        "ALTER DATABASE {} SET search_path = 'other'",
        "SELECT lo_create(0)",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
    ],
)
def test_what_is_not_as_a_fresh_one_is_dropped(sql: str) -> None:
    """What a trial leaves outside of the schema that is emptied costs its database."""
    with server().use() as client:
        with (
            client.trial_database(seconds=20) as database,
            psycopg.connect(database.conninfo, autocommit=True) as connection,
        ):
            connection.execute(sql.format(database.name).encode())
        with client.connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database.name,)).fetchone()
    assert found is None
