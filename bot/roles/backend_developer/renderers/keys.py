"""Primary, unique and foreign keys of a blueprint's tables, and the indexes that lists and references need."""

from __future__ import annotations

from collections.abc import Iterable

from bot.roles.backend_developer.blueprint import Cardinality, Entity, FieldType, OnDelete, Relation, RuleKind
from bot.roles.backend_developer.blueprint.keys import TENANT, key_of, relation_columns, tenant_column, tenant_relation
from bot.roles.backend_developer.renderers.drawing import Drawing
from bot.roles.backend_developer.renderers.names import identifier
from bot.roles.backend_developer.renderers.shapes import Column, ForeignKey, Key

_NOT_COMPARED = frozenset({FieldType.JSON, FieldType.POINT, FieldType.ARRAY, FieldType.BINARY})


def foreign_key(drawing: Drawing, table: str, columns: tuple[str, ...], scope: str, relation: Relation) -> ForeignKey:
    """Return the key that points at the relation's target, within the tenant if both are a tenant's (`scope`)."""
    target = drawing.entities[relation.target]
    theirs = key_of(drawing.blueprint, target)
    shared = bool(scope) and target.tenant_scoped
    return ForeignKey(
        name=identifier("fk", table, *columns),
        columns=(scope, *columns) if shared else columns,
        table=target.plural,
        target_columns=(tenant_column(drawing.blueprint, target), *theirs) if shared else theirs,
        entity=target.name,
        on_delete=relation.on_delete,
        cleared=columns if shared else (),
    )


def foreign_keys(drawing: Drawing, entity: Entity) -> tuple[ForeignKey, ...]:
    """Return an entity's foreign keys: its tenant's first."""
    found = []
    scope = drawing.scope(entity)
    if scope and drawing.root is not None:
        belongs = tenant_relation(drawing.blueprint, entity)
        found.append(
            ForeignKey(
                name=identifier("fk", entity.plural, *scope),
                columns=scope,
                table=drawing.root.plural,
                target_columns=key_of(drawing.blueprint, drawing.root),
                entity=drawing.root.name,
                on_delete=belongs.on_delete if belongs else OnDelete.RESTRICT,
            )
        )
    for relation in drawing.relations(entity):
        if scope and relation is tenant_relation(drawing.blueprint, entity):
            continue
        columns = relation_columns(drawing.blueprint, relation)
        found.append(foreign_key(drawing, entity.plural, columns, "".join(scope), relation))
    return tuple({key.name: key for key in reversed(found)}.values())[::-1]


def keys_of(drawing: Drawing, entity: Entity, columns: tuple[Column, ...]) -> tuple[Key, ...]:
    """Return an entity's unique keys and indexes; none that another one serves already."""
    scope, key = drawing.scope(entity), key_of(drawing.blueprint, entity)
    rules = [rule for rule in drawing.blueprint.rules if rule.entity == entity.name]
    live = drawing.has_rule(entity, RuleKind.SOFT_DELETE)
    wanted = [
        Key(columns=(*scope, c.name), unique=True, live=live)
        for c in columns
        if c.unique and not c.references and c.name not in (key if len(key) == 1 else ())
    ]
    if scope and key == ("id",) and _pointed_at(drawing, entity):
        wanted.append(Key(columns=(*scope, "id"), unique=True))
    wanted += [
        Key(columns=_index_columns(drawing, entity, i.fields), unique=i.unique, live=live and i.unique)
        for i in entity.indexes
        if plain_index(i.method, i.descending, i.condition, i.expression)
        and not (i.case_insensitive or i.text_search)
        and i.fields
    ]
    wanted += [
        Key(columns=tuple(dict.fromkeys((*scope, *rule.fields))), unique=True, live=live)
        for rule in rules
        if rule.kind is RuleKind.UNIQUE and not rule.condition
    ]
    created = next(column.name for column in columns if column.moment == "created")
    kept = [rule.fields[:1] or (created,) for rule in rules if rule.kind is RuleKind.RETENTION]
    wanted += [Key(columns=since) for since in dict.fromkeys(kept)]
    order: tuple[str, ...] = ()
    if entity.name in drawing.listed:
        order = tuple(dict.fromkeys((created, *key)))
        wanted.append(Key(columns=tuple(dict.fromkeys((*scope, *order)))))
        flat = {c.name for c in columns if not c.nested and c.type not in _NOT_COMPARED}
        by_name = [(name, key) for name in drawing.sorted.get(entity.name, ()) if name != created]
        by_name += [(name, order) for name in drawing.filtered.get(entity.name, ())]
        wanted += [Key(columns=tuple(dict.fromkeys((*scope, name, *end)))) for name, end in by_name if name in flat]
    wanted += _reference_keys(drawing, entity, scope, order)
    if scope:
        wanted.append(Key(columns=scope))
    return _without_prefixes(wanted, ("id",) if key == ("id",) else (*scope, *key))


def _index_columns(drawing: Drawing, entity: Entity, fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return an index's columns; the tenant may be named as ever, whatever its column is called here."""
    scope = "".join(drawing.scope(entity))
    return tuple(dict.fromkeys(scope if scope and name == TENANT else name for name in fields))


def _reference_keys(drawing: Drawing, entity: Entity, scope: tuple[str, ...], order: tuple[str, ...]) -> Iterable[Key]:
    # Children are listed as the newest of their parent: the longer key serves that and the foreign key's check.
    for relation in drawing.relations(entity):
        if scope and relation is tenant_relation(drawing.blueprint, entity):
            continue
        names = relation_columns(drawing.blueprint, relation)
        columns = (*scope, *names) if scope and drawing.entities[relation.target].tenant_scoped else names
        if relation.cardinality is Cardinality.ONE_TO_ONE:
            yield Key(columns=columns, unique=True)
        else:
            yield Key(columns=tuple(dict.fromkeys((*columns, *order))))


def _pointed_at(drawing: Drawing, entity: Entity) -> bool:
    """Whether rows of the same tenant point at the entity's."""
    return any(
        (r.target == entity.name and drawing.entities[r.source].tenant_scoped)
        or (r.cardinality is Cardinality.MANY_TO_MANY and r.source == entity.name
            and drawing.entities[r.target].tenant_scoped)
        for r in drawing.blueprint.relations
    )  # fmt: skip


def plain_index(method: str, descending: tuple[str, ...], condition: str, expression: str) -> bool:
    """Whether an index is a B-tree over columns as they are."""
    return method == "btree" and not descending and not condition and not expression


def _without_prefixes(wanted: Iterable[Key], primary: tuple[str, ...]) -> tuple[Key, ...]:
    """Drop an index that another one serves already; unique ones always stay."""
    distinct: dict[tuple[str, ...], Key] = {}
    for key in wanted:
        held = distinct.get(key.columns)
        distinct[key.columns] = key if held is None or (key.unique and not held.unique) else held
    keys = [key for key in distinct.values() if key.columns != primary]
    served = [key.columns for key in keys if not key.live] + [primary]
    return tuple(
        key
        for key in keys
        if key.unique or not any(one != key.columns and one[: len(key.columns)] == key.columns for one in served)
    )
