"""What stood wrong in small things, each by words of its own."""

from __future__ import annotations

import pytest

from bot.domain.facts import (
    AccessFact,
    AnyFact,
    EventFact,
    FieldFact,
    NumberFact,
    OpenFact,
    RuleFact,
    SignInFact,
    StateFact,
)
from bot.reading.merge import Understanding, merge
from bot.reading.prose.clause import TopicKind
from bot.reading.read import SourceText, read

TOPICS: dict[str, TopicKind] = {"api": "api", "data": "data", "performance": "performance", "security": "security"}


def _understood(topic: str, text: str) -> Understanding:
    return merge(read([SourceText(source="answer:x", text=text, topic=topic)], topics=TOPICS))


def _facts(topic: str, text: str) -> tuple[AnyFact, ...]:
    return _understood(topic, text).facts


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Tokens live 480 minutes.", 480),
        ("Sessions time out after 30 minutes.", 30),
        ("Sign people out after 2 h", 120),
    ],
)
def test_how_long_one_stays_signed_in_is_read_without_a_scheme(text: str, minutes: int) -> None:
    """The minutes are read where nothing is said of the way to sign in."""
    assert [f.token_minutes for f in _facts("security", text) if isinstance(f, SignInFact)] == [minutes]


@pytest.mark.parametrize(
    ("text", "metric", "value"),
    [
        ("99 % aller Anfragen unter 1 s", "latency_p99", 1000),
        ("99 % aller Anfragen müssen klappen", "availability", 99),
        ("95 % of answers within 300 ms", "latency_p95", 300),
    ],
)
def test_a_share_of_calls_is_a_percentile_only_with_a_time(text: str, metric: str, value: float) -> None:
    """A share with a time behind it is a percentile; without one it is availability."""
    assert [(f.metric, f.value) for f in _facts("performance", text) if isinstance(f, NumberFact)] == [(metric, value)]


def test_a_throttle_per_second_is_a_rate_limit() -> None:
    """Calls per second that are throttled are a limit, and no load that is expected."""
    found = [f for f in _facts("security", "Throttle callers at 20 requests per second") if isinstance(f, NumberFact)]
    assert [(f.metric, f.value) for f in found] == [("rate_limit", 1200)]


@pytest.mark.parametrize(
    ("ddl", "default"),
    [
        ("CREATE TABLE pit (id int, path text DEFAULT 'C:\\\\', label text NOT NULL, kind text);", "C:\\"),
        ("CREATE TABLE `pit` (id int, path text DEFAULT 'it\\'s', label text NOT NULL, kind text);", "it's"),
        ("CREATE TABLE pit (id int, path text DEFAULT 'it''s', label text NOT NULL, kind text);", "it's"),
    ],
)
def test_a_backslash_escapes_in_mysql_only(ddl: str, default: str) -> None:
    """The columns behind a string that ends in a backslash are read, and so are those behind MySQL's escape."""
    fields = {f.name: f for f in _facts("data", ddl.replace("\\\\", "\\")) if isinstance(f, FieldFact)}
    assert set(fields) == {"id", "path", "label", "kind"}
    assert fields["path"].default == default


def _states(chain: str) -> tuple[tuple[str, ...], int]:
    ddl = "CREATE TABLE gigs (id int primary key, status text CHECK (status IN ('draft', 'live', 'lost')));"
    known = _understood("data", f"{ddl}\n\n{chain}")
    values = next(f.values for f in known.facts if isinstance(f, FieldFact) and f.name == "status")
    return values, len(known.contradictions)


def test_a_chain_of_states_drops_no_member_of_a_check() -> None:
    """A chain that names some of the members leaves the others; one that names another member is asked about."""
    assert _states("gig: draft -> live") == (("draft", "live", "lost"), 0)
    assert _states("gig: draft -> live -> sold") == (("draft", "live", "lost", "sold"), 1)


@pytest.mark.parametrize("said", ["-", "—", "no idea", "not my area"])
@pytest.mark.parametrize("topic", ["data", "api"])
def test_who_has_no_idea_leaves_a_question(said: str, topic: str) -> None:
    """A dash, and the words of who does not know, leave open what was asked."""
    known = _understood(topic, said)
    assert [f.about for f in known.questions] == [topic]
    assert all(isinstance(f, OpenFact) for f in known.facts)


def test_each_way_between_semicolons_is_read() -> None:
    """Behind a semicolon a chain may go another way; what has no arrow there is a remark and no state."""
    facts = _facts("api", "Kites: new -> flown -> sold; new -> lost; see the board.")
    ways = {(f.sources, f.target) for f in facts if isinstance(f, StateFact) and f.sources}
    assert ways == {(("new",), "flown"), (("flown",), "sold"), (("new",), "lost")}


@pytest.mark.parametrize(
    ("said", "when"), [("A nightly job sends reminders.", "nightly"), ("The weekly import reads prices.", "weekly")]
)
def test_a_job_runs_when_its_article_is_followed_by_a_time(said: str, when: str) -> None:
    """What runs by itself runs when its adjective says: "a nightly job"."""
    assert [f.schedule for f in _facts("security", said) if isinstance(f, EventFact)] == [when]


def test_a_text_says_the_same_whichever_others_are_read_with_it() -> None:
    """What is kept of a text for the next iteration is what it says alone: things of another text are unknown to it."""
    named = SourceText(source="answer:a", text="Tables: peals, towers, bands", topic="data")
    joined = SourceText(source="answer:b", text="peal -> tower, peal -> band", topic="data")
    together, alone = read([named, joined], topics=TOPICS), read([joined], topics=TOPICS)
    own = {statement.id for statement in together.statements if statement.source == "answer:b"}
    assert [f for f in together.facts if f.statement in own] == list(alone.facts)


@pytest.mark.parametrize(
    ("text", "entity", "condition"),
    [
        ("Invoices are immutable once finalised", "Invoice", "finalised"),
        ("A kiln report cannot be edited after it has been signed.", "kiln report", "it has been signed"),
        ("Once a shipment is sealed it must never be changed", "shipment", "a shipment is sealed it"),
        ("Rechnungen sind nach dem Versand unveränderlich", "Rechnung", "versand"),
        ("The log is append-only.", "log", ""),
    ],
)
def test_what_stays_from_some_moment_on_may_change_before(text: str, entity: str, condition: str) -> None:
    """Rows that stay once something is so have that condition, and nobody is kept from changing them before."""
    found = _facts("data", text)
    assert [(f.entity, f.condition) for f in found if isinstance(f, RuleFact)] == [(entity, condition)]
    assert not [f for f in found if isinstance(f, AccessFact)]


def test_what_nobody_may_from_some_moment_on_has_a_condition() -> None:
    """A denial that holds from a moment on, of another thing say, is no denial at all times."""
    (found,) = [
        f for f in _facts("data", "Nobody may edit a vote after the poll is closed") if isinstance(f, AccessFact)
    ]
    assert (found.entity, found.condition) == ("vote", "the poll is closed")


@pytest.mark.parametrize(
    ("topic", "text", "kept"),
    [
        ("data", "Casts 3 years, invoices 10 years", [("Cast", 1095.0), ("invoice", 3650.0)]),
        ("security", "Glocken 10 Jahre und Anfragen 90 Tage", [("Glocke", 3650.0), ("Anfrage", 90.0)]),
        ("security", "German Commercial Code: invoices kept 10 years", [("invoice", 3650.0)]),
        ("data", "Casting takes 2 weeks, cooling 3 days", []),
        ("data", "A guarantee 5 years", []),
    ],
)
def test_how_long_things_are_kept_is_told_in_pairs(topic: TopicKind, text: str, kept: list[tuple[str, float]]) -> None:
    """Pairs of a thing and a time are how long it is kept; one pair alone, or what takes its time, is not."""
    found = [f for f in _facts(topic, text) if isinstance(f, RuleFact) and f.kind == "retention"]
    assert [(f.entity, f.value) for f in found] == kept


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("One clapper per bell, held by a unique key", [("clapper", "unique", ("bell",))]),
        ("Nur eine Prägung pro Glocke, eindeutig", [("prägung", "unique", ("glocke",))]),
        ("One relational database; casts append-only", [("cast", "immutable", ())]),
        ("Append-only log of casts and of access to moulds", [("cast", "audit", ()), ("mould", "audit", ())]),
        ("Column encryption of moulds, audit log", [("", "audit", ())]),
    ],
)
def test_notes_without_a_verb_are_rules(text: str, rules: list[tuple[str, str, tuple[str, ...]]]) -> None:
    """What a note counts or keeps is a rule of the thing that it names, and of no other beside it."""
    found = [f for f in _facts("security", text) if isinstance(f, RuleFact)]
    assert [(f.entity, f.kind, f.fields) for f in found] == rules
