"""People's objections as changes: each rule knows a subject, changes the blueprint and says what it changed.

What no rule understands stays an open point and is said to be one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.domain.design import Addressed, Feedback
from bot.roles.backend_developer.blueprint import Blueprint, FieldType, Index, Method, OperationKind
from bot.roles.backend_developer.designers.offline.calls import mentioned
from bot.roles.backend_developer.designers.offline.edits import (
    add_entity,
    add_fields,
    add_operation,
    add_role,
    checked,
    entity_of,
    with_decision,
    with_operations,
)
from bot.roles.backend_developer.designers.offline.endpoints import parse_endpoints
from bot.roles.backend_developer.designers.offline.fields import parse_fields
from bot.roles.backend_developer.designers.offline.following import follow
from bot.roles.backend_developer.designers.offline.integrations import parse_integrations
from bot.roles.backend_developer.designers.offline.nouns import entity_name, quote, spoken, words
from bot.roles.backend_developer.designers.offline.security import parse_security

Rule = Callable[[Blueprint, str], tuple[Blueprint, str]]
"""Takes the blueprint and the words; returns it changed, with what changed in words, empty if the rule does not fit."""

MAX_TEXT = 4_000
MIN_RATE = 30
_CLAUSE = re.compile(r"[;\n]|[.!?]\s")
"""One objection per clause: what is said of one entity must not change another."""
_WATCHED = re.compile(
    r"^\W*(?:please\s+)?(?:also\s+)?(?:watch|monitor|keep an eye on|alert(?:\s+us)?\s+on)\s+(?!out\b)(\w[^.;!?]{2,})",
    re.IGNORECASE,
)
"""Only at the beginning: “users can watch workflows” asks for a call, not for an alert."""


def apply(plan: Blueprint, feedback: Iterable[Feedback]) -> tuple[Blueprint, tuple[Addressed, ...]]:
    """Return the blueprint changed by each piece of feedback, and how each was answered."""
    heard, changes = tuple(feedback), {}
    for item in heard:
        plan, changes[item.id] = _answer(plan, item)
    follow(heard, changes)
    return plan, tuple(Addressed(feedback_id=item.id, change=changes[item.id]) for item in heard)


def _answer(plan: Blueprint, item: Feedback) -> tuple[Blueprint, str]:
    text, changes = item.text[:MAX_TEXT], []
    for clause in _CLAUSE.split(text):
        for pattern, rule in RULES:
            if re.search(pattern, clause, re.IGNORECASE):
                plan, change = _tried(rule, plan, clause)
                if change:
                    changes.append(change)
    change = "; ".join(dict.fromkeys(changes))[:600]
    if change:
        plan = with_decision(plan, change, f"Feedback on iteration {item.iteration}: {quote(text, 300)}", item.origin)
    return plan, change


def _tried(rule: Rule, plan: Blueprint, text: str) -> tuple[Blueprint, str]:
    try:
        return rule(plan, text)
    except ValueError:
        # The change would go over a bound of the blueprint: better an open point than a broken design.
        return plan, ""


def add_endpoints(plan: Blueprint, text: str) -> tuple[Blueprint, str]:
    """Add the endpoints that the words name."""
    added = []
    for wish in parse_endpoints(text, "feedback"):
        segments = [s for s in wish.path.split("/") if s and not s.startswith("{")]
        entity = next((e for s in reversed(segments) for e in plan.entities if e.plural == s.replace("-", "_")), None)
        grown = add_operation(
            plan,
            wish.method,
            wish.path,
            kind=_kind(wish.method, wish.path, entity is not None and segments[-1].replace("-", "_") == entity.plural),
            entity=entity.name if entity else None,
            summary=wish.words,
            source="feedback",
        )
        if grown is not plan:
            added.append(f"{wish.method} {wish.path}")
            plan = grown
    return plan, f"added {', '.join(added)}" if added else ""


def _kind(method: Method, path: str, on_collection: bool) -> OperationKind:
    on_item = path.endswith("}")
    if method is Method.GET:
        return OperationKind.READ if on_item else OperationKind.LIST if on_collection else OperationKind.QUERY
    if method is Method.DELETE:
        return OperationKind.DELETE
    if method is Method.POST:
        return OperationKind.CREATE if on_collection else OperationKind.ACTION
    return OperationKind.UPDATE if on_item else OperationKind.ACTION


def _entities(plan: Blueprint, text: str) -> tuple[Blueprint, str]:
    known, added = mentioned(e.name for e in plan.entities), []
    for match in re.finditer(r"\b(?:entity|table|resource|model)\s+(?:for\s+|called\s+|named\s+)?([A-Z]?[\w-]+)", text):
        name = entity_name(match[1])
        if name and name not in known and words(name)[0] not in ("is", "are", "for", "and", "has", "should", "with"):
            grown = add_entity(plan, name, "feedback")
            if grown is not plan:
                plan = grown
                added.append(name)
    return plan, f"added the entities {', '.join(added)} with their calls" if added else ""


def _fields(plan: Blueprint, text: str) -> tuple[Blueprint, str]:
    match = re.search(
        r"\b(?:fields?|attributes?|columns?)\s+([\w ,()|]+?)\s+(?:to|on|in|for)\s+(?:the\s+)?([\w ]+)", text
    )
    entity = entity_of(plan, match[2]) if match else None
    if match is None or entity is None:
        return plan, ""
    fields = tuple(f.model_copy(update={"required": False}) for f in parse_fields(match[1], limit=8))
    if not fields:
        return plan, ""
    named = ", ".join(f.name for f in fields)
    return add_fields(plan, entity.name, fields), f"added {named} to {spoken(entity.name)}, optional for existing rows"


def _roles(plan: Blueprint, text: str) -> tuple[Blueprint, str]:
    wished = parse_security(text).roles or tuple(re.findall(r"\b(?:a|an|the|add)\s+([a-z]+)\s+role\b", text.lower()))
    have = {role.name for role in plan.roles}
    added = [name for name in wished if name not in have]
    for name in added:
        plan = add_role(plan, name)
    return plan, f"added the roles {', '.join(added)}, reading" if added else ""


def _rate(plan: Blueprint, text: str) -> tuple[Blueprint, str]:
    old = plan.auth.rate_limit_per_minute
    new = parse_security(text).rate_limit or max(MIN_RATE, old // 2)
    auth = plan.auth.model_copy(update={"rate_limit_per_minute": new})
    return checked(plan, auth=auth), f"rate limit from {old} to {new} requests per minute and caller"


def _factors(plan: Blueprint, _text: str) -> tuple[Blueprint, str]:
    auth = plan.auth.model_copy(update={"multi_factor": True})
    return checked(plan, auth=auth), "multi-factor authentication required of everyone who signs in"


def _tokens(plan: Blueprint, text: str) -> tuple[Blueprint, str]:
    minutes = parse_security(text).token_minutes or max(5, plan.auth.token_minutes // 2)
    auth = plan.auth.model_copy(update={"token_minutes": minutes})
    return checked(plan, auth=auth), f"access tokens live {minutes} minutes"


def change_scheme(plan: Blueprint, text: str) -> tuple[Blueprint, str]:
    """Change how callers sign in to what the words name."""
    scheme = parse_security(text).scheme
    if scheme is None or scheme is plan.auth.scheme:
        return plan, ""
    words_of = f"{scheme.value.upper()} instead of {plan.auth.scheme.value.upper()}, with short-lived credentials."
    auth = plan.auth.model_copy(update={"scheme": scheme, "description": words_of})
    return checked(plan, auth=auth), f"authentication by {scheme.value}"


def _encryption(plan: Blueprint, _text: str) -> tuple[Blueprint, str]:
    words_of = (
        "TLS 1.3 in transit, AES-256 at rest with keys rotated in a vault; sensitive columns encrypted one by one."
    )
    auth = plan.auth.model_copy(update={"data_protection": words_of})
    return checked(plan, auth=auth), "sensitive columns are encrypted one by one, keys rotated in a vault"


def _audit(plan: Blueprint, _text: str) -> tuple[Blueprint, str]:
    grown = add_entity(plan, "AuditEvent", "feedback")
    if grown is plan:
        return plan, ""
    kept = tuple(
        op
        for op in grown.operations
        if op.entity != "AuditEvent" or op.kind in (OperationKind.LIST, OperationKind.READ)
    )
    return checked(grown, operations=kept), "added an append-only audit trail, read by managers"


def page_lists(plan: Blueprint, _text: str) -> tuple[Blueprint, str]:
    """Make every list page."""
    lists = [op for op in plan.operations if op.kind is OperationKind.LIST]
    grown = with_operations(
        plan, lambda op: op.model_copy(update={"paginated": True}) if op.kind is OperationKind.LIST else op
    )
    return grown, f"all {len(lists)} lists page by cursor, 100 items at most" if lists else ""


def repeat_safely(plan: Blueprint, _text: str) -> tuple[Blueprint, str]:
    """Make every POST safe to repeat."""
    grown = with_operations(
        plan,
        lambda op: op.model_copy(update={"idempotent": True}) if op.method is Method.POST and not op.signed else op,
    )
    return grown, "every POST takes an Idempotency-Key, kept for 24 hours"


def _version(plan: Blueprint, text: str) -> tuple[Blueprint, str]:
    match = re.search(r"\bv(\d{1,2})\b", text)
    major = match[1] if match else re.sub(r"\D", "", plan.base_path) or "1"
    return checked(plan, base_path=f"/api/v{major}"), f"the major version is in the path, /api/v{major}"


def _indexes(plan: Blueprint, text: str) -> tuple[Blueprint, str]:
    entity = entity_of(plan, text)
    if entity is None:
        return plan, ""
    said = set(words(text))
    fields = [f.name for f in entity.fields if f.type is not FieldType.JSON and set(words(f.name)) <= said]
    have = {index.fields for index in entity.indexes}
    more = tuple(Index(fields=(name,)) for name in fields if (name,) not in have)
    if not more:
        return plan, ""
    grown = entity.model_copy(update={"indexes": (*entity.indexes, *more)[:20]})
    entities = tuple(grown if e.name == entity.name else e for e in plan.entities)
    return checked(plan, entities=entities), f"indexed {spoken(entity.name)} by {', '.join(fields)}"


def _cache(plan: Blueprint, _text: str) -> tuple[Blueprint, str]:
    cache = plan.stack.cache or "Redis"
    words_of = f"{cache}: reads of single resources for 60 seconds, dropped on write; no lists; ETags on top."
    services = plan.services.model_copy(update={"caching": words_of})
    stack = plan.stack.model_copy(update={"cache": cache})
    return checked(
        plan, services=services, stack=stack
    ), f"single reads are cached in {cache} for 60 seconds, dropped on write"


def _integrations(plan: Blueprint, text: str) -> tuple[Blueprint, str]:
    have = {item.service.lower() for item in plan.integrations}
    more = [i for i in parse_integrations(text, "feedback", generic=True) if i.service.lower() not in have]
    if not more:
        return plan, ""
    named = ", ".join(item.service for item in more)
    return checked(plan, integrations=(*plan.integrations, *more)[:30]), f"integrated {named}"


def _webhooks(plan: Blueprint, text: str) -> tuple[Blueprint, str]:
    if not re.search(
        r"\b(?:send|outgoing|outbound|subscri|notify|customers?|clients?|add|offer|support)\w*", text, re.IGNORECASE
    ):
        return plan, ""
    grown = add_entity(plan, "Webhook", "feedback")
    return grown, "added webhooks that callers subscribe to, signed and retried" if grown is not plan else ""


def _watch(plan: Blueprint, text: str) -> tuple[Blueprint, str]:
    match = _WATCHED.match(text)
    thing = quote(match[1], 120) if match else ""
    stated = plan.services.monitoring.rstrip(". ")
    if not thing or thing.lower() in stated.lower():
        return plan, ""
    services = plan.services.model_copy(update={"monitoring": f"{stated}; an alert on {thing}."})
    return checked(plan, services=services), f"monitoring alerts on {thing}"


def _background(plan: Blueprint, text: str) -> tuple[Blueprint, str]:
    said = set(words(text))
    ids = {
        op.id
        for op in plan.operations
        if op.kind is OperationKind.ACTION and not op.signed and set(words(op.id)) & said
    }
    if not ids:
        return plan, ""
    grown = with_operations(plan, lambda op: op.model_copy(update={"asynchronous": True}) if op.id in ids else op)
    return grown, f"{', '.join(sorted(ids))} answer 202 and run in the background"


RULES: tuple[tuple[str, Rule], ...] = (
    (r"\b(?:GET|POST|PUT|PATCH|DELETE)\s+/", add_endpoints),
    (r"\b(?:entity|table|resource|model)\b", _entities),
    (r"\b(?:fields?|attributes?|columns?)\b", _fields),
    (r"\broles?\b", _roles),
    (r"rate.?limit|throttl|requests?\s*(?:/|per)\s*min", _rate),
    (r"\bmfa\b|\b2fa\b|multi.?factor|two.?factor", _factors),
    (r"\btokens?\b[^.]*\b(?:short|long|expir|live|min|hour)", _tokens),
    (r"\boidc\b|openid|\bsso\b|oauth|\bmtls\b|\bjwt\b|api.?key", change_scheme),
    (r"encrypt|\bpii\b|data protection|tokeni[sz]", _encryption),
    (r"\baudit", _audit),
    (r"paginat|\bpaging\b|\bcursor", page_lists),
    (r"idempoten|twice|duplicate requests?", repeat_safely),
    (r"\bversion", _version),
    (r"\bindex", _indexes),
    (r"\bcach", _cache),
    (r"\bwebhook", _webhooks),
    (r"integrat|stripe|sendgrid|twilio|salesforce|\bs3\b|slack", _integrations),
    (_WATCHED.pattern, _watch),
    (r"\basync|background|\bqueue|\b202\b", _background),
)
"""Patterns and rules, the narrowest first; every rule that fits is applied."""
