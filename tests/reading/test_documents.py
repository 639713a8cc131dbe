"""The document reader gives what the JSON of earlier phases says, whatever its keys are called."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import (
    AccessFact,
    EntityFact,
    FieldFact,
    NumberFact,
    OperationFact,
    Reading,
    RelationFact,
    RoleFact,
    ServiceFact,
    StackFact,
    Standing,
)
from bot.reading.notations.documents import DocumentReader
from bot.reading.read import SourceText, notation_readers, read_text
from bot.reading.segments import Segment
from tests.reading.support import facts, hostile, read, spans_are_exact


def _unread(segment: Segment) -> Reading:
    return Reading(statements=(segment.statement(0, len(segment.text), "prose", Standing.NOT_UNDERSTOOD),))


def whole(document: object) -> Reading:
    """Return what all readers together read in a document."""
    source = SourceText(source="input:a.json", text=json.dumps(document), suffix=".json")
    return read_text(source, notation_readers())


FLEET = json.dumps(
    {
        "agent": "architect",
        "market": {"size": "1B", "competitors": ["Acme"]},
        "datenmodell": {
            "entitaeten": [
                {
                    "name": "Fahrzeug",
                    "attribute": ["kennzeichen: varchar(12)", "halter_id uuid fk users", {"name": "km", "typ": "int"}],
                },
                "Fahrt",
            ],
            "beziehungen": ["Fahrzeug 1:N Fahrt", "User has many Orders"],
        },
        "schema": {"Order": {"id": "uuid pk", "state": "enum(open|paid)"}, "Line": ["qty int >= 1"]},
        "api": {"endpoints": ["GET /orders - list them", {"method": "POST", "path": "/Orders", "roles": ["admin"]}]},
        "technology_stack": {"backend": "Node.js with Express", "database": "PostgreSQL 16"},
        "roles": ["admin", {"name": "clerk", "permissions": ["orders:read"]}],
        "performance": {"p95_latency": "300ms", "availability": 99.9},
        "integrations": ["Stripe for payments"],
        "spec": {"openapi": "3.0.0", "paths": {"/zed": {"get": {"summary": "zed"}}}},
        "flurb": 17,
    },
    indent=1,
    ensure_ascii=False,
)


def test_sections_are_told_by_their_keys() -> None:
    """Entities, fields, relations, endpoints, roles, numbers, services and the stack are found where they stand."""
    reading = read(DocumentReader(_unread), FLEET, kind="document", info=".json", source="input:a.json")
    assert [one.name for one in facts(reading, EntityFact)] == ["Fahrzeug", "Fahrt", "Order", "Line"]
    fields = {(one.entity, one.name): one for one in facts(reading, FieldFact)}
    assert fields["Fahrzeug", "kennzeichen"].max_length == 12
    assert fields["Fahrzeug", "halter_id"].references == "user"
    assert fields["Order", "state"].values == ("open", "paid")
    assert fields["Line", "qty"].minimum == 1
    assert ("Fahrt", "Fahrzeug") in {(one.source, one.target) for one in facts(reading, RelationFact)}
    operations = [(one.method, one.path, one.roles) for one in facts(reading, OperationFact)]
    assert sorted(operations) == [("GET", "/orders", ()), ("GET", "/zed", ()), ("POST", "/Orders", ("admin",))]
    assert [one.name for one in facts(reading, RoleFact)] == ["admin", "clerk"]
    assert [(one.role, one.entity, one.verbs) for one in facts(reading, AccessFact)] == [("clerk", "order", ("read",))]
    assert [(one.metric, one.value) for one in facts(reading, NumberFact)] == [
        ("latency_p95", 300),
        ("availability", 99.9),
    ]
    assert [one.name for one in facts(reading, ServiceFact)] == ["Stripe"]
    assert [(one.part, one.name) for one in facts(reading, StackFact)] == [
        ("language", "Node.js"),
        ("framework", "Express"),
        ("database", "PostgreSQL"),
    ]


def test_business_says_nothing_and_the_rest_is_not_understood() -> None:
    """Sections about the market ask nothing of a backend; sentences go to their reader; all else is not understood."""
    reading = read(DocumentReader(_unread), FLEET, kind="document", info=".json")
    quiet = [one.text for one in reading.statements if one.standing is Standing.NOTHING_SAID]
    assert any("competitors" in text for text in quiet)
    lost = [one.text for one in reading.statements if one.standing is Standing.NOT_UNDERSTOOD]
    assert lost == ["User has many Orders", "17"]


PITCH = json.dumps(
    {
        "title": "Moss roofs",
        "product_vision": "Roofs that drink the rain",
        "user_needs": ["Less noise", "A roof must be inspected twice a year"],
        "threat_actors": ["Bored teenagers"],
        "constraints": ["A budget of €1.4M", "Planted before the frost", "Roofs may carry 90 kg"],
        "accessibility": "Ladders with rails",
        "cross_phase_traceability": {"seen": "All roofs are in the plan"},
        "architecture_score": {"scalability": 91, "moss_score": 88},
        "limits": {"depth": 91, "height": 88},
        "business_rules": ["A roof is planted once"],
        "entities": ["Roof", "Drip-edge Strips"],
    }
)


def test_what_tells_of_the_product_says_nothing_unless_it_asks_for_something() -> None:
    """A vision and marks ask for nothing; a duty among the needs, numbers without marks and rules stay open."""
    reading = read(DocumentReader(_unread), PITCH, kind="document", info=".json")
    lost = [one.text for one in reading.statements if one.standing is Standing.NOT_UNDERSTOOD]
    assert lost == [
        "A roof must be inspected twice a year",
        "Roofs may carry 90 kg",
        "91",
        "88",
        "A roof is planted once",
    ]
    assert not facts(reading, RoleFact)
    assert [one.name for one in facts(reading, EntityFact)] == ["Roof", "Drip-edge Strip"]


def test_sentences_are_read_where_they_stand() -> None:
    """The reader of prose gets each sentence with its offset and the keys above it."""
    got: list[Segment] = []

    def keep(segment: Segment) -> Reading:
        got.append(segment)
        return _unread(segment)

    text = '{"business_rules": ["An invoice \\"never\\" goes back"]}'
    DocumentReader(keep).read(Segment(source="input:a.json", start=100, text=text, kind="document", info=".json"))
    (segment,) = got
    assert segment.text == text[segment.start - 100 : segment.start - 100 + len(segment.text)]
    assert segment.lead == "business rules"


def test_a_hostile_megabyte_is_read_or_refused_in_time() -> None:
    """No megabyte takes longer than two seconds of the processor."""
    pieces = (
        '"a",',
        "[",
        '{"a":',
        '"',
        "1,",
        '"a b c d e",',
        '{"name": "A", "fields": ["b int"]},',
        '"A 1:N B",',
        "\\",
        "//",
    )
    hostile(DocumentReader(_unread), '{"entities": [', *pieces)
    hostile(DocumentReader(_unread), '{"relations": ["', "A 1:N B, ", "a ", "(")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.integers(0, len(FLEET)))
def test_spans_are_exact_whatever_is_pasted(noise: str, place: int) -> None:
    """Every statement's text is what stands at its span, with any text put anywhere."""
    text = FLEET[:place] + noise + FLEET[place:]
    segment = Segment(source="input:a.json", start=0, text=text, kind="document", info=".json")
    spans_are_exact(DocumentReader(_unread).read(segment) or Reading(), text)


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["entities", "relations", "roles", "api", "stack", "name", "fields", "x"]), inner
        )
    ),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(_JSON)
def test_any_json_is_borne(value: object) -> None:
    """No shape under any key makes the reader fail."""
    text = json.dumps({"data": value})
    segment = Segment(source="input:a.json", start=0, text=text, kind="document", info=".json")
    spans_are_exact(DocumentReader(_unread).read(segment) or Reading(), text)


def test_keys_of_a_document_of_sentences_alone_say_nothing() -> None:
    """Keys and signs between sentences are the document's, also where nothing but the sentences is read."""
    source = SourceText(
        source="input:idea.json", text='{"description": "We sell moss.", "note": "Call me."}', suffix=".json"
    )
    reading = read_text(source, [DocumentReader(_unread)])
    assert [one.text for one in reading.statements if one.standing is Standing.NOT_UNDERSTOOD] == [
        "We sell moss.",
        "Call me.",
    ]


def test_a_list_of_things_is_no_thing_with_them_as_fields() -> None:
    """Below a key among the entities stand either fields, in small letters, or more entities."""
    said = {"entities": {"live_topics": ["Barges", "Locks"], "Keeper": ["name", "phone"]}}
    found = whole(said)
    assert {one.name for one in facts(found, EntityFact)} == {"Barge", "Lock", "Keeper"}
    assert {(one.entity, one.name) for one in facts(found, FieldFact)} == {("Keeper", "name"), ("Keeper", "phone")}


def test_the_key_of_a_plan_is_no_thing() -> None:
    """What is to be done against a risk is said of the things that it names, not of a "strategy"."""
    said = {
        "mitigation_strategies": [{"risk": "Double toll", "strategy": "One toll per passage, held by a unique key"}]
    }
    found = whole(said)
    assert not {getattr(one, "entity", "").lower() for one in found.facts} & {"strategy", "mitigation strategy", "risk"}
