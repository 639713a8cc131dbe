"""A machine that stands still in the middle of a transaction."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage import engines


def test_what_it_locked_is_free_again(migrated_postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL ends a transaction that says nothing; another one gets its lock, and the first cannot go on."""
    monkeypatch.setattr(engines, "STANDSTILL_MS", 200)
    engine = engines.postgres_engine(engines.parse(migrated_postgres_url))
    lock = text("SELECT pg_advisory_xact_lock(1)")
    with engine.connect() as standing:
        standing.execute(lock)
        with engine.connect() as other:
            other.execute(text("SET LOCAL lock_timeout = '20s'"))
            other.execute(lock)
        with pytest.raises(DBAPIError, match="idle-in-transaction"):
            standing.execute(text("SELECT 1"))
    engine.dispose()
