"""The people's answers as wishes. Every question's answer is read for everything, as people answer what they like."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from bot.domain.design import Reply
from bot.roles.backend_developer.designers.offline.budgets import parse_budgets
from bot.roles.backend_developer.designers.offline.endpoints import major_version, parse_endpoints
from bot.roles.backend_developer.designers.offline.integrations import parse_integrations
from bot.roles.backend_developer.designers.offline.nouns import is_plural, plural, singular, words, wordset
from bot.roles.backend_developer.designers.offline.relations import parse_abilities, parse_entities, parse_links
from bot.roles.backend_developer.designers.offline.security import merged, parse_security
from bot.roles.backend_developer.designers.offline.stack import first_named, parse_stack
from bot.roles.backend_developer.designers.offline.wishes import EndpointWish, EntityWish, Wishes

_W = TypeVar("_W")

MAX_TEXT = 12_000
"""Characters of one answer that are read; more than anybody types, little enough for every pattern."""

_TENANTS = re.compile(
    r"\bmulti[- ]?tenan\w*|\btenants?\b|\bsaas\b|\benterprises?\b|\bb2b\b|\borgani[sz]ations\b|\bworkspaces\b",
    re.IGNORECASE,
)
_NO_TENANTS = re.compile(r"\b(?:no|not|single|without)[- ](?:multi[- ]?)?tenan\w*", re.IGNORECASE)
_ELSEWHERE = ("integration", "performance", "security", "opening_1", "opening_3")
"""Questions whose answers are full of headed lists that are no entities."""

_NO_RESOURCE = wordset(
    "analytics health status auth login logout metrics search me dashboard token tokens session sessions webhooks "
    "reports settings stats statistics export import upload batch"
)


def read_answers(replies: Sequence[Reply]) -> Wishes:
    """Return what all answers ask for; for the stack and for security the answers to those questions go first."""
    texts = [(reply.key, reply.text[:MAX_TEXT]) for reply in replies if reply.text.strip()]
    whole = "\n".join(text for _key, text in texts)[: 4 * MAX_TEXT]
    endpoints = _unique((w for key, text in texts for w in parse_endpoints(text, key)), lambda w: (w.method, w.path))
    model = [(key, text) for key, text in texts if not any(name in key for name in _ELSEWHERE)]
    named = [w for key, text in model for w in parse_entities(text, key)]
    return Wishes(
        endpoints=endpoints,
        entities=_unique([*named, *resources(endpoints)], lambda w: w.name),
        links=_unique((w for key, text in texts for w in parse_links(text, key)), lambda w: (w.one, w.many)),
        abilities=_unique((w for key, text in model for w in parse_abilities(text, key)), lambda w: w.entity),
        integrations=_unique(
            (
                w
                for key, text in texts
                for w in parse_integrations(text, key, generic="integration" in key or key == "opening_3")
            ),
            lambda w: w.service.lower(),
        ),
        budgets=_unique(
            (w for key, text in texts for w in parse_budgets(text, key)), lambda w: (w.metric, w.operation)
        ),
        stack=first_named(*(parse_stack(text) for key, text in _first(texts, "opening_1", "stack"))),
        security=merged(tuple(parse_security(text) for key, text in _first(texts, "security"))),
        tenants=_TENANTS.search(whole) is not None and _NO_TENANTS.search(whole) is None,
        major=major_version(whole),
    )


def wants_tenants(text: str) -> bool:
    """Whether a text speaks of several tenants."""
    return _TENANTS.search(text) is not None and _NO_TENANTS.search(text) is None


def refuses_tenants(replies: Iterable[Reply]) -> bool:
    """Whether an answer says that there is one tenant only."""
    return any(_NO_TENANTS.search(reply.text[:MAX_TEXT]) for reply in replies)


def resources(endpoints: Iterable[EndpointWish]) -> list[EntityWish]:
    """Return the entities that paths stand for: segments in the plural, as in ``/orders/{id}/lines``."""
    found = []
    for wish in endpoints:
        for segment in wish.path.split("/"):
            parts = words(segment)
            if parts and not segment.startswith("{") and segment not in _NO_RESOURCE and _countable(parts[-1]):
                name = "".join(part.capitalize() for part in [*parts[:-1], singular(parts[-1])])
                found.append(EntityWish(name=name, source=wish.source))
    return found


def _countable(word: str) -> bool:
    return is_plural(word) and plural(singular(word)) == word


def _first(texts: Sequence[tuple[str, str]], *names: str) -> list[tuple[str, str]]:
    return sorted(texts, key=lambda pair: not any(name in pair[0] for name in names))


def _unique(wishes: Iterable[_W], key: Callable[[_W], Hashable]) -> tuple[_W, ...]:
    found: dict[Hashable, _W] = {}
    for wish in wishes:
        found.setdefault(key(wish), wish)
    return tuple(found.values())
