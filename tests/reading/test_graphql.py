"""The GraphQL reader gives entities, relations and what the API offers."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import (
    AccessFact,
    ConventionFact,
    EntityFact,
    EventFact,
    FieldFact,
    Reading,
    RelationFact,
    Standing,
    ValueType,
)
from bot.reading.notations.graphql import GraphqlReader
from bot.reading.segments import Segment
from tests.reading.support import facts, hostile, read, spans_are_exact

ZOO = '''\
enum Diet { HERBS meat }
"""A living thing"""
type Animal {
  id: ID!
  diet: Diet! = HERBS
  weight: Float
  ???
  bornOn: Date! @auth(requires: KEEPER)
  cage: Cage!
  names: [String!]
  keepers: [Keeper!]!
}
type Cage { label: String! @unique, animals: [Animal!]! }
type Keeper { animals(first: Int): AnimalConnection, pals: [Animal] }
type AnimalConnection { edges: [AnimalEdge] }
input CreateAnimalInput { weight: Float!, note: String = "x" }
type Query { animals(first: Int): [Animal!]! }
type Mutation { feed(id: ID!): Animal }
type Subscription { born: Animal }
scalar Date
type Cut { a: Int
'''


def test_types_give_entities_fields_and_relations() -> None:
    """Types are entities, their scalars fields, their object fields relations with the many side as source."""
    reading = read(GraphqlReader(), ZOO)
    assert {one.name for one in facts(reading, EntityFact)} == {"Animal", "Cage", "Keeper", "Cut"}
    fields = {(one.entity, one.name): one for one in facts(reading, FieldFact)}
    assert fields["Animal", "diet"].values == ("HERBS", "meat")
    weights = [(one.type, one.nullable) for one in facts(reading, FieldFact) if one.name == "weight"]
    assert weights == [(ValueType.FLOAT, True), (ValueType.FLOAT, False)]
    assert fields["Animal", "bornOn"].type is ValueType.DATE
    assert (fields["Animal", "names"].type, fields["Animal", "names"].items) == (ValueType.ARRAY, ValueType.STRING)
    assert fields["Animal", "note"].default == "x"
    assert fields["Cage", "label"].unique
    relations = {(one.source, one.target, one.cardinality) for one in facts(reading, RelationFact)}
    assert relations == {
        ("Animal", "Cage", "many_to_one"),
        ("Keeper", "Animal", "many_to_many"),
        ("Animal", "Keeper", "many_to_many"),
    }


def test_roots_and_directives_are_read() -> None:
    """What Query, Mutation and Subscription offer is the API's style, `@auth` is access."""
    reading = read(GraphqlReader(), ZOO)
    styles = [one.value for one in facts(reading, ConventionFact) if one.kind == "api_style"]
    assert styles == ["graphql query animals", "graphql mutation feed", "graphql subscription born"]
    assert [(one.name, one.entity) for one in facts(reading, EventFact)] == [("born", "Animal")]
    assert [(one.role, one.field) for one in facts(reading, AccessFact)] == [("KEEPER", "bornOn")]


def test_a_broken_line_loses_only_itself() -> None:
    """A line that is no field is not understood; the type around it is read."""
    lost = [one.text for one in read(GraphqlReader(), ZOO).statements if one.standing is Standing.NOT_UNDERSTOOD]
    assert lost == ["???"]


def test_a_default_where_graphql_has_none_is_kept() -> None:
    """A default of an object's field is no GraphQL, and is read as people mean it."""
    reading = read(GraphqlReader(), "type Lamp {\n  on: Boolean! = true\n  hue: Int\n}\n")
    assert [(one.name, one.default) for one in facts(reading, FieldFact)] == [("on", "true"), ("hue", None)]


def test_typescript_is_left_to_its_reader() -> None:
    """An interface whose lines end in semicolons is no GraphQL."""
    segment = Segment(source="x", start=0, text="interface Cat {\n  name: string;\n}\n", kind="fence")
    assert not GraphqlReader().recognises(segment)


FEDERATED = '''\
directive @owner(
  """
  Whose part it is; "nobody" is allowed.
  """
  team: Team
) on OBJECT

extend schema
  @link(url: "https://specs.example/v2", import: ["@key"])

"""
A ship: its berth;
type Ship { is not this }
"""
type Ship @key(fields: "id") {
  id: ID!
  """
  What it may carry {at most};
  """
  load(
    "in which unit"
    unit: Unit = TONS
  ): PositiveDecimal
  papers: JSONString
  launched: ISO8601DateTime
}

union Cargo =
  | Grain
  | Coal

scalar JSONString @specifiedBy(url: "https://json.example")
enum Unit { TONS KILOS }
'''


def test_descriptions_and_definitions_of_several_lines_are_not_cut() -> None:
    """What descriptions quote begins and ends nothing; directives, unions and schemas go on for lines."""
    reading = read(GraphqlReader(), FEDERATED, kind="document", info=".graphql")
    assert [one.name for one in facts(reading, EntityFact)] == ["Ship"]
    assert {(one.name, one.type) for one in facts(reading, FieldFact)} == {
        ("id", ValueType.UUID),
        ("load", ValueType.DECIMAL),
        ("papers", ValueType.JSON),
        ("launched", ValueType.TIMESTAMP),
    }
    assert [one.value for one in facts(reading, ConventionFact) if one.kind == "union"] == ["Cargo: Grain|Coal"]
    assert not [one.text for one in reading.statements if one.standing is Standing.NOT_UNDERSTOOD]


def test_a_schema_of_some_size_is_read_whole() -> None:
    """Four hundred types with long descriptions are read: only words and signs outside of them count."""
    said = "x " * 200
    types = (f'"""{said}"""\ntype Thing{n} {{\n  a: Int\n  b: String!\n  next: Thing{n // 2}\n}}\n' for n in range(400))
    assert len(facts(read(GraphqlReader(), "".join(types)), EntityFact)) == 400


def test_a_hostile_megabyte_is_read_or_refused_in_time() -> None:
    """No megabyte takes longer than two seconds of the processor."""
    pieces = ("b: Int\n", "[", "{", "(", '"""', "type A {\n", "type A { a: Int }\n", "b: [", "x ", "\n")
    hostile(GraphqlReader(), "type A {\n a: Int\n ", *pieces)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.integers(0, len(ZOO)))
def test_spans_are_exact_whatever_is_pasted(noise: str, place: int) -> None:
    """Every statement's text is what stands at its span, with any text put anywhere."""
    text = ZOO[:place] + noise + ZOO[place:]
    reading = GraphqlReader().read(Segment(source="answer:x", start=0, text=text, kind="fence"))
    spans_are_exact(reading or Reading(), text)
