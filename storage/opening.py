"""The database behind a URL: the one place that knows both."""

from __future__ import annotations

from bot.services.ports import Clock
from storage.database import OnDirty, SqlDatabase
from storage.engines import parse
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase
from storage.transaction import Enqueue


def open_database(
    url: str, *, clock: Clock, enqueue: Enqueue | None = None, on_dirty: OnDirty | None = None
) -> SqlDatabase:
    """Return the database behind `url` (`sqlite:///file` or `postgresql://...`), not started yet.

    Raises:
        ConfigurationError: the URL names neither.
    """
    parsed = parse(url)
    kind = SqliteDatabase if parsed.get_backend_name() == "sqlite" else PostgresDatabase
    return kind(parsed, clock=clock, enqueue=enqueue, on_dirty=on_dirty)
