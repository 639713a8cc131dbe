"""Keys of entities and the names of the columns that point at them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.roles.backend_developer.blueprint import Blueprint, Entity, Relation

_TENANTS = ("Tenant", "Organization", "Organisation")
TENANT = "tenant_id"


def tenant_entity(blueprint: Blueprint) -> Entity | None:
    """Return the entity whose rows are the tenants: the named one, or one that is called so."""
    named = {entity.name: entity for entity in blueprint.entities if not entity.tenant_scoped}
    if blueprint.tenant:
        return named.get(blueprint.tenant)
    return next((named[name] for name in _TENANTS if name in named), None)


def key_of(blueprint: Blueprint, entity: Entity) -> tuple[str, ...]:
    """Return the names of the key's columns, the tenant's not among them."""
    return entity.key or ("id",)


def relation_columns(blueprint: Blueprint, relation: Relation) -> tuple[str, ...]:
    """Return the names of a relation's foreign key columns, as said or after the target's key."""
    target = next(entity for entity in blueprint.entities if entity.name == relation.target)
    key = key_of(blueprint, target)
    if len(relation.columns) == len(key):
        return relation.columns
    return tuple(f"{relation.name}_{name}" for name in key)


def tenant_relation(blueprint: Blueprint, entity: Entity) -> Relation | None:
    """Return the relation by which a scoped entity points at its tenant: its key is then the tenant's column."""
    root = tenant_entity(blueprint)
    if root is None or len(key_of(blueprint, root)) != 1:
        return None
    names = {"tenant", root.name.lower(), re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", root.name).lower()}
    return next(
        (
            r
            for r in blueprint.relations
            if r.source == entity.name
            and r.target == root.name
            and r.cardinality == "many_to_one"
            and r.name.lower() in names
        ),
        None,
    )


def tenant_column(blueprint: Blueprint, entity: Entity) -> str:
    """Return the name of the column that holds a scoped entity's tenant: that of the relation to it, if there is one.

    Code of earlier iterations knows it as `tenant_id`; it stays so unless people named it.
    """
    relation = tenant_relation(blueprint, entity)
    if relation is None:
        return TENANT
    return relation_columns(blueprint, relation)[0]
