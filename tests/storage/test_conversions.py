"""The short way of values to SQLite and back does what SQLAlchemy does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.types import TypeEngine

from storage.sqlite.conversions import from_driver, to_driver
from storage.tables.base import metadata
from storage.types import Instant, Json, Named, Words

DIALECT = SQLiteDialect_pysqlite()
EAST = timezone(timedelta(hours=5, minutes=30))


def theirs(kind: TypeEngine[Any], value: Any) -> tuple[Any, Any]:
    """What SQLAlchemy hands to the driver, and what it makes of it when it comes back."""
    bind = kind.dialect_impl(DIALECT).bind_processor(DIALECT)
    stored = bind(value) if bind else value
    result = kind.dialect_impl(DIALECT).result_processor(DIALECT, None)
    return stored, result(stored) if result else stored


def ours(kind: TypeEngine[Any], value: Any) -> tuple[Any, Any]:
    bind, result = to_driver(kind, DIALECT), from_driver(kind, DIALECT)
    stored = bind(value) if bind else value
    return stored, result(stored) if result else stored


@given(st.datetimes(timezones=st.sampled_from([UTC, UTC, EAST]), min_value=datetime(1, 1, 2)))
def test_moments(moment: datetime) -> None:
    """A moment of any zone is written as SQLAlchemy writes it, and read back as the same moment in UTC."""
    assert ours(Instant(), moment) == theirs(Instant(), moment)
    assert ours(Instant(), moment)[1] == moment


def test_moments_without_a_zone_are_refused() -> None:
    """A naive moment is refused, as by the column's type."""
    with pytest.raises(ValueError, match="time zone"):
        ours(Instant(), datetime(2026, 1, 1))


@given(st.text(), st.dictionaries(st.text(max_size=5), st.integers() | st.text() | st.none(), max_size=4))
def test_words_and_values(text: str, data: dict[str, Any]) -> None:
    """People's words and JSON values go in and come out alike on both ways, lone surrogates and NUL included."""
    assert ours(Words(), text) == theirs(Words(), text)
    assert ours(Json(dict[str, Any]), data) == theirs(Json(dict[str, Any]), data)


def test_every_column_has_its_way() -> None:
    """For each column of the schema an absent value, and for each enumeration every member, goes both ways alike."""
    kinds = {str(c): c.type for table in metadata.tables.values() for c in table.columns}
    for name, kind in kinds.items():
        assert ours(kind, None) == theirs(kind, None), name
        for member in kind.kind if isinstance(kind, Named) else ():
            assert ours(kind, member) == theirs(kind, member) == (str(member), member), name
