"""An online copy of a SQLite database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.domain.errors import ConfigurationError, NotFound
from storage.engines import parse, private_file
from storage.errors import in_words


def backup(url: str, target: Path) -> None:
    """Copy the database behind `url` to the file `target` while it is in use; the copy is complete or not there at all.

    Raises:
        ConfigurationError: it is PostgreSQL, whose own tools do this, or the target exists.
        NotFound: there is no such database file.
        StorageUnavailable: the disk does not take it.
    """
    parsed = parse(url)
    if parsed.get_backend_name() != "sqlite":
        raise ConfigurationError(problem="only SQLite databases are copied here", mend="Use pg_dump for PostgreSQL")
    source = Path(str(parsed.database))
    if not source.exists():
        raise NotFound(what="database", name=source.name, hint="It is created when the bot first starts.")
    if target.exists():
        raise ConfigurationError(problem=f"{target.name} is there already", mend="Choose a name that is free")
    unfinished = target.with_name(f".{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        private_file(unfinished)
        with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(unfinished)) as copy:
            # In one go: in steps, each write by the bot would make SQLite start over.
            origin.backup(copy)
        unfinished.rename(target)
    except (sqlite3.Error, OSError) as problem:
        unfinished.unlink(missing_ok=True)
        raise in_words(problem) from problem
