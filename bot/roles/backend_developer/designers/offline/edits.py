"""Small changes to a blueprint, each of which leaves it valid."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.roles.backend_developer.blueprint import (
    AccessRole,
    Blueprint,
    Decision,
    Entity,
    EntityField,
    Method,
    Operation,
    OperationKind,
    Relation,
)
from bot.roles.backend_developer.designers.offline.calls import plural_to_one
from bot.roles.backend_developer.designers.offline.lexicon import usual_fields
from bot.roles.backend_developer.designers.offline.nouns import entity_name, kebab, plural_name, snake, spoken, words

MAX_OPERATIONS, MAX_ENTITIES, MAX_DECISIONS, MAX_ROLES = 290, 55, 60, 12
"""A little below the blueprint's own bounds, so that a change never breaks them."""


def checked(plan: Blueprint, **changes: object) -> Blueprint:
    """Return the blueprint with these parts replaced, validated as a whole."""
    return Blueprint.model_validate({**dict(plan), **changes})


def with_operations(plan: Blueprint, change: Callable[[Operation], Operation]) -> Blueprint:
    """Return the blueprint with each operation changed."""
    return checked(plan, operations=tuple(change(op) for op in plan.operations))


def with_decision(plan: Blueprint, what: str, why: str, addresses: str = "") -> Blueprint:
    """Return the blueprint with one more decision; the oldest goes when there are too many."""
    made = Decision(what=what[:600], why=why[:600], addresses=addresses[:200])
    return checked(plan, decisions=(*plan.decisions, made)[-MAX_DECISIONS:])


def entity_of(plan: Blueprint, text: str) -> Entity | None:
    """Return the entity that a text speaks of, the longest name first."""
    said = f" {' '.join(words(text))} "
    for entity in sorted(plan.entities, key=lambda e: -len(e.name)):
        if f" {spoken(entity.name)} " in said or f" {spoken(entity.plural)} " in said:
            return entity
    return None


def add_entity(plan: Blueprint, name: str, source: str = "") -> Blueprint:
    """Return the blueprint with an entity of that name and its usual calls; unchanged if it is there or unusable."""
    named, plural = entity_name(name), plural_name(entity_name(name)) if entity_name(name) else ""
    taken = {e.name for e in plan.entities} | {e.plural for e in plan.entities}
    if not named or named in taken or plural in taken or len(plan.entities) >= MAX_ENTITIES:
        return plan
    scoped = any(e.tenant_scoped for e in plan.entities)
    made = Entity(
        name=named,
        plural=plural,
        description=f"{spoken(named).capitalize()}.",
        fields=usual_fields(named),
        tenant_scoped=scoped,
        source=source[:200],
    )
    grown = checked(plan, entities=(*plan.entities, made))
    for kind, method, path in (
        (OperationKind.LIST, Method.GET, f"/{kebab(plural)}"),
        (OperationKind.CREATE, Method.POST, f"/{kebab(plural)}"),
        (OperationKind.READ, Method.GET, f"/{kebab(plural)}/{{id}}"),
        (OperationKind.UPDATE, Method.PATCH, f"/{kebab(plural)}/{{id}}"),
        (OperationKind.DELETE, Method.DELETE, f"/{kebab(plural)}/{{id}}"),
    ):
        grown = add_operation(grown, method, path, kind=kind, entity=named, source=source)
    return grown


def add_operation(
    plan: Blueprint,
    method: Method,
    path: str,
    *,
    kind: OperationKind,
    entity: str | None,
    summary: str = "",
    source: str = "",
) -> Blueprint:
    """Return the blueprint with one more operation; unchanged if its route is taken."""
    if any(op.method is method and _shape(op.path) == _shape(path) for op in plan.operations):
        return plan
    if len(plan.operations) >= MAX_OPERATIONS:
        return plan
    nouns = [plural_to_one(s) for s in path.split("/") if s and not s.startswith("{")]
    own = snake(f"{kind.value if kind is not OperationKind.ACTION else method.lower()} {' '.join(nouns)}") or "call"
    ids, count, unique = {op.id for op in plan.operations}, 2, own
    while unique in ids:
        unique, count = f"{own}_{count}", count + 1
    made = Operation(
        id=unique,
        method=method,
        path=path,
        summary=summary or f"{kind.value.capitalize()} {spoken(entity) if entity else ' '.join(nouns)}",
        kind=kind,
        entity=entity,
        paginated=kind is OperationKind.LIST,
        idempotent=method is Method.POST,
        roles=roles_like(plan, kind),
        source=source[:200],
    )
    return checked(plan, operations=(*plan.operations, made))


def roles_like(plan: Blueprint, kind: OperationKind) -> tuple[str, ...]:
    """Return the roles that most operations of that kind have: what is usual in this design."""
    seen: dict[tuple[str, ...], int] = {}
    for op in plan.operations:
        if op.kind is kind and op.roles:
            seen[op.roles] = seen.get(op.roles, 0) + 1
    usual = max(seen, key=lambda roles: (seen[roles], roles), default=())
    return usual or tuple(role.name for role in plan.roles)[:12]


def add_role(plan: Blueprint, name: str) -> Blueprint:
    """Return the blueprint with a role that may read; unchanged if it is there."""
    own = snake(name)
    if not own or any(role.name == own for role in plan.roles) or len(plan.roles) >= MAX_ROLES:
        return plan
    made = AccessRole(name=own, description="Reads; further rights are granted per operation.")
    grown = checked(plan, roles=(*plan.roles, made))
    reading = {OperationKind.LIST, OperationKind.READ}

    def opened(op: Operation) -> Operation:
        takes = (
            op.kind in reading
            and op.roles
            and len(op.roles) < MAX_ROLES
            and op.entity not in ("AuditEvent", "InboundEvent")
        )
        return op.model_copy(update={"roles": (*op.roles, own)}) if takes else op

    return with_operations(grown, opened)


def add_fields(plan: Blueprint, entity: str, fields: Iterable[EntityField]) -> Blueprint:
    """Return the blueprint with more fields on an entity; those of a name that is taken are left out."""
    grown = []
    for own in plan.entities:
        have = {f.name for f in own.fields} | {f"{r.name}_id" for r in plan.relations if r.source == own.name}
        more = tuple(f for f in fields if f.name not in have) if own.name == entity else ()
        grown.append(own.model_copy(update={"fields": (*own.fields, *more)[:60]}))
    return checked(plan, entities=tuple(grown))


def carry_over(plan: Blueprint, previous: Blueprint) -> Blueprint:
    """Return the blueprint with what the previous iteration had and this one lacks, so that nothing agreed is lost."""
    names, plurals = {e.name for e in plan.entities}, {e.plural for e in plan.entities}
    entities = [e for e in previous.entities if e.name not in names and e.plural not in plurals]
    names |= {e.name for e in entities}
    roles = [role for role in previous.roles if role.name not in {r.name for r in plan.roles}]
    known = {role.name for role in (*plan.roles, *roles)}
    relations = [r for r in previous.relations if r.source in {e.name for e in entities} and r.target in names]
    relations += [r for r in _new_relations(plan, previous) if r not in relations]
    routes = {(op.method, _shape(op.path)) for op in plan.operations}
    ids = {op.id for op in plan.operations}
    operations = [
        op
        for op in previous.operations
        if (op.method, _shape(op.path)) not in routes
        and op.id not in ids
        and (op.entity is None or op.entity in names)
        and set(op.roles) <= known
    ]
    services = {item.service for item in plan.integrations}
    integrations = [item for item in previous.integrations if item.service not in services]
    try:
        return checked(
            plan,
            entities=(*plan.entities, *entities),
            relations=(*plan.relations, *relations),
            roles=(*plan.roles, *roles)[:20],
            operations=(*plan.operations, *operations),
            integrations=(*plan.integrations, *integrations)[:30],
            auth=plan.auth.model_copy(
                update={
                    "multi_factor": plan.auth.multi_factor or previous.auth.multi_factor,
                    "rate_limit_per_minute": min(plan.auth.rate_limit_per_minute, previous.auth.rate_limit_per_minute),
                    "token_minutes": min(plan.auth.token_minutes, previous.auth.token_minutes),
                }
            ),
        )
    except ValueError:
        # The two do not fit together (a model designed the previous one, and a name changed its meaning): the new one
        # stands alone, and the review's list of changes says what is gone.
        return plan


def _new_relations(plan: Blueprint, previous: Blueprint) -> list[Relation]:
    have = {(r.source, r.name) for r in plan.relations} | {(r.source, r.target) for r in plan.relations}
    names = {e.name for e in plan.entities}
    return [
        r
        for r in previous.relations
        if r.source in names and r.target in names and not {(r.source, r.name), (r.source, r.target)} & have
    ]


def _shape(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))
