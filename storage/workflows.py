"""What stands in DBOS's queues, read from its table: a bot in which all wait for people need not load DBOS to ask."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, TextClause, inspect, text

from storage.engines import transaction_on

_OPEN = "workflow_status WHERE status IN ('ENQUEUED', 'PENDING')"
"""Said as DBOS's partial indexes say it, so that PostgreSQL uses them."""


class Workflows:
    """All methods block, are safe from any thread, and raise StorageUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def schema_version(self) -> int:
        """Return which of DBOS's migrations was applied last; 0 if it has no tables yet."""
        with transaction_on(self._engine) as connection:
            if not _has_table(connection, "dbos_migrations"):
                return 0
            return int(connection.scalar(_select(connection, "version", "dbos_migrations")) or 0)

    def open_keys(self) -> frozenset[str]:
        """Return the keys of what waits or was begun and has not ended, on whatever machine."""
        return frozenset(row.workflow_uuid for row in self._rows("workflow_uuid"))

    def executors(self) -> tuple[bool, frozenset[str]]:
        """Return whether anything waits to be begun, and which machines have begun what has not ended."""
        rows = self._rows("DISTINCT status, executor_id")
        begun = frozenset(str(row.executor_id) for row in rows if row.status == "PENDING")
        return any(row.status == "ENQUEUED" for row in rows), begun

    def _rows(self, columns: str) -> list[Any]:
        with transaction_on(self._engine) as connection:
            return list(connection.execute(_select(connection, columns, _OPEN)))


def oldest_enqueued(connection: Connection) -> datetime | None:
    """Return since when the oldest work waits to be begun."""
    if not _has_table(connection, "workflow_status"):
        return None
    since = connection.scalar(_select(connection, "min(created_at)", f"{_OPEN} AND status = 'ENQUEUED'"))
    return None if since is None else datetime.fromtimestamp(since / 1000, UTC)


def _has_table(connection: Connection, name: str) -> bool:
    return inspect(connection).has_table(name, schema="dbos" if connection.dialect.name == "postgresql" else None)


def _select(connection: Connection, columns: str, source: str) -> TextClause:
    schema = "dbos." if connection.dialect.name == "postgresql" else ""
    return text(f"SELECT {columns} FROM {schema}{source}")  # noqa: S608 - all words are of this module
