"""The list queries that an API implies, as PostgreSQL plans and runs them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from psycopg import sql

from bot.roles.backend_developer.checks.catalogue import Catalogue, Connection, Table
from bot.roles.backend_developer.checks.document import Document, Endpoint, mapping
from bot.roles.backend_developer.checks.names import stem

_WITH_TENANT: Final = 2
"""Columns of a foreign key within a tenant."""

PAGE: Final = 51
"""A page of 50 and the row that tells whether there is another."""

RUNS: Final = 20
_CLOCK_MS: Final = 0.01
"""No run is told to be shorter: clocks are not that exact."""

_MANY_SORTED: Final = 1_000
"""Sorting fewer rows than this is no harm; sorting more means that no index gives the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """The query behind a list endpoint: `filters` are columns compared for equality."""

    endpoint: str
    table: str
    filters: tuple[str, ...]
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A list query as measured: whether an index carried it, and how long it took.

    `p95_ms` is the 95th percentile in milliseconds here; `ratio` the fastest run in multiples of a calibrating query's
    fastest, run in turns with it.
    """

    query: ListQuery
    statement: str
    plan: Any
    offence: str
    p95_ms: float
    ratio: float
    rows: int


def list_queries(document: Document, catalogue: Catalogue) -> tuple[ListQuery, ...]:
    """Derive the queries from document and catalogue: what to filter by is in the path and the parameters."""
    found: list[ListQuery] = []
    for endpoint in document.lists():
        table = _table(endpoint, catalogue)
        if table is None:
            continue
        tenant = catalogue.tenant_column(table)
        scope = (*([tenant] if tenant else []), *_parents(endpoint, table))
        made = next((name for name in table.columns if name.replace("_", "").lower() == "createdat"), "")
        key = tuple(name for name in table.primary_key if name != tenant)
        order = tuple(dict.fromkeys((made, *key))) if made else key
        base = ListQuery(endpoint=endpoint.label, table=table.name, filters=tuple(dict.fromkeys(scope)), order=order)
        found.append(base)
        found += [
            ListQuery(endpoint=f"{endpoint.label}?{name}", table=table.name, filters=(*base.filters, name), order=order)
            for name in _filters(endpoint, table)
            if name not in base.filters
        ]
    return tuple(found)


def measure(connection: Connection, query: ListQuery, *, runs: int = RUNS) -> Read:
    """Explain the query's second page, run it `runs` times, and return what was seen.

    An offence is a sequential scan of the table, or a sort of more than 1,000 rows.
    """
    statement = _statement(connection, query)
    rows = int(_one(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", query.table))))
    plan = _one(connection, b"EXPLAIN (ANALYZE, FORMAT JSON) " + statement.encode())[0]["Plan"]
    times, others = [], []
    calibrating = _calibrating()
    for _ in range(runs):
        times.append(_timed(connection, statement))
        others.append(_timed(connection, calibrating))
    # The last but one: one slower run in twenty is what a 95th percentile allows.
    return Read(
        query=query,
        statement=statement,
        plan=plan,
        offence=_offence(plan, query.table),
        p95_ms=sorted(times)[-2],
        ratio=min(times) / max(min(others), _CLOCK_MS),
        rows=rows,
    )


def _timed(connection: Connection, statement: str) -> float:
    began = time.perf_counter()
    connection.execute(statement.encode(), prepare=True).fetchall()
    return (time.perf_counter() - began) * 1000


def _calibrating() -> str:
    """Return the calibrating query: a page's worth of rows that cost nothing to find."""
    return f"SELECT * FROM generate_series(1, {PAGE}) AS g"  # noqa: S608 - a constant


def _statement(connection: Connection, query: ListQuery) -> str:
    table = sql.Identifier("public", query.table)
    values = _existing(connection, query)
    equal = [sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(values[name])) for name in query.filters]
    order = sql.SQL(", ").join(sql.Identifier(name) for name in query.order)
    after = sql.SQL("({}) < ({})").format(order, sql.SQL(", ").join(sql.Literal(values[name]) for name in query.order))
    descending = sql.SQL(", ").join(sql.SQL("{} DESC").format(sql.Identifier(name)) for name in query.order)
    return (
        sql.SQL("SELECT * FROM {} WHERE {} ORDER BY {} LIMIT {}")
        .format(table, sql.SQL(" AND ").join([*equal, after]), descending, sql.Literal(PAGE))
        .as_string(connection)
    )


def _existing(connection: Connection, query: ListQuery) -> Mapping[str, Any]:
    """Return a row of the table to take the filters' values and the page's start from."""
    names = tuple(dict.fromkeys((*query.filters, *query.order)))
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in names)
    newest = sql.SQL(", ").join(sql.SQL("{} DESC").format(sql.Identifier(name)) for name in query.order)
    statement = sql.SQL("SELECT {} FROM {} ORDER BY {} OFFSET 10 LIMIT 1").format(
        columns, sql.Identifier("public", query.table), newest
    )
    row = connection.execute(statement).fetchone()
    return dict(zip(names, row, strict=True)) if row is not None else dict.fromkeys(names)


def _one(connection: Connection, statement: bytes | sql.Composed) -> Any:
    row = connection.execute(statement).fetchone()
    return row[0] if row is not None else None


def _offence(plan: Mapping[str, Any], table: str) -> str:
    nodes = tuple(_nodes(plan))
    if any(node.get("Node Type") == "Seq Scan" and node.get("Relation Name") == table for node in nodes):
        return f"reads all of {table}"
    sorts = (node for node in nodes if node.get("Node Type") == "Sort")
    most = max((int(child.get("Actual Rows", 0)) for node in sorts for child in node.get("Plans", ())), default=0)
    return f"sorts {most:,} rows of {table}" if most > _MANY_SORTED else ""


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _segments(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _table(endpoint: Endpoint, catalogue: Catalogue) -> Table | None:
    last = _segments(endpoint.path)[-1:]
    name = re.sub(r"[^a-z0-9_]", "_", last[0].lower()) if last else ""
    found = catalogue.tables.get(name) or next(
        (table for table in catalogue.tables.values() if stem(table.name) == stem(name)), None
    )
    return found if found is not None and found.schema == "public" and found.primary_key else None


def _parents(endpoint: Endpoint, table: Table) -> Iterator[str]:
    """Foreign keys named by the path: ``/workflows/{id}/tasks`` filters tasks by workflow_id."""
    segments = _segments(endpoint.path)
    for before, part in pairwise(segments):
        if part.startswith("{"):
            candidates = (part.strip("{}"), f"{stem(before)}_id")
            targets = [
                c.columns[-1]
                for c in table.constraints
                if c.kind == "f" and len(c.columns) <= _WITH_TENANT and stem(c.target) == stem(before)
            ]
            name = next((name for name in (*candidates, *targets) if name in table.columns and name != "id"), None)
            if name is not None:
                yield name


def _filters(endpoint: Endpoint, table: Table) -> Iterator[str]:
    for parameter in endpoint.parameters:
        name = str(parameter.get("name", ""))
        plain = mapping(parameter.get("schema")).get("type") != "array"
        if (
            parameter.get("in") == "query"
            and plain
            and name in table.columns
            and table.columns[name].type not in ("json", "jsonb")
        ):
            yield name


_FROM_ON: Final = re.compile(
    r"^(?:(?P<of>\w+?)_(?:from|to|until|after|before|since|start|end)|(?:from|to|since|until))$"
)
_MOMENTS: Final = frozenset({"timestamptz", "timestamp", "date"})
_OURS: Final = frozenset({"createdat", "updatedat"})


_INDEXED: Final = re.compile(r"^btree \((.*)\)( WHERE .*)?$")


def unindexed_times(document: Document, catalogue: Catalogue) -> Iterator[str]:
    """Yield the lists that are read from one time to another where no index leads to that time.

    Told by the indexes and not by a plan: made-up rows are few for each tenant, and of few there is no need for one.
    """
    for endpoint in document.lists():
        table = _table(endpoint, catalogue)
        if table is None:
            continue
        equal = {catalogue.tenant_column(table), *_parents(endpoint, table)}
        heads = list(_heads(catalogue, table))
        for name, column in _times(endpoint, table).items():
            if not any(column in head and set(head[: head.index(column)]) <= equal for head in heads):
                yield f"{endpoint.label}?{name} (no index on {column})"


def unindexed_parts(document: Document, catalogue: Catalogue) -> Iterator[str]:
    """Yield the lists that are searched for a part of a column's words where no index of such parts is.

    A parameter says so by its name: ``title_contains``. A b-tree leads to beginnings only.
    """
    for endpoint in document.lists():
        table = _table(endpoint, catalogue)
        for parameter in endpoint.parameters if table is not None else ():
            name = str(parameter.get("name", ""))
            match = _PART.match(name)
            column = table.columns.get(match[1]) if table is not None and match is not None else None
            if column is None or table is None or column.type not in _WORDED:
                continue
            made = [s for s in catalogue.facts["indexes"] if s.startswith(f"{table.name} ") and column.name in s]
            if not any("gin" in line or "gist" in line or "trgm" in line for line in made):
                yield f"{endpoint.label}?{name} (no index of parts of {column.name})"


_PART: Final = re.compile(r"^(\w+?)_+(contains|icontains|like|ilike|includes|substring|matches|part|search)$")
_WORDED: Final = frozenset({"text", "varchar", "bpchar", "citext"})


def _heads(catalogue: Catalogue, table: Table) -> Iterator[list[str]]:
    for line in catalogue.facts["indexes"]:
        match = _INDEXED.match(line.removeprefix(f"{table.name} ")) if line.startswith(f"{table.name} ") else None
        if match is not None and not match[2]:
            yield [part.strip().split(" ")[0].strip('"') for part in match[1].split(",")]


def _times(endpoint: Endpoint, table: Table) -> dict[str, str]:
    """Return the parameters by which a list is read from one time to another, each with the column that it means.

    One for each column; by when a row was made every list is read, so that it is left out.
    """
    moments = [
        name
        for name, column in table.columns.items()
        if column.type in _MOMENTS and name.replace("_", "").lower() not in _OURS
    ]
    own = [name for name in moments if table.columns[name].required]
    found: dict[str, str] = {}
    for parameter in endpoint.parameters:
        name = str(parameter.get("name", ""))
        match = _FROM_ON.match(name) if parameter.get("in") == "query" else None
        if match is None:
            continue
        of = match["of"]
        meant = [c for c in moments if of in (c, c.rpartition("_")[0])] if of else own[:1]
        if meant and meant[0] not in found.values():
            found[name] = meant[0]
    return found
