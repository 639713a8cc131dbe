"""The trials: what the service's own tests try, as data: operations, rows that fit, states."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import Any

from bot.roles.backend_developer.blueprint import FieldType, OperationKind, RuleKind
from bot.roles.backend_developer.blueprint.keys import key_of
from bot.roles.backend_developer.blueprint.rights import closed_to_all, own_roles, roles_of, sign_ins_of
from bot.roles.backend_developer.renderers.openapi.schemas import changeable, writable
from bot.roles.backend_developer.renderers.openapi.values import NO_EXAMPLE, example
from bot.roles.backend_developer.renderers.service.naming import text
from bot.roles.backend_developer.renderers.service.plan import Group, Plan, Route
from bot.roles.backend_developer.renderers.shapes import Column, TableShape
from bot.roles.backend_developer.renderers.values import LENGTHS, default_of

_HEAD = '''"""What the tests try, as data. Rendered with the design: edit the design instead."""

from __future__ import annotations

import json

from tests.data import Entity, Key, Trial

'''
_FREE = frozenset({FieldType.STRING, FieldType.TEXT, FieldType.EMAIL})
_COUNTED = frozenset({FieldType.INTEGER, FieldType.BIGINT, FieldType.DECIMAL, FieldType.MONEY})
_SHORTEST = 6
_SHORTEST_MAIL = 24
"""Longest value that a text has to take, so that it can begin with a row's number."""
_COMPARED = re.compile(r"\s*([A-Za-z_]\w*)\s*(<=?|>=?)\s*([A-Za-z_]\w*)\s*")


def trials_module(plan: Plan) -> str:
    """Return the module."""
    entities = "".join(_entity(plan, group) for group in plan.groups if group.shape)
    trials = "".join(_trial(plan, group, route) for group in plan.groups for route in group.routes)
    roles = [role.name for role in plan.blueprint.roles]
    owner = next(
        (s.by_name[s.owner_column].references for s in plan.shapes.values() if s.owner_column), ""
    ) or next((c.references for s in plan.shapes.values() for c in s.columns if c.generated and c.references
               and c.references != _root(plan) and c.name != s.tenant_column), "")  # fmt: skip
    return (
        f"{_HEAD}ROLES: tuple[str, ...] = {_tuple(roles)}\nTENANT_ENTITY = {text(_root(plan))}\n"
        f"USER_ENTITY = {text(owner)}\n\n"
        f"ENTITIES: dict[str, Entity] = {{\n{entities}}}\n\nTRIALS: tuple[Trial, ...] = (\n{trials})\n"
    )


def _root(plan: Plan) -> str:
    return next((s.entity for s in plan.shapes.values() if s.tenant), "")


def _trial(plan: Plan, group: Group, route: Route) -> str:
    op, blueprint = route.operation, plan.blueprint
    access = "signed" if op.signed else "public" if op.public else "closed" if closed_to_all(blueprint, op) else "roles"
    path = route.path
    for parameter in route.parameters:
        path = path.replace(f"{{{parameter.said}}}", f"{{{parameter.name}}}", 1)
    said: dict[str, object] = {
        "method": op.method.value, "path": f"{blueprint.base_path}{path}", "operation": op.id, "kind": op.kind.value,
        "access": access, "roles": tuple(roles_of(blueprint, op)),
        "own": tuple(own_roles(blueprint, op)), "ways": tuple(w.name for w in sign_ins_of(blueprint, op)),
        "entity": op.entity or "", "parameters": tuple((p.name, p.column, p.kind.type.value) for p in route.parameters),
        "generic": route.generic and not op.asynchronous and not op.signed,
        "own_body": bool(op.request or op.request_entity),
        "keyed": op.idempotent and op.method.value in ("POST", "PATCH"),
        "moves": tuple((m.field, tuple(s.sources), s.target, tuple(s.roles)) for m, s in route.moves),
        "many": op.kind is OperationKind.LIST or op.paginated or op.response_list,
    }  # fmt: skip
    return f"    Trial({', '.join(f'{name}={_literal(value)}' for name, value in said.items())}),\n"


def _entity(plan: Plan, group: Group) -> str:
    shape = group.shape
    assert shape is not None, "only called for entities"  # noqa: S101 - as it says
    entity = next(e for e in plan.blueprint.entities if e.name == shape.entity)
    referenced = {name for key in shape.foreign_keys for name in key.columns}
    needed = [c for c in shape.columns if c.required and not (c.identity or c.moment or c.references)
              and c.name not in referenced and c.name != shape.tenant_column]  # fmt: skip
    missing = [c.name for c in needed if example(c) is NO_EXAMPLE and not default_of(c)]
    ordered = _in_order(shape)
    stored = {
        c.name: ordered.get(c.name, _stored(c)) for c in needed if example(c) is not NO_EXAMPLE and not _state(shape, c)
    }
    sent = {
        c.name: ordered.get(c.name, example(c))
        for c in writable(shape)
        if c.required and not c.references and c.name in stored
    }
    changes = {
        c.name: ordered.get(c.name, example(c))
        for c in changeable(shape)
        if not c.references and c.name not in referenced and example(c) is not NO_EXAMPLE
        and not any(m.field == c.name for m in shape.machines)
    }  # fmt: skip
    keys = "".join(
        f"Key({text(k.entity)}, {_tuple(k.columns)}, {_tuple(k.target_columns)}, "
        f"{all(shape.by_name[n].required for n in k.columns)}), "
        for k in shape.foreign_keys
    )
    free = {c.name: longest for c in needed if (longest := _varied(c))}
    alone = [c for c in needed if _alone(shape, c) and c.name not in ordered and not _state(shape, c)]
    counted = {c.name: _range(c) for c in alone if c.type in _COUNTED}
    days = tuple(c.name for c in alone if c.type in (FieldType.DATE, FieldType.TIMESTAMP))
    said: dict[str, object] = {
        "name": entity.name, "module": group.module, "model": group.types[""], "create_model": group.types["Create"],
        "update_model": group.types["Update"], "table": shape.name,
        "key": tuple(key_of(plan.blueprint, entity)), "tenant": shape.tenant_column, "owner": shape.owner_column,
        "stored": stored, "writable": tuple(c.name for c in writable(shape)), "missing": tuple(missing),
        "free": free, "counted": counted, "days": days, "codes": bool(entity.codes),
    }  # fmt: skip
    listed = ", ".join(f"{name}={_literal(value)}" for name, value in said.items())
    return f"    {text(entity.name)}: Entity({listed}, sent={_json(sent)}, changes={_json(changes)}, keys=({keys})),\n"


def _state(shape: TableShape, column: Column) -> bool:
    """Whether the database fills the column with its first state."""
    return any(m.field == column.name and m.initial for m in shape.machines)


def _varied(column: Column) -> int:
    """Return how long a value may be that differs from row to row; 0 where it cannot."""
    if column.type not in _FREE or column.pattern or column.currency:
        return 0
    longest = column.max_length or LENGTHS[column.type]
    return longest if longest >= (_SHORTEST_MAIL if column.type is FieldType.EMAIL else _SHORTEST) else 0


def _alone(shape: TableShape, column: Column) -> bool:
    """Whether no two rows may have the same value."""
    keys = any(key.unique and column.name in key.columns for key in shape.keys)
    return column.unique or keys or column.name in shape.primary_key


def _range(column: Column) -> tuple[int, int]:
    """Return the least and the greatest whole number of a column's."""
    low = math.ceil(column.minimum) if column.minimum is not None else 1
    return low, max(low, math.floor(column.maximum)) if column.maximum is not None else low + 999_999


def _in_order(shape: TableShape) -> dict[str, str]:
    """Return moments and days that keep rules such as `starts_at < ends_at`."""
    found: dict[str, str] = {}
    for rule in shape.rules:
        match = _COMPARED.fullmatch(rule.expression) if rule.kind is RuleKind.COMPARE else None
        if match is None:
            continue
        low, high = (match[1], match[3]) if match[2].startswith("<") else (match[3], match[1])
        kinds = {shape.by_name[name].type for name in (low, high) if name in shape.by_name}
        tail = {FieldType.DATE: "", FieldType.TIMESTAMP: "T09:30:00Z"}.get(kinds.pop()) if len(kinds) == 1 else None
        if tail is not None:
            found.setdefault(low, f"2026-01-15{tail}")
            found.setdefault(high, f"2026-02-15{tail}")
    return found


def _stored(column: Column) -> str:
    """Return the example as text that PostgreSQL reads as the column's type."""
    value = example(column)
    if column.type is FieldType.ARRAY:
        return json.dumps(value) if column.nested else "{}"
    if column.type is FieldType.POINT and isinstance(value, dict):
        return f"({value['longitude']},{value['latitude']})"
    if column.type is FieldType.BINARY:
        return "\\x00"
    if isinstance(value, str):
        return value
    return json.dumps(value)


def _json(value: dict[str, Any]) -> str:
    return f"json.loads({text(json.dumps(value))})" if value else "{}"


def _literal(value: object) -> str:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text(str(k))}: {_literal(v)}" for k, v in value.items()) + "}"
    if isinstance(value, tuple | list):
        return f"({''.join(f'{_literal(item)}, ' for item in value)})"
    return repr(value)


def _tuple(values: Iterable[str]) -> str:
    return _literal(tuple(values))
