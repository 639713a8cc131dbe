"""What the doctor asks the database, whether the bot runs on it or not: it neither migrates nor keeps anything."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Executable, insert, select, text
from sqlalchemy.exc import DBAPIError

from bot.domain.diagnostic import Diagnostic, Severity
from bot.domain.errors import ConfigurationError, EipasError
from bot.domain.lifecycle import CLOSED
from storage import tables
from storage.engines import engine_of, parse
from storage.errors import in_words
from storage.schema_upgrade import HEAD, knows, revision
from storage.sqlite.clock import require_millisecond_clock

FREE_MB, FREE_BROKEN_MB = 1024, 64
"""An evaluation takes a few MB; below the second figure the next one may not be saved."""

_MEND = "Look at EIPAS_DATABASE_URL (host, port, name, user, password) and whether the server behind it runs."
_DAMAGED = "Stop the bot, put the damaged file away, and put the last backup in its place."
_DURABLE = ("fsync", "synchronous_commit")
"""postgresql.org/docs/current/runtime-config-wal.html"""

_MENDS = {
    "the disk is full": "Make room on the disk.",
    "the disk does not work": "Look at the disk and at the system's log.",
    "the database is read-only": "Let the bot write: the file and its folder, or the primary and not a replica.",
    "the database cannot be opened": "Let the bot read and write the file and its folder.",
    "the database is damaged": _DAMAGED,
    "the database is busy": "Something holds it: another tool, or too many connections. End it, or try again.",
}


def examine_database(url: str) -> list[Diagnostic]:
    """Look whether it can be reached and written, is of this version, and has room."""
    try:
        parsed = parse(url)
    except EipasError as error:
        return [_diagnostic("Database", Severity.ERROR, error.message)]
    room: list[Diagnostic] = []
    if parsed.get_backend_name() == "sqlite":
        file = Path(str(parsed.database))
        room = [_room(_existing(file.parent)), *_clock()]
        if not file.exists():
            return [_diagnostic("Database", Severity.OK, f"{file.name} is made when the bot first starts"), *room]
    try:
        with opened(url) as engine:
            return [*_schema(engine), *_durability(engine), *room]
    except EipasError as error:
        reason = str(error.fields.get("reason", error.message))
        return [_diagnostic("Database", Severity.ERROR, reason, _MENDS.get(reason, _MEND)), *room]


def channels_of(url: str) -> dict[str, list[str]]:
    """Return the channels that open evaluations live and tell in, by team; none where none can be read."""
    one = tables.evaluation.c
    still_open = one.state.not_in(sorted(CLOSED))
    here = select(one.team, one.channel).where(still_open)
    told = select(one.team, one.stakeholder_channel).where(still_open, one.stakeholder_channel.is_not(None))
    found: dict[str, list[str]] = {}
    for team, channel in _read(url, here.union(told).order_by(one.channel)):
        found.setdefault(team, []).append(channel)
    return found


def installed_in(url: str) -> dict[str, str]:
    """Return the names of the workspaces that installed the app, by team; none where none can be read."""
    bots = tables.slack_bot.c
    rows = _read(url, select(bots.team_id, bots.team_name).order_by(bots.installed_at))
    return {str(team): str(name or team) for team, name in rows}


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """Open the database beside whoever uses it. Raises StorageUnavailable where it cannot be used."""
    engine = engine_of(parse(url))
    try:
        yield engine
    except DBAPIError as problem:
        raise in_words(problem) from problem
    finally:
        engine.dispose()


def _read(url: str, statement: Executable) -> list[tuple[Any, ...]]:
    """Read from a database that the bot has used; what else there is has a finding of its own."""
    try:
        parsed = parse(url)
        if parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).exists():
            return []
        with opened(url) as engine, engine.connect() as connection:
            return [tuple(row) for row in connection.execute(statement)] if revision(connection) == HEAD else []
    except EipasError:
        return []


def _schema(engine: Engine) -> list[Diagnostic]:
    with engine.connect() as connection:
        found = revision(connection)
    if found is None:
        return [_diagnostic("Database", Severity.OK, f"{engine.dialect.name} is empty; the bot makes its tables")]
    if not knows(found):
        newer = f"revision {found}, of a newer version; this one knows {HEAD}"
        return [_diagnostic("Schema", Severity.ERROR, newer, "Update the bot, or give it the backup from before.")]
    older = f"revision {found}; the bot brings it to {HEAD} when it starts"
    schema = _diagnostic("Schema", Severity.OK, f"revision {found}" if found == HEAD else older)
    return [_writable(engine), schema]


def _writable(engine: Engine) -> Diagnostic:
    with engine.connect() as connection:
        connection.execute(insert(tables.inbox), {"key": "doctor", "at": datetime.now(UTC)})
        connection.rollback()
    return _diagnostic("Database", Severity.OK, f"{engine.dialect.name} can be written")


def _durability(engine: Engine) -> list[Diagnostic]:
    """Say whether PostgreSQL waits for its disk; of a SQLite file the bot itself sees to that."""
    if engine.dialect.name != "postgresql":
        return []
    with engine.connect() as connection:
        off = [name for name in _DURABLE if connection.scalar(text(f"SHOW {name}")) == "off"]
    if not off:
        return [_diagnostic("Durability", Severity.OK, "commits wait for the server's disk")]
    detail = f"{' and '.join(off)} off: what was acknowledged may be lost with the server's power"
    return [_diagnostic("Durability", Severity.WARNING, detail, "Switch it on in the server's configuration.")]


def _clock() -> list[Diagnostic]:
    """Say whether SQLite can tell the time as the job queue asks for it; nothing if it can."""
    try:
        with closing(sqlite3.connect(":memory:")) as memory:
            require_millisecond_clock(memory)
    except ConfigurationError as error:
        problem, mend = str(error.fields["problem"]), str(error.fields["mend"])
        return [_diagnostic("SQLite", Severity.ERROR, problem, mend)]
    return []


def _room(folder: Path) -> Diagnostic:
    free = shutil.disk_usage(folder).free // 2**20
    severity = Severity.OK if free >= FREE_MB else Severity.WARNING if free >= FREE_BROKEN_MB else Severity.ERROR
    return _diagnostic(
        "Disk", severity, f"{free} MB free in {folder}", "" if free >= FREE_MB else "Make room on the disk."
    )


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)


def _diagnostic(what: str, severity: Severity, detail: str, mend: str = "") -> Diagnostic:
    return Diagnostic(what=what, severity=severity, detail=detail, mend=mend)
