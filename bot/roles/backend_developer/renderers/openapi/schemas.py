"""Schemas of entities: as they are read, listed, made and changed; the objects of requests and results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.roles.backend_developer.blueprint import Blueprint, Entity, EntityField, Permission
from bot.roles.backend_developer.blueprint.spelling import document_name
from bot.roles.backend_developer.renderers.openapi.extensions import entity_extensions, form_of, references
from bot.roles.backend_developer.renderers.openapi.shared import (
    MAX_CURSOR,
    MAX_PAGE,
    Node,
    accepted_schema,
    problem_schema,
    ref,
)
from bot.roles.backend_developer.renderers.openapi.values import (
    NO_EXAMPLE,
    column_schema,
    example,
    object_schema,
    value_column,
)
from bot.roles.backend_developer.renderers.shapes import Column, TableShape
from bot.roles.backend_developer.renderers.tables import tables

_WRITES = frozenset({"create", "update", "any"})


def schemas(blueprint: Blueprint, *, with_accepted: bool) -> Node:
    """Return every schema of the document: per entity its read, create, update and page forms, then the shared ones."""
    shapes = {shape.entity: shape for shape in tables(blueprint) if shape.entity}
    found: Node = {}
    for entity in blueprint.entities:
        found |= _entity_schemas(blueprint, entity, shapes[entity.name])
    found["Problem"] = problem_schema()
    if with_accepted:
        found["Accepted"] = accepted_schema()
    return found


def listed(shape: TableShape) -> str:
    """Return the name of the schema of a page's items: personal data is left out of lists."""
    short = any(c.sensitive and not c.secret for c in shape.columns)
    return f"{document_name(shape.entity)}Summary" if short else document_name(shape.entity)


def writable(shape: TableShape) -> tuple[Column, ...]:
    """Return the columns that callers may write when they make a row."""
    return tuple(column for column in shape.columns if not column.generated)


def changeable(shape: TableShape) -> tuple[Column, ...]:
    """Return the columns that callers may write afterwards: not what is set once."""
    return tuple(column for column in writable(shape) if not column.immutable)


def object_of(fields: Sequence[EntityField], description: str, *, writing: bool = False) -> Node:
    """Return an object schema of an action's request or of a query's result."""
    columns = {field.name: value_column(field) for field in fields}.values()
    node = object_schema(fields, writing=writing)
    node = {"type": "object", "description": description, **node}
    made = _examples(columns)
    return {**node, "examples": made} if made else node


def _entity_schemas(blueprint: Blueprint, entity: Entity, shape: TableShape) -> Node:
    name, words = document_name(entity.name), entity.description or f"{_spaced(entity.name)}."
    readable = [column for column in shape.columns if not column.secret]
    rights = _rights(blueprint, entity)
    marks = references(blueprint, entity, shape)
    read = _object(words, readable, rights={c: {**marks.get(c, {}), **rights.get(c, {})} for c in {**marks, **rights}})
    found: Node = {name: {**read, **entity_extensions(blueprint, entity, shape)}}
    item = listed(shape)
    if item != name:
        short = [column for column in readable if not column.sensitive]
        found[item] = _object(f"{words} Without personal data, as lists show it.", short, rights=rights)
        found[item] |= form_of(entity, "summary")
    new = f"What a new {_spaced(entity.name).lower()} needs."
    found[f"{name}Create"] = _object(new, writable(shape), writing=True) | form_of(entity, "create")
    changes = f"Changes to a {_spaced(entity.name).lower()}; what is left out stays."
    found[f"{name}Update"] = _object(changes, changeable(shape), writing=True, partial=True, rights=rights)
    found[f"{name}Update"] |= form_of(entity, "update")
    found[f"{name}Page"] = _page(name, entity.name, item)
    return found


def _rights(blueprint: Blueprint, entity: Entity) -> Mapping[str, Node]:
    """Return who may read and write single fields."""
    said = [p for p in blueprint.permissions if p.field and p.entity == entity.name]
    names = [role.name for role in blueprint.roles]
    found: dict[str, Node] = {}
    for field in dict.fromkeys(p.field for p in said):
        mine = [p for p in said if p.field == field]
        readers = _allowed(names, [p for p in mine if {"read", "any"} & set(p.verbs)])
        writers = _allowed(names, [p for p in mine if _WRITES & set(p.verbs)])
        found[field] = {
            **({"x-readable-by": readers} if readers is not None else {}),
            **({"x-writable-by": writers} if writers is not None else {}),
        }
    return found


def _allowed(names: Sequence[str], said: Sequence[Permission]) -> list[str] | None:
    """Return the roles that are left by what is said, None if nothing is."""
    if not said:
        return None
    granted = [p.role for p in said if p.allowed]
    denied = {p.role for p in said if not p.allowed}
    base = names if not granted or {"", "*"} & set(granted) else granted
    return [name for name in dict.fromkeys(base) if name not in denied]


def _page(name: str, spoken: str, item: str) -> Node:
    return {
        "type": "object",
        "title": f"{name}Page",
        "description": f"One page of {_spaced(spoken).lower()} items, the newest first.",
        "required": ["items", "next_cursor"],
        "properties": {
            "items": {
                "type": "array",
                "maxItems": MAX_PAGE,
                "items": ref("schemas", item),
                "description": "The items of this page.",
            },
            "next_cursor": {
                "type": ["string", "null"],
                "maxLength": MAX_CURSOR,
                "description": "Cursor of the next page; null on the last.",
            },
        },
        "additionalProperties": False,
    }


def _object(
    description: str,
    columns: Iterable[Column],
    *,
    writing: bool = False,
    partial: bool = False,
    rights: Mapping[str, Node] | None = None,
) -> Node:
    """Return a closed object.

    Unknown keys in requests are refused, so that callers cannot set what is not theirs (OWASP API3:2023), and a
    response that leaks a column breaks the contract.
    """
    own = tuple(columns)
    rights = rights or {}
    node: Node = {"type": "object", "description": description}
    hidden = {name for name, said in rights.items() if "x-readable-by" in said}
    required = [
        column.name
        for column in own
        if column.required and not (writing and column.optional_input) and (writing or column.name not in hidden)
    ]
    if required and not partial:
        node["required"] = required
    properties: Node = {}
    for column in own:
        # In a change, what is left out stays: a default would overwrite it.
        shown = column_schema(column, nullable=not column.required, writing=writing, stored=True)
        if partial:
            shown.pop("default", None)
            shown.pop("x-default", None)
        properties[column.name] = {**shown, **rights.get(column.name, {})}
    node["properties"] = properties
    node["additionalProperties"] = False
    if partial and own:
        node["minProperties"] = 1
    made = _examples(own[:1] if partial else own)
    return {**node, "examples": made} if made else node


def _examples(columns: Iterable[Column]) -> list[Node]:
    made = {column.name: example(column) for column in columns}
    for column in columns:
        if made[column.name] is NO_EXAMPLE and not column.required:
            made[column.name] = None
    if any(value is NO_EXAMPLE for value in made.values()):
        return []
    return [made]


def _spaced(name: str) -> str:
    spaced = "".join(f" {c}" if c.isupper() and i and not name[i - 1].isupper() else c for i, c in enumerate(name))
    return spaced[:1].upper() + spaced[1:].lower()
