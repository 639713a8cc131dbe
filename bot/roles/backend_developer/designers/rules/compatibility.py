"""What callers of the last iteration are owed: what is new does not have to be sent, unless people said so."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.facts import FieldFact, RelationFact
from bot.roles.backend_developer.blueprint import Blueprint, Entity, EntityField, Relation
from bot.roles.backend_developer.designers.rules.data import Data
from bot.roles.backend_developer.designers.rules.identifiers import key_of
from bot.roles.backend_developer.designers.rules.world import World


def keep_callers(world: World, data: Data, previous: Blueprint) -> None:
    """Let callers of the previous design leave out each field and relation that they need not have sent to it.

    A thing that the previous design lacks has no callers yet. Rows that are there have no value for what is new.
    """
    before = {entity.name: entity for entity in previous.entities}
    demanded = {(data.name(f.entity), key_of(f.name)) for f in world.of(FieldFact) if f.required or f.nullable is False}
    for entity in list(data.entities.values()):
        if entity.name in before:
            fields = tuple(
                made if (entity.name, key_of(made.name)) in demanded else _optional(made, entity, before[entity.name])
                for made in entity.fields
            )
            data.put(entity.model_copy(update={"fields": fields}))
    asked = {(data.name(f.source), data.name(f.target)) for f in world.of(RelationFact) if f.required}
    sent = {(r.source, r.name) for r in previous.relations if r.required}
    data.relations = [_loose(r, data, before, sent) if (r.source, r.target) not in asked else r for r in data.relations]


def _optional(made: EntityField, entity: Entity, before: Entity) -> EntityField:
    was = next((f for f in before.fields if f.name == made.name), None)
    if not made.required or made.read_only or made.name in entity.key or (was is not None and was.required):
        return made
    return made.model_copy(update={"required": False})


def _loose(made: Relation, data: Data, before: Mapping[str, Entity], sent: set[tuple[str, str]]) -> Relation:
    source = data.get(made.source)
    in_key = bool(set(made.columns or (f"{made.name}_id",)) & set(source.key))
    owned = made.name == source.owner or made.target == data.tenant
    if not made.required or made.source not in before or (made.source, made.name) in sent or in_key or owned:
        return made
    return made.model_copy(update={"required": False})
