"""Row level security: a tenant sees its own rows only, and where people asked for it a user those that are theirs."""

from __future__ import annotations

from collections.abc import Iterator

from bot.roles.backend_developer.blueprint import Blueprint, Permission
from bot.roles.backend_developer.renderers.names import identifier, literal, quoted
from bot.roles.backend_developer.renderers.shapes import TableShape
from bot.roles.backend_developer.renderers.sql_objects import SqlObject
from bot.roles.backend_developer.renderers.triggers import ROLE
from bot.roles.backend_developer.renderers.values import type_name

SERVICE = "service"
"""What the service calls itself in `app.role` when it works for nobody: jobs, purges, sign-up."""

_COMMANDS = {"read": "SELECT", "create": "INSERT", "update": "UPDATE", "delete": "DELETE"}


def policies(shape: TableShape, blueprint: Blueprint) -> Iterator[SqlObject]:
    """Yield the policies of a table.

    Not forced on the table's owner, who runs migrations: the service must connect as another role.
    """
    column = shape.tenant_column if shape.tenant_scoped else shape.primary_key[0] if shape.tenant else ""
    own = list(_own_rows(shape, blueprint))
    if not column and not own:
        return
    table = quoted(shape.name)
    enable = f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n"
    yield SqlObject(
        name=identifier("rls", shape.name),
        kind="policy",
        create=enable,
        drop=f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;\n",
    )
    if column:
        current = _current(shape, column, "app.tenant_id")
        yield _policy(shape, identifier("tenant_isolation", shape.name), "", f"{quoted(column)} = {current}")
    else:
        # Restrictive policies only narrow what a permissive one grants (PostgreSQL, "CREATE POLICY").
        yield _policy(shape, identifier("rows_of", shape.name), "", "true")
    yield from own


def _own_rows(shape: TableShape, blueprint: Blueprint) -> Iterator[SqlObject]:
    """Limit roles that may only reach their own rows; without `app.role` nothing but one's own is seen."""
    if not shape.owner_column or not shape.entity:
        return
    said = [p for p in blueprint.permissions if p.allowed and not p.field and p.entity in ("", shape.entity)]
    for verb, command in _COMMANDS.items():
        limited = _limited(said, verb)
        if not limited:
            continue
        wide = [role.name for role in blueprint.roles if role.name not in limited]
        if "" in limited:
            wide = [p.role for p in said if not p.own and p.role and (verb in p.verbs or "any" in p.verbs)]
        free = ", ".join(literal(role) for role in dict.fromkeys((SERVICE, *wide)))
        current = _current(shape, shape.owner_column, "app.user_id")
        rule = f"{ROLE} IN ({free}) OR {quoted(shape.owner_column)} = {current}"
        name = identifier("own_rows", shape.name, verb)
        yield _policy(shape, name, f" AS RESTRICTIVE FOR {command}", rule, command=command)


def _limited(said: list[Permission], verb: str) -> set[str]:
    mine = [p for p in said if verb in p.verbs or "any" in p.verbs]
    wide = {p.role for p in mine if not p.own}
    return {p.role for p in mine if p.own and p.role not in wide and p.role != "*"}


def _current(shape: TableShape, column: str, setting: str) -> str:
    return f"NULLIF(current_setting('{setting}', true), '')::{type_name(shape.by_name[column]).lower()}"


def _policy(shape: TableShape, name: str, options: str, rule: str, *, command: str = "ALL") -> SqlObject:
    using = "" if command == "INSERT" else f"\n    USING ({rule})"
    checked = "" if command in ("SELECT", "DELETE") else f"\n    WITH CHECK ({rule})"
    return SqlObject(
        name=name,
        kind="policy",
        create=f"CREATE POLICY {quoted(name)} ON {quoted(shape.name)}{options}{using}{checked};\n",
        drop=f"DROP POLICY {quoted(name)} ON {quoted(shape.name)};\n",
    )
