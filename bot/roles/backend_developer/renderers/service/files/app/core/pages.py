"""Lists by page: filters, ranges, words, order, and a cursor that stays right while rows come and go."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import sql

from app.core.database import Connection, Reading, Row
from app.core.problems import Problem
from app.core.tables import Table, living, names
from app.core.types import PageQuery

Order = tuple[tuple[str, bool], ...]
_FORMS = ("{} = %s", "%s = ANY({})", "{} >= %s", "{} < %s")
_WORDS = "to_tsvector('simple', {}) @@ plainto_tsquery('simple', %s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a list is narrowed and ordered by; `sort` is a column, with a minus the other way round."""

    equal: Mapping[str, Any]
    contains: Mapping[str, Any]
    since: Mapping[str, Any]
    until: Mapping[str, Any]
    words: str | None = None
    searched: tuple[str, ...] = ()
    sort: str | None = None


def listing(
    query: PageQuery,
    *,
    filters: Mapping[str, str] | None = None,
    contained: Mapping[str, str] | None = None,
    since: Mapping[str, str] | None = None,
    until: Mapping[str, str] | None = None,
    searched: tuple[str, ...] = (),
    parents: Mapping[str, Any] | None = None,
) -> Listing:
    """Return what a query asks for; the mappings lead from the query's fields to columns."""
    said = query.model_dump(exclude_none=True)

    def given(fields: Mapping[str, str] | None) -> dict[str, Any]:
        return {column: said[name] for name, column in (fields or {}).items() if name in said}

    return Listing(
        equal={**given(filters), **(parents or {})},
        contains=given(contained),
        since=given(since),
        until=given(until),
        words=said.get("q") if searched else None,
        searched=searched,
        sort=said.get("sort"),
    )


async def page(
    connection: Connection | Reading, table: Table, asked: Listing, query: PageQuery
) -> tuple[list[Row], str | None]:
    """Return the rows of one page and the cursor of the next, None on the last."""
    order = _order(table, asked.sort)
    after = None if query.cursor is None else _decoded(query.cursor, len(order))
    statement = _statement(table, _conditions(asked), order, None if after is None else tuple(v is None for v in after))
    try:
        found = await connection.execute(statement, [*_values(table, asked), *_reached(order, after), query.limit + 1])
        rows = await found.fetchall()
    except psycopg.DataError as error:
        raise Problem(400, "The cursor or a filter holds a value that its column cannot have.") from error
    more_rows = len(rows) > query.limit
    rows = rows[: query.limit]
    return rows, _encoded([rows[-1][name] for name, _down in order]) if more_rows else None


def _order(table: Table, sort: str | None) -> Order:
    """Return columns and whether each runs down: what was asked for, then the newest, then the key."""
    first = [(sort.removeprefix("-"), sort.startswith("-"))] if sort else []
    rest = [(table.created, True), *((name, True) for name in table.key)]
    found: dict[str, bool] = {}
    for name, down in [*first, *rest]:
        found.setdefault(name, down)
    return tuple(found.items())


def _conditions(asked: Listing) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return forms of conditions, each with the columns in it, in the order of `_values`."""
    pairs = zip(_FORMS, (asked.equal, asked.contains, asked.since, asked.until), strict=True)
    found = [(form, (name,)) for form, values in pairs for name in values]
    return (*found, (_WORDS, asked.searched)) if asked.words else tuple(found)


def _values(table: Table, asked: Listing) -> list[Any]:
    kinds = (asked.equal, asked.contains, asked.since, asked.until)
    found = [table.stored(name, value) for values in kinds for name, value in values.items()]
    return [*found, asked.words] if asked.words else found


@lru_cache(maxsize=1000)
def _statement(
    table: Table, conditions: tuple[tuple[str, tuple[str, ...]], ...], order: Order, after: tuple[bool, ...] | None
) -> bytes:
    """Return the statement of a page; `after` says of each value of the cursor whether it is empty."""
    where = [_condition(form, columns) for form, columns in conditions]
    where += [] if after is None else [_after(order, after)]
    return (
        sql.SQL("SELECT {} FROM {} WHERE true{}{} ORDER BY {} LIMIT %s")
        .format(
            names(table.columns),
            sql.Identifier(table.name),
            living(table),
            sql.SQL("").join(sql.SQL(" AND {}").format(one) for one in where),
            sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL("DESC" if down else "ASC"))
                for name, down in order
            ),
        )
        .as_bytes(None)
    )


def _condition(form: str, columns: tuple[str, ...]) -> sql.Composed:
    if form != _WORDS:
        return sql.SQL(form).format(sql.Identifier(columns[0]))
    parts = (sql.SQL("coalesce({}, '')").format(sql.Identifier(name)) for name in columns)
    return sql.SQL(_WORDS).format(sql.SQL(" || ' ' || ").join(parts))


def _after(order: Order, empty: tuple[bool, ...]) -> sql.Composed:
    """Return the condition that a row comes after the cursor's; empty values sort as PostgreSQL sorts them."""
    if _as_rows(order, empty):
        row = sql.SQL(", ").join(sql.Identifier(name) for name, _down in order)
        marks = sql.SQL(", ").join([sql.Placeholder()] * len(order))
        return sql.SQL("({}) < ({})").format(row, marks)
    (name, down) = order[0]
    own = sql.Identifier(name)
    if empty[0]:
        # Empty values come last going up and first going down.
        beyond = sql.SQL("{} IS NOT NULL" if down else "{} IS NULL AND false").format(own)
    else:
        beyond = sql.SQL("{own} < %s" if down else "({own} > %s OR {own} IS NULL)").format(own=own)
    if len(order) == 1:
        return beyond
    same = sql.SQL("{} IS NULL" if empty[0] else "{} = %s").format(own)
    return sql.SQL("({} OR ({} AND {}))").format(beyond, same, _after(order[1:], empty[1:]))


def _reached(order: Order, values: Sequence[str | None] | None) -> list[Any]:
    """Return the values that stand for the marks of `_after`."""
    if not values:
        return []
    if _as_rows(order, tuple(value is None for value in values)):
        return list(values)
    own = [] if values[0] is None else [values[0]]
    return own if len(order) == 1 else [*own, *own, *_reached(order[1:], values[1:])]


def _as_rows(order: Order, empty: tuple[bool, ...]) -> bool:
    return all(down for _name, down in order) and not any(empty)


def _encoded(values: Sequence[Any]) -> str:
    said = [None if value is None else str(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(said, ensure_ascii=False).encode()).decode()


def _decoded(cursor: str, width: int) -> list[str | None]:
    try:
        said = json.loads(base64.b64decode(cursor.encode(), altchars=b"-_", validate=True))
        if not isinstance(said, list) or len(said) != width:
            raise ValueError("of another list")
        if any(not (value is None or isinstance(value, str)) or "\x00" in str(value) for value in said):
            raise ValueError("not of a page")
    except (ValueError, binascii.Error, RecursionError) as error:
        raise Problem(400, "The cursor is none that a page of this list had.") from error
    return said
