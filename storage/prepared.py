"""Core statements compiled once and run on SQLite's driver directly.

A vote is about ten statements. SQLAlchemy spends 30-45 us on each even when it is cached, SQLite itself 5 us; behind
one writer thread that difference decides how many people can be served. The statements stay the same for PostgreSQL,
where the network decides, and SQLAlchemy runs them there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.compiler import SQLCompiler

from storage.types import Instant

Values = Mapping[str, Any]
Row = dict[str, Any]
Process = Callable[[Any], Any]


class Prepared:
    """One statement for one set of parameter names, with the types' conversions looked up beforehand.

    `usable` is False for statements whose SQL depends on the values (an IN over a list).
    """

    __slots__ = ("_binds", "_columns", "_processes", "_sql", "usable")

    def __init__(self, statement: Any, keys: tuple[str, ...], dialect: Dialect) -> None:
        compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=list(keys))
        binds = [compiled.binds[name] for name in compiled.positiontup or ()]
        self.usable = not any(bind.expanding for bind in binds)
        self._sql = str(compiled)
        self._binds: list[tuple[str | None, Any, Process | None]] = []
        for bind in binds:
            process = _remembering(bind.type, bind.type.dialect_impl(dialect).bind_processor(dialect))
            if bind.key in keys:
                self._binds.append((bind.key, None, process))
            else:
                self._binds.append((None, process(bind.effective_value) if process else bind.effective_value, None))
        columns = statement.exported_columns if statement.is_select or compiled.effective_returning else ()
        self._columns = tuple(column.key for column in columns)
        processes = [(c.key, c.type.dialect_impl(dialect).result_processor(dialect, None)) for c in columns]
        self._processes: list[tuple[str, Process]] = [(key, process) for key, process in processes if process]

    def rows(self, connection: sqlite3.Connection, values: Values) -> list[Row]:
        """Run it and return what it selects or returns."""
        columns, processes = self._columns, self._processes
        found = [
            dict(zip(columns, cells, strict=True))
            for cells in connection.execute(self._sql, self._positional(values)).fetchall()
        ]
        for row in found:
            for key, process in processes:
                row[key] = process(row[key])
        return found

    def change(self, connection: sqlite3.Connection, values: Values | Sequence[Values]) -> int:
        """Run it, once per mapping, and return how many rows it touched."""
        if isinstance(values, Mapping):
            return connection.execute(self._sql, self._positional(values)).rowcount
        return connection.executemany(self._sql, [self._positional(one) for one in values]).rowcount

    def _positional(self, values: Values) -> list[Any]:
        return [
            constant if key is None else process(values[key]) if process else values[key]
            for key, constant, process in self._binds
        ]


def _remembering(kind: Any, process: Process | None) -> Process | None:
    """Remember the text of moments: one transaction writes its own into most of its rows, and it is slow to make."""
    return lru_cache(maxsize=64)(process) if process is not None and isinstance(kind, Instant) else process


def driver(connection: Connection) -> sqlite3.Connection:
    """Return the driver's own connection beneath SQLAlchemy's."""
    raw: Any = connection.connection.driver_connection
    found: sqlite3.Connection = raw
    return found


class Preparations:
    """What is compiled already. For statements that are module constants: each is kept for ever."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._known: dict[tuple[Any, tuple[str, ...]], Prepared] = {}

    def of(self, statement: Any, values: Values | Sequence[Values]) -> Prepared:
        """Return the statement compiled for these parameters. Two threads that both miss do the same work once each."""
        keys = tuple(values) if isinstance(values, Mapping) else tuple(values[0])
        found = self._known.get((statement, keys))
        if found is None:
            found = self._known[statement, keys] = Prepared(statement, keys, self._dialect)
        return found
