"""What must hold between the parts of a blueprint, so that every blueprint that validates can be rendered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bot.roles.backend_developer.blueprint.columns import column_types, key_problems
from bot.roles.backend_developer.blueprint.keys import key_of, tenant_entity
from bot.roles.backend_developer.blueprint.rights import closed_to_all
from bot.roles.backend_developer.blueprint.spelling import spelling_problems

if TYPE_CHECKING:
    from bot.roles.backend_developer.blueprint import Blueprint, Entity, EntityField, Operation

_TIMES = frozenset({"date", "timestamp"})


def inconsistencies(blueprint: Blueprint) -> list[str]:
    """Return what contradicts itself or points at nothing, in words that name the offender; empty if all holds."""
    found = [*spelling_problems(blueprint), *_duplicates(blueprint), *_dangling(blueprint)]
    # The rest follows references: only where they lead somewhere.
    return found or [
        *key_problems(blueprint),
        *_tenants(blueprint),
        *_fields(blueprint),
        *_rules(blueprint),
        *_states(blueprint),
        *_access(blueprint),
        *_calls(blueprint),
    ]


def _twice(what: str, names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    again: list[str] = []
    for name in names:
        if name in seen:
            again.append(f"{what} {name} is named twice")
        seen.add(name)
    return again


def _duplicates(blueprint: Blueprint) -> list[str]:
    found = _twice("entity", (entity.name for entity in blueprint.entities))
    found += _twice("plural", (entity.plural for entity in blueprint.entities))
    found += _twice("operation id", (operation.id for operation in blueprint.operations))
    found += _twice("operation", (_route(operation) for operation in blueprint.operations))
    found += _twice("role", (role.name for role in blueprint.roles))
    found += _twice("sign-in", (way.name for way in blueprint.sign_ins))
    found += _twice("event", (f"{event.kind} {event.name}" for event in blueprint.events))
    found += _twice("state machine of", (f"{m.entity}.{m.field}" for m in blueprint.state_machines))
    found += _twice("relation", (f"{relation.source}.{relation.name}" for relation in blueprint.relations))
    for entity in blueprint.entities:
        found += _twice(f"field of {entity.name}", (field.name for field in entity.fields))
    return found


def _dangling(blueprint: Blueprint) -> Iterator[str]:
    entities = {entity.name for entity in blueprint.entities}
    roles = {role.name for role in blueprint.roles}
    operations = {operation.id for operation in blueprint.operations}
    pointers: list[tuple[str, str, set[str], str]] = []
    for r in blueprint.relations:
        pointers += [(f"relation {r.source}.{r.name}", end, entities, "entity") for end in (r.source, r.target)]
    for op in blueprint.operations:
        said = (op.entity or "", op.request_entity, op.response_entity)
        pointers += [(f"operation {op.id}", name, entities, "entity") for name in said]
        yield from (
            f"operation {op.id} names the role {role}, which is not defined" for role in op.roles if role not in roles
        )
    pointers += [("a rule", rule.entity, entities, "entity") for rule in blueprint.rules]
    pointers += [("a state machine", machine.entity, entities, "entity") for machine in blueprint.state_machines]
    for event in blueprint.events:
        pointers.append((f"event {event.name}", event.entity, entities, "entity"))
        pointers.append((f"event {event.name}", event.operation, operations, "operation"))
    for p in blueprint.permissions:
        pointers.append(("a permission", p.entity, entities, "entity"))
        pointers.append(("a permission", p.operation, operations, "operation"))
        pointers.append(("a permission", p.role if p.role != "*" else "", roles, "role"))
    for b in blueprint.budgets:
        pointers.append(("a budget", b.operation, operations, "operation"))
        pointers.append(("a budget", b.entity, entities, "entity"))
    for machine in blueprint.state_machines:
        for step in machine.transitions:
            pointers.append((f"a transition of {machine.entity}", step.operation, operations, "operation"))
            pointers += [(f"a transition of {machine.entity}", role, roles, "role") for role in step.roles]
    pointers += [(f"sign-in {way.name}", role, roles, "role") for way in blueprint.sign_ins for role in way.roles]
    pointers.append(("the tenant", blueprint.tenant, entities, "entity"))
    for owner, field in _every_field(blueprint):
        pointers.append((owner, field.entity, entities, "entity"))
        pointers += [(owner, inner.entity, entities, "entity") for inner in field.fields]
        pointers += [(owner, leaf.entity, entities, "entity") for inner in field.fields for leaf in inner.fields]
    for what, name, known, kind in pointers:
        if name and name not in known:
            yield f"{what} names {name}, which is no {kind}"


def _every_field(blueprint: Blueprint) -> Iterator[tuple[str, EntityField]]:
    for entity in blueprint.entities:
        yield from ((f"{entity.name}.{field.name}", field) for field in entity.fields)
    for relation in blueprint.relations:
        yield from ((f"{relation.source}.{relation.name}.{field.name}", field) for field in relation.fields)
    for op in blueprint.operations:
        yield from ((f"{op.id}.{field.name}", field) for field in (*op.parameters, *op.request, *op.response))
    for event in blueprint.events:
        yield from ((f"{event.name}.{field.name}", field) for field in event.payload)


def _tenants(blueprint: Blueprint) -> Iterator[str]:
    root = tenant_entity(blueprint)
    if blueprint.tenant and root is None:
        yield f"{blueprint.tenant} is the tenant and cannot be scoped by tenant itself"
    elif root is not None and len(key_of(blueprint, root)) != 1 and any(e.tenant_scoped for e in blueprint.entities):
        yield f"the tenant {root.name} needs a key of one column"
    scoped = {entity.name: entity.tenant_scoped for entity in blueprint.entities}
    keys = {entity.name: key_of(blueprint, entity) for entity in blueprint.entities}
    for r in blueprint.relations:
        ends = (r.source, r.target)
        lonely = r.target if r.cardinality != "many_to_many" else next((e for e in ends if scoped[e]), r.target)
        if scoped[lonely] and keys[lonely] != ("id",) and not all(scoped[end] for end in ends):
            yield (
                f"relation {r.source}.{r.name}: the key of {lonely} is only unique in its tenant, "
                f"so {r.source} and {r.target} must both be scoped by tenant"
            )


def _fields(blueprint: Blueprint) -> Iterator[str]:
    for owner, field in _every_field(blueprint):
        for one in (field, *field.fields, *(leaf for inner in field.fields for leaf in inner.fields)):
            listed = one.type == "enum" or (one.type == "array" and one.items == "enum")
            if listed and not one.values:
                yield f"{owner} is an enum without values"
    for entity in blueprint.entities:
        known = column_types(blueprint, entity)
        yield from (
            f"an index of {entity.name} names {name}, which is no field"
            for index in entity.indexes
            for name in (*index.fields, *index.descending)
            if name not in known
        )
        yield from (
            f"an index of {entity.name} has neither fields nor expression"
            for index in entity.indexes
            if not index.fields and not index.expression
        )
        yield from _owner(blueprint, entity)
        yield from _codes(entity)
    for r in blueprint.relations:
        if r.required and r.on_delete == "set_null" and r.cardinality != "many_to_many":
            yield f"relation {r.source}.{r.name} is required, so it cannot be set to null on delete"


def _owner(blueprint: Blueprint, entity: Entity) -> Iterator[str]:
    names = {f.name for f in entity.fields} | {
        r.name for r in blueprint.relations if r.source == entity.name and r.cardinality != "many_to_many"
    }
    if entity.owner and entity.owner not in names:
        yield f"the owner of {entity.name} is {entity.owner}, which is neither a relation nor a field of it"


def _codes(entity: Entity) -> Iterator[str]:
    if not entity.codes:
        return
    key = next((f for f in entity.fields if (f.name,) == entity.key and f.type in ("string", "text", "enum")), None)
    if key is None:
        yield f"{entity.name} has codes, so its key must be one field of text"
    elif key.type == "enum" and not set(entity.codes) <= set(key.values):
        yield f"codes of {entity.name} are not among the values of {key.name}"
    yield from (
        f"{entity.name}.{field.name} must be nullable or have a default, as the codes' rows have no value for it"
        for field in entity.fields
        if field is not key and not field.empty_allowed and field.default is None
    )
    if entity.tenant_scoped:
        yield f"{entity.name} has codes, which belong to no tenant"


def _rules(blueprint: Blueprint) -> Iterator[str]:
    entities = {entity.name: entity for entity in blueprint.entities}
    for rule in blueprint.rules:
        known = column_types(blueprint, entities[rule.entity])
        what = f"the rule {rule.kind} of {rule.entity}"
        unknown = [name for name in rule.fields if name not in known]
        yield from (f"{what} names {name}, which is no field" for name in unknown)
        if unknown:
            continue
        if rule.kind == "unique" and not rule.fields:
            yield f"{what} needs fields"
        if rule.kind in ("compare", "bound", "sum", "other") and not (rule.expression or rule.text):
            yield f"{what} needs an expression or a text"
        if rule.kind in ("count", "retention") and (rule.value is None or not 0 <= rule.value <= 1e9):
            yield f"{what} needs a value"
        if rule.kind == "no_overlap" and not rule.text and sum(known[n] in _TIMES for n in rule.fields) != 2:
            yield f"{what} needs two fields of dates or timestamps, the ends"


def _states(blueprint: Blueprint) -> Iterator[str]:
    entities = {entity.name: entity for entity in blueprint.entities}
    for machine in blueprint.state_machines:
        field = next((f for f in entities[machine.entity].fields if f.name == machine.field), None)
        if field is None or field.type != "enum":
            yield f"the state of {machine.entity} is {machine.field}, which is no enum field of it"
            continue
        states = [machine.initial] if machine.initial else []
        states += [state for step in machine.transitions for state in (*step.sources, step.target)]
        yield from (
            f"the state {state} is not among the values of {machine.entity}.{machine.field}"
            for state in dict.fromkeys(states)
            if state not in field.values
        )


def _access(blueprint: Blueprint) -> Iterator[str]:
    entities = {entity.name: entity for entity in blueprint.entities}
    for p in blueprint.permissions:
        if p.field and (not p.entity or p.field not in column_types(blueprint, entities[p.entity])):
            yield f"a permission names the field {p.field}, which {p.entity or 'no entity'} has not"
    ways = {way.name for way in blueprint.sign_ins}
    for op in blueprint.operations:
        yield from (f"operation {op.id} names the sign-in {name}" for name in op.sign_ins if name not in ways)
        if closed_to_all(blueprint, op):
            yield f"operation {op.id} is denied to all of its roles: drop it, or let a role call it"


def _calls(blueprint: Blueprint) -> Iterator[str]:
    entities = {entity.name: entity for entity in blueprint.entities}
    for op in blueprint.operations:
        named = (*op.filters, *op.ranges, *op.search, *op.sort)
        if not named:
            continue
        if op.entity is None:
            yield f"operation {op.id} filters, but has no entity"
            continue
        known = column_types(blueprint, entities[op.entity])
        yield from (
            f"operation {op.id} filters by {name}, which is no field of {op.entity}"
            for name in named
            if name not in known
        )


def _route(operation: Operation) -> str:
    """Return method and path without the parameters' names, by which OpenAPI and routers tell operations apart."""
    return f"{operation.method} {re.sub(r'{[^}]*}', '{}', operation.path)}"
