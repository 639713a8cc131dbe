"""The OpenAPI reader gives the operations, entities and sign-in that a document says, also where it is broken."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import (
    ConventionFact,
    EntityFact,
    FieldFact,
    OperationFact,
    Reading,
    RelationFact,
    SignInFact,
    Standing,
    ValueType,
)
from bot.reading.notations.openapi import OpenApiReader
from bot.reading.segments import Segment
from tests.reading.support import facts, hostile, read, spans_are_exact

BREWERY = """\
openapi: 3.0.3
info: {title: Brewery, version: "1"}
servers: [{url: https://beer.example/api/v2}]
paths:
  /kegs/{keg_id}/$taps:
    parameters:
      - {name: keg_id, in: path, required: true, schema: {type: string, format: uuid}}
    get:
      operationId: listTaps
      security: []
      parameters:
        - {name: state, in: query, schema: {type: string, enum: [OPEN, shut]}}
        - {name: page, in: query, schema: {type: integer, minimum: 1}}
      responses:
        "200": {content: {application/json: {schema: {$ref: '#/components/schemas/TapListResponse'}}}}
    post:
      x-roles: [brewer]
      deprecated: true
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/NewTap'}}}}
      responses:
        "201": {description: made}
components:
  securitySchemes:
    main: {type: http, scheme: bearer, bearerFormat: JWT}
  schemas:
    Tap:
      type: object
      required: [label]
      properties:
        id: {type: string, format: uuid, readOnly: true}
        label: {type: string, maxLength: 40, pattern: '^[A-Z]+$'}
        flow: {type: number, minimum: 0.5, maximum: 9, nullable: true}
        state: {$ref: '#/components/schemas/TapState'}
        keg: {$ref: '#/components/schemas/Keg'}
        notes: {type: array, items: {type: string}}
    TapState: {type: string, enum: [OPEN, shut], default: shut}
    NewTap:
      type: object
      properties:
        label: {type: string}
    TapListResponse:
      type: object
      properties:
        data: {type: array, items: {$ref: '#/components/schemas/Tap'}}
        total: {type: integer}
    Keg: {allOf: [{$ref: '#/components/schemas/Vessel'}, {type: object, properties: {beer: {type: string}}}]}
    Vessel: {type: object, properties: {litres: {type: integer}}}
    Error: {type: object, properties: {code: {type: string}}}
"""


def test_operations_are_read_as_written() -> None:
    """Path, parameters, roles, forms and envelopes of an operation are those of the document."""
    reading = read(OpenApiReader(), BREWERY)
    listing, making = facts(reading, OperationFact)
    assert (listing.method, listing.path, listing.operation_id) == ("GET", "/kegs/{keg_id}/$taps", "listTaps")
    assert [(one.name, one.type, one.values) for one in listing.parameters] == [
        ("keg_id", ValueType.UUID, ()),
        ("state", ValueType.ENUM, ("OPEN", "shut")),
        ("page", ValueType.INTEGER, ()),
    ]
    assert (listing.public, listing.paginated, listing.result_entity, listing.result_is_list) == (
        True,
        True,
        "Tap",
        True,
    )
    assert (making.public, making.roles, making.deprecated) == (True, ("brewer",), True)
    assert (making.body_entity, [one.name for one in making.body], making.statuses) == ("Tap", ["label"], ("201",))


def test_a_pattern_that_only_refuses_nul_bounds_nothing() -> None:
    """A document of an earlier iteration says of its texts that they hold no NUL: nobody asked for a pattern."""
    said = """
openapi: 3.1.0
paths: {}
components:
  schemas:
    Tap:
      type: object
      properties:
        label: {type: string, maxLength: 80, pattern: '^[^\\u0000]*$'}
        code: {type: string, pattern: '^[A-Z]{2}$'}
        more: {type: object, propertyNames: {pattern: '^[^\\u0000]*$'},
          additionalProperties: {$ref: '#/components/schemas/AnyValue'}}
    AnyValue:
      type: [string, number, boolean, 'null', array, object]
      pattern: '^[^\\u0000]*$'
      items: {$ref: '#/components/schemas/AnyValue'}
      additionalProperties: {$ref: '#/components/schemas/AnyValue'}
"""
    reading = read(OpenApiReader(), said)
    assert {one.name for one in facts(reading, EntityFact)} == {"Tap"}
    fields = {one.name: one for one in facts(reading, FieldFact)}
    assert (fields["label"].pattern, fields["label"].max_length, fields["code"].pattern) == ("", 80, "^[A-Z]{2}$")
    assert fields["more"].type is ValueType.JSON


def test_entities_are_read_and_envelopes_are_none() -> None:
    """Schemas that wrap or vary an entity are forms of it; errors are of no entity."""
    reading = read(OpenApiReader(), BREWERY)
    assert {one.name for one in facts(reading, EntityFact)} == {"Tap", "Keg", "Vessel"}
    fields = {(one.entity, one.name): one for one in facts(reading, FieldFact)}
    assert fields["Tap", "id"].read_only
    label = next(one for one in facts(reading, FieldFact) if one.name == "label" and one.required)
    assert (label.max_length, label.pattern) == (40, "^[A-Z]+$")
    assert (fields["Tap", "flow"].minimum, fields["Tap", "flow"].maximum, fields["Tap", "flow"].nullable) == (
        0.5,
        9,
        True,
    )
    assert fields["Tap", "state"].values == ("OPEN", "shut")
    assert (fields["Tap", "notes"].type, fields["Tap", "notes"].items) == (ValueType.ARRAY, ValueType.STRING)
    assert fields["Keg", "beer"].type is ValueType.STRING and fields["Keg", "litres"].type is ValueType.INTEGER
    assert [(one.source, one.target, one.name) for one in facts(reading, RelationFact)] == [("Tap", "Keg", "keg")]


def test_conventions_and_sign_in_are_read() -> None:
    """The servers' path, the error format and the security schemes are facts."""
    reading = read(OpenApiReader(), BREWERY)
    assert ("base_path", "/api/v2") in {(one.kind, one.value) for one in facts(reading, ConventionFact)}
    assert [one.scheme for one in facts(reading, SignInFact)] == ["jwt"]


def test_a_broken_line_loses_only_itself() -> None:
    """A line that is no YAML is not understood; every other line is read."""
    text = BREWERY.replace("    post:\n", "    post:\n      !!! what is this {{\n")
    reading = read(OpenApiReader(), text)
    assert len(facts(reading, OperationFact)) == 2
    lost = [one for one in reading.statements if one.standing is Standing.NOT_UNDERSTOOD]
    assert [one.text for one in lost] == ["!!! what is this {{"]


def test_unquoted_signs_tabs_and_a_cut_end_are_borne() -> None:
    """Colons in summaries, tabs and a cut end are read as people mean them."""
    text = (
        "paths:\n\t/a:\n\t\tget:\n\t\t\tsummary: Note: all of them\n"
        "\t/b:\n\t\tpost: {summary: Add one, no login, x: {y: "
    )
    made = facts(read(OpenApiReader(), text), OperationFact)
    assert [(one.method, one.path) for one in made] == [("GET", "/a"), ("POST", "/b")]
    assert made[0].summary == "Note: all of them"
    assert made[1].public is True


def test_swagger_two_in_json_is_read() -> None:
    """Swagger 2's base path, body parameters and definitions are read, also if the JSON ends too early."""
    text = (
        '{"swagger": "2.0", "basePath": "/v1", "paths": {"/Boats": {"post": {"parameters": [{"in": "body", "name": "b",'
        ' "schema": {"$ref": "#/definitions/Boat"}}]}}}, "definitions": {"Boat": {"properties": {"sail_no": '
        '{"type": "string"}, "crew": {"type": "array", "items": {"$ref": "#/definitions/Sailor"}}}}, "Sailor": '
        '{"type": "object", "properties": {"name": {"type": "string"'
    )
    reading = read(OpenApiReader(), text)
    assert [(one.path, one.body_entity) for one in facts(reading, OperationFact)] == [("/Boats", "Boat")]
    assert [(one.source, one.target) for one in facts(reading, RelationFact)] == [("Sailor", "Boat")]
    assert {one.name for one in facts(reading, FieldFact)} == {"sail_no", "name"}


def test_circles_of_references_end() -> None:
    """Schemas that refer to themselves or to each other are read once."""
    text = (
        "components:\n  schemas:\n    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n"
        "    Node:\n      type: object\n      properties:\n        parent: {$ref: '#/components/schemas/Node'}\n"
        "        inner: {allOf: [{$ref: '#/components/schemas/A'}]}\n"
    )
    reading = read(OpenApiReader(), text)
    assert [(one.source, one.target) for one in facts(reading, RelationFact)] == [("Node", "Node")]


def test_a_hostile_megabyte_is_read_or_refused_in_time() -> None:
    """No megabyte takes longer than two seconds of the processor."""
    prefix = "paths:\n  /a:\n    get:\n      summary: x\n"
    bombs = "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 40))
    hostile(OpenApiReader(), prefix, "    x: y\n", "- ", "{a: ", "[", "a: ", "  : : :\n", "  /a: {get: {summary: a}}\n")
    hostile(OpenApiReader(), '{"paths": {"/a": {"get": {}}}, "x": ', '{"a":', '["a",', '"', '{"a": 1},')
    hostile(OpenApiReader(), "x0: &x0 [a, b]\n" + bombs + prefix, "#")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.integers(0, len(BREWERY)))
def test_spans_are_exact_whatever_is_pasted(noise: str, place: int) -> None:
    """Every statement's text is what stands at its span, with any text put anywhere."""
    text = BREWERY[:place] + noise + BREWERY[place:]
    reading = OpenApiReader().read(Segment(source="answer:x", start=0, text=text, kind="fence"))
    spans_are_exact(reading or Reading(), text)
