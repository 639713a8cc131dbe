"""An entity relationship diagram in Mermaid's language (its manual, "Entity Relationship Diagrams")."""

from __future__ import annotations

from bot.roles.backend_developer.blueprint import Blueprint, Cardinality, Relation
from bot.roles.backend_developer.renderers.tables import Column, tables


def mermaid(plan: Blueprint) -> str:
    """Return the diagram's source; entities in the blueprint's order, relations as crow's feet."""
    lines = ["erDiagram"]
    lines += [f"    {r.target} {_ends(r)} {r.source} : {r.name}" for r in plan.relations]
    for shape in tables(plan):
        if not shape.entity:
            continue
        unique = {key.columns for key in shape.keys if key.unique}
        alone = {columns[-1] for columns in unique if columns in ((columns[-1],), ("tenant_id", columns[-1]))}
        lines.append(f"    {shape.entity} {{")
        lines += [f"        {column.type} {column.name}{_marks(column, alone)}" for column in shape.columns]
        lines.append("    }")
    return "\n".join(lines) + "\n"


def _ends(relation: Relation) -> str:
    if relation.cardinality is Cardinality.MANY_TO_MANY:
        return "}o--o{"
    one = "||" if relation.required else "|o"
    return f"{one}--o|" if relation.cardinality is Cardinality.ONE_TO_ONE else f"{one}--o{{"


def _marks(column: Column, unique: set[str]) -> str:
    marks = []
    if column.name == "id":
        marks.append("PK")
    if column.references:
        marks.append("FK")
    if column.name in unique and not column.references:
        marks.append("UK")
    return f" {', '.join(marks)}" if marks else ""
