"""Whether this SQLite has the clock that DBOS reads: without it no work would ever begin, and nothing would say why."""

from __future__ import annotations

import sqlite3
import sys

from bot.domain.errors import ConfigurationError

_MILLISECONDS_SINCE = (3, 12)
"""From this Python on DBOS 3.4 reads `unixepoch('subsec')` (its `_now_ms_sql`); before it reads whole seconds.

Below SQLite 3.42 that is NULL, and every row that DBOS writes would need one: sqlite.org/lang_datefunc.html
"""


def require_millisecond_clock(
    connection: sqlite3.Connection, python: tuple[int, ...] = tuple(sys.version_info[:2])
) -> None:
    """Ask the SQLite behind a connection for what DBOS will ask it.

    Raises:
        ConfigurationError: it cannot tell milliseconds, and this Python needs them.
    """
    if python < _MILLISECONDS_SINCE:
        return
    try:
        (now,) = connection.execute("SELECT unixepoch('subsec')").fetchone()
    except sqlite3.OperationalError:  # no such function: below 3.38
        now = None
    if now is None:
        raise ConfigurationError(
            problem=f"SQLite {sqlite3.sqlite_version} with Python {python[0]}.{python[1]} begins no long work",
            mend="Use Python 3.11, or SQLite 3.42 or newer, or PostgreSQL by EIPAS_DATABASE_URL.",
        )
