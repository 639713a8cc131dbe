"""Runs the migrations: `python -m app.migrate` brings the database up to date, `python -m app.migrate down` one back.

`MIGRATION_URL` (or `DATABASE_URL`) is a role that owns the schema, not the one that the service serves with.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import psycopg

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
_KEPT = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    name TEXT PRIMARY KEY,
    applied_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL
)
"""
# By their bytes, as `up` sorts them, whatever the database's language is.
_LAST = 'SELECT name FROM schema_migrations ORDER BY name COLLATE "C" DESC LIMIT 1'
_LOCK = "SELECT pg_advisory_xact_lock(7266279)"


def up(url: str) -> list[str]:
    """Apply what is not applied yet, each file in a transaction; return the files' names."""
    done: list[str] = []
    for file in sorted(MIGRATIONS.glob("[0-9]*.sql")):
        if file.name.endswith(".down.sql"):
            continue
        with psycopg.connect(url) as connection:
            connection.execute(_LOCK)
            connection.execute(_KEPT)
            known = connection.execute("SELECT 1 FROM schema_migrations WHERE name = %s", (file.name,)).fetchone()
            if known is None:
                connection.execute(file.read_bytes())
                connection.execute("INSERT INTO schema_migrations (name) VALUES (%s)", (file.name,))
                done.append(file.name)
    return done


def down(url: str) -> str:
    """Take the last file back; return its name, "" if there is none."""
    with psycopg.connect(url) as connection:
        connection.execute(_LOCK)
        connection.execute(_KEPT)
        last = connection.execute(_LAST).fetchone()
        if last is None:
            return ""
        name = str(last[0])
        connection.execute((MIGRATIONS / re.sub(r"\.sql$", ".down.sql", name)).read_bytes())
        connection.execute("DELETE FROM schema_migrations WHERE name = %s", (name,))
        return name


def main() -> None:
    """Do what the command line says."""
    url = os.environ.get("MIGRATION_URL") or os.environ["DATABASE_URL"]
    if sys.argv[1:] == ["down"]:
        print(down(url) or "nothing to take back")
    else:
        print("\n".join(up(url)) or "up to date")


if __name__ == "__main__":
    main()
