"""A blueprint as tables: which columns, keys and indexes each entity gets.

Documents, migrations and diagrams are all drawn from here, so that the API and the database cannot disagree.
"""

from __future__ import annotations

from bot.roles.backend_developer.blueprint import Blueprint, Cardinality, Entity
from bot.roles.backend_developer.blueprint.keys import key_of, tenant_entity
from bot.roles.backend_developer.renderers.drawing import DELETED, Drawing
from bot.roles.backend_developer.renderers.keys import foreign_keys, keys_of
from bot.roles.backend_developer.renderers.links import link_table
from bot.roles.backend_developer.renderers.names import MAX_IDENTIFIER, identifier, snake
from bot.roles.backend_developer.renderers.remembered import remembered
from bot.roles.backend_developer.renderers.shapes import Column, ForeignKey, Key, TableShape

__all__ = [
    "DELETED",
    "MAX_IDENTIFIER",
    "Column",
    "ForeignKey",
    "Key",
    "TableShape",
    "identifier",
    "snake",
    "table_of",
    "tables",
    "tenant",
]


def tenant(blueprint: Blueprint) -> Entity | None:
    """Return the entity that owns tenant-scoped rows, if the blueprint has one."""
    return tenant_entity(blueprint)


@remembered
def tables(blueprint: Blueprint) -> tuple[TableShape, ...]:
    """Return every table of the blueprint, entities first and in their order, then the link tables."""
    drawn = Drawing(blueprint)
    links = [r for r in blueprint.relations if r.cardinality is Cardinality.MANY_TO_MANY]
    return (*(_entity_table(drawn, entity) for entity in blueprint.entities), *(link_table(drawn, r) for r in links))


def table_of(blueprint: Blueprint, entity: str) -> TableShape:
    """Return the table of the entity with that name; KeyError if there is none."""
    drawn = Drawing(blueprint)
    return _entity_table(drawn, drawn.entities[entity])


def _entity_table(drawing: Drawing, entity: Entity) -> TableShape:
    """Return an entity's table."""
    columns = drawing.columns(entity)
    scope = drawing.scope(entity)
    key = key_of(drawing.blueprint, entity)
    owners = drawing.owner_columns(entity)
    return TableShape(
        name=entity.plural,
        entity=entity.name,
        description=entity.description or entity.label,
        columns=columns,
        primary_key=key if key == ("id",) else tuple(dict.fromkeys((*scope, *key))),
        keys=keys_of(drawing, entity, columns),
        foreign_keys=foreign_keys(drawing, entity),
        tenant_scoped=entity.tenant_scoped,
        tenant=entity is drawing.root and any(other.tenant_scoped for other in drawing.blueprint.entities),
        tenant_column=scope[0] if scope else "",
        owner_column=owners[0] if len(owners) == 1 else "",
        rules=tuple(rule for rule in drawing.blueprint.rules if rule.entity == entity.name),
        machines=tuple(m for m in drawing.blueprint.state_machines if m.entity == entity.name),
    )
