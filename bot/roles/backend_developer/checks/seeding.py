"""Rows for throw-away databases: a migration, a plan and a latency mean nothing on empty tables.

Values depend on the row's number alone, so that a foreign key can be computed instead of looked up: row g of table t
has the uuid ``md5('t' || g)``. Each parent has many children, as in life, unless a key says that it has one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import psycopg
from psycopg import sql

from bot.roles.backend_developer.checks.catalogue import TENANT, Catalogue, Column, Connection, Table

FAMILY: Final = 50
"""So many distinct parents are pointed at, so that a list below one parent has many rows to order."""

_EPOCH: Final = "2026-01-01"
_BY_TYPE: Final[Mapping[str, str]] = {
    "uuid": "md5({table} || g)::uuid",
    "text": "'t' || g",
    "varchar": "'v' || g",
    "bpchar": "'A'",
    "citext": "'t' || g",
    "bool": "g % 2 = 0",
    "int2": "(g % 30000)::int2",
    "int4": "g::int4",
    "int8": "g::int8",
    "numeric": "(g % 100000)::numeric",
    "float4": "g::float4",
    "float8": "g::float8",
    "money": "g::numeric::money",
    "date": f"date '{_EPOCH}' + (g % 3650)::int",
    "timestamptz": f"timestamptz '{_EPOCH} 00:00+00' + g * interval '1 second'",
    "timestamp": f"timestamp '{_EPOCH}' + g * interval '1 second'",
    "time": "time '12:00'",
    "interval": "g * interval '1 second'",
    "json": "'{{}}'::json",
    "jsonb": "'{{}}'::jsonb",
    "bytea": "'x'::bytea",
    "point": "point(g % 180, g % 90)",
    "inet": "'127.0.0.1'::inet",
}
# Text columns often carry a format in a CHECK; these names tell which.
_BY_NAME: Final = (
    (re.compile(r"currency"), "'EUR'"),
    (re.compile(r"e?mail"), "'t' || g || '@example.org'"),
    (re.compile(r"ur[il]$|link|website"), "'https://example.org/' || g"),
    (re.compile(r"country"), "'DE'"),
)
_KEYS: Final = frozenset({"uuid", "int2", "int4", "int8", "numeric"})
_TEXTS: Final = frozenset({"text", "varchar", "bpchar", "citext"})
_LISTED: Final = re.compile(r"'((?:[^']|'')*)'::")


def seed(
    connection: Connection, catalogue: Catalogue, rows: Mapping[str, int], *, only: str = ""
) -> dict[str, int | str]:
    """Fill each named table (or `only` one of them) up to its number of rows; return rows added, or why none were.

    Foreign-key triggers are off meanwhile (the computed values hold); other constraints are enforced.
    """
    outcome: dict[str, int | str] = {}
    with connection.transaction():
        # As `GRANT SET ON PARAMETER` in bot.evidence.postgres allows; ends with the transaction.
        connection.execute("SET LOCAL session_replication_role = replica")
        for name, count in rows.items():
            if only not in ("", name):
                continue
            table = catalogue.tables[name]
            try:
                with connection.transaction():
                    outcome[name] = _fill(connection, table, _insert(table, rows, count))
            except psycopg.Error as problem:
                outcome[name] = f"not seeded: {str(problem).splitlines()[0]}"
    return outcome


def _fill(connection: Connection, table: Table, insert: sql.Composed) -> int:
    """Insert the rows; a check that made-up values cannot meet is taken away meanwhile, and holds for later rows.

    What such a check says of values is nothing that plans and locks depend on.
    """
    name = sql.Identifier(table.schema, table.name)
    checks = {c.name: c.definition for c in table.constraints if c.kind == "c" and c.name}
    gone: list[str] = []
    while True:
        try:
            with connection.transaction():
                added = connection.execute(insert).rowcount
            break
        except psycopg.errors.CheckViolation as refused:
            check = refused.diag.constraint_name or ""
            if check not in checks or check in gone:
                raise
            gone.append(check)
            connection.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(name, sql.Identifier(check)))
    for check in gone:
        definition = checks[check].removesuffix(" NOT VALID")
        connection.execute(
            sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {} NOT VALID").format(
                name,
                sql.Identifier(check),
                sql.SQL(definition),
            )
        )
    return added


def _insert(table: Table, rows: Mapping[str, int], count: int) -> sql.Composed:
    chosen = [
        (column.name, expression)
        for column in table.columns.values()
        if (expression := _expression(table, column, rows)) is not None
    ]
    return sql.SQL(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM generate_series(1, {}) AS g ON CONFLICT DO NOTHING"
    ).format(
        sql.Identifier(table.schema, table.name),
        sql.SQL(", ").join(sql.Identifier(name) for name, _ in chosen),
        sql.SQL(", ").join(expression for _, expression in chosen),
        sql.Literal(count),
    )


def _expression(table: Table, column: Column, rows: Mapping[str, int]) -> sql.Composable | None:
    """Return what fills the column; None leaves it to its default or NULL."""
    if column.generated:
        return None
    # Of a key within a tenant the last column is the reference's own.
    keys = sorted((c for c in table.constraints if c.kind == "f" and c.columns), key=lambda c: len(c.columns))
    target = next((c.target for c in keys if c.columns[-1] == column.name), "")
    if (target and column.type in _KEYS) or column.name == TENANT:
        return _reference(table, column, target or "tenants", rows)
    labels = column.labels or _allowed(table, column)
    if labels:
        array = sql.SQL(", ").join(sql.Literal(label) for label in labels)
        picked = sql.SQL("(ARRAY[{}])[1 + g % {}]").format(array, sql.Literal(len(labels)))
        return sql.SQL("{}::{}").format(picked, sql.Identifier(column.type)) if column.kind == "e" else picked
    by_name = (
        next((words for pattern, words in _BY_NAME if pattern.search(column.name)), None)
        if column.type in _TEXTS
        else None
    )
    if by_name is not None and table.unique(column.name) and " g" not in by_name:
        by_name = None
    words = by_name or _BY_TYPE.get(column.type)
    if words is None:
        return sql.SQL("'{}'") if column.required and not column.defaulted and column.type.startswith("_") else None
    return sql.SQL(words).format(table=sql.Literal(table.name))


def _reference(table: Table, column: Column, target: str, rows: Mapping[str, int]) -> sql.Composable:
    parents = rows.get(target, FAMILY)
    # Of a link table's two keys one has to run on, or there would be few distinct pairs.
    alone = any(c.kind in "pu" and c.columns[-1:] == (column.name,) for c in table.constraints)
    runs_on = alone or column.name in table.primary_key[1:]
    spread = parents if runs_on else min(parents, FAMILY)
    if column.type == "uuid":
        return sql.SQL("md5({} || (1 + g % {}))::uuid").format(sql.Literal(target), sql.Literal(spread))
    return sql.SQL("(1 + g % {})").format(sql.Literal(spread))


def _allowed(table: Table, column: Column) -> tuple[str, ...]:
    """Members of a ``CHECK (column IN (...))``, as PostgreSQL prints it back."""
    if column.type not in _TEXTS:
        return ()
    for constraint in table.constraints:
        if constraint.kind == "c" and constraint.columns == (column.name,) and "ANY (" in constraint.definition:
            return tuple(label.replace("''", "'") for label in _LISTED.findall(constraint.definition))
    return ()
