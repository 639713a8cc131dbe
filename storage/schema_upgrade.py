"""Brings a database's schema up to date when it is opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Column, Connection, Engine, MetaData, Table, Text, inspect, select, text

from storage.errors import SchemaTooNew

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

_SCRIPTS = Path(__file__).parent / "migrations"
VERSION_TABLE = "eipas_version"
"""A name of our own, for the workflow engine keeps its tables in the same SQLite file."""

HEAD: Final = "0009"
"""The newest revision in `migrations/versions`, said here so that a database that is at it needs no Alembic.

Loading Alembic and its templates costs 0.1 s and 7 MB, which every start would pay for the one that migrates.
"""

_STAMP = Table(VERSION_TABLE, MetaData(), Column("version_num", Text))

_ADVISORY_LOCK = 0x65697061_73
"""Any number, as long as it is ours ("eipas"): of machines that start together, one migrates and the others wait."""


def migrate(engine: Engine, target: str = "head") -> None:
    """Apply what is missing up to the revision `target`, in one transaction.

    Raises:
        SchemaTooNew: the database is at a revision that this version does not know; nothing was changed.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": _ADVISORY_LOCK})
        else:
            # The driver begins by itself only before rows are written: a process that is killed between two tables
            # would leave a schema that no later start could bring up to date.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        found = revision(connection)
        if found != HEAD:
            _upgrade(connection, found, target)


def revision(connection: Connection) -> str | None:
    """Return the revision that the database is at, None if it is empty."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.scalar(select(_STAMP.c.version_num))


def knows(found: str) -> bool:
    """Whether this version has a revision, and so can use or bring up to date a database that is at it."""
    return found in {script.revision for script in scripts().walk_revisions()}


def scripts() -> ScriptDirectory:
    """Return the revisions that this version knows."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see HEAD

    return ScriptDirectory.from_config(_config())


def _upgrade(connection: Connection, found: str | None, target: str) -> None:
    from alembic import command  # noqa: PLC0415 - see HEAD

    if found is not None and not knows(found):
        raise SchemaTooNew(found=found, known=HEAD)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415 - see HEAD

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
