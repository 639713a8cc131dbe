"""Lists by page: filters, ranges, words, order, and a cursor that stays right while rows come and go."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from app.core.database import Connection, Row
from app.core.problems import Problem
from app.core.tables import Table, living, names
from app.core.types import PageQuery


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


async def page(connection: Connection, table: Table, asked: Listing, query: PageQuery) -> tuple[list[Row], str | None]:
    """Return the rows of one page and the cursor of the next, None on the last."""
    order = _order(table, asked.sort)
    where, given = _narrowed(table, asked)
    if query.cursor is not None:
        after, more = _after(order, _decoded(query.cursor, len(order)))
        where, given = [*where, after], [*given, *more]
    statement = sql.SQL("SELECT {} FROM {} WHERE true{}{} ORDER BY {} LIMIT {}").format(
        names(table.columns),
        sql.Identifier(table.name),
        living(table),
        sql.SQL("").join(sql.SQL(" AND {}").format(one) for one in where),
        sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL("DESC" if down else "ASC")) for name, down in order
        ),
        sql.Literal(query.limit + 1),
    )
    try:
        rows = await (await connection.execute(statement, given)).fetchall()
    except psycopg.DataError as error:
        raise Problem(400, "The cursor or a filter holds a value that its column cannot have.") from error
    more_rows = len(rows) > query.limit
    rows = rows[: query.limit]
    return rows, _encoded([rows[-1][name] for name, _down in order]) if more_rows else None


def _order(table: Table, sort: str | None) -> tuple[tuple[str, bool], ...]:
    """Return columns and whether each runs down: what was asked for, then the newest, then the key."""
    first = [(sort.removeprefix("-"), sort.startswith("-"))] if sort else []
    rest = [(table.created, True), *((name, True) for name in table.key)]
    found: dict[str, bool] = {}
    for name, down in [*first, *rest]:
        found.setdefault(name, down)
    return tuple(found.items())


def _narrowed(table: Table, asked: Listing) -> tuple[list[sql.Composed], list[Any]]:
    where: list[sql.Composed] = []
    given: list[Any] = []
    for form, values in (
        ("{} = %s", asked.equal),
        ("%s = ANY({})", asked.contains),
        ("{} >= %s", asked.since),
        ("{} < %s", asked.until),
    ):
        for name, value in values.items():
            where.append(sql.SQL(form).format(sql.Identifier(name)))
            given.append(table.stored(name, value))
    if asked.words:
        text = sql.SQL(" || ' ' || ").join(
            sql.SQL("coalesce({}, '')").format(sql.Identifier(name)) for name in asked.searched
        )
        where.append(sql.SQL("to_tsvector('simple', {}) @@ plainto_tsquery('simple', %s)").format(text))
        given.append(asked.words)
    return where, given


def _after(order: tuple[tuple[str, bool], ...], values: Sequence[str | None]) -> tuple[sql.Composed, list[Any]]:
    """Return the condition that a row comes after these values; empty ones sort as PostgreSQL sorts them."""
    if all(down for _name, down in order) and None not in values:
        row = sql.SQL(", ").join(sql.Identifier(name) for name, _down in order)
        marks = sql.SQL(", ").join([sql.Placeholder()] * len(order))
        return sql.SQL("({}) < ({})").format(row, marks), list(values)
    (name, down), value = order[0], values[0]
    own = sql.Identifier(name)
    beyond, given = _beyond(own, value, down=down)
    if len(order) == 1:
        return beyond, given
    rest, more = _after(order[1:], values[1:])
    same = sql.SQL("{} IS NULL").format(own) if value is None else sql.SQL("{} = %s").format(own)
    tied = [] if value is None else [value]
    return sql.SQL("({} OR ({} AND {}))").format(beyond, same, rest), [*given, *tied, *more]


def _beyond(own: sql.Identifier, value: str | None, *, down: bool) -> tuple[sql.Composed, list[Any]]:
    if value is None:
        # Empty values come last going up and first going down.
        return sql.SQL("{} IS NOT NULL" if down else "{} IS NULL AND false").format(own), []
    form = "{own} < %s" if down else "({own} > %s OR {own} IS NULL)"
    return sql.SQL(form).format(own=own), [value]


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
