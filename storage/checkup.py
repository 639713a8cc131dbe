"""What the doctor asks the database, whether the bot runs on it or not: it neither migrates nor keeps anything."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import EipasError
from bot.domain.finding import Finding, Verdict
from bot.domain.lifecycle import CLOSED
from storage import tables
from storage.engines import parse, postgres_engine, sqlite_engine
from storage.errors import in_words
from storage.migrating import head, revision

FREE_MB, FREE_BROKEN_MB = 1024, 64
"""An evaluation takes a few MB; below the second figure the next one may not be saved."""


def examine_database(url: str) -> list[Finding]:
    """Look whether it can be reached and written, is of this version, and has room. Raises ConfigurationError."""
    parsed = parse(url)
    room: list[Finding] = []
    if parsed.get_backend_name() == "sqlite":
        file = Path(str(parsed.database))
        room = [_room(_existing(file.parent))]
        if not file.exists():
            return [_finding("Database", Verdict.GOOD, f"{file.name} is made when the bot first starts"), *room]
    try:
        with _opened(url) as engine:
            return [_writable(engine), _schema(engine), *room]
    except EipasError as error:
        mend = "Look at the disk, or at EIPAS_DATABASE_URL and the server behind it."
        return [_finding("Database", Verdict.BROKEN, error.message, mend), *room]


def channels_of(url: str) -> dict[str, list[str]]:
    """Return the channels that open evaluations live and tell in, by team; none where there is no database yet."""
    parsed = parse(url)
    if parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).exists():
        return {}
    one = tables.evaluation.c
    still_open = one.state.not_in(sorted(CLOSED))
    here = select(one.team, one.channel).where(still_open)
    told = select(one.team, one.stakeholder_channel).where(still_open, one.stakeholder_channel.is_not(None))
    found: dict[str, list[str]] = {}
    with _opened(url) as engine, engine.connect() as connection:
        for team, channel in connection.execute(here.union(told).order_by(one.channel)):
            found.setdefault(team, []).append(channel)
    return found


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    parsed = parse(url)
    engine = sqlite_engine(parsed) if parsed.get_backend_name() == "sqlite" else postgres_engine(parsed)
    try:
        yield engine
    except DBAPIError as problem:
        raise in_words(problem) from problem
    finally:
        engine.dispose()


def _writable(engine: Engine) -> Finding:
    with engine.connect() as connection:
        connection.execute(insert(tables.inbox), {"key": "doctor", "at": datetime.now(UTC)})
        connection.rollback()
    return _finding("Database", Verdict.GOOD, f"{engine.dialect.name} can be written")


def _schema(engine: Engine) -> Finding:
    with engine.connect() as connection:
        found = revision(connection)
    if found == head():
        return _finding("Schema", Verdict.GOOD, f"revision {found}")
    mend = "The bot brings an older one up to date when it starts; for a newer one, update the bot."
    return _finding("Schema", Verdict.DOUBTFUL, f"revision {found}, this version knows {head()}", mend)


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free // 2**20
    verdict = Verdict.GOOD if free >= FREE_MB else Verdict.DOUBTFUL if free >= FREE_BROKEN_MB else Verdict.BROKEN
    return _finding("Disk", verdict, f"{free} MB free in {folder}", "" if free >= FREE_MB else "Make room on the disk.")


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)


def _finding(what: str, verdict: Verdict, detail: str, mend: str = "") -> Finding:
    return Finding(what=what, verdict=verdict, detail=detail, mend=mend)
