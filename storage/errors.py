"""What may go wrong below the services, in words for the people who see it."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.domain.errors import EipasError, Stale, Unavailable


class StorageUnavailable(Unavailable):
    """The database refused, for a reason that passes."""

    message_template = "Nothing was saved or changed: {reason}. Please try again in a moment."


class DatabaseInUse(EipasError):
    """A second process opened a SQLite database."""

    message_template = (
        "The database {path} is in use by another process. SQLite serves one; stop the other one or use PostgreSQL."
    )


class SchemaTooNew(EipasError):
    """The database's revision is unknown to this version of the code."""

    message_template = (
        "The database was written by a newer version (revision {found}; this one knows {known}). Please update."
    )


_REASONS = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_BUSY": "the database is busy",
    "SQLITE_LOCKED": "the database is busy",
    "SQLITE_IOERR": "the disk does not work",
    "SQLITE_READONLY": "the database is read-only",
    "SQLITE_CORRUPT": "the database is damaged",
    "SQLITE_NOTADB": "the database is damaged",
    "SQLITE_CANTOPEN": "the database cannot be opened",
    "53100": "the disk is full",
    "53300": "the database is busy",
    "25006": "the database is read-only",
}
_RETRIED = frozenset({"40001", "40P01"})
"""PostgreSQL's serialization failure and deadlock: the transaction was undone and may simply run again."""


def code(problem: BaseException) -> str:
    """Return SQLite's primary error name or PostgreSQL's SQLSTATE, empty if there is none."""
    cause = problem.orig if isinstance(problem, DBAPIError) else problem
    if isinstance(cause, sqlite3.Error):
        # Extended codes (SQLITE_IOERR_WRITE, SQLITE_BUSY_SNAPSHOT) begin with the primary one.
        return "_".join(getattr(cause, "sqlite_errorname", "").split("_")[:2])
    return getattr(cause, "sqlstate", None) or ""


def may_retry(problem: BaseException) -> bool:
    """Whether PostgreSQL undid the transaction for reasons of concurrency alone."""
    return code(problem) in _RETRIED


def in_words(problem: BaseException) -> BaseException:
    """Return the error a caller should see: database faults in words, everything else as it is."""
    if isinstance(problem, IntegrityError | sqlite3.IntegrityError):
        return Stale(what="the same was written at the same time")
    if isinstance(problem, OperationalError | sqlite3.OperationalError) or code(problem) in _REASONS:
        return StorageUnavailable(reason=_REASONS.get(code(problem), "the database does not answer"))
    if isinstance(problem, NoConnectionFree):
        return StorageUnavailable(reason="the database is busy")
    if isinstance(problem, OSError):
        return StorageUnavailable(reason=problem.strerror or "the disk does not work")
    return problem
