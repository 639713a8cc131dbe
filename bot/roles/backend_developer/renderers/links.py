"""Tables of many-to-many relations."""

from __future__ import annotations

from dataclasses import replace

from bot.roles.backend_developer.blueprint import Entity, FieldType, OnDelete, Relation
from bot.roles.backend_developer.blueprint.keys import key_of
from bot.roles.backend_developer.renderers.drawing import Drawing, field_columns
from bot.roles.backend_developer.renderers.keys import foreign_key
from bot.roles.backend_developer.renderers.names import identifier, snake
from bot.roles.backend_developer.renderers.shapes import Column, ForeignKey, Key, TableShape


def link_table(drawing: Drawing, relation: Relation) -> TableShape:
    """Return the table of a many-to-many relation."""
    ends = drawing.entities[relation.source], drawing.entities[relation.target]
    name = _link_name(drawing, relation)
    scope = "tenant_id" if all(end.tenant_scoped for end in ends) else ""
    left, right = _link_columns(drawing, relation, ends)
    names = tuple(c.name for c in left), tuple(c.name for c in right)
    extra = [column for own in relation.fields for column in field_columns(own)]
    times = [Column(name="created_at", type=FieldType.TIMESTAMP, generated=True, moment="created")]
    tenants = drawing.tenant_columns(ends[0].model_copy(update={"name": ""})) if scope else []
    tenants = [replace(column, name=scope) for column in tenants]
    columns = {c.name: c for c in reversed([*tenants, *left, *right, *extra, *times])}
    turned = relation.model_copy(update={"target": relation.source})
    made = [
        foreign_key(drawing, name, own, scope, one.model_copy(update={"on_delete": OnDelete.CASCADE}))
        for own, one in zip(names, (turned, relation), strict=True)
    ]
    if scope and drawing.root is not None:
        own = (scope,)
        made.append(
            ForeignKey(
                name=identifier("fk", name, scope),
                columns=own,
                table=drawing.root.plural,
                target_columns=key_of(drawing.blueprint, drawing.root),
                entity=drawing.root.name,
                on_delete=OnDelete.RESTRICT,
            )
        )
    prefix = (scope,) if scope else ()
    both = [end.tenant_scoped for end in ends]
    return TableShape(
        name=name,
        entity="",
        description=relation.description or _described(relation, ends),
        columns=tuple(reversed(columns.values())),
        primary_key=tuple(dict.fromkeys((*prefix, *names[0], *names[1]))),
        keys=(Key(columns=(*(prefix if both[1] else ()), *names[1])),
              *(Key(columns=(*prefix, c.name), unique=True) for c in extra if c.unique)),
        foreign_keys=tuple(made),
        tenant_scoped=bool(scope),
        tenant_column=scope,
    )  # fmt: skip


def _described(relation: Relation, ends: tuple[Entity, Entity]) -> str:
    said = f"Links {ends[0].plural} with {ends[1].plural}."
    return said if relation.table else f"{said} The table's name is assumed: the relation was said, and no table."


def _link_name(drawing: Drawing, relation: Relation) -> str:
    plural = drawing.entities[relation.source].plural
    name = relation.table or identifier(plural, relation.name)
    if name in drawing.taken:
        name = identifier(plural, relation.name, "links")
    count = 2
    while name in drawing.taken:
        name, count = identifier(plural, relation.name, "links", str(count)), count + 1
    drawing.taken.add(name)
    return name


def _link_columns(
    drawing: Drawing, relation: Relation, ends: tuple[Entity, Entity]
) -> tuple[list[Column], list[Column]]:
    """Return the columns that point at the source and those that point at the target."""
    sides: list[list[Column]] = []
    said = list(relation.columns)
    used: set[str] = set()
    for end in ends:
        keys = drawing.key_columns(end)
        names = [f"{snake(end.name)}_{key.name}" for key in keys]
        if len(said) == sum(len(key_of(drawing.blueprint, one)) for one in ends):
            first = len(sides[0]) if sides else 0
            names = said[first : first + len(keys)]
        names = [f"related_{name}" if name in used else name for name in names]
        used |= set(names)
        sides.append(
            [
                Column(name=name, type=key.type, references=end.name, on_delete=OnDelete.CASCADE, generated=True,
                       values=key.values, min_length=key.min_length, max_length=key.max_length)
                for name, key in zip(names, keys, strict=True)
            ]
        )  # fmt: skip
    return sides[0], sides[1]
