"""How what people say at several places comes together."""

from __future__ import annotations

from bot.domain.facts import (
    FieldFact,
    NumberFact,
    OperationFact,
    RelationFact,
    ServiceFact,
    StackFact,
    Stance,
    ValueType,
)
from bot.reading.merge import Understanding, merge
from bot.reading.prose.clause import TopicKind
from bot.reading.read import SourceText, read

TOPICS: dict[str, TopicKind] = {kind: kind for kind in ("stack", "integrations", "api", "data", "performance")}


def said(*texts: tuple[str, str]) -> Understanding:
    sources = [SourceText(source=f"answer:{n}", text=text, topic=topic, at=n) for n, (topic, text) in enumerate(texts)]
    return merge(read(sources, topics=TOPICS, readers=()))


def test_a_newer_number_wins_and_both_are_shown() -> None:
    """The last word on a number counts, and the contradiction names both statements."""
    got = said(("performance", "availability 99.99 %"), ("performance", "99.9 % availability is enough"))
    assert [f.value for f in got.facts if isinstance(f, NumberFact)] == [99.9]
    assert [c.about for c in got.contradictions] == ["availability"]


def test_a_refused_method_takes_earlier_operations_away() -> None:
    """ "No DELETE anywhere" removes what was said before it."""
    got = said(("api", "GET /looms, DELETE /looms/{id}"), ("api", "No DELETE anywhere."))
    kept = [(f.method, f.path) for f in got.facts if isinstance(f, OperationFact) and f.stance is Stance.STATED]
    assert kept == [("GET", "/looms")]


def test_a_store_that_was_taken_back_does_not_count() -> None:
    """The newest word on a name counts."""
    got = said(("stack", "MongoDB."), ("stack", "Mongo was the old prototype, Postgres it is"))
    stated = {f.name for f in got.facts if isinstance(f, StackFact) and f.stance is Stance.STATED}
    assert stated == {"PostgreSQL"}


def test_an_attribute_that_is_a_thing_elsewhere_is_a_relation() -> None:
    """ "A lease has a tenant" is a link once tenants are things."""
    got = said(("data", "A lease has a tenant and a deposit."), ("data", "Entities: leases, tenants"))
    assert [(f.source, f.target) for f in got.facts if isinstance(f, RelationFact)] == [("lease", "tenant")]
    assert [f.name for f in got.facts if isinstance(f, FieldFact)] == ["deposit"]


def test_a_type_said_anywhere_wins_over_none() -> None:
    """A field's parts come together from wherever they were said."""
    got = said(("data", "loom: width int, maker"), ("data", "loom: width, maker (string, unique)"))
    fields = {f.name: f for f in got.facts if isinstance(f, FieldFact)}
    assert fields["width"].type is ValueType.INTEGER
    assert fields["maker"].unique is True


def test_a_postponed_service_is_kept_as_such() -> None:
    """ "Not yet" is neither a yes nor a contradiction."""
    got = said(("integrations", "No PayPal yet."))
    assert [(f.name, f.stance) for f in got.facts if isinstance(f, ServiceFact)] == [("PayPal", Stance.POSTPONED)]


def test_one_and_many_of_a_german_thing_are_one() -> None:
    """ "Fahrten" and "Fahrt" are the same thing."""
    got = said(("data", "Entitäten: Fahrzeug, Fahrt"), ("data", "Fahrzeug 1:N Fahrten"))
    assert [(f.source, f.target) for f in got.facts if isinstance(f, RelationFact)] == [("Fahrt", "Fahrzeug")]
