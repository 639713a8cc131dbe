"""What nobody asked for: tables, operations and roles from nowhere are listed, and a design mostly of them says so."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from bot.domain.facts import (
    AccessFact,
    EntityFact,
    EventFact,
    FieldFact,
    OperationFact,
    RelationFact,
    RoleFact,
    RuleFact,
    Stance,
    StateFact,
    TenancyFact,
)
from bot.evidence.checks import CheckResult, judge, named, not_applicable
from bot.roles.backend_developer.blueprint import Entity, Operation
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import path_key, resources, spoken

_SERVICE: Final = frozenset({"health", "healthz", "livez", "readyz", "ready", "metrics", "webhook", "hook", "session",
                             "login", "logout", "token", "me", "search", "version", "openapi"})  # fmt: skip
_TOLD: Final = 3
"""From so many things with fields on, people have told what there is: a table beside those is from nowhere."""


_SOME: Final = 2
_PART: Final = 10
"""So few operations that nobody said, of so many, are what a careful designer adds: they are listed and no more."""


def parts_asked(bench: CheckContext) -> CheckResult:
    """Every table and role, and all but a few operations, were said or are called assumed."""
    known, told = things(bench), _told(bench)
    if not known:
        return not_applicable("Nobody named a thing, an operation or a role, so that nothing can be from nowhere.")
    tables, operations, roles = _unasked(bench, known)
    listed = [f"table {name}" for name in tables] if told else []
    listed += [f"role {name}" for name in roles]
    if len(operations) > max(_SOME, len(bench.blueprint.operations) // _PART):
        listed += [f"{op.method} {op.path}" for op in operations]
    raw = {"tables": tables, "operations": [f"{o.method} {o.path}" for o in operations], "roles": roles}
    return judge(sorted(set(listed)), good="Everything was said, or is called assumed.", bad="Nobody said", raw=raw)


def mostly_asked(bench: CheckContext) -> CheckResult:
    """At least half of the tables were said, or are called assumed."""
    known = things(bench)
    tables, operations, _ = _unasked(bench, known)
    whole = len(bench.blueprint.entities)
    if len(known) < _TOLD or not whole:
        return not_applicable("People named too few things to say of a table that nobody meant it.")
    if 2 * len(tables) > whole:
        return judge(
            tables, good="", bad=f"{len(tables)} of {whole} tables and {len(operations)} operations nobody said"
        )
    words = f"Nobody said: {named(tables)}." if tables else f"All {whole} tables were said or are called assumed."
    return judge([], good=words, bad="")


def _unasked(bench: CheckContext, known: set[str]) -> tuple[list[str], list[Operation], list[str]]:
    plan = bench.blueprint
    tables = [e.name for e in plan.entities
              if not e.assumed and not e.codes and not {spoken(e.name), spoken(e.plural)} & known]  # fmt: skip
    asked = [f for f in bench.said.facts if isinstance(f, OperationFact) and f.stance is Stance.STATED and f.path]
    acts = {(f.method, path_key(f.path)) for f in asked}
    told = {spoken(f.action) for f in bench.said.facts if isinstance(f, StateFact | AccessFact) and f.action}
    operations = [op for op in plan.operations if not _asked(op, acts, told, listed=bool(asked))]
    roles = (
        [r.name for r in plan.roles if not r.assumed and spoken(r.name) not in _roles(bench)] if _roles(bench) else []
    )
    return tables, operations, roles


def _asked(op: Operation, acts: Collection[tuple[str | None, str]], told: set[str], *, listed: bool) -> bool:
    if op.assumed or not listed:
        return True
    here = path_key(op.path)
    found = resources(op.path)
    usual = bool(set(found) & _SERVICE) or op.kind in ("list", "read", "create", "update", "delete")
    acted = bool(found) and found[-1] in told
    return (op.method.value, here) in acts or (None, here) in acts or usual or acted


def things(bench: CheckContext) -> set[str]:
    """Keys of everything that people named as a thing, in whatever place."""
    found: set[str] = set()
    for fact in bench.said.facts:
        if fact.stance is Stance.DENIED:
            continue
        if isinstance(fact, EntityFact):
            found |= {spoken(fact.name), spoken(fact.plural)}
        elif isinstance(fact, RelationFact):
            found |= {spoken(fact.source), spoken(fact.target)}
        elif isinstance(fact, FieldFact):
            found |= {spoken(fact.entity), spoken(fact.references)}
        elif isinstance(fact, OperationFact):
            found |= {*resources(fact.path), spoken(fact.body_entity), spoken(fact.result_entity)}
        elif isinstance(fact, TenancyFact):
            found |= {spoken(fact.tenant), *map(spoken, fact.entities)}
        elif isinstance(fact, StateFact | AccessFact | RuleFact | EventFact):
            found.add(spoken(fact.entity))
    roles = {spoken(f.name) for f in bench.said.facts if isinstance(f, RoleFact)}
    return (found | roles if len(found - {""}) >= _TOLD else found) - {""}


def said_fields(bench: CheckContext) -> set[tuple[str, str]]:
    """Keys of the fields that people spoke of, each with its entity's."""
    return {(spoken(f.entity), spoken(f.name)) for f in bench.said.facts if isinstance(f, FieldFact)}


def said_of(entity: Entity, field: str, said: set[tuple[str, str]]) -> bool:
    """Whether a field of an entity is among those, by the entity's name or its plural."""
    return bool({(spoken(name), spoken(field)) for name in (entity.name, entity.plural)} & said)


def _told(bench: CheckContext) -> bool:
    """Whether people told what there is, with fields, instead of naming a thing by the way."""
    return len({spoken(f.entity) for f in bench.said.facts if isinstance(f, FieldFact) and f.entity}) >= _TOLD


def _roles(bench: CheckContext) -> set[str]:
    found = {spoken(f.name) for f in bench.said.facts if isinstance(f, RoleFact)}
    found |= {spoken(f.role) for f in bench.said.facts if isinstance(f, AccessFact)}
    found |= {spoken(r) for f in bench.said.facts if isinstance(f, OperationFact) for r in f.roles}
    return found - {"", "*"}
