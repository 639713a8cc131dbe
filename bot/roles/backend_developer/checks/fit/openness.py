"""What people said is open to everybody: that it is open is then no harm."""

from __future__ import annotations

from bot.domain.facts import AccessFact, AnyFact, OperationFact, Stance
from bot.reading.merge import Understanding
from bot.reading.names import name_key
from bot.roles.backend_developer.checks.document import Endpoint
from bot.roles.backend_developer.checks.fit.rendered import path_key, resources


def asked_open(said: Understanding, endpoint: Endpoint) -> bool:
    """Whether people said that anybody may call the operation, by its path or by what it is about."""
    return any(fact.stance is Stance.STATED and _opens(fact, endpoint) for fact in said.facts)


def _opens(fact: AnyFact, endpoint: Endpoint) -> bool:
    here = path_key(endpoint.path)
    if isinstance(fact, OperationFact):
        named = fact.method in (None, endpoint.method) and (not fact.path or path_key(fact.path) == here)
        return bool(fact.public) and named
    if isinstance(fact, AccessFact) and fact.role == "*":
        return path_key(fact.path) == here if fact.path else name_key(fact.entity) in resources(endpoint.path)
    return False
