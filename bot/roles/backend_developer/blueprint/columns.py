"""The columns that an entity will have, by name and type, and whether its key can be made of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.roles.backend_developer.blueprint.keys import TENANT, key_of, relation_columns, tenant_column

if TYPE_CHECKING:
    from bot.roles.backend_developer.blueprint import Blueprint, Entity

_NO_ORDER = frozenset({"point", "json", "object", "file"})


def column_types(blueprint: Blueprint, entity: Entity) -> dict[str, str]:
    """Return the types of an entity's columns by name; a foreign key's is ``key``."""
    found: dict[str, str] = {"id": "key"} if key_of(blueprint, entity) == ("id",) else {}
    found |= {"created_at": "timestamp", "updated_at": "timestamp"}
    if any(rule.kind == "soft_delete" and rule.entity == entity.name for rule in blueprint.rules):
        found["deleted_at"] = "timestamp"
    for relation in blueprint.relations:
        if relation.source == entity.name and relation.cardinality != "many_to_many":
            found |= dict.fromkeys(relation_columns(blueprint, relation), "key")
    if entity.tenant_scoped:
        found |= {TENANT: "key", tenant_column(blueprint, entity): "key"}
    for field in entity.fields:
        found.setdefault(field.name, field.type.value)
        if field.type == "money":
            found.setdefault(f"{field.name}_currency", "string")
    return found


def key_problems(blueprint: Blueprint) -> Iterator[str]:
    """Yield what keeps keys and references from being made."""
    entities = {entity.name: entity for entity in blueprint.entities}
    for entity in blueprint.entities:
        known = column_types(blueprint, entity)
        for name in entity.key:
            if name != "id" and name not in known:
                yield f"the key of {entity.name} names {name}, which is no field"
            elif known.get(name) in _NO_ORDER:
                yield f"{entity.name}.{name} is a {known[name]}, which cannot be a key"
        yield from (
            f"{entity.name}.{field.name} is a {field.type}, which cannot be unique"
            for field in entity.fields
            if field.unique and field.type in _NO_ORDER
        )
    for r in blueprint.relations:
        ends = (r.source, r.target) if r.cardinality == "many_to_many" else (r.target,)
        width = sum(len(key_of(blueprint, entities[end])) for end in ends)
        if r.columns and len(r.columns) != width:
            yield f"relation {r.source}.{r.name} names {len(r.columns)} columns, but its keys have {width}"
        if len(set(r.columns)) != len(r.columns):
            yield f"relation {r.source}.{r.name} names a column twice"
    yield from _circles(blueprint, entities)


def _circles(blueprint: Blueprint, entities: dict[str, Entity]) -> Iterator[str]:
    """Keys made of references must end at an entity with a key of its own."""
    needs: dict[str, set[str]] = {}
    for r in blueprint.relations:
        source = entities[r.source]
        if r.cardinality != "many_to_many" and set(relation_columns(blueprint, r)) & set(source.key):
            needs.setdefault(r.source, set()).add(r.target)
            if not r.required:
                yield f"relation {r.source}.{r.name} is in the key of {r.source}, so it must be required"
    for name, first in needs.items():
        seen: set[str] = set()
        ahead = set(first)
        while ahead:
            step = ahead.pop()
            if step == name:
                yield f"the key of {name} is made of itself"
                break
            if step not in seen:
                seen.add(step)
                ahead |= needs.get(step, set())
