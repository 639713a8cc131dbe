"""Freezes a schema that is about to be released: `python -m tests.storage.freezing`.

Writes what the newest revision makes of an empty database, with an evaluation or two in it, into `released/`. From then
on the revisions up to it must not be edited, and every later version must bring such a database up to date
(test_released.py holds both).
"""

from __future__ import annotations

import asyncio
import io
import sqlite3
import tempfile
from contextlib import chdir, closing
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from psycopg import Connection, sql

from bot.evidence.postgres import PostgresServer
from storage.schema_upgrade import HEAD, VERSION_TABLE, scripts
from tests.support.dossiers import LEAD
from tests.support.services import world_at

RELEASED = Path(__file__).parent / "released"
_HELPERS = "test_work"
_ROOM = Path("room")
"""Where workspaces lie: relative, so that no dump names the machine that it was made on."""


async def fill(url: str) -> None:
    """One evaluation from its idea to its end, and one that was just begun."""
    async with world_at(url, _ROOM) as world:
        decided = await world.to_closing(title="Decided")
        await world.vote(decided, "iteration_complete", LEAD, "finish")
        await world.work_off()
        begun = await world.start(title="Begun")
        await world.reply(begun, "A reply with ümläuts, 'quotes' and 💡")


def sqlite_dump() -> str:
    asyncio.run(fill("sqlite:///eipas.db"))
    with closing(sqlite3.connect("eipas.db")) as connection:
        return "\n".join(line for line in connection.iterdump() if _HELPERS not in line)


def postgres_dump() -> str:
    server = PostgresServer()
    server.start()
    try:
        created = server.create_database()
        asyncio.run(fill(server.url_of(created.name)))
        with server.connect(created.name) as connection:
            return "\n".join([_schema(), *_rows(connection)])
    finally:
        server.stop()


def _schema() -> str:
    written, known = io.StringIO(), scripts()
    options = {"as_sql": True, "output_buffer": written}
    with Operations.context(MigrationContext.configure(dialect_name="postgresql", opts=options)):
        for script in reversed(list(known.walk_revisions())):
            script.module.upgrade()
    version = f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL PRIMARY KEY);"
    return f"{written.getvalue().strip()}\n{version}"


def _rows(connection: Connection[tuple[object, ...]]) -> list[str]:
    connection.execute("SET timezone = 'UTC'")
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> %s"
        " ORDER BY oid",  # as they were made: each after those it refers to
        (_HELPERS,),
    )
    lines: list[str] = []
    for (table,) in found.fetchall():
        lines += _rows_of(connection, str(table))
    return lines


def _rows_of(connection: Connection[tuple[object, ...]], table: str) -> list[str]:
    described = connection.execute(
        "SELECT attname, pg_get_serial_sequence(%s, attname) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum",
        (table, table),
    ).fetchall()
    names = sql.SQL(", ").join(sql.Identifier(str(name)) for name, _ in described)
    quoted = sql.SQL(" || ', ' || ").join(
        sql.SQL("quote_nullable({}::text)").format(sql.Identifier(str(name))) for name, _ in described
    )
    rows = connection.execute(sql.SQL("SELECT {} FROM {}").format(quoted, sql.Identifier(table))).fetchall()
    columns = names.as_string(connection)
    lines = [f'INSERT INTO "{table}" ({columns}) VALUES ({values});' for (values,) in rows]
    counted = [(name, sequence) for name, sequence in described if sequence and rows]
    return lines + [f"SELECT setval('{sequence}', (SELECT max({name}) FROM {table}));" for name, sequence in counted]


def freeze(into: Path = RELEASED) -> None:
    into.mkdir(exist_ok=True)
    for name, dump in (("sqlite", sqlite_dump), ("postgresql", postgres_dump)):
        with tempfile.TemporaryDirectory() as folder, chdir(folder):
            text = dump()
        (into / f"{HEAD}.{name}.sql").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    freeze()
    print(f"frozen: {HEAD}; the revisions up to it stay as they are from now on")
