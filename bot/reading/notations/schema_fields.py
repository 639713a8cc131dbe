"""The fields that a JSON Schema describes: types, members, bounds, and what refers to another schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.domain.facts import FieldFact, ValueType
from bot.reading.notations import openapi_extensions as extensions
from bot.reading.notations.schema_nodes import DEEPEST, Named, maps_of, properties, ref_name, texts_of, whole
from bot.reading.notations.trees import Node
from bot.reading.types import value_type

_ANY_TEXT = re.compile(r"\^\[\^\\(?:u0000|x00|0)\]\*\$")
"""A pattern that lets every text through but one with NUL, which no database of ours could hold: it bounds nothing."""
_FORMATS = {
    "date-time": ValueType.TIMESTAMP,
    "date": ValueType.DATE,
    "time": ValueType.TIME,
    "duration": ValueType.DURATION,
    "uuid": ValueType.UUID,
    "guid": ValueType.UUID,
    "email": ValueType.EMAIL,
    "idn-email": ValueType.EMAIL,
    "uri": ValueType.URL,
    "url": ValueType.URL,
    "uri-reference": ValueType.URL,
    "iri": ValueType.URL,
    "binary": ValueType.FILE,
    "byte": ValueType.BINARY,
    "base64": ValueType.BINARY,
    "base64url": ValueType.BINARY,
    "int64": ValueType.BIGINT,
    "int32": ValueType.INTEGER,
    "float": ValueType.FLOAT,
    "double": ValueType.FLOAT,
    "decimal": ValueType.DECIMAL,
    "money": ValueType.MONEY,
    "currency": ValueType.MONEY,
    "timestamp": ValueType.TIMESTAMP,
    "datetime": ValueType.TIMESTAMP,
    "json": ValueType.JSON,
    "text": ValueType.TEXT,
    "markdown": ValueType.TEXT,
    "html": ValueType.TEXT,
    "geo-point": ValueType.POINT,
}
_PLAIN = {
    "string": ValueType.STRING,
    "integer": ValueType.INTEGER,
    "number": ValueType.DECIMAL,
    "boolean": ValueType.BOOLEAN,
    "array": ValueType.ARRAY,
    "object": ValueType.OBJECT,
    "file": ValueType.FILE,
}


class SchemaFields:
    """Reads fields of schemas that may refer to these named ones; notes none of them."""

    def __init__(self, named: Mapping[str, Named]) -> None:
        self._named = named

    def of(self, value: Node, statement: str, entity: str = "", depth: int = 0) -> tuple[FieldFact, ...]:
        """Return the fields of an object's schema, without noting any."""
        if depth > DEEPEST:
            return ()
        if target := ref_name(value):
            found = self._named.get(target)
            return self.of(found.value, statement, entity, depth + 1) if found else ()
        if (items := value.get("items")) is not None and value.get("properties") is None:
            return self.of(items, statement, entity, depth + 1)
        required = set(texts_of(value.get("required")))
        made = [
            replace(
                self.field(entity, key.text, child, statement, depth + 1),
                required=True if key.text in required else None,
            )
            for key, child in properties(value, own=True)
        ]
        for part in maps_of(value.get("allOf")):
            made.extend(self.of(part, statement, entity, depth + 1))
        return tuple({one.name: one for one in made}.values())

    def field(self, entity: str, name: str, value: Node, statement: str, depth: int) -> FieldFact:
        """Return what a property's schema says."""
        made = FieldFact(statement=statement, entity=entity, name=name)
        if value.kind == "scalar":
            shape = value_type(value.text)
            return replace(made, type=shape.type, values=shape.values, items=shape.items) if shape else made
        if value.kind != "map" or depth > DEEPEST:
            return made
        if target := ref_name(value):
            found = self._named.get(target)
            if found is None or found.entity:
                return replace(made, references=found.entity if found else target)
            return self.field(entity, name, found.value, statement, depth + 1)
        parts = [part for key in ("anyOf", "oneOf", "allOf") for part in maps_of(value.get(key))]
        real = [part for part in parts if part.said("type") != "null"]
        if real and value.get("type") is None:
            inner = self.field(entity, name, real[0], statement, depth + 1)
            if len(real) > 1 and value.get("allOf") is None:
                inner = made
            return replace(inner, nullable=True if len(real) < len(parts) else inner.nullable)
        return self._typed(made, value, depth)

    def _typed(self, made: FieldFact, value: Node, depth: int) -> FieldFact:
        """Return what a schema with a type of its own says."""
        kinds = texts_of(value.get("type"))
        kind = next((one for one in kinds if one != "null"), "")
        members = tuple(texts_of(value.get("enum"))) or tuple(texts_of(value.get("const")))
        nullable = (
            True if "null" in kinds else (value.flag("nullable") if value.get("nullable") else value.flag("x-nullable"))
        )
        of = _type_of(kind, value, members)
        items = value.get("items")
        inner = self.field(made.entity, made.name, items, made.statement, depth + 1) if items is not None else None
        nested = self.of(value, made.statement, "", depth + 1) if value.get("properties") is not None else ()
        low, high = value.number("minimum"), value.number("maximum")
        told = replace(
            made,
            type=ValueType.JSON if of is ValueType.OBJECT and not nested else of,
            values=members or (inner.values if inner else ()),
            nullable=nullable,
            read_only=value.flag("readOnly"),
            write_only=value.flag("writeOnly") or (True if value.said("format") == "password" else None),
            unique=value.flag("x-unique") if value.get("x-unique") else value.flag("uniqueItems") and None,
            primary_key=value.flag("x-primary-key"),
            default=extensions.as_said(value.get("default")),
            minimum=low if low is not None else value.number("exclusiveMinimum"),
            maximum=high if high is not None else value.number("exclusiveMaximum"),
            min_length=whole(value.number("minLength", "minItems")),
            max_length=whole(value.number("maxLength", "maxItems")),
            pattern="" if _ANY_TEXT.fullmatch(value.said("pattern")) else value.said("pattern"),
            items=inner.type if inner else None,
            references=inner.references if inner else "",
            fields=nested or (inner.fields if inner else ()),
            description=value.said("description"),
        )
        return extensions.designed(told, value)


def _type_of(kind: str, value: Node, members: tuple[str, ...]) -> ValueType | None:
    """Return the type that `type`, `format` and `enum` say together."""
    if members and kind not in {"array", "boolean"}:
        return ValueType.ENUM
    form = value.said("format", "contentEncoding").lower()
    if form in _FORMATS and kind in {"string", "integer", "number", ""}:
        return _FORMATS[form]
    if kind in _PLAIN:
        return _PLAIN[kind]
    if value.get("properties") is not None or value.get("additionalProperties") is not None:
        return ValueType.OBJECT
    if value.get("items") is not None:
        return ValueType.ARRAY
    shape = value_type(kind) if kind else None
    return shape.type if shape else None
