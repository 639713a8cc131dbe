"""The JSON Schema reader gives the entities that schemas describe."""

from __future__ import annotations

from bot.domain.facts import EntityFact, FieldFact, RelationFact, ValueType
from bot.reading.notations.json_schema import JsonSchemaReader
from tests.reading.support import facts, hostile, read

PARCEL = """\
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Parcel",
  "type": "object",
  "required": ["code"],
  "properties": {
    "code": {"type": "string", "minLength": 3, "maxLength": 9},
    "weight": {"type": ["number", "null"], "exclusiveMinimum": 0},
    "size": {"enum": ["S", "m"]},
    "sender": {"$ref": "#/$defs/Person"},
    "place": {"type": "object", "properties": {"street": {"type": "string"}}}
  },
  "$defs": {"Person": {"type": "object", "properties": {"born": {"type": "string", "format": "date"}}}}
}
"""


def test_a_schema_is_an_entity_with_its_fields() -> None:
    """Title, properties, definitions and nested objects are read."""
    reading = read(JsonSchemaReader(), PARCEL)
    assert {one.name for one in facts(reading, EntityFact)} == {"Parcel", "Person"}
    fields = {one.name: one for one in facts(reading, FieldFact)}
    assert (fields["code"].min_length, fields["code"].max_length, fields["code"].required) == (3, 9, True)
    assert (fields["weight"].nullable, fields["weight"].minimum) == (True, 0)
    assert fields["size"].values == ("S", "m")
    assert [one.name for one in fields["place"].fields] == ["street"]
    assert fields["born"].type is ValueType.DATE
    assert [(one.source, one.target) for one in facts(reading, RelationFact)] == [("Parcel", "Person")]


def test_a_schema_without_a_title_is_called_by_what_stands_above() -> None:
    """The lead of a fence names the entity that it shows."""
    text = '{"type": "object", "properties": {"a": {"type": "string"}}}'
    assert [one.name for one in facts(read(JsonSchemaReader(), text, lead="Invoice:"), EntityFact)] == ["Invoice"]


def test_a_hostile_megabyte_is_read_or_refused_in_time() -> None:
    """No megabyte takes longer than two seconds of the processor."""
    prefix = '{"$schema": "x", "title": "A", "type": "object", "properties": {'
    hostile(JsonSchemaReader(), prefix, '"a": {"type": "string"},', '"a": {', "[", '"', '"a": {"allOf": [')
