"""The schema that migrations make is the one the code speaks of."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bot.domain.errors import ConfigurationError, NotFound
from storage import SchemaTooNew, SqlDatabase, backup, open_database
from storage.schema_upgrade import HEAD, VERSION_TABLE, revision, scripts
from storage.tables import metadata
from tests.storage.conftest import Opener, Time
from tests.support import dossiers


@pytest.fixture(params=["fresh_sqlite_url", "fresh_postgres_url"])
def fresh_url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(request.param)
    return found


async def test_the_migrated_schema_is_the_tables(fresh_url: str, opened: Opener) -> None:
    """Alembic finds no difference between a migrated database and the tables of the code, types included."""
    database = await opened(fresh_url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, metadata) == []


async def test_the_head_is_the_newest_revision(fresh_url: str, opened: Opener) -> None:
    """What is compared at each start without Alembic is what Alembic calls the head, and what it stamps."""
    assert scripts().get_current_head() == HEAD
    database = await opened(fresh_url)
    with database.engine.connect() as connection:
        assert revision(connection) == HEAD


async def test_partial_indexes_hold_only_what_is_looked_for(fresh_url: str, opened: Opener) -> None:
    """The index of dirty surfaces leaves out the clean ones, on both databases."""
    database = await opened(fresh_url)
    master = "SELECT sql FROM sqlite_master WHERE name = 'ix_surface_dirty'"
    catalogue = "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_surface_dirty'"
    with database.engine.connect() as connection:
        definition = connection.execute(
            text(master if database.engine.dialect.name == "sqlite" else catalogue)
        ).scalar()
    assert "wanted > synced" in str(definition)


async def test_a_newer_schema_is_refused(fresh_url: str, opened: Opener, time: Time) -> None:
    """A database written by a newer version is refused in words and left as it is; SQLite's lock is given back."""
    database = await opened(fresh_url)
    with database.engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    await database.close()
    for _ in range(2):
        with pytest.raises(SchemaTooNew, match="9999"):
            await open_database(fresh_url, clock=time).start()


async def test_machines_that_start_together_migrate_once(fresh_postgres_url: str, opened: Opener) -> None:
    """Four that open an empty PostgreSQL database at once all succeed, for one migrates while the others wait."""
    databases: list[SqlDatabase] = await asyncio.gather(*(opened(fresh_postgres_url) for _ in range(4)))
    await databases[0].transaction(lambda tx: tx.evaluations.add(dossiers.evaluation()))
    assert await databases[3].read(lambda tx: tx.evaluations.get(dossiers.evaluation().id)) == dossiers.evaluation()


async def test_a_backup_is_complete_while_in_use(
    sqlite: SqlDatabase, sqlite_url: str, tmp_path: Path, opened: Opener
) -> None:
    """A copy made while transactions run opens as a database with everything committed before it."""
    await sqlite.transaction(lambda tx: tx.evaluations.add(dossiers.evaluation()))
    writing = asyncio.gather(
        *(
            sqlite.transaction(lambda tx: tx.evaluations.save(tx.evaluations.get(dossiers.evaluation().id)))
            for _ in range(50)
        )
    )
    target = tmp_path / "copy.db"
    await asyncio.to_thread(backup, sqlite_url, target)
    await writing
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    restored = await opened(f"sqlite:///{target}")
    assert (
        await restored.read(lambda tx: tx.evaluations.get(dossiers.evaluation().id))
    ).title == dossiers.evaluation().title


def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    """A missing database, a target that exists and PostgreSQL are refused in words."""
    url = f"sqlite:///{tmp_path}/none.db"
    with pytest.raises(NotFound, match="none"):
        backup(url, tmp_path / "copy.db")
    for name in ("none.db", "copy.db"):
        (tmp_path / name).touch()
    with pytest.raises(ConfigurationError, match="is there already"):
        backup(url, tmp_path / "copy.db")
    with pytest.raises(ConfigurationError, match="pg_dump"):
        backup("postgresql://host/db", tmp_path / "other.db")
