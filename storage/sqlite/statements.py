"""Core statements compiled once and run on SQLite's driver directly.

A vote is about ten statements. SQLAlchemy spends 30-45 us on each even when it is cached, SQLite itself 5 us; behind
one writer thread that difference decides how many people can be served. The statements stay the same for PostgreSQL,
where the network decides, and SQLAlchemy runs them there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler

from storage.sqlite.conversions import from_driver, to_driver
from storage.statements import CoreStatements, Row, Statements, Values


class Prepared:
    """One statement for one set of parameter names, with the types' conversions looked up beforehand.

    `usable` is False for statements whose SQL depends on the values (an IN over a list).
    """

    __slots__ = ("_columns", "_constants", "_from", "_names", "_sql", "_to", "usable")

    def __init__(self, statement: Any, keys: tuple[str, ...], dialect: Dialect) -> None:
        compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=list(keys))
        binds = [compiled.binds[name] for name in compiled.positiontup or ()]
        self.usable = not any(bind.expanding for bind in binds)
        self._sql = str(compiled)
        self._names = tuple(bind.key for bind in binds)
        converts = [(bind, to_driver(bind.type, dialect)) for bind in binds]
        self._constants: Row = {
            bind.key: convert(bind.effective_value) if convert else bind.effective_value
            for bind, convert in converts
            if bind.key not in keys
        }
        self._to = tuple(
            (place, convert) for place, (bind, convert) in enumerate(converts) if convert and bind.key in keys
        )
        columns = statement.exported_columns if statement.is_select or compiled.effective_returning else ()
        self._columns = tuple(column.key for column in columns)
        found = [(column.key, from_driver(column.type, dialect)) for column in columns]
        self._from = tuple((key, convert) for key, convert in found if convert)

    def rows(self, connection: sqlite3.Connection, values: Values) -> list[Row]:
        """Run it and return what it selects or returns."""
        columns, converts = self._columns, self._from
        found = [
            dict(zip(columns, cells, strict=False))  # as many by construction, and this is the innermost loop
            for cells in connection.execute(self._sql, self._positional(values)).fetchall()
        ]
        for row in found:
            for key, convert in converts:
                row[key] = convert(row[key])
        return found

    def change(self, connection: sqlite3.Connection, values: Values | Sequence[Values]) -> int:
        """Run it, once per mapping, and return how many rows it touched."""
        if isinstance(values, dict):
            return connection.execute(self._sql, self._positional(values)).rowcount
        return connection.executemany(self._sql, [self._positional(one) for one in values]).rowcount

    def _positional(self, values: Values) -> list[Any]:
        given = {**self._constants, **values} if self._constants else values
        cells = [given[name] for name in self._names]
        for place, convert in self._to:
            cells[place] = convert(cells[place])
        return cells


def driver(connection: Connection) -> sqlite3.Connection:
    """Return the driver's own connection beneath SQLAlchemy's."""
    raw: Any = connection.connection.driver_connection
    found: sqlite3.Connection = raw
    return found


class DriverStatements:
    """What is compiled already. For statements that are module constants: each is kept for ever."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._known: dict[tuple[Any, tuple[str, ...]], Prepared] = {}

    def over(self, connection: Connection) -> Statements:
        """Return what runs statements on this connection."""
        return _OnDriver(self, connection)

    def of(self, statement: Any, values: Values | Sequence[Values]) -> Prepared:
        """Return the statement compiled for these parameters. Two threads that both miss do the same work once each."""
        keys = tuple(values) if isinstance(values, dict) else tuple(values[0])
        found = self._known.get((statement, keys))
        if found is None:
            found = self._known[statement, keys] = Prepared(statement, keys, self._dialect)
        return found


class _OnDriver:
    """Past SQLAlchemy where the SQL does not depend on the values, through it where it does."""

    __slots__ = ("_core", "_prepared", "_raw")

    def __init__(self, prepared: DriverStatements, connection: Connection) -> None:
        self._prepared, self._raw = prepared, driver(connection)
        self._core = CoreStatements(connection)

    def rows(self, statement: Executable, values: Values) -> list[Row]:
        """Run it and return what it selects or returns."""
        prepared = self._prepared.of(statement, values)
        return prepared.rows(self._raw, values) if prepared.usable else self._core.rows(statement, values)

    def change(self, statement: Executable, values: Values | Sequence[Values]) -> int:
        """Run it, once per mapping, and return how many rows it touched."""
        prepared = self._prepared.of(statement, values)
        return prepared.change(self._raw, values) if prepared.usable else self._core.change(statement, values)
