"""Tables as data, and the few statements that every resource needs. Who may see a row is the database's to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from psycopg import sql
from psycopg.types.json import Jsonb
from starlette.concurrency import run_in_threadpool

from app.core.credentials import hashed
from app.core.database import Connection, Reading, Row
from app.core.problems import Problem

DEFAULT: Final = object()
"""Stands for what the database puts in when a value is left out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """One table, equal to itself only. `columns` are those that are read: secrets are not among them. `key` leaves the tenant out."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ("id",)
    tenant: str = ""
    tenant_root: bool = False
    owner: str = ""
    authors: tuple[str, ...] = ()
    created: str = "created_at"
    updated: str = "updated_at"
    deleted: str = ""
    json: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    passwords: tuple[str, ...] = ()
    """Columns of which only a digest is kept."""

    def stored(self, name: str, value: Any) -> Any:
        """Return a value as psycopg writes it into the column."""
        if value is None or value is DEFAULT:
            return value
        if name in self.json:
            return Jsonb(value)
        if name in self.points:
            return f"({value['longitude']},{value['latitude']})"
        return value


async def fetch(connection: Connection | Reading, table: Table, where: Mapping[str, Any], *, lock: bool = False) -> Row:
    """Return the row; a problem of status 404 if there is none, or none that the caller may see."""
    statement = _select(table, tuple(where), lock)
    row = await (await connection.execute(statement, list(where.values()))).fetchone()
    if row is None:
        raise Problem(404, "There is no such resource, or the caller may not know of it.")
    return row


async def insert(connection: Connection, table: Table, values: Mapping[str, Any]) -> Row:
    """Add a row and return it as it then is."""
    values = await _without_passwords(table, values)
    given = [table.stored(name, value) for name, value in values.items()]
    row = await (await connection.execute(_insert(table, tuple(values)), given)).fetchone()
    if row is None:
        raise Problem(403, "The caller may not make this.")
    return row


async def update(connection: Connection, table: Table, row: Row, values: Mapping[str, Any]) -> Row:
    """Change a row that was fetched and return it as it then is."""
    if not values:
        return row
    values = await _without_passwords(table, values)
    fixed = tuple(name for name, value in values.items() if value is DEFAULT)
    given = [table.stored(name, value) for name, value in values.items() if value is not DEFAULT]
    statement = _update(table, tuple(values), fixed)
    changed = await (await connection.execute(statement, [*given, *(row[name] for name in table.key)])).fetchone()
    if changed is None:
        raise Problem(403, "The caller may not change this.")
    return changed


async def delete(connection: Connection, table: Table, row: Row) -> None:
    """Take a row away that was fetched; where rows are kept it is marked as deleted."""
    gone = await connection.execute(_delete(table), [row[name] for name in table.key])
    if gone.rowcount == 0:
        raise Problem(403, "The caller may not delete this.")


async def _without_passwords(table: Table, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values with digests in place of passwords; making one takes a processor for a twentieth of a second."""
    given = {name: values[name] for name in table.passwords if isinstance(values.get(name), str)}
    return {**values, **{name: await run_in_threadpool(hashed, value) for name, value in given.items()}}


def names(columns: tuple[str, ...]) -> sql.Composed:
    """Return the columns' names, quoted, with commas between."""
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def equal(columns: tuple[str, ...]) -> sql.Composed:
    """Return the condition that each column is a parameter."""
    return sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in columns)


def living(table: Table) -> sql.SQL | sql.Composed:
    """Return the condition that leaves deleted rows out."""
    return sql.SQL(" AND {} IS NULL").format(sql.Identifier(table.deleted)) if table.deleted else sql.SQL("")


@lru_cache(maxsize=1000)
def _select(table: Table, where: tuple[str, ...], lock: bool) -> bytes:
    return (
        sql.SQL("SELECT {} FROM {} WHERE {}{}{}")
        .format(
            names(table.columns),
            sql.Identifier(table.name),
            equal(where),
            living(table),
            sql.SQL(" FOR UPDATE" if lock else ""),
        )
        .as_bytes(None)
    )


@lru_cache(maxsize=1000)
def _insert(table: Table, given: tuple[str, ...]) -> bytes:
    if not given:
        made = sql.SQL("DEFAULT VALUES")
        return (
            sql.SQL("INSERT INTO {} {} RETURNING {}")
            .format(sql.Identifier(table.name), made, names(table.columns))
            .as_bytes(None)
        )
    return (
        sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING {}")
        .format(
            sql.Identifier(table.name),
            names(given),
            sql.SQL(", ").join([sql.Placeholder()] * len(given)),
            names(table.columns),
        )
        .as_bytes(None)
    )


@lru_cache(maxsize=1000)
def _update(table: Table, given: tuple[str, ...], fixed: tuple[str, ...]) -> bytes:
    pairs = sql.SQL(", ").join(
        sql.SQL("{} = DEFAULT" if name in fixed else "{} = %s").format(sql.Identifier(name)) for name in given
    )
    return (
        sql.SQL("UPDATE {} SET {} WHERE {}{} RETURNING {}")
        .format(sql.Identifier(table.name), pairs, equal(table.key), living(table), names(table.columns))
        .as_bytes(None)
    )


@lru_cache(maxsize=1000)
def _delete(table: Table) -> bytes:
    if table.deleted:
        return (
            sql.SQL("UPDATE {} SET {} = now() WHERE {}{}")
            .format(sql.Identifier(table.name), sql.Identifier(table.deleted), equal(table.key), living(table))
            .as_bytes(None)
        )
    return sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(table.name), equal(table.key)).as_bytes(None)
