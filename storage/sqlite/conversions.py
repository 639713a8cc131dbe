"""How values of our column types go to SQLite's driver and come back, past SQLAlchemy's layers of wrappers.

The same as SQLAlchemy does with these types on SQLite (a test compares them), in a tenth of the time: a transaction
converts dozens of values, and its moment into most of its rows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.types import TypeEngine

from storage.types import Instant, Json, Named, Words

Convert = Callable[[Any], Any]


def to_driver(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """Return what turns a value into one that the driver takes, None if it takes it as it is."""
    if isinstance(kind, Instant):
        return _moment_to_text
    if isinstance(kind, Words | Named | Json):
        return partial(kind.process_bind_param, dialect=dialect)
    return kind.dialect_impl(dialect).bind_processor(dialect)


def from_driver(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """Return what turns the driver's value into ours, None if it is ours already."""
    if isinstance(kind, Instant):
        return _moment_from_text
    if isinstance(kind, Words):
        return None
    if isinstance(kind, Named | Json):
        return partial(kind.process_result_value, dialect=dialect)
    processor: Convert | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return processor


def _moment_to_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
    return value.isoformat(" ", "microseconds")[:-6]  # SQLite's text has no zone: all of ours are in UTC


def _moment_from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)
