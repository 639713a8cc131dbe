"""What nobody asked for: tables, operations and roles from nowhere are listed, and a design mostly of them says so."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from bot.domain.facts import (
    AccessFact,
    AnyFact,
    EntityFact,
    EventFact,
    FieldFact,
    OperationFact,
    RelationFact,
    RoleFact,
    RuleFact,
    ServiceFact,
    SignInFact,
    StackFact,
    Stance,
    StateFact,
    TenancyFact,
)
from bot.evidence.checks import CheckResult, judge, named, not_applicable
from bot.roles.backend_developer.blueprint import Entity, Operation
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import path_key, plain, resources, spoken

_SERVICE: Final = frozenset({"health", "healthz", "livez", "readyz", "ready", "metrics", "webhook", "hook", "session",
                             "login", "logout", "token", "me", "search", "version", "openapi"})  # fmt: skip
_TOLD: Final = 3
"""From so many things with fields on, people have told what there is: a table beside those is from nowhere."""


_TOKENS: Final = frozenset({"oidc", "oauth2", "jwt", "session", "password", "saml", "magic_link"})
_ALIKE: Final = dict.fromkeys(_TOKENS, _TOKENS)
"""Ways by which people sign in, of which one stands for another: a password gives a session or a token."""

_PARTS: Final = ("cache", "messaging", "search", "storage")
"""Parts of a stack that can be done without: one that nobody chose is one more to run."""

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
    listed += [*_outside(bench), *_disowned(bench)]
    raw = {"tables": tables, "operations": [f"{o.method} {o.path}" for o in operations], "roles": roles}
    return judge(sorted(set(listed)), good="Everything was said, or is called assumed.", bad="Nobody said", raw=raw)


def _outside(bench: CheckContext) -> list[str]:
    """Return services, ways to sign in and parts of the stack from nowhere, where people named others of their kind."""
    plan, facts = bench.blueprint, [f for f in bench.said.facts if f.stance is not Stance.DENIED]
    services = [plain(name) for f in facts if (name := _called(f))]
    found = [
        f"service {one.service}" for one in plan.integrations
        if not one.assumed and any(isinstance(f, ServiceFact) for f in facts)
        and not any(name in plain(one.service) or plain(one.service) in name for name in services)
    ]  # fmt: skip
    ways = {f.scheme for f in facts if isinstance(f, SignInFact)}
    found += [
        f"sign-in {way.name}" for way in plan.sign_ins
        if ways and not way.assumed and not _ALIKE.get(way.scheme.value, {way.scheme.value}) & ways
    ]  # fmt: skip
    stack = [plain(f.name) for f in facts if isinstance(f, StackFact)]
    for part in _PARTS if stack and not plan.stack.assumed else ():
        name = plain(getattr(plan.stack, part))
        if (
            name
            and part not in plan.stack.assumed_parts
            and not any(s in name or name in s for s in [*stack, *services])
        ):
            found.append(f"{part} {getattr(plan.stack, part)}")
    return found


def _disowned(bench: CheckContext) -> Iterator[str]:
    """Yield what people said and the design calls assumed: whoever reads it would think that nobody had."""
    plan, facts = bench.blueprint, [f for f in bench.said.facts if f.stance is Stance.STATED and not f.by_model]
    things_ = {spoken(name) for f in facts if isinstance(f, EntityFact) for name in (f.name, f.plural)} - {""}
    roles = {spoken(f.name) for f in facts if isinstance(f, RoleFact)}
    services = {plain(f.name) for f in facts if isinstance(f, ServiceFact)}
    parts = {
        f.part for f in facts if isinstance(f, StackFact) and plain(f.name) == plain(getattr(plan.stack, f.part, ""))
    }
    found = [e.name for e in plan.entities if e.assumed and {spoken(e.name), spoken(e.plural)} & things_]
    found += [r.name for r in plan.roles if r.assumed and spoken(r.name) in roles]
    found += [i.service for i in plan.integrations if i.assumed and plain(i.service) in services]
    found += sorted(parts & set(plan.stack.assumed_parts))
    yield from (f"that {name} is assumed: it was said" for name in found)


def _called(fact: AnyFact) -> str:
    """Return what a product is called that people spoke of as a service, as part of the stack or to sign in with."""
    if isinstance(fact, ServiceFact | StackFact):
        return fact.name
    return fact.provider if isinstance(fact, SignInFact) else ""


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
    who = named_roles(bench)
    roles = [r.name for r in plan.roles if who and not r.assumed and spoken(r.name) not in who]
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


def named_roles(bench: CheckContext) -> set[str]:
    """Keys of the roles that people named, in whatever place."""
    found = {spoken(f.name) for f in bench.said.facts if isinstance(f, RoleFact)}
    found |= {spoken(f.role) for f in bench.said.facts if isinstance(f, AccessFact)}
    found |= {spoken(r) for f in bench.said.facts if isinstance(f, OperationFact) for r in f.roles}
    return found - {"", "*"}
