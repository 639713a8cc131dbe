"""Brings a database's schema up to date when it is opened."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage.errors import SchemaTooNew

_SCRIPTS = Path(__file__).parent / "migrations"
VERSION_TABLE = "eipas_version"
"""A name of our own, for the workflow engine keeps its tables in the same SQLite file."""

_ADVISORY_LOCK = 0x65697061_73
"""Any number, as long as it is ours ("eipas"): of machines that start together, one migrates and the others wait."""


def migrate(engine: Engine, target: str = "head") -> None:
    """Apply what is missing up to the revision `target`, in one transaction.

    Raises:
        SchemaTooNew: the database is at a revision that this version does not know; nothing was changed.
    """
    known = scripts()
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": _ADVISORY_LOCK})
        else:
            # The driver begins by itself only before rows are written: a process that is killed between two tables
            # would leave a schema that no later start could bring up to date.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        found = revision(connection)
        if found == known.get_current_head():
            return
        if found is not None and not knows(found):
            raise SchemaTooNew(found=found, known=known.get_current_head())
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, target)


def revision(connection: Connection) -> str | None:
    """Return the revision that the database is at, None if it is empty."""
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def head() -> str | None:
    """Return the revision that this version brings databases to."""
    return scripts().get_current_head()


def knows(found: str) -> bool:
    """Whether this version has a revision, and so can use or bring up to date a database that is at it."""
    return found in {script.revision for script in scripts().walk_revisions()}


def scripts() -> ScriptDirectory:
    """Return the revisions that this version knows."""
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
