"""What the whole of the texts settles, and sentences that ask for nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import pytest

from bot.domain.facts import (
    AccessFact,
    ConventionFact,
    EntityFact,
    FieldFact,
    NumberFact,
    RelationFact,
    RuleFact,
    SignInFact,
    Stance,
    Standing,
    StateFact,
)
from bot.reading.merge import Understanding, merge
from bot.reading.prose.clause import TopicKind
from bot.reading.prose.pointers import points
from bot.reading.read import SourceText, read
from bot.reading.settled import settled

TOPICS: dict[str, TopicKind] = {
    kind: kind for kind in ("stack", "flow", "integrations", "api", "data", "performance", "security")
}
F = TypeVar("F")
BARNS = "Barn: name, capacity (integer)\nHayload: barn, weight (integer), arrival (timestamp), departure (timestamp)"


def said(*texts: tuple[str, str], description: str = "") -> Understanding:
    sources = [SourceText(source=f"answer:{n}", text=text, topic=topic, at=n) for n, (topic, text) in enumerate(texts)]
    if description:
        sources.append(SourceText(source="description", text=description, topic="", at=0))
    return merge(read(sources, topics=TOPICS, readers=()))


def _of(got: Understanding, kind: type[F]) -> list[F]:
    return [f for f in got.facts if isinstance(f, kind)]


def standing(got: Understanding, text: str) -> Standing:
    return next(s.standing for s in got.statements if text in s.text)


@pytest.mark.parametrize(
    "text",
    ["see barns.sql", "the csv.", "model is docs/barns.dbml, API below", "schema.sql beside this file", "siehe unten",
     "That's all of it.", "these are all", "class diagram in phase3/domain.puml"],
)  # fmt: skip
def test_what_only_points_elsewhere_asks_for_nothing(text: str) -> None:
    """A sentence that says where something stands, or that this was all, is no demand that somebody failed to read."""
    assert points(text)
    assert standing(said(("data", text)), text) is Standing.NOTHING_SAID


@pytest.mark.parametrize(
    "text",
    ["Documents", "Files", "see documents of others", "no csv", "Import a csv of barns", "Types: hay, straw",
     "farmers upload files", "Keep the files for two years"],
)  # fmt: skip
def test_what_says_more_is_no_pointer(text: str) -> None:
    """Things that are called files, denials and work on files are not passed over."""
    assert not points(text)


def test_names_alone_repeat_what_is_said_elsewhere() -> None:
    """A list of names that are all told of elsewhere asks for nothing more; one with an unknown name stays unread."""
    got = said(("data", BARNS), ("flow", "barns, hayloads"), ("stack", "barns, fireworks"))
    assert standing(got, "barns, hayloads") is Standing.NOTHING_SAID
    assert standing(got, "barns, fireworks") is Standing.NOT_UNDERSTOOD


def test_a_description_tells_the_story_of_things_named_elsewhere() -> None:
    """The idea's own sentence counts as unread only if it speaks of what nobody names, binds or counts."""
    story = "Barns of a village, which hayload goes where"
    assert standing(said(("data", BARNS), description=story), story) is Standing.NOTHING_SAID
    bound = "Barns of a village, where a hayload must dry"
    assert standing(said(("data", BARNS), description=bound), bound) is Standing.NOT_UNDERSTOOD


def test_a_comparison_is_of_the_thing_that_has_both_fields() -> None:
    """“Departure is always after arrival” is a rule of what has a departure and an arrival, wherever it stands."""
    got = said(("data", f"{BARNS}\nSilo: height (integer)\nDeparture is always after arrival."))
    assert [(f.entity, f.expression) for f in _of(got, RuleFact)] == [("Hayload", "departure > arrival")]


def test_a_comparison_behind_a_name_is_its_rule() -> None:
    """“Hayloads: arrival < departure” is a rule, and no list of fields."""
    got = said(("data", f"{BARNS}\n\nHayloads: arrival < departure."))
    assert [(f.entity, f.expression) for f in _of(got, RuleFact)] == [("Hayload", "arrival < departure")]
    assert not [f for f in _of(got, FieldFact) if "<" in f.name]


def test_a_story_compares_nothing() -> None:
    """“Write a note after each round” tells when something is done, and bounds no field."""
    got = said(
        ("data", BARNS), ("flow", "Keepers write a note after each round."), ("api", "take it back before the end")
    )
    assert _of(got, RuleFact) == []


def test_states_without_an_owner_are_those_of_the_one_thing_with_a_state() -> None:
    """A state diagram beside a single thing that has a status is that thing's life."""
    held = FieldFact(statement="s1", entity="Hayload", name="status")
    moved = StateFact(statement="s2", entity="", target="dry", sources=("wet",))
    assert settled([held, moved])[1] == replace(moved, entity="Hayload")
    other = FieldFact(statement="s3", entity="Barn", name="state")
    assert settled([held, other, moved])[2] == moved


def test_what_never_changes_is_the_thing_and_not_the_verb() -> None:
    """“Hayloads are never deleted, not even by us” keeps hayloads, and nothing called deleted."""
    got = said(("data", BARNS), ("api", "Hayloads are never deleted, not even by us (the law says so)."))
    assert [(f.entity, f.kind) for f in _of(got, RuleFact)] == [("Hayload", "immutable")]


def test_what_a_thing_does_not_belong_to() -> None:
    """“A hayload belongs to a barn, not to a silo” draws one relation and refuses the other, a drawn one, too."""
    drawn = "Silo: height (integer)\nHayload: silo_id\nBarn: name"
    got = said(("data", drawn), ("data", "The last one is a slip: a hayload belongs to a barn, not to a silo."))
    found = {(f.source.lower(), f.target.lower(), f.stance) for f in _of(got, RelationFact)}
    assert ("hayload", "barn", Stance.STATED) in found
    assert {stance for source, target, stance in found if (source, target) == ("hayload", "silo")} == {Stance.DENIED}
    assert [f.references for f in _of(got, FieldFact) if f.name == "silo_id"] == [""]


@pytest.mark.parametrize("text", ["Monolith", "Modularer Monolith", "microservices", "one service, no queue"])
def test_how_a_backend_is_cut(text: str) -> None:
    """A word for the architecture is a convention."""
    assert [f.kind for f in _of(said(("stack", text)), ConventionFact)] == ["architecture"]


@pytest.mark.parametrize("text", ["OWASP ASVS level 2", "SOC 2 Type II", "WCAG 2.2 AA"])
def test_a_standard_by_its_name(text: str) -> None:
    """A standard's name is a convention; what somebody asks for because of one is not read away."""
    assert [f.kind for f in _of(said(("stack", text)), ConventionFact)] == ["compliance"]
    longer = "WCAG wants every barn to be walked round twice"
    assert standing(said(("stack", longer)), longer) is Standing.NOT_UNDERSTOOD


def test_signing_in_is_no_right() -> None:
    """“Partners sign in by API keys” says how, and lets nobody do anything."""
    got = said(("data", BARNS), ("security", "Roles: partner, keeper.\nPartners sign in by API keys."))
    assert _of(got, AccessFact) == []


def test_periods_have_one_name_in_every_language() -> None:
    """“25.000 Meldungen am Tag” are rows a day."""
    got = said(("performance", "25.000 Meldungen am Tag"))
    assert [(f.value, f.unit) for f in _of(got, NumberFact)] == [(25000, "rows/day")]


@pytest.mark.parametrize(
    ("text", "metric", "value"),
    [
        ("About forty people work with it at the same time.", "concurrent_users", 40),
        ("The calendar should open in under a second.", "latency_p95", 1000),
        ("Jede Seite antwortet unter einer Sekunde.", "latency_p95", 1000),
        ("vierzig Benutzer gleichzeitig", "concurrent_users", 40),
    ],
)
def test_numbers_in_words_are_numbers(text: str, metric: str, value: float) -> None:
    """Whoever writes a number as a word wants it held as well."""
    assert [(f.metric, f.value) for f in _of(said(("performance", text)), NumberFact)] == [(metric, value)]


def test_a_second_that_bounds_nothing_is_no_number() -> None:
    """“Wait a second” and “a second address” ask for no latency."""
    assert _of(said(("performance", "Wait a second. Customers have a second address.")), NumberFact) == []


def test_a_thing_is_kept_beside_a_pointer() -> None:
    """What else the answer names is read as before."""
    got = said(("data", f"see barns.sql\n{BARNS}"))
    assert {f.name for f in _of(got, EntityFact)} >= {"Barn", "Hayload"}


@pytest.mark.parametrize("text", ["Hayloads: arrived_at < left_at.", "Hayload: arrived_at <= left_at"])
def test_a_comparison_below_a_name_is_a_rule_of_the_thing(text: str) -> None:
    """Two columns compared after a thing's name are its rule, and no field that is described by a sign."""
    got = said(("data", BARNS), ("data", text))
    [rule] = _of(got, RuleFact)
    assert (rule.kind, rule.fields) == ("compare", ("arrived_at", "left_at"))
    assert rule.entity.casefold().startswith("hayload")
    assert not [f for f in _of(got, FieldFact) if f.name == "arrived_at"]


@pytest.mark.parametrize(
    ("text", "audiences"),
    [
        ("Farmers sign in by API keys. Vets sign in by JWT.", ["farmers", "vets"]),
        ("Sign-in by API keys for farmers.", ["farmers"]),
        ("Users sign in by JWT.", [""]),
    ],
)
def test_who_signs_in_so_is_kept(text: str, audiences: list[str]) -> None:
    """Of whom a way to sign in is said, before or after it, is its audience; of everybody is nobody's."""
    assert [f.audience for f in _of(said(("security", text)), SignInFact)] == audiences
