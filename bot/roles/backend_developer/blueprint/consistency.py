"""What must hold between the parts of a blueprint, so that every blueprint that validates can be rendered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.roles.backend_developer.blueprint import Blueprint, Entity, Operation

# PostgreSQL refuses columns of these names (its manual, "System Columns").
_SYSTEM_COLUMNS = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})
_RENDERED = ("id", "created_at", "updated_at")
# Schemas that documents hold besides those of entities, and the endings of an entity's own (see `renderers.openapi`).
_SCHEMAS = frozenset({"Problem", "Accepted"})
_FORMS = ("Summary", "Create", "Update", "Page")


def inconsistencies(plan: Blueprint) -> list[str]:
    """Return what contradicts itself or points at nothing, in words that name the offender; empty if all holds."""
    return [*_unrenderable(plan), *_duplicates(plan), *_dangling(plan)]


def _unrenderable(plan: Blueprint) -> list[str]:
    names = {entity.name for entity in plan.entities}
    taken = _SCHEMAS | {f"{name}{form}" for name in names for form in _FORMS}
    found = [
        f"the name of entity {name} is taken by a schema that every document has" for name in sorted(names & taken)
    ]
    found += [
        f"{entity.name}.{field.name} is the name of a system column of PostgreSQL"
        for entity in plan.entities
        for field in entity.fields
        if field.name in _SYSTEM_COLUMNS
    ]
    found += [
        f"relation {r.source}.{r.name} is required, so it cannot be set to null on delete"
        for r in plan.relations
        if r.required and r.on_delete == "set_null"
    ]
    return found


def _twice(what: str, names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    again: list[str] = []
    for name in names:
        if name in seen:
            again.append(f"{what} {name} is named twice")
        seen.add(name)
    return again


def _duplicates(plan: Blueprint) -> list[str]:
    found = _twice("entity", (entity.name for entity in plan.entities))
    found += _twice("plural", (entity.plural for entity in plan.entities))
    found += _twice("operation id", (operation.id for operation in plan.operations))
    found += _twice("operation", (_route(operation) for operation in plan.operations))
    found += _twice("role", (role.name for role in plan.roles))
    found += _twice("relation", (f"{relation.source}.{relation.name}" for relation in plan.relations))
    for entity in plan.entities:
        found += _twice(f"field of {entity.name}", (field.name for field in entity.fields))
        found += [
            f"{entity.name}.{field.name} is an enum without values"
            for field in entity.fields
            if field.type == "enum" and not field.values
        ]
    return found


def _dangling(plan: Blueprint) -> list[str]:
    entities = {entity.name for entity in plan.entities}
    roles = {role.name for role in plan.roles}
    operations = {operation.id for operation in plan.operations}
    found = [
        f"relation {r.source}.{r.name} names {end}, which is no entity"
        for r in plan.relations
        for end in (r.source, r.target)
        if end not in entities
    ]
    for operation in plan.operations:
        if operation.entity is not None and operation.entity not in entities:
            found.append(f"operation {operation.id} names {operation.entity}, which is no entity")
        found += [
            f"operation {operation.id} names the role {role}, which is not defined"
            for role in operation.roles
            if role not in roles
        ]
    found += [
        f"a budget names {b.operation}, which is no operation"
        for b in plan.budgets
        if b.operation and b.operation not in operations
    ]
    for entity in plan.entities:
        known = _column_names(plan, entity)
        found += [
            f"an index of {entity.name} names {name}, which is no field"
            for index in entity.indexes
            for name in index.fields
            if name not in known
        ]
    return found


def _column_names(plan: Blueprint, entity: Entity) -> set[str]:
    keys = {f"{r.name}_id" for r in plan.relations if r.source == entity.name and r.cardinality != "many_to_many"}
    return (
        {field.name for field in entity.fields}
        | keys
        | {*_RENDERED}
        | ({"tenant_id"} if entity.tenant_scoped else set())
    )


def _route(operation: Operation) -> str:
    """Return method and path without the parameters' names, by which OpenAPI and routers tell operations apart."""
    return f"{operation.method} {re.sub(r'{[^}]*}', '{}', operation.path)}"
