"""Can a tenant see another's rows? Tried out as a role that is not the owner, as a service should connect."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

from bot.evidence.postgres import READER_ROLE
from bot.roles.backend_developer.checks.catalogue import Catalogue, Connection, Constraint, Table

_ROLE: Final = "app.role"
_NOBODY: Final = "service"
"""What the service calls itself when it works for no user: limits to a user's own rows do not hold then."""

_SETTING: Final = re.compile(r"current_setting\('([^']+)'")
_REFERRED: Final = re.compile(r"REFERENCES [^(]+\(([^)]*)\)")
_POLICIES: Final = """
    SELECT c.relname, coalesce(pg_get_expr(p.polqual, p.polrelid), '') FROM pg_policy p
    JOIN pg_class c ON c.oid = p.polrelid WHERE p.polcmd IN ('*', 'r')"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """A foreign key that was made to lead from one tenant's row to another's; `foreign` if that went through."""

    label: str
    foreign: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one tenant saw of a table that holds several tenants' rows, and what it could do to them.

    `homeless` is how many rows a caller without tenant saw; `given` whether a row could be given to another tenant.
    """

    table: str
    own: int
    foreign: int
    problem: str = ""
    homeless: int = 0
    given: bool = False
    joins: tuple[Join, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """What was not kept apart, in words."""
        found = [f"{self.foreign:,} foreign rows"] if self.foreign else []
        found += [f"{self.homeless:,} rows without a tenant"] if self.homeless else []
        return (*found, *(["a row given to another tenant"] if self.given else []))


def try_isolation(connection: Connection, catalogue: Catalogue) -> tuple[Sight, ...]:
    """Read every tenant-scoped table that has a policy, as one tenant; nothing is left changed."""
    scoped = [
        table
        for table in catalogue.tables.values()
        if catalogue.tenant_column(table) and table.name in catalogue.facts["row_level_security"]
    ]
    settings: dict[str, list[str]] = {}
    for table, expression in connection.execute(_POLICIES).fetchall():
        settings.setdefault(table, []).extend(_SETTING.findall(expression))
    columns = {table.name: catalogue.tenant_column(table) for table in scoped}
    return tuple(_look(connection, table, columns, settings, scoped) for table in scoped)


def _look(
    connection: Connection,
    table: Table,
    columns: Mapping[str, str],
    settings: Mapping[str, Sequence[str]],
    scoped: Sequence[Table],
) -> Sight:
    name, column = sql.Identifier(table.schema, table.name), sql.Identifier(columns[table.name])
    known = settings.get(table.name, ())
    try:
        with connection.transaction(force_rollback=True):
            found = connection.execute(
                sql.SQL("SELECT DISTINCT {0} FROM {1} WHERE {0} IS NOT NULL LIMIT 2").format(column, name)
            ).fetchall()
            if not found:
                return Sight(table=table.name, own=0, foreign=0, problem="no rows to look at")
            mine, other = found[0][0], found[-1][0] if len(found) > 1 else None
            joins = _joins(connection, table, mine, columns, scoped)
            _become(connection, table, known, mine)
            row: Any = connection.execute(
                sql.SQL("SELECT count(*) FILTER (WHERE {0} = {1}), count(*) FILTER (WHERE {0} <> {1}) FROM {2}").format(
                    column, sql.Literal(mine), name
                )
            ).fetchone()
            given = other is not None and (
                _gives(connection, table, column, other) or _plants(connection, table, columns[table.name], other)
            )
            homeless = _seen_by_nobody(connection, table, known)
            return Sight(table=table.name, own=row[0], foreign=row[1], homeless=homeless, given=given, joins=joins)
    except psycopg.Error as problem:
        return Sight(table=table.name, own=0, foreign=0, problem=str(problem).splitlines()[0])


def _seen_by_nobody(connection: Connection, table: Table, known: Sequence[str]) -> int:
    """Return how many rows a caller sees who says no tenant; an error of the policy lets nobody in."""
    name = sql.Identifier(table.schema, table.name)
    try:
        with connection.transaction(force_rollback=True):
            _settle(connection, known, "")
            row: Any = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(name)).fetchone()
            return int(row[0])
    except psycopg.Error:
        return 0


def _gives(connection: Connection, table: Table, column: sql.Identifier, other: Any) -> bool:
    """Whether a tenant can give one of its rows to another."""
    name = sql.Identifier(table.schema, table.name)
    statement = sql.SQL("UPDATE {0} SET {1} = {2} WHERE ctid = (SELECT ctid FROM {0} LIMIT 1)").format(
        name, column, sql.Literal(other)
    )
    try:
        with connection.transaction(force_rollback=True):
            return connection.execute(statement).rowcount > 0
    except psycopg.errors.IntegrityError as refused:
        # Constraints are looked at after the policy has let the row through; a trigger's refusal names none.
        return bool(refused.diag.constraint_name)
    except psycopg.Error:
        return False


def _plants(connection: Connection, table: Table, column: str, other: Any) -> bool:
    """Whether a tenant can put a row among those of another: a copy of one of its own, under the other's name."""
    name = sql.Identifier(table.schema, table.name)
    written = [c.name for c in table.columns.values() if not c.generated]
    values = [sql.Literal(other) if one == column else sql.Identifier(one) for one in written]
    statement = sql.SQL("INSERT INTO {0} ({1}) OVERRIDING SYSTEM VALUE SELECT {2} FROM {0} LIMIT 1").format(
        name, sql.SQL(", ").join(map(sql.Identifier, written)), sql.SQL(", ").join(values)
    )
    try:
        with connection.transaction(force_rollback=True):
            return connection.execute(statement).rowcount > 0
    except psycopg.errors.IntegrityError as refused:
        return bool(refused.diag.constraint_name)  # keys are looked at after the policy has let the row through
    except psycopg.Error:
        return False


def _joins(
    connection: Connection, table: Table, mine: Any, columns: Mapping[str, str], scoped: Sequence[Table]
) -> tuple[Join, ...]:
    """Try each foreign key to another table of tenants: may a row of mine point at a row of theirs?"""
    targets = {other.name: other for other in scoped}
    return tuple(
        Join(
            label=f"{table.name}.{key.columns[-1]}",
            foreign=_points(connection, table, targets[key.target], key, columns, mine),
        )
        for key in table.constraints
        if key.kind == "f" and key.target in targets and key.columns
    )


def _points(
    connection: Connection, table: Table, target: Table, key: Constraint, columns: Mapping[str, str], mine: Any
) -> bool:
    # Tried as the owner, whom no policy stops: a key is what must hold whoever writes.
    referred = _REFERRED.search(key.definition)
    if referred is None:
        return False
    last = referred[1].split(",")[-1].strip().strip('"')
    statement = sql.SQL(
        "UPDATE {0} SET {1} = (SELECT {2} FROM {3} WHERE {4} <> {5} LIMIT 1)"
        " WHERE ctid = (SELECT ctid FROM {0} WHERE {6} = {5} LIMIT 1) AND EXISTS (SELECT 1 FROM {3} WHERE {4} <> {5})"
    ).format(
        sql.Identifier(table.schema, table.name),
        sql.Identifier(key.columns[-1]),
        sql.Identifier(last),
        sql.Identifier(target.schema, target.name),
        sql.Identifier(columns[target.name]),
        sql.Literal(mine),
        sql.Identifier(columns[table.name]),
    )
    try:
        with connection.transaction(force_rollback=True):
            _only_keys(connection, table)
            return connection.execute(statement).rowcount > 0
    except psycopg.Error:
        return False


def _only_keys(connection: Connection, table: Table) -> None:
    """Take away, until the transaction is rolled back, what else may refuse a made-up row: rules and triggers."""
    name = sql.Identifier(table.schema, table.name)
    connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
    for constraint in table.constraints:
        if constraint.kind in "cx" and constraint.name:
            connection.execute(
                sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(name, sql.Identifier(constraint.name))
            )


def _become(connection: Connection, table: Table, settings: Sequence[str], tenant: Any) -> None:
    connection.execute(
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(table.schema), sql.Identifier(READER_ROLE))
    )
    connection.execute(
        sql.SQL("GRANT SELECT ON {} TO {}").format(
            sql.Identifier(table.schema, table.name), sql.Identifier(READER_ROLE)
        )
    )
    connection.execute(
        sql.SQL("GRANT INSERT, UPDATE ON {} TO {}").format(
            sql.Identifier(table.schema, table.name), sql.Identifier(READER_ROLE)
        )
    )
    _settle(connection, settings, str(tenant))
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(READER_ROLE)))


def _settle(connection: Connection, settings: Sequence[str], tenant: str) -> None:
    """Say who calls: each setting that the policies ask for."""
    for setting in settings:
        value = _NOBODY if setting == _ROLE else tenant
        connection.execute("SELECT set_config(%s, %s, true)", (setting, value))
