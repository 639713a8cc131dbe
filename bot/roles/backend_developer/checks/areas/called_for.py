"""What people's words call for, by kinds that a design might leave out: then a check has nothing to look at.

Each function returns the words or labels by which it was asked for, none if nobody did.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.domain.facts import (
    AccessFact,
    AnyFact,
    EntityFact,
    EventFact,
    FieldFact,
    NumberFact,
    OperationFact,
    RelationFact,
    Stance,
    TenancyFact,
)
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import WRITES
from bot.roles.backend_developer.checks.fit.rendered import resources, spoken
from bot.roles.backend_developer.checks.names import is_personal

_WHOLE_API: Final = 4
"""From so many operations on, people have told which there are: what they left out is left out."""


def whole_api(bench: CheckContext) -> list[str]:
    """All operations, where people listed so many that the others are not wanted."""
    named = [_label(f) for f in _operations(bench) if f.method]
    return named if len(named) >= _WHOLE_API else []


def lists(bench: CheckContext) -> list[str]:
    """Collections that somebody wants to read."""
    things = {spoken(name) for f in _stated(bench) if isinstance(f, EntityFact) for name in (f.name, f.plural)}
    return [
        _label(f)
        for f in _operations(bench, "GET")
        if not f.path.endswith("}") and (f.result_is_list or things & set(resources(f.path)[-1:]))
    ]


def reads(bench: CheckContext) -> list[str]:
    """Single things that somebody wants to read."""
    return [_label(f) for f in _operations(bench, "GET") if f.path.endswith("}")]


def writes(bench: CheckContext) -> list[str]:
    """Calls that change something."""
    return [_label(f) for f in _operations(bench, *sorted(WRITES))]


def creations(bench: CheckContext) -> list[str]:
    """Calls that make one more of a collection."""
    return [_label(f) for f in _operations(bench, "POST") if "{" not in f.path]


def actions(bench: CheckContext) -> list[str]:
    """Calls that do something to one thing."""
    return [_label(f) for f in _operations(bench, "POST") if "{" in f.path and not f.path.endswith("}")]


def singles(bench: CheckContext) -> list[str]:
    """Calls that address one thing."""
    return [_label(f) for f in _operations(bench) if "{" in f.path]


def background(bench: CheckContext) -> list[str]:
    """Calls whose work is done later."""
    return [_label(f) for f in _operations(bench) if f.asynchronous]


def relations(bench: CheckContext) -> list[str]:
    """Things that belong together."""
    return [f"{f.source} → {f.target}" for f in _stated(bench) if isinstance(f, RelationFact)]


def tenants(bench: CheckContext) -> list[str]:
    """Tenants to be kept apart."""
    return [f.tenant or "tenants" for f in _stated(bench) if isinstance(f, TenancyFact)]


def numbers(bench: CheckContext) -> list[str]:
    """Numbers to be held."""
    return [f"{f.metric} {f.value:g} {f.unit}" for f in _stated(bench) if isinstance(f, NumberFact)]


def webhooks(bench: CheckContext) -> list[str]:
    """Calls by or to other services."""
    return [f.name for f in _stated(bench) if isinstance(f, EventFact) and f.kind.startswith("webhook")]


def own_rows(bench: CheckContext) -> list[str]:
    """Roles that see only what is theirs."""
    return [f.role or "everybody" for f in _stated(bench) if isinstance(f, AccessFact) and f.own]


def personal(bench: CheckContext) -> list[str]:
    """Fields that tell of people."""
    return [
        f"{f.entity}.{f.name}".lstrip(".")
        for f in _stated(bench)
        if isinstance(f, FieldFact) and (f.sensitive or is_personal(f.name))
    ]


def _stated(bench: CheckContext) -> Iterator[AnyFact]:
    return (f for f in bench.said.facts if f.stance is Stance.STATED)


def _operations(bench: CheckContext, *methods: str) -> Iterator[OperationFact]:
    named = (f for f in _stated(bench) if isinstance(f, OperationFact) and f.path)
    return (f for f in named if not methods or f.method in methods)


def _label(fact: OperationFact) -> str:
    return f"{fact.method or 'any method'} {fact.path}"
