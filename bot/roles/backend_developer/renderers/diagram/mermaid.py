"""An entity relationship diagram in Mermaid's language (its manual, "Entity Relationship Diagrams")."""

from __future__ import annotations

import re

from bot.roles.backend_developer.blueprint import Blueprint, Cardinality, Relation
from bot.roles.backend_developer.blueprint.spelling import document_name
from bot.roles.backend_developer.renderers.tables import Column, tables


def mermaid(blueprint: Blueprint) -> str:
    """Return the diagram's source; entities in the blueprint's order, relations as crow's feet."""
    lines = ["erDiagram"]
    lines += [f"    {_named(r.target)} {_ends(r)} {_named(r.source)} : {_named(r.name)}" for r in blueprint.relations]
    for shape in tables(blueprint):
        if not shape.entity:
            continue
        unique = {key.columns for key in shape.keys if key.unique}
        alone = {columns[-1] for columns in unique if columns in ((columns[-1],), (shape.tenant_column, columns[-1]))}
        lines.append(f"    {_named(shape.entity)} {{")
        lines += [
            f"        {column.type} {document_name(column.name)}{_marks(column, alone, shape.primary_key)}"
            for column in shape.columns
        ]
        lines.append("    }")
    return "\n".join(lines) + "\n"


def _named(name: str) -> str:
    """Return a name as Mermaid takes it: in quotes where it is more than Latin letters and digits."""
    return name if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) else f'"{name}"'


def _ends(relation: Relation) -> str:
    if relation.cardinality is Cardinality.MANY_TO_MANY:
        return "}o--o{"
    one = "||" if relation.required else "|o"
    return f"{one}--o|" if relation.cardinality is Cardinality.ONE_TO_ONE else f"{one}--o{{"


def _marks(column: Column, unique: set[str], primary: tuple[str, ...]) -> str:
    marks = []
    if column.name in primary:
        marks.append("PK")
    if column.references:
        marks.append("FK")
    if column.name in unique and not column.references:
        marks.append("UK")
    return f" {', '.join(marks)}" if marks else ""
