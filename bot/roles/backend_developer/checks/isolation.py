"""Can a tenant see another's rows? Tried out as a role that is not the owner, as a service should connect."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

from bot.evidence.postgres import READER_ROLE
from bot.roles.backend_developer.checks.catalogue import Catalogue, Connection, Table

_ROLE: Final = "app.role"
_NOBODY: Final = "service"
"""What the service calls itself when it works for no user: limits to a user's own rows do not hold then."""

_SETTING: Final = re.compile(r"current_setting\('([^']+)'")
_POLICIES: Final = """
    SELECT c.relname, coalesce(pg_get_expr(p.polqual, p.polrelid), '') FROM pg_policy p
    JOIN pg_class c ON c.oid = p.polrelid WHERE p.polcmd IN ('*', 'r')"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one tenant saw of a table that holds several tenants' rows."""

    table: str
    own: int
    foreign: int
    problem: str = ""


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
    return tuple(_look(connection, table, catalogue.tenant_column(table), settings) for table in scoped)


def _look(connection: Connection, table: Table, tenant: str, settings: Mapping[str, Sequence[str]]) -> Sight:
    name = sql.Identifier(table.schema, table.name)
    try:
        with connection.transaction(force_rollback=True):
            some = connection.execute(
                sql.SQL("SELECT {} FROM {} LIMIT 1").format(sql.Identifier(tenant), name)
            ).fetchone()
            if some is None:
                return Sight(table=table.name, own=0, foreign=0, problem="no rows to look at")
            _become(connection, table, settings.get(table.name, ()), some[0])
            row: Any = connection.execute(
                sql.SQL("SELECT count(*) FILTER (WHERE {0} = {1}), count(*) FILTER (WHERE {0} <> {1}) FROM {2}").format(
                    sql.Identifier(tenant), sql.Literal(some[0]), name
                )
            ).fetchone()
            return Sight(table=table.name, own=row[0], foreign=row[1])
    except psycopg.Error as problem:
        return Sight(table=table.name, own=0, foreign=0, problem=str(problem).splitlines()[0])


def _become(connection: Connection, table: Table, settings: Sequence[str], tenant: Any) -> None:
    connection.execute(
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(table.schema), sql.Identifier(READER_ROLE))
    )
    connection.execute(
        sql.SQL("GRANT SELECT ON {} TO {}").format(
            sql.Identifier(table.schema, table.name), sql.Identifier(READER_ROLE)
        )
    )
    for setting in settings:
        value = _NOBODY if setting == _ROLE else str(tenant)
        connection.execute("SELECT set_config(%s, %s, true)", (setting, value))
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(READER_ROLE)))
