"""Is one's own only one's own: whose a row is, who sees only theirs, and who may change it?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.domain.facts import AccessFact
from bot.evidence.checks import CheckResult, judge, nothing_there
from bot.roles.backend_developer.blueprint.keys import relation_columns
from bot.roles.backend_developer.checks.areas import called_for
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import resource, spoken

_ANYBODY: Final = frozenset(
    {"user", "account", "person", "people", "member", "profile", "employee", "staff", "contact"}
)
"""Keys of things that anybody who signs in is."""


def own_kept(bench: CheckContext) -> CheckResult:
    """Who may read only rows of their own may also change or delete only those."""
    reads = [e for e in bench.document.endpoints if not e.writes and e.node.get("x-own-rows")]
    foreign = [*_owned_by_others(bench), *_owning_nothing(bench)]
    if foreign:
        return judge(foreign, good="", bad="One's own is told by what is nobody's")
    if not reads:
        return nothing_there("Nobody is limited to rows of their own.", called_for.own_rows(bench))
    offenders = list(_given_away(bench))
    for endpoint in bench.document.endpoints:
        if not endpoint.writes or not endpoint.path_parameters:
            continue
        about = [r for r in reads if resource(r.path) in _about(endpoint.path)]
        own = {spoken(str(role)) for r in about for role in r.node.get("x-own-rows") or ()}
        free = own - {spoken(str(role)) for role in endpoint.node.get("x-own-rows") or ()}
        may = {spoken(role) for role in endpoint.roles}
        offenders += [f"{endpoint.label} ({role})" for role in sorted(free) if role in may]
    return judge(offenders, good="Own rows are one's own to change too.", bad="May change what is others'")


def _owned_by_others(bench: CheckContext) -> Iterator[str]:
    """Where there is a thing for a role that sees its own rows, those are told by it and by no other thing."""
    things = {spoken(name): e.name for e in bench.blueprint.entities for name in (e.name, e.plural)}
    for permission in bench.blueprint.permissions:
        who = things.get(spoken(permission.role)) if permission.own and permission.allowed else None
        entity = next((e for e in bench.blueprint.entities if e.name == permission.entity and e.owner), None)
        if who is None or entity is None or who == entity.name:
            continue
        by = [r.target for r in bench.blueprint.relations if (r.source, r.name) == (entity.name, entity.owner)]
        if by and who not in by and any(r.source == entity.name and r.target == who for r in bench.blueprint.relations):
            yield f"{entity.name} by {entity.owner}, which is no {who}"


def _owning_nothing(bench: CheckContext) -> Iterator[str]:
    """Yield roles that are shown rows of their own which nobody said, of what is another's: they never see one."""
    said = {(spoken(f.role), spoken(f.entity)) for f in bench.said.facts if isinstance(f, AccessFact) and f.own}
    for permission in bench.blueprint.permissions:
        entity = next((e for e in bench.blueprint.entities if e.name == permission.entity and e.owner), None)
        limits = permission.own and permission.allowed and not permission.assumed and permission.role not in ("", "*")
        if entity is None or not limits or (spoken(permission.role), spoken(entity.name)) in said:
            continue
        by = [r.target for r in bench.blueprint.relations if (r.source, r.name) == (entity.name, entity.owner)]
        of_all = any(spoken(target) in _ANYBODY for target in by)
        if by and not of_all and spoken(permission.role) not in {spoken(target) for target in by}:
            yield f"{entity.name} for {permission.role} (it is told by {entity.owner})"


def _given_away(bench: CheckContext) -> Iterator[str]:
    """Who may change rows of their own must not write whose they are."""
    entities = {entity.name: entity for entity in bench.blueprint.entities if entity.owner}
    for endpoint in bench.document.endpoints:
        operation = bench.operation(endpoint)
        entity = entities.get(operation.entity or "") if operation is not None else None
        if entity is None or not endpoint.node.get("x-own-rows") or not endpoint.path_parameters:
            continue
        by = [r for r in bench.blueprint.relations if (r.source, r.name) == (entity.name, entity.owner)]
        columns = {name for r in by for name in relation_columns(bench.blueprint, r)} or {entity.owner}
        sent = columns & set(bench.document.properties(bench.document.body(endpoint)))
        yield from (f"{endpoint.label} (gives a row away by {name})" for name in sorted(sent))


def _about(path: str) -> set[str]:
    head = path.rsplit("}", 1)[0] + "}"
    return {resource(head), resource(path)}
