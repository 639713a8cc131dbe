"""JSON Schemas of entities and fields (JSON Schema 2020-12, the dialect of OpenAPI 3.1)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from bot.roles.backend_developer.blueprint import Blueprint, Entity, EntityField, FieldType
from bot.roles.backend_developer.renderers.openapi.shared import (
    MAX_CURSOR,
    MAX_PAGE,
    Node,
    accepted_schema,
    problem_schema,
    ref,
)
from bot.roles.backend_developer.renderers.tables import Column, TableShape, tables

LENGTHS = {
    FieldType.STRING: 200,
    FieldType.TEXT: 10_000,
    FieldType.EMAIL: 320,
    FieldType.URL: 2_048,
}
"""Longest texts in characters; the database holds the same bounds. An e-mail's is of RFC 3696, erratum 1690."""

MAX_BINARY = 1_400_000
"""Base64 characters, about a mebibyte: larger files belong in object storage."""

_DECIMAL = r"^-?\d{1,15}(\.\d{1,4})?$"
_MOMENT = "2026-01-15T09:30:00Z"
_SHAPES: dict[FieldType, Node] = {
    FieldType.UUID: {"type": "string", "format": "uuid", "maxLength": 36},
    FieldType.STRING: {"type": "string", "maxLength": LENGTHS[FieldType.STRING]},
    FieldType.TEXT: {"type": "string", "maxLength": LENGTHS[FieldType.TEXT]},
    FieldType.INTEGER: {
        "type": "integer",
        "format": "int64",
        # Beyond 2^53 - 1 JavaScript's numbers lose digits (RFC 8259, section 6).
        "minimum": -9_007_199_254_740_991,
        "maximum": 9_007_199_254_740_991,
    },
    FieldType.DECIMAL: {"type": "string", "format": "decimal", "maxLength": 21, "pattern": _DECIMAL},
    FieldType.MONEY: {"type": "string", "format": "decimal", "maxLength": 21, "pattern": _DECIMAL},
    FieldType.BOOLEAN: {"type": "boolean"},
    FieldType.DATE: {"type": "string", "format": "date", "maxLength": 10},
    FieldType.TIMESTAMP: {"type": "string", "format": "date-time", "maxLength": 35},
    FieldType.JSON: {"type": "object", "maxProperties": 200, "additionalProperties": True},
    FieldType.EMAIL: {"type": "string", "format": "email", "maxLength": LENGTHS[FieldType.EMAIL]},
    FieldType.URL: {"type": "string", "format": "uri", "maxLength": LENGTHS[FieldType.URL]},
    FieldType.ENUM: {"type": "string"},
    FieldType.BINARY: {"type": "string", "contentEncoding": "base64", "maxLength": MAX_BINARY},
}


def schemas(plan: Blueprint, *, with_accepted: bool) -> Node:
    """Return every schema of the document: per entity its read, create, update and page forms, then the shared ones."""
    shapes = {shape.entity: shape for shape in tables(plan) if shape.entity}
    found: Node = {}
    for entity in plan.entities:
        found |= _entity_schemas(entity, shapes[entity.name])
    found["Problem"] = problem_schema()
    if with_accepted:
        found["Accepted"] = accepted_schema()
    return found


def listed(shape: TableShape) -> str:
    """Return the name of the schema of a page's items: personal data is left out of lists."""
    return f"{shape.entity}Summary" if any(c.sensitive and not c.secret for c in shape.columns) else shape.entity


def writable(shape: TableShape) -> tuple[Column, ...]:
    """Return the columns that callers may write."""
    return tuple(column for column in shape.columns if not column.generated)


def object_of(fields: Sequence[EntityField], description: str) -> Node:
    """Return an object schema of an action's request or of a query's result."""
    parts = [
        Column(
            name=f.name,
            type=f.type,
            required=f.required,
            values=tuple(dict.fromkeys(f.values)),
            description=f.description,
        )
        for f in fields
    ]
    return _object(description, {part.name: part for part in parts}.values(), closed=True)


def column_schema(column: Column, *, nullable: bool = False) -> Node:
    """Return the schema of one value; `nullable` adds null to its types."""
    node = dict(_SHAPES[column.type])
    if column.currency:
        node = {"type": "string", "maxLength": 3, "pattern": "^[A-Z]{3}$"}
    if column.type is FieldType.ENUM:
        node["enum"] = [*column.values, *([None] if nullable else [])]
    if nullable:
        node["type"] = [node["type"], "null"]
    node["description"] = column.description or _describe(column.name)
    if column.generated:
        node["readOnly"] = True
    if column.sensitive:
        node["x-sensitive"] = True
    return node


def example(column: Column) -> object:
    """Return a value that fits the column's schema, always the same one."""
    if column.currency:
        return "EUR"
    samples: dict[FieldType, object] = {
        FieldType.UUID: str(uuid.uuid5(uuid.NAMESPACE_OID, column.name)),
        FieldType.STRING: _describe(column.name).rstrip("."),
        FieldType.TEXT: f"{_describe(column.name).rstrip('.')} in a few sentences.",
        FieldType.INTEGER: 1,
        FieldType.DECIMAL: "12.5",
        FieldType.MONEY: "49.90",
        FieldType.BOOLEAN: True,
        FieldType.DATE: "2026-01-15",
        FieldType.TIMESTAMP: _MOMENT,
        FieldType.JSON: {},
        FieldType.EMAIL: "ada@example.com",
        FieldType.URL: "https://example.com/",
        FieldType.ENUM: column.values[0] if column.values else "",
        FieldType.BINARY: "aGVsbG8=",
    }
    return samples[column.type]


def _entity_schemas(entity: Entity, shape: TableShape) -> Node:
    name, words = entity.name, entity.description or f"{_spaced(entity.name)}."
    readable = [column for column in shape.columns if not column.secret]
    write = writable(shape)
    found: Node = {name: _object(words, readable, closed=False)}
    item = listed(shape)
    if item != name:
        short = [column for column in readable if not column.sensitive]
        found[item] = _object(f"{words} Without personal data, as lists show it.", short, closed=False)
    found[f"{name}Create"] = _object(f"What a new {_spaced(name).lower()} needs.", write, closed=True)
    found[f"{name}Update"] = _object(
        f"Changes to a {_spaced(name).lower()}; what is left out stays.", write, closed=True, partial=True
    )
    found[f"{name}Page"] = _page(name, item)
    return found


def _page(name: str, item: str) -> Node:
    return {
        "type": "object",
        "title": f"{name}Page",
        "description": f"One page of {_spaced(name).lower()} items, the newest first.",
        "required": ["items", "next_cursor"],
        "properties": {
            "items": {
                "type": "array",
                "maxItems": MAX_PAGE,
                "items": ref("schemas", item),
                "description": "The items of this page.",
            },
            "next_cursor": {
                "type": ["string", "null"],
                "maxLength": MAX_CURSOR,
                "description": "Cursor of the next page; null on the last.",
            },
        },
    }


def _object(description: str, columns: Iterable[Column], *, closed: bool, partial: bool = False) -> Node:
    own = tuple(columns)
    node: Node = {"type": "object", "description": description}
    required = [column.name for column in own if column.required]
    if required and not partial:
        node["required"] = required
    node["properties"] = {column.name: column_schema(column, nullable=not column.required) for column in own}
    if closed:
        # Unknown keys in requests are refused, so that callers cannot set what is not theirs (OWASP API3:2023).
        node["additionalProperties"] = False
    if partial and own:
        node["minProperties"] = 1
    shown = own[:1] if partial else own
    node["examples"] = [{column.name: example(column) for column in shown}]
    return node


def _describe(name: str) -> str:
    return f"{name.replace('_', ' ').capitalize()}."


def _spaced(name: str) -> str:
    spaced = "".join(f" {c}" if c.isupper() and i and not name[i - 1].isupper() else c for i, c in enumerate(name))
    return spaced[:1].upper() + spaced[1:].lower()
