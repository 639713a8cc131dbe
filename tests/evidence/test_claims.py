"""What people asked for is read from their own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.roles.backend_developer.checks.claims import Claims, read_claims, same_path, stem
from tests.evidence.samples import brief


def claims_of(text: str, key: str = "answer") -> Claims:
    """What one answer asks for."""
    return read_claims(brief(replies=[(key, text)], entities=[]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/api/workflows/{id}", "/api/v1/workflows/{workflow_id}"),
        ("/workflows/:id/execute", "/v2/workflows/{id}/execute/"),
        ("/api", "/"),
    ],
)
def test_paths_are_compared_without_prefix_and_names(one: str, other: str) -> None:
    """A path is the same with or without /api, a version, a trailing slash, and whatever its parameters are called."""
    assert same_path(one) == same_path(other)


def test_paths_with_other_words_differ() -> None:
    """`/apis` is no `/api`, and an action is part of the path."""
    assert same_path("/apis/{id}") != same_path("/s/{id}")
    assert same_path("/workflows/{id}") != same_path("/workflows/{id}/execute")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Users", "user"),
        ("Analytics Events", "AnalyticsEvent"),
        ("analytics_events", "AnalyticsEvent"),
        ("Categories", "Category"),
        ("Boxes", "box"),
        ("Addresses", "address"),
        ("Statuses", "status"),
        ("Analysis", "analysis"),
        ("Diagnoses", "diagnosis"),
        ("contact_lenses", "ContactLens"),
        ("Shelves", "shelf"),
        ("Species", "species"),
        ("canvases", "Canvas"),
    ],
)
def test_nouns_are_compared_by_stem(one: str, other: str) -> None:
    """Number, case and separators do not matter."""
    assert stem(one) == stem(other)


def test_endpoints_are_read() -> None:
    """METHOD /path is read wherever it stands; a full stop after it is no part of it."""
    found = claims_of("First POST /api/orders - create it, then GET /api/orders/{id}. And PUT /a:run")
    assert [a.what for a in found.endpoints] == ["POST /api/orders", "GET /api/orders/{id}", "PUT /a:run"]


def test_refused_things_are_not_asked_for() -> None:
    """“No API keys” asks for none."""
    found = claims_of("OIDC with SSO, no API keys. We moved away without Stripe, but use Twilio.")
    assert [a.what for a in found.schemes] == ["oidc"]
    assert [a.what for a in found.services] == ["Twilio"]


@pytest.mark.parametrize(
    ("text", "metric", "value"),
    [
        ("p95 200 ms", "latency", 200),
        ("responses under 300 ms", "latency", 300),
        ("10k requests per second", "throughput", 10_000),
        ("1,500 rps", "throughput", 1_500),
        ("99.95% uptime", "availability", 99.95),
        ("5,000 concurrent users", "concurrent_users", 5_000),
    ],
)
def test_numbers_are_read(text: str, metric: str, value: float) -> None:
    """A number with its unit is a budget that the team stated."""
    assert [(n.metric, n.value) for n in claims_of(text).numbers] == [(metric, value)]


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("p95 under 200 ms", 200), ("300ms p95", 300), ("p99: 1.5 s", 1500), ("responses in 2 s (p95)", 2000)],
)
def test_latency_is_read_in_milliseconds(text: str, milliseconds: float) -> None:
    """A percentile with seconds or milliseconds is the latency budget."""
    latency = claims_of(text).latency_ms
    assert latency is not None
    assert latency.value == milliseconds


@pytest.mark.parametrize(
    "text", ["a timeout of 500 ms per try", "segment the users", "roles are defined per tenant", "we express interest"]
)
def test_what_only_sounds_like_it_is_not_asked_for(text: str) -> None:
    """A time-out is no latency budget, and common words are no services, roles or frameworks."""
    found = claims_of(text, key="stack")
    assert (found.numbers, found.services, found.roles, found.technologies) == ((), (), (), ())


def test_roles_are_read() -> None:
    """A list after “roles:” names them, what each may do left aside."""
    assert [a.what for a in claims_of("Roles: admin, team lead (can approve) and viewer.").roles] == [
        "admin",
        "team_lead",
        "viewer",
    ]


def test_entities_are_found_anywhere() -> None:
    """`core_entities` is found below any key, as words or as objects with a name."""
    asked = brief(replies=[], entities=["Users", "", "Audit Logs"])
    assert [a.what for a in read_claims(asked).entities] == ["Users", "Audit Logs"]


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """No answer breaks the reading, and what is read is bounded by what was written."""
    found = claims_of(text, key="stack")
    assert sum(len(a.what) for a in found.endpoints) <= len(text)
    stem(text)
    same_path(text)
