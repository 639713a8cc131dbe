"""The models of an entity: its table, what callers send and get, the queries of its lists."""

from __future__ import annotations

from dataclasses import replace

from bot.roles.backend_developer.blueprint import Blueprint, FieldType, OperationKind
from bot.roles.backend_developer.blueprint.keys import key_of
from bot.roles.backend_developer.renderers.drawing import DELETED
from bot.roles.backend_developer.renderers.openapi.schemas import changeable, writable
from bot.roles.backend_developer.renderers.openapi.values import value_column
from bot.roles.backend_developer.renderers.service.annotations import Sent, got, written
from bot.roles.backend_developer.renderers.service.naming import described, listed, text
from bot.roles.backend_developer.renderers.service.plan import Group, Plan, Route
from bot.roles.backend_developer.renderers.shapes import Column, TableShape, is_author, is_password

HEAD = '''"""{doc}"""

from __future__ import annotations

import typing

from app.core import tables
from app.core import types as t
'''
_NOT_ASKED = frozenset({FieldType.JSON, FieldType.OBJECT, FieldType.POINT, FieldType.BINARY, FieldType.FILE})


def models_module(plan: Plan, group: Group) -> str:
    """Return the module with the models of a group of operations."""
    doc = f"{group.entity}: {group.shape.description}" if group.shape else "Operations of the service as a whole"
    parts = [HEAD.format(doc=described(doc))]
    if group.shape is not None:
        parts.append(_table(plan.blueprint, group.shape))
        parts += _entity(plan, group, group.shape)
        limited = readers(plan.blueprint, group.shape)
        if limited:
            said = ", ".join(f"{text(name)}: {listed(roles)}" for name, roles in limited.items())
            parts.append(f'READERS: dict[str, tuple[str, ...]] = {{{said}}}\n"""Roles that may read a field."""\n')
    for route in group.routes:
        parts += _own(plan, group, route)
    return "\n\n".join(parts)


def _table(blueprint: Blueprint, shape: TableShape) -> str:
    entity = next(e for e in blueprint.entities if e.name == shape.entity)
    key = key_of(blueprint, entity)
    said = {
        "name": text(shape.name),
        "columns": listed(c.name for c in shape.columns if not c.secret or c.name in key),
        "key": listed(key) if key != ("id",) else "",
        "tenant": text(shape.tenant_column) if shape.tenant_column else "",
        "tenant_root": "True" if shape.tenant else "",
        "owner": text(shape.owner_column) if shape.owner_column else "",
        "created": text(shape.moment("created")),
        "updated": text(shape.moment("updated")),
        "deleted": text(DELETED) if DELETED in shape.by_name else "",
        "json": listed(c.name for c in shape.columns if c.nested or c.type in (FieldType.JSON, FieldType.OBJECT)),
        "passwords": listed(c.name for c in shape.columns if is_password(c)),
        "points": listed(c.name for c in shape.columns if c.type is FieldType.POINT),
    }
    parts = "".join(f"    {name}={value},\n" for name, value in said.items() if value and value != "()")
    return f"TABLE = tables.Table(\n{parts})\n"


def _entity(plan: Plan, group: Group, shape: TableShape) -> list[str]:
    name = group.types[""]
    readable = tuple(c for c in shape.columns if not c.secret)
    found = [_result(name, f"A {name} as callers read it", readable)]
    if any(c.sensitive and not c.secret for c in shape.columns):
        short = tuple(c for c in readable if not c.sensitive)
        found.append(_result(group.types["Summary"], "As lists show it, without personal data", short))
    sent = Sent(group.names, name, plan.shapes)
    made = sent.model(group.types["Create"], "t.Body", f"What a new {name} needs", writable(shape))
    changed = sent.model(
        group.types["Update"],
        "t.Changes",
        "What may be changed; the rest stays",
        changeable(shape),
        partial=True,
    )
    return [*found, *dict.fromkeys(sent.classes), made, changed]


def _result(name: str, doc: str, columns: tuple[Column, ...]) -> str:
    lines = [f"class {name}(t.Result):", f'    """{described(doc)}"""', ""]
    for column in columns:
        kind = got(column) + ("" if column.required else " | None")
        # A role that may not read a field gets the rest: everything may be missing from a result.
        lines.append(written(column.name, kind, "t.UNSET"))
    return "\n".join(lines) + "\n"


def _own(plan: Plan, group: Group, route: Route) -> list[str]:
    op, found = route.operation, []
    if route.query:
        found.append(_query(plan, group, route))
    sent = Sent(group.names, route.name, plan.shapes)
    if op.request and route.body:
        columns = tuple({f.name: value_column(f) for f in op.request}.values())
        body = sent.model(route.body, "t.Body", f"Body of {op.id}", columns)
        found += [*sent.classes, body]
    elif op.request_entity and route.body:
        shape = plan.shapes[op.request_entity]
        body = sent.model(route.body, "t.Body", f"Body of {op.id}", writable(shape))
        found += [*sent.classes, body]
    if route.result:
        shown = tuple({f.name: value_column(f) for f in op.response if not f.write_only}.values())
        found.append(_result(route.result, f"Result of {op.id}", shown))
    return found


def _query(plan: Plan, group: Group, route: Route) -> str:
    op, shape = route.operation, group.shape
    paged = op.kind is OperationKind.LIST or op.paginated
    lines = [f"class {route.query}({'t.PageQuery' if paged else 't.Query'}):", f'    """Query of {op.id}."""', ""]
    sent = Sent(group.names, route.name, plan.shapes)
    for name, column, required in queried(route, shape):
        kind = sent.annotation(column)
        lines.append(written(name, kind if required else f"{kind} | None", "" if required else "None"))
    return "\n".join([*sent.classes, *lines]) + "\n"


def queried(route: Route, shape: TableShape | None) -> list[tuple[str, Column, bool]]:
    """Return name, column and whether it is required of each parameter of the query."""
    op = route.operation
    taken = {"cursor", "limit", *(p.said for p in route.parameters)}
    said = [(f.name, value_column(f), f.required) for f in op.parameters]
    columns = shape.by_name if shape else {}
    said += [(name, columns[name], False) for name in op.filters if name in columns and not columns[name].nested]
    for name in op.ranges:
        if name in columns:
            said += [(f"{name}_from", columns[name], False), (f"{name}_to", columns[name], False)]
    if op.search:
        said.append(("q", Column(name="q", type=FieldType.STRING), False))
    if op.sort:
        values = tuple(sign + name for name in op.sort for sign in ("", "-") if name in columns)
        said.append(("sort", Column(name="sort", type=FieldType.ENUM, values=values), False)) if values else None
    found: dict[str, tuple[str, Column, bool]] = {}
    for name, column, required in said:
        if name not in taken and column.type is not FieldType.JSON:
            found.setdefault(name, (name, _asked(column), required))
    return list(found.values())


def _asked(column: Column) -> Column:
    kind = column.items if column.type is FieldType.ARRAY else column.type
    kind = FieldType.STRING if kind in _NOT_ASKED or kind is FieldType.ARRAY else kind
    return replace(
        column, type=kind, fields=(), min_length=0, max_length=0, pattern="", minimum=None, maximum=None, required=True
    )


def authors(shape: TableShape) -> tuple[Column, ...]:
    """Return the columns that say who wrote a row: the service fills them."""
    return tuple(c for c in shape.columns if is_author(c.name) or c.name == shape.owner_column)


def readers(blueprint: Blueprint, shape: TableShape) -> dict[str, tuple[str, ...]]:
    """Return the roles that may read a field, for the fields of which that is said."""
    said = [p for p in blueprint.permissions if p.field in shape.by_name and p.entity == shape.entity]
    said = [p for p in said if {"read", "any"} & set(p.verbs)]
    found: dict[str, tuple[str, ...]] = {}
    for name in dict.fromkeys(p.field for p in said):
        allowed = [p.role for p in said if p.field == name and p.allowed]
        denied = {p.role for p in said if p.field == name and not p.allowed}
        base = [r.name for r in blueprint.roles] if not allowed or {"", "*"} & set(allowed) else allowed
        found[name] = tuple(role for role in dict.fromkeys(base) if role not in denied)
    return found
