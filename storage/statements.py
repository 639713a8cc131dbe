"""How statements of the repositories are run: the port, and SQLAlchemy's own way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Executable

Row = dict[str, Any]
Values = Row
"""By parameter name. A plain dictionary: asking for the protocol costs more than running the statement."""


class Statements(Protocol):
    """Runs statements on one connection."""

    def rows(self, statement: Executable, values: Values) -> list[Row]:
        """Run it and return what it selects or returns."""
        ...

    def change(self, statement: Executable, values: Values | Sequence[Values]) -> int:
        """Run it, once per mapping, and return how many rows it touched."""
        ...


class CoreStatements:
    """By SQLAlchemy's execution."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, statement: Executable, values: Values) -> list[Row]:
        """Run it and return what it selects or returns."""
        return [dict(row) for row in self._connection.execute(statement, values or None).mappings()]

    def change(self, statement: Executable, values: Values | Sequence[Values]) -> int:
        """Run it, once per mapping, and return how many rows it touched."""
        return self._connection.execute(statement, values).rowcount
