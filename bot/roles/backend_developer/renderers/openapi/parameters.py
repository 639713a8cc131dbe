"""Parameters of an operation: of its path with their types, of its query, and its headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.roles.backend_developer.blueprint import EntityField, FieldType, Method, Operation, OperationKind
from bot.roles.backend_developer.renderers.names import folded
from bot.roles.backend_developer.renderers.openapi.paths import parameters_of
from bot.roles.backend_developer.renderers.openapi.shared import NO_NUL, Node, ref
from bot.roles.backend_developer.renderers.openapi.values import NO_EXAMPLE, column_schema, example
from bot.roles.backend_developer.renderers.shapes import Column, TableShape, column_of

READS = (Method.GET, Method.HEAD, Method.OPTIONS)
"""Methods that change nothing."""
_ADDRESSED = {OperationKind.READ, OperationKind.UPDATE, OperationKind.DELETE, OperationKind.ACTION, OperationKind.QUERY}
_IDENTIFIER = re.compile(r"(^|_)id$|[a-z]I[dD]$|uuid$", re.IGNORECASE)


def parameters(op: Operation, path: str, shapes: Mapping[str, TableShape]) -> list[Node]:
    """Return the operation's parameters in the order path, query, header."""
    shape = shapes.get(op.entity or "")
    named = parameters_of(path)
    said = {field.name: field for field in op.parameters}
    found = [_in_path(name, path, op, said.get(name), shapes) for name in named]
    taken = set(named)
    if op.kind is OperationKind.LIST or op.paginated:
        found += [ref("parameters", "Cursor"), ref("parameters", "Limit")]
        taken |= {"cursor", "limit"}
    for name, column, required in _query(op, shape):
        if name not in taken:
            taken.add(name)
            found.append(_in_query(name, column, required=required))
    return found + _headers(op, path, shapes)


def _headers(op: Operation, path: str, shapes: Mapping[str, TableShape]) -> list[Node]:
    found, shape = [], shapes.get(op.entity or "")
    if op.idempotent and op.method in (Method.POST, Method.PATCH):
        found.append(ref("parameters", "IdempotencyKey"))
    if versioned(op, path, shapes):
        found.append(ref("parameters", "IfMatch"))
    if op.kind is OperationKind.READ and op.method is Method.GET and shape is not None:
        found.append(ref("parameters", "IfNoneMatch"))
    return found


def _query(op: Operation, shape: TableShape | None) -> list[tuple[str, Column, bool]]:
    """Return name, column and whether it is required of each query parameter."""
    found = [(field.name, column_of(field), field.required) for field in op.parameters]
    for name in op.filters if shape else ():
        column = shape.by_name.get(name) if shape else None
        if column is not None and not column.nested and column.type is not FieldType.JSON:
            words = f"Only those whose {name.replace('_', ' ')} is this."
            found.append((name, _asked(column, words), False))
    for name in op.ranges if shape else ():
        column = shape.by_name.get(name) if shape else None
        if column is not None:
            for end, words in (("from", "from this on"), ("to", "up to this, without it")):
                text = f"Only those whose {name.replace('_', ' ')} lies {words}."
                found.append((f"{name}_{end}", _asked(column, text), False))
    if op.search:
        words = f"Words to look for in {', '.join(op.search)}."
        found.append(("q", Column(name="q", type=FieldType.STRING, description=words), False))
    if op.sort:
        names = [sign + name for name in op.sort for sign in ("", "-")]
        words = "What the list is sorted by; with a minus the other way round."
        found.append(("sort", Column(name="sort", type=FieldType.ENUM, values=tuple(names), description=words), False))
    return found


def _asked(column: Column, words: str) -> Column:
    """Return a column as something that is asked for: neither given by the server nor with a default."""
    kind = column.items if column.type is FieldType.ARRAY else column.type
    return replace(
        column, type=kind, generated=False, default=None, description=words, label="", immutable=False, unit="",
        sensitive=False, write_only=False, identity="", moment="", min_length=0, pattern="", minimum=None, maximum=None,
        max_length=0,
    )  # fmt: skip


def _in_query(name: str, column: Column, *, required: bool) -> Node:
    schema = column_schema(column, writing=True)
    if "$ref" in schema or column.type is FieldType.FILE:
        schema = {"type": "string", "maxLength": 2_048, "pattern": NO_NUL}
    node: Node = {
        "name": name,
        "in": "query",
        "description": schema.pop("description", name),
        "required": required,
        "schema": schema,
    }
    shown = example(column)
    return node if shown is NO_EXAMPLE else {**node, "example": shown}


def _in_path(name: str, path: str, op: Operation, said: EntityField | None, shapes: Mapping[str, TableShape]) -> Node:
    column = column_of(said) if said is not None else addressed(name, path, op, shapes)
    asked = replace(column, label="", default=None, generated=False, immutable=False, sensitive=False)
    schema = column_schema(asked, writing=True)
    words = f"Identifier: {name.replace('_', ' ')}." if said is None else column.description
    schema.pop("description", None)
    if schema.get("type") == "string" and not {"enum", "format", "minLength"} & set(schema):
        schema["minLength"] = 1
    node: Node = {"name": name, "in": "path", "required": True, "description": words or name, "schema": schema}
    shown = "3f1c9d7e-2b4a-4c6d-8e0f-1a2b3c4d5e6f" if column.type is FieldType.UUID else example(column)
    return node if shown is NO_EXAMPLE else {**node, "example": shown}


def addressed(name: str, path: str, op: Operation, shapes: Mapping[str, TableShape]) -> Column:
    """Return the column that a parameter stands for: one of the keys on the way, or the key of the entity itself."""
    own = shapes.get(op.entity or "")
    plain = re.sub(r"_\d+$", "", name)
    above = _above(name, path, shapes)
    if above is not None and above is not own and (plain in above.by_name or len(_key(above)) == 1):
        return above.by_name[plain if plain in above.by_name else _key(above)[0]]
    by_name = {folded(shape.entity): shape for shape in shapes.values()}
    other = by_name.get(re.sub(r"(uuid|id|key|code|name)$", "", folded(plain)) or folded(plain))
    other = other or by_name.get(folded(plain))
    if own is not None and plain in own.primary_key:
        return own.by_name[plain]
    if other is not None and other is not own and len(_key(other)) == 1:
        return other.by_name[_key(other)[0]]
    last = parameters_of(path)[-1] == name
    if own is not None and last and op.kind in _ADDRESSED:
        if plain in own.by_name:
            return own.by_name[plain]
        if len(_key(own)) == 1:
            return own.by_name[_key(own)[0]]
    kind = FieldType.UUID if _IDENTIFIER.search(plain) else FieldType.STRING
    return Column(name=plain, type=kind)


def _above(name: str, path: str, shapes: Mapping[str, TableShape]) -> TableShape | None:
    """Return the table that the segment before a parameter names: ``loggers`` of ``/loggers/{id}/readings``."""
    before = re.search(r"([^/{}]+)/\{" + re.escape(name) + r"\}", path)
    called = folded(before[1]) if before is not None else ""
    return next((s for s in shapes.values() if called and called in (folded(s.name), folded(s.entity))), None)


def _key(shape: TableShape) -> tuple[str, ...]:
    return tuple(name for name in shape.primary_key if name != shape.tenant_column)


def column_for(own: TableShape, named: Column, shapes: Mapping[str, TableShape]) -> str:
    """Return the table's own column in which what a parameter names is kept, "" if there is none."""
    if own.by_name.get(named.name) is named:
        return named.name
    for other in shapes.values():
        if other is not own and other.by_name.get(named.name) is named:
            if other.tenant and own.tenant_column:
                return own.tenant_column
            keys = [c.name for c in own.columns if c.references == other.entity]
            return keys[0] if len(keys) == 1 else next((k for k in keys if folded(other.entity) in folded(k)), "")
    return named.name if named.name in own.by_name else ""


def takes_version(op: Operation) -> bool:
    """Whether an operation changes a row at once, so that a caller may say which version of it (`If-Match`)."""
    changes = op.kind in (OperationKind.UPDATE, OperationKind.DELETE, OperationKind.ACTION)
    return changes and op.method not in READS and not (op.asynchronous or op.signed or op.request_list)


def versioned(op: Operation, path: str, shapes: Mapping[str, TableShape]) -> bool:
    """Whether an operation takes `If-Match`: its path names one row, and it changes that."""
    own, said = shapes.get(op.entity or ""), parameters_of(path)
    if own is None or not said or not takes_version(op):
        return False
    return all(column_for(own, addressed(name, path, op, shapes), shapes) for name in said)
