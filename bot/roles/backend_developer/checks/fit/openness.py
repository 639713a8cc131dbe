"""What people said is open to everybody: that it is open is then no harm."""

from __future__ import annotations

from typing import Final

from bot.domain.facts import AccessFact, AnyFact, OperationFact, Stance
from bot.reading.merge import Understanding
from bot.roles.backend_developer.checks.document import Endpoint
from bot.roles.backend_developer.checks.fit.rendered import path_key, resources, spoken

_VERBS: Final = {"GET": "read", "HEAD": "read", "POST": "create", "DELETE": "delete"}


def asked_open(said: Understanding, endpoint: Endpoint) -> bool:
    """Whether people said that anybody may call the operation, by its path or by what it is about."""
    return any(fact.stance is Stance.STATED and _opens(fact, endpoint) for fact in said.facts)


def _opens(fact: AnyFact, endpoint: Endpoint) -> bool:
    here = path_key(endpoint.path)
    if isinstance(fact, OperationFact):
        named = fact.method in (None, endpoint.method) and (not fact.path or path_key(fact.path) == here)
        return bool(fact.public) and named
    if not isinstance(fact, AccessFact) or fact.role != "*" or fact.method not in (None, endpoint.method):
        return False
    if fact.path:
        return path_key(fact.path) == here
    does = _VERBS.get(endpoint.method, "update")
    about = spoken(fact.entity) in resources(endpoint.path)
    return about and bool({does, "any"} & set(fact.verbs))
