"""The Mermaid reader gives what diagrams of entities, classes, states and calls say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import EntityFact, FieldFact, OperationFact, RelationFact, Standing, StateFact, ValueType
from bot.reading.notations.mermaid import MermaidReader
from bot.reading.segments import Segment
from tests.reading.support import facts, hostile, read, spans_are_exact


@pytest.mark.parametrize(
    ("line", "source", "target", "cardinality", "required"),
    [
        ("A ||--o{ B : has", "B", "A", "many_to_one", True),
        ("A |o..o{ B : has", "B", "A", "many_to_one", False),
        ("A }o--|| B : of", "A", "B", "many_to_one", True),
        ("A }|--|{ B : x", "A", "B", "many_to_many", None),
        ("A ||--|| B : x", "B", "A", "one_to_one", True),
        ("A |o--|| B : x", "A", "B", "one_to_one", True),
        ("A one or more to many B : x", "A", "B", "many_to_many", None),
        ("A only one to zero or more B : x", "B", "A", "many_to_one", True),
    ],
)
def test_cardinalities(line: str, source: str, target: str, cardinality: str, required: bool | None) -> None:
    """Every pair of ends, in signs and in words, says who points at whom and whether one must be there."""
    (found,) = facts(read(MermaidReader(), f"erDiagram\n  {line}\n"), RelationFact)
    assert (found.source, found.target, found.cardinality, found.required) == (source, target, cardinality, required)


def test_attributes_keep_keys_and_members() -> None:
    """Keys, lengths and the members in a comment are read; a foreign key refers to what the line points at."""
    text = (
        'erDiagram\n  CREW ||--o{ "Duty Log" : writes\n  CREW ||--o{ "Duty Log" : signs\n  "Duty Log" {\n'
        '    uuid id PK\n    uuid writer_id FK\n    uuid signer_id FK\n    string mood "glad, so-so, planned"\n'
        "    varchar(9) code UK\n  }\n  %% CREW ||--o{ SHIP : owns\n"
    )
    reading = read(MermaidReader(), text, info="sql")
    found = {one.name: one for one in facts(reading, FieldFact)}
    assert found["id"].primary_key
    assert found["writer_id"].references == "CREW"
    assert (found["mood"].type, found["mood"].values) == (ValueType.ENUM, ("glad", "so-so", "planned"))
    assert (found["code"].unique, found["code"].max_length) == (True, 9)
    assert {one.name for one in facts(reading, RelationFact)} == {"writer", "signer"}
    assert {one.name for one in facts(reading, EntityFact)} == {"CREW", "Duty Log"}
    assert [one.text for one in reading.statements if one.standing is Standing.WITHDRAWN] == [
        "%% CREW ||--o{ SHIP : owns"
    ]


def test_classes_give_members_of_both_orders() -> None:
    """Typed members, enumerations, multiplicities and inheritance are read; methods say nothing."""
    text = (
        "classDiagram\n class Kite {\n  +UUID id\n  +colour: Colour\n  +fly(int h) void\n }\n class Colour {\n"
        '  <<enumeration>>\n  RED\n  sky\n }\n Kite <|-- BoxKite\n Owner "1" --> "0..*" Kite : flies\n'
    )
    reading = read(MermaidReader(), text)
    found = {(one.entity, one.name): one for one in facts(reading, FieldFact)}
    assert found["Kite", "colour"].values == ("RED", "sky")
    assert found["BoxKite", "id"].type is ValueType.UUID
    assert [(one.source, one.target) for one in facts(reading, RelationFact)] == [("Kite", "Owner")]
    assert {one.name for one in facts(reading, EntityFact)} == {"Kite", "BoxKite", "Owner"}


def test_states_lead_through_choices() -> None:
    """Arrows give actions and roles, choices are passed through, and the end marks a final state."""
    text = (
        "stateDiagram-v2\n [*] --> Raw\n Raw --> c1 : check\n state c1 <<choice>>\n c1 --> Good : pass by inspector\n"
        " c1 --> Bad\n Good --> [*]\n"
    )
    found = facts(read(MermaidReader(), text, lead="Lifecycle of a sample:"), StateFact)
    assert [(one.sources, one.target, one.action, one.roles, one.final) for one in found] == [
        ((), "Raw", "", (), None),
        (("Raw",), "Good", "pass", ("inspector",), True),
        (("Raw",), "Bad", "check", (), None),
        (("Raw",), "Good", "pass", ("inspector",), True),
    ]
    assert {one.entity for one in found} == {"sample"}


def test_remarks_behind_a_change_and_styles_say_nothing() -> None:
    """What stands behind `%%` is a remark, and a class of style is of no entity."""
    reading = read(MermaidReader(), "stateDiagram-v2\n  Moored --> Sailing %% at high tide\n")
    assert [(one.sources, one.target) for one in facts(reading, StateFact)] == [(("Moored",), "Sailing")]
    reading = read(MermaidReader(), "erDiagram\n  BOAT ||--o{ CREW : has\n  BOAT:::bold\n")
    assert not [one for one in reading.statements if one.standing is Standing.NOT_UNDERSTOOD]


def test_calls_of_a_path_are_operations() -> None:
    """A call in a sequence diagram that names method and path is an operation; an answer says nothing."""
    reading = read(MermaidReader(), "sequenceDiagram\n App->>API: POST /kites {..}\n API-->>App: 201\n")
    assert [(one.method, one.path) for one in facts(reading, OperationFact)] == [("POST", "/kites")]


def test_prose_and_plain_flowcharts_are_not_read() -> None:
    """Sentences, and flowcharts that no heading calls states, are left to other readers."""
    for text in ("We draw an erDiagram later", "graph of people", "flowchart LR\n A --> B", "a -> b -> c"):
        assert not MermaidReader().recognises(Segment(source="answer:x", start=0, text=text, kind="paragraph"))


@pytest.mark.parametrize("head", ["erDiagram", "classDiagram", "stateDiagram", "sequenceDiagram"])
def test_a_hostile_megabyte_is_read_in_time(head: str) -> None:
    """Deep braces, one huge line, unterminated quotes and a million lines are read or refused in time."""
    pieces = (
        "{",
        '"',
        "x",
        "A ||--o{ B : x\n",
        "A {\n",
        "a b\n",
        "A --> B\n",
        "A <|-- B\n",
        "class A {\n",
        " ",
        "- - ",
    )
    hostile(MermaidReader(), f"{head}\n", *pieces)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["erDiagram", "classDiagram", "stateDiagram-v2"]),
    st.text(alphabet='AB|o{}-*>."%:[] \nclast', max_size=120),
)
def test_spans_slice_whatever_follows(head: str, text: str) -> None:
    """Whatever people paste, statements are slices of it and facts cite them."""
    spans_are_exact(read(MermaidReader(), whole := f"{head}\n A ||--o{{ B : x\n{text}"), whole)
