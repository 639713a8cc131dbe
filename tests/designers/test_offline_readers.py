"""What the readers of free text find, and what they leave alone."""

from __future__ import annotations

import pytest

from bot.domain.design import Reply, Source
from bot.roles.backend_developer.blueprint import AuthScheme, FieldType
from bot.roles.backend_developer.designers.offline.answers import read_answers
from bot.roles.backend_developer.designers.offline.budgets import parse_budgets
from bot.roles.backend_developer.designers.offline.endpoints import clean_path, parse_endpoints
from bot.roles.backend_developer.designers.offline.fields import parse_field, parse_fields
from bot.roles.backend_developer.designers.offline.integrations import parse_integrations
from bot.roles.backend_developer.designers.offline.nouns import entity_name, plural, plural_name, quote, singular
from bot.roles.backend_developer.designers.offline.relations import parse_abilities, parse_entities, parse_links
from bot.roles.backend_developer.designers.offline.security import parse_security
from bot.roles.backend_developer.designers.offline.sources import read_sources
from bot.roles.backend_developer.designers.offline.stack import parse_stack
from tests.designers.samples import DOCUMENTS, brief


@pytest.mark.parametrize(
    ("one", "many"),
    [("user", "users"), ("category", "categories"), ("person", "people"), ("address", "addresses"), ("box", "boxes"),
     ("status", "statuses"), ("day", "days"), ("analysis", "analyses"), ("branch", "branches"),
     ("warehouse", "warehouses"), ("diagnosis", "diagnoses"), ("lens", "lenses"), ("shelf", "shelves"),
     ("species", "species"), ("canvas", "canvases"), ("settings", "settings")],
)  # fmt: skip
def test_nouns_go_both_ways(one: str, many: str) -> None:
    """A noun's plural has that noun as its singular, irregular ones included."""
    assert (plural(one), singular(many)) == (many, one)


def test_names_fit_a_blueprint() -> None:
    """Names are ASCII, singular and bounded, whatever was written."""
    assert entity_name("Analytics Events") == "AnalyticsEvent"
    assert entity_name("2nd aufträge!") == "NdAuftrage"
    assert plural_name("OrderLine") == "order_lines"
    assert entity_name("日本") == ""
    assert len(entity_name("x" * 500)) <= 40


def test_quotes_cannot_call_people() -> None:
    """Quoted words hold none of the signs that chats act on."""
    assert quote("<!channel> `rm` \n now") == "‹!channel› 'rm' now"


def test_endpoints_are_found_with_their_words() -> None:
    """Method, path below the base path, and the words beside it; parameters in any spelling."""
    found = parse_endpoints(
        "POST /api/v2/Orders - Place an order\nGET /orders/:orderId/lines, and DELETE /orders/<id>.", "a"
    )
    assert [(e.method.value, e.path, e.words) for e in found] == [
        ("POST", "/orders", "Place an order"),
        ("GET", "/orders/{order_id}/lines", ""),
        ("DELETE", "/orders/{id}", ""),
    ]


@pytest.mark.parametrize("path", ["/", "/api", "/{id}", "/api/v1/", "//", "/{}/x"])
def test_paths_without_a_noun_are_dropped(path: str) -> None:
    """A path that names nothing is no endpoint."""
    assert clean_path(path) == ""


def test_fields_tell_their_types() -> None:
    """Types are read where they are stated and told by the name where they are not; the renderer's own are left out."""
    fields = {
        f.name: f
        for f in parse_fields("id, total, status (draft|paid), email unique, paid_at optional, password, note")
    }
    assert {name: f.type for name, f in fields.items()} == {
        "total": FieldType.MONEY,
        "status": FieldType.ENUM,
        "email": FieldType.EMAIL,
        "paid_at": FieldType.TIMESTAMP,
        "password_hash": FieldType.STRING,
        "note": FieldType.TEXT,
    }
    assert fields["status"].values == ("draft", "paid")
    assert fields["email"].unique and fields["email"].sensitive
    assert not fields["paid_at"].required
    assert fields["password_hash"].read_only and fields["password_hash"].sensitive


def test_sentences_are_no_fields() -> None:
    """More words than a name has make no field."""
    assert parse_field("we read customer profiles over its API") is None


def test_relations_are_read_as_people_write_them() -> None:
    """ "Has many", "belongs to", chains of 1:N; one statement does not swallow the next."""
    links = parse_links(
        "A customer has many orders, an order has 1 to 200 lines; an invoice belongs to an order. "
        "User 1:N Workflows 1:N Tasks. Tag N:M Article",
        "a",
    )
    assert {(x.one, x.many, x.kind) for x in links} == {
        ("Customer", "Order", "many"),
        ("Order", "Line", "many"),
        ("Order", "Invoice", "many"),
        ("User", "Workflow", "many"),
        ("Workflow", "Task", "many"),
        ("Tag", "Article", "both"),
    }


def test_a_hyphen_is_no_end_of_a_name() -> None:
    """“Drop-off Point” is one thing, not a point beside the drop-off points that the document lists."""
    (link,) = parse_links("Drop-off Point 1:N Hand-over Notes", "answer")
    assert (link.one, link.many) == ("DropOffPoint", "HandOverNote")


def test_abilities_and_fields_are_told_apart() -> None:
    """ "Orders: create, read" are verbs; "order: number, total" are fields."""
    text = "Orders: create, read, cancel; customers see their own.\nInvoice: number, total, due_on"
    assert [(a.entity, a.verbs) for a in parse_abilities(text, "a")] == [("Order", ("create", "read", "cancel"))]
    assert [(e.name, [f.name for f in e.fields]) for e in parse_entities(text, "a")] == [
        ("Invoice", ["number", "total", "due_on"])
    ]


def test_budgets_keep_their_numbers() -> None:
    """Latency by kind of call, throughput, availability, users, volume; thousands in any spelling."""
    text = "p95 200 ms, 99.9 %, 5,000 concurrent users, 10k requests per second, 5 million rows a year; RTO 1 h"
    found = {b.metric: (b.value, b.unit) for b in parse_budgets(text, "a")}
    assert found == {
        "latency_p95": (200, "ms"),
        "availability": (99.9, "%"),
        "concurrent_users": (5000, "users"),
        "throughput": (10_000, "requests/s"),
        "data_volume": (5_000_000, "rows per year"),
        "recovery_time": (60, "min"),
    }
    reads = parse_budgets("reads within 200 ms at p95, writes within 0.5 s", "a")
    assert [(b.operation, b.value) for b in reads] == [("reads", 200), ("writes", 500)]


def test_integrations_know_how_they_fail() -> None:
    """A service is found by name, its way and purpose by the words around it, its failure by its kind."""
    stripe, sendgrid = parse_integrations("Stripe for payments via webhooks, SendGrid for mail", "a")
    assert (stripe.service, stripe.purpose, stripe.method, stripe.direction) == (
        "Stripe",
        "Payments",
        "webhooks",
        "both",
    )
    assert "idempotency key" in stripe.on_failure and "queue" in sendgrid.on_failure
    (other,) = parse_integrations("we use Acme Ledger for bookkeeping over SOAP", "a", generic=True)
    assert (other.service, other.method) == ("Acme Ledger", "SOAP")


def test_security_is_read_as_said() -> None:
    """Scheme, factors, roles, laws, token life and rate limit; nothing is assumed."""
    found = parse_security(
        "OIDC with MFA. Roles: admin, editor and viewers. GDPR. Tokens live 2 h. 300 requests per minute"
    )
    assert found.scheme is AuthScheme.OIDC and found.multi_factor
    assert found.roles == ("admin", "editor", "viewer")
    assert (found.laws, found.token_minutes, found.rate_limit) == (("GDPR",), 120, 300)
    assert parse_security("nothing special").scheme is None


def test_stack_is_named_as_known() -> None:
    """Technologies get the names that they are known by, with versions."""
    found = parse_stack("node.js with typescript (nestjs), postgres 16, redis, kafka on AWS")
    assert (found.language, found.framework, found.database) == ("TypeScript", "NestJS", "PostgreSQL 16")
    assert (found.cache, found.messaging, found.deployment) == ("Redis", "Apache Kafka", "AWS")


def test_documents_are_read_whatever_their_shape() -> None:
    """Entities as names, as objects or as keys; relations as sentences or objects; anything else is left alone."""
    wishes = read_sources(brief().sources)
    assert [e.name for e in wishes.entities] == ["User", "Workflow", "Task", "AnalyticsEvent", "SystemMetric"]
    assert {(x.one, x.many) for x in wishes.links} == {("User", "Workflow"), ("Workflow", "Task")}
    assert wishes.tenants and wishes.security.multi_factor and wishes.observed == ("AnalyticsEvent",)
    odd = {
        "core_entities": {"Pet": {"fields": [{"name": "chip", "type": "string"}]}, "Owner": ["name", "phone"]},
        "relationships": [{"from": "Owner", "to": "Pet", "type": "1:N"}, 7, None],
        "integrations": [{"name": None}, "x", {"service": "Vet Registry", "purpose": 3}],
        "security_controls": None,
        "technology_stack": ["Go", 1],
    }
    found = read_sources([Source(path="data-architect.json", sha256="", body=odd)])
    assert [(e.name, [f.name for f in e.fields]) for e in found.entities] == [
        ("Pet", ["chip"]),
        ("Owner", ["name", "phone"]),
    ]
    assert [(x.one, x.many) for x in found.links] == [("Owner", "Pet")]
    assert [i.service for i in found.integrations] == ["Vet Registry"]


def test_paths_name_entities() -> None:
    """Plural segments of named paths are entities; figures and verbs are not."""
    text = "GET /api/analytics/dashboard, POST /api/orders/{id}/cancel, GET /health"
    wishes = read_answers([Reply(key="opening_2", question="", text=text, by="")])
    assert [e.name for e in wishes.entities] == ["Order"]


def test_the_sample_documents_are_plain() -> None:
    """The samples name no host and no person."""
    assert "http" not in str(DOCUMENTS)
