"""Names that no database or document could hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.roles.backend_developer.blueprint import Blueprint

# PostgreSQL refuses columns of these names (its manual, "System Columns").
_SYSTEM_COLUMNS = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})
SCHEMAS = frozenset({"Problem", "Accepted", "AnyValue"})
"""Schemas that documents hold besides those of entities (see `renderers.openapi`)."""
FORMS = ("Summary", "Create", "Update", "Page")
"""Endings of the schemas that a document has of an entity beside its own."""
_MAX_BYTES = 60
"""PostgreSQL keeps 63 bytes of a name; a reference adds three."""


def spelling_problems(blueprint: Blueprint) -> Iterator[str]:
    """Yield names that are taken, too long or PostgreSQL's own."""
    names = {entity.name for entity in blueprint.entities}
    taken = SCHEMAS | {f"{name}{form}" for name in names for form in FORMS}
    yield from (f"the name of entity {name} is taken by a schema that every document has" for name in names & taken)
    shown: dict[str, str] = {}
    for name in sorted(names):
        same = shown.setdefault(document_name(name).lower(), name)
        if same != name:
            yield f"entities {same} and {name} would be called the same in a document"
    for entity in blueprint.entities:
        yield from (
            f"{entity.name}.{field.name} is the name of a system column of PostgreSQL"
            for field in entity.fields
            if field.name in _SYSTEM_COLUMNS
        )
        yield from (_too_long(name) for name in (entity.plural, *(f.name for f in entity.fields)) if _long(name))
    for relation in blueprint.relations:
        said = (relation.name, relation.table, *relation.columns, *(f.name for f in relation.fields))
        yield from (_too_long(name) for name in said if _long(name))
        if relation.table and not re.fullmatch(r"[^\W\d][\w$]*", relation.table):
            yield f"{relation.table} is no name of a table"


def document_name(name: str) -> str:
    """Return a name in the signs that OpenAPI takes; what has no Latin form is named by its code point.

    Component names of OpenAPI 3.1 ("Components Object") are ASCII.
    """
    plain = unicodedata.normalize("NFKD", name)
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    made = "".join(c if c.isascii() and (c.isalnum() or c in "_.-") else f"U{ord(c):04X}" for c in kept)
    return made if made[:1].isalpha() else f"X{made}"


def _long(name: str) -> bool:
    return len(name.encode()) > _MAX_BYTES


def _too_long(name: str) -> str:
    return f"{name} is longer than PostgreSQL keeps: at most {_MAX_BYTES} bytes"
