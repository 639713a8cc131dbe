"""JSON Schemas of single values (JSON Schema 2020-12, the dialect of OpenAPI 3.1), their defaults and examples."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from typing import Final

from bot.roles.backend_developer.blueprint import EntityField, FieldType, InnerField, NestedField
from bot.roles.backend_developer.blueprint.defaults import is_now, is_today, plain
from bot.roles.backend_developer.blueprint.spelling import document_name
from bot.roles.backend_developer.renderers.openapi.shared import ANY_VALUE, NO_NUL, Node, ref
from bot.roles.backend_developer.renderers.shapes import Column, column_of
from bot.roles.backend_developer.renderers.values import LENGTHS, MAX_BINARY, MAX_ITEMS, number

_UNTOLD = frozenset({FieldType.TEXT, FieldType.MONEY, FieldType.FILE, FieldType.POINT, FieldType.OBJECT})
"""Types that share the JSON Schema of another one."""

NO_EXAMPLE: Final = object()
"""Where no value can be made up that is sure to fit."""

_DECIMAL = r"^-?\d{1,15}(\.\d{1,4})?$"
_MOMENT = "2026-01-15T09:30:00Z"
_SAFE = 9_007_199_254_740_991
"""Beyond 2^53 - 1 JavaScript's numbers lose digits (RFC 8259, section 6)."""

_POINT: Node = {
    "type": "object",
    "required": ["longitude", "latitude"],
    "properties": {
        "longitude": {"type": "number", "format": "double", "minimum": -180, "maximum": 180, "description": "East."},
        "latitude": {"type": "number", "format": "double", "minimum": -90, "maximum": 90, "description": "North."},
    },
    "additionalProperties": False,
}
_SHAPES: dict[FieldType, Node] = {
    FieldType.UUID: {"type": "string", "format": "uuid", "maxLength": 36},
    FieldType.STRING: {"type": "string", "maxLength": LENGTHS[FieldType.STRING]},
    FieldType.TEXT: {"type": "string", "maxLength": LENGTHS[FieldType.TEXT]},
    FieldType.INTEGER: {"type": "integer", "minimum": -_SAFE, "maximum": _SAFE},
    FieldType.BIGINT: {"type": "integer", "format": "int64", "minimum": -(2**63), "maximum": 2**63 - 1},
    FieldType.DECIMAL: {"type": "string", "format": "decimal", "maxLength": 21, "pattern": _DECIMAL},
    FieldType.FLOAT: {"type": "number", "format": "double", "minimum": -1e300, "maximum": 1e300},
    FieldType.MONEY: {"type": "string", "format": "decimal", "maxLength": 21, "pattern": _DECIMAL},
    FieldType.BOOLEAN: {"type": "boolean"},
    FieldType.DATE: {"type": "string", "format": "date", "maxLength": 10},
    FieldType.TIME: {"type": "string", "format": "time", "maxLength": 20},
    FieldType.TIMESTAMP: {"type": "string", "format": "date-time", "maxLength": 35},
    FieldType.DURATION: {"type": "string", "format": "duration", "maxLength": 40},
    FieldType.JSON: {"type": "object", "maxProperties": 200, "additionalProperties": True},
    FieldType.EMAIL: {"type": "string", "format": "email", "maxLength": LENGTHS[FieldType.EMAIL]},
    FieldType.URL: {"type": "string", "format": "uri", "maxLength": LENGTHS[FieldType.URL]},
    FieldType.ENUM: {"type": "string"},
    FieldType.BINARY: {"type": "string", "contentEncoding": "base64", "maxLength": MAX_BINARY},
    FieldType.FILE: {"type": "string", "format": "uri-reference", "maxLength": LENGTHS[FieldType.FILE]},
    FieldType.POINT: _POINT,
    FieldType.OBJECT: {"type": "object", "maxProperties": 200, "additionalProperties": True},
}
_SAMPLES: dict[FieldType, object] = {
    FieldType.INTEGER: 1,
    FieldType.BIGINT: 1,
    FieldType.FLOAT: 1.5,
    FieldType.DECIMAL: "12.5",
    FieldType.MONEY: "49.90",
    FieldType.BOOLEAN: True,
    FieldType.DATE: "2026-01-15",
    FieldType.TIME: "09:30:00",
    FieldType.TIMESTAMP: _MOMENT,
    FieldType.DURATION: "PT30M",
    FieldType.JSON: {},
    FieldType.EMAIL: "ada@example.com",
    FieldType.URL: "https://example.com/",
    FieldType.BINARY: "aGVsbG8=",
    FieldType.FILE: "files/3f1c9d7e",
    FieldType.POINT: {"longitude": 13.4, "latitude": 52.5},
}


def column_schema(column: Column, *, nullable: bool = False, writing: bool = False, stored: bool = False) -> Node:
    """Return the schema of one value; `nullable` adds null to its types, `writing` is for requests.

    An object that is an entity is a reference to that entity's schema for reading or for writing. `stored` is within a
    row: such an object has no row of its own, so that what is read is what was written.
    """
    node = _bounded(column, _shape(column, writing=writing, stored=stored))
    if "$ref" in node:
        return {"oneOf": [node, {"type": "null"}]} if nullable else node
    if column.type is FieldType.ENUM:
        node["enum"] = [*column.values, *([None] if nullable else [])]
    if nullable:
        node["type"] = [node["type"], "null"]
    if writing:
        _storable(column, node)
    if column.label:
        node["title"] = column.label
    words = column.description or describe(column.name)
    node["description"] = f"{words} In {column.unit}." if column.unit else words
    if writing and (said := json_default(column)) is not NO_EXAMPLE:
        node["default"] = said
    if column.generated:
        node["readOnly"] = True
    if column.write_only:
        node["writeOnly"] = True
    if column.sensitive:
        node["x-sensitive"] = True
    if column.immutable:
        node["x-set-once"] = True
    return node | _extensions(column, node)


def _extensions(column: Column, node: Node) -> Node:
    """Return what JSON Schema has no word for: the type as designed, its unit, and bounds that nobody asked for."""
    found: Node = {}
    if column.type in _UNTOLD and not column.currency:
        found["x-type"] = column.type.value
    if column.unit:
        found["x-unit"] = column.unit
    if column.default is not None and (column.generated or json_default(column) is NO_EXAMPLE):
        found["x-default"] = column.default
    said = {
        "minimum": column.minimum is not None,
        "maximum": column.maximum is not None,
        "maxLength": bool(column.max_length) or column.currency,
        "maxItems": bool(column.max_length),
        "pattern": column.type not in (FieldType.DECIMAL, FieldType.MONEY),
    }
    assumed = [word for word, named in said.items() if word in node and not named]
    return {**found, "x-assumed": assumed} if assumed else found


def object_schema(fields: Sequence[EntityField | NestedField | InnerField], *, writing: bool) -> Node:
    """Return the closed schema of an object with these fields."""
    columns = list({field.name: value_column(field) for field in fields}.values())
    required = [column.name for column in columns if column.required and not (writing and column.optional_input)]
    node: Node = {"type": "object"}
    if required:
        node["required"] = required
    node["properties"] = {c.name: column_schema(c, nullable=not c.required, writing=writing) for c in columns}
    node["additionalProperties"] = False
    return node


def value_column(field: EntityField | NestedField | InnerField) -> Column:
    """Return a field of a body, a result or an object as a column."""
    if isinstance(field, EntityField):
        return column_of(field)
    return Column(
        name=field.name,
        type=field.type,
        label=field.label,
        required=field.required,
        values=tuple(dict.fromkeys(field.values)),
        items=field.items,
        entity=field.entity,
        fields=field.fields if isinstance(field, NestedField) else (),
        minimum=field.minimum,
        maximum=field.maximum,
        description=field.description,
        optional_input=not field.required,
    )


def json_default(column: Column) -> object:  # noqa: PLR0911 - one for each kind of type
    """Return the default as JSON; NO_EXAMPLE if there is none that a document can say."""
    said, kind = column.default, column.type
    if said is None or (kind is FieldType.TIMESTAMP and is_now(said)) or (kind is FieldType.DATE and is_today(said)):
        return NO_EXAMPLE
    word = plain(kind, said)
    if kind in (FieldType.INTEGER, FieldType.BIGINT):
        return int(word)
    if kind is FieldType.FLOAT:
        return float(word)
    if kind is FieldType.BOOLEAN:
        return word.lower() == "true"
    if kind in (FieldType.JSON, FieldType.OBJECT, FieldType.ARRAY):
        return json.loads(word)
    if kind is FieldType.POINT:
        longitude, latitude = (float(part) for part in word.strip("() ").split(","))
        return {"longitude": longitude, "latitude": latitude}
    return said if kind in LENGTHS or kind is FieldType.ENUM else word.removeprefix("+")


def example(column: Column) -> object:  # noqa: PLR0911 - one for each kind of type
    """Return a value that fits the column's schema, always the same one, or NO_EXAMPLE."""
    kind = column.type
    if column.currency:
        return "EUR"
    if kind is FieldType.ENUM:
        return column.values[0]
    if kind is FieldType.UUID:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, column.name))
    if kind is FieldType.ARRAY:
        return [] if not column.min_length else NO_EXAMPLE
    if kind is FieldType.OBJECT:
        return _object_example(column)
    if kind in (FieldType.INTEGER, FieldType.BIGINT, FieldType.FLOAT):
        return _number_example(column)
    if kind in (FieldType.STRING, FieldType.TEXT):
        return _text_example(column)
    if kind in LENGTHS:
        said = [text for text in (column.example, _SAMPLES[kind]) if isinstance(text, str) and _fits(column, text)]
        return said[0] if said else NO_EXAMPLE
    return NO_EXAMPLE if column.pattern or column.min_length else _SAMPLES[kind]


def describe(name: str) -> str:
    """Return a name as a sentence."""
    return f"{name.replace('_', ' ').capitalize()}."


def _shape(column: Column, *, writing: bool, stored: bool) -> Node:
    if column.currency:
        return {"type": "string", "maxLength": 3, "pattern": "^[A-Z]{3}$"}
    if column.type is FieldType.OBJECT:
        if column.entity:
            return ref("schemas", document_name(column.entity) + ("Create" if writing or stored else ""))
        if column.fields:
            return object_schema(column.fields, writing=writing)
    if column.type is FieldType.ARRAY:
        inner = Column(
            name=column.name, type=column.items, values=column.values, entity=column.entity, fields=column.fields,
            minimum=column.minimum, maximum=column.maximum, description="One of them.",
        ) if column.items is not FieldType.ARRAY else Column(name=column.name, type=FieldType.JSON)  # fmt: skip
        items = column_schema(inner, writing=writing, stored=stored)
        node: Node = {"type": "array", "maxItems": column.max_length or MAX_ITEMS, "items": items}
        return {**node, "minItems": column.min_length} if column.min_length else node
    return dict(_SHAPES[column.type])


def _bounded(column: Column, node: Node) -> Node:
    kind = column.type
    if kind in (FieldType.INTEGER, FieldType.BIGINT, FieldType.FLOAT):
        for word, bound in (("minimum", column.minimum), ("maximum", column.maximum)):
            if bound is not None:
                node[word] = bound if kind is FieldType.FLOAT or bound % 1 else int(bound)
    elif kind in (FieldType.DECIMAL, FieldType.MONEY):
        # Decimals travel as text, so that no digit is lost; JSON Schema has no bounds for the numbers in it.
        for word, bound in (("x-minimum", column.minimum), ("x-maximum", column.maximum)):
            if bound is not None:
                node[word] = number(bound)
    elif kind in LENGTHS or kind is FieldType.BINARY:
        if column.min_length:
            node["minLength"] = column.min_length
        if column.max_length:
            node["maxLength"] = column.max_length if kind in LENGTHS else -(-column.max_length // 3) * 4
        if column.pattern:
            node["pattern"] = column.pattern
    return node


def _storable(column: Column, node: Node) -> None:
    """Say of a text or a free object of a request that it holds no NUL."""
    if column.type in (FieldType.STRING, FieldType.TEXT) and not column.currency:
        node.setdefault("pattern", NO_NUL)
    elif node.get("additionalProperties") is True:
        node["propertyNames"] = {"pattern": NO_NUL}
        node["additionalProperties"] = ref("schemas", ANY_VALUE)


def _object_example(column: Column) -> object:
    if column.entity:
        return NO_EXAMPLE
    made = {inner.name: example(inner) for inner in map(value_column, column.fields) if inner.required}
    return NO_EXAMPLE if any(value is NO_EXAMPLE for value in made.values()) else made


def _number_example(column: Column) -> object:
    value = float(str(_SAMPLES[column.type]))
    low = column.minimum if column.minimum is not None else value
    high = column.maximum if column.maximum is not None else max(value, low)
    value = min(max(value, low), high)
    if column.type is FieldType.FLOAT:
        return value
    return int(value) if low <= int(value) <= high else NO_EXAMPLE


def _text_example(column: Column) -> object:
    said = column.example or describe(column.name).rstrip(".")
    longest = column.max_length or LENGTHS[column.type]
    if not column.pattern:
        return (said * (1 + column.min_length // max(1, len(said))))[: max(longest, column.min_length)]
    return column.example if _fits(column, column.example) else NO_EXAMPLE


def _fits(column: Column, text: str) -> bool:
    """Whether a text keeps the column's lengths and pattern."""
    longest = column.max_length or LENGTHS[column.type]
    in_form = not column.pattern or re.search(column.pattern, text) is not None
    return bool(text) and in_form and column.min_length <= len(text) <= longest
