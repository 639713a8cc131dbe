"""The parts of a JSON Schema that several readers look at: named schemas, references, properties, and their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.reading.notations.notes import Notes
from bot.reading.notations.trees import Node

DEEPEST = 8
"""How deep references and nested objects are followed."""


@dataclass(slots=True)
class Named:
    """A named schema of the document: its key, its value, and the entity it is or is a form of ("" for neither)."""

    name: str
    key: Node
    value: Node
    entity: str = ""
    is_list: bool = False
    uses: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_form(self) -> bool:
        """Whether this is a form of an entity of another name."""
        if self.value.said("x-entity"):
            return self.value.get("x-form") is not None
        return bool(self.entity) and self.entity != self.name


def ref_name(value: Node) -> str:
    """Return the last part of a schema's `$ref`, "" if it has none."""
    if value.kind != "map":
        return ""
    said = value.said("$ref", "ref")
    return re.sub(r"\.(?:ya?ml|json)$", "", said.rsplit("/", 1)[-1].rsplit("#", 1)[-1]) if said else ""


def properties(value: Node, *, own: bool = False) -> Iterator[tuple[Node, Node]]:
    """Yield the properties of a schema; those of its unnamed parts too, unless `own`."""
    found = value.get("properties") if value.kind == "map" else None
    if found is not None:
        yield from found.entries
    if not own and value.kind == "map":
        for part in maps_of(value.get("allOf")):
            if part.kind == "map" and (inner := part.get("properties")) is not None:
                yield from inner.entries


def is_object(value: Node) -> bool:
    """Whether a schema describes an object."""
    if value.kind != "map":
        return False
    composed = any(
        ref_name(part) or part.get("properties") for part in maps_of(value.get("allOf")) if part.kind == "map"
    )
    return value.said("type") == "object" or value.get("properties") is not None or composed


def maps_of(value: Node | None) -> list[Node]:
    """Return the maps of a list."""
    return [one for one in value.items if one.kind == "map"] if value is not None else []


def texts_of(value: Node | None) -> list[str]:
    """Return the scalars of a list, or a scalar alone."""
    return value.texts() if value is not None else []


def whole(number: float | None) -> int | None:
    """Return a length as a whole number."""
    return int(number) if number is not None and abs(number) < 1e15 else None


def key_start(notes: Notes, key: Node) -> int:
    """Return where a key begins, its opening quote included."""
    before = notes.segment.text[key.start - 1 : key.start] if key.start else ""
    return key.start - 1 if before == '"' and not key.plain else key.start


def line_end(notes: Notes, start: int, limit: int) -> int:
    """Return the end of the line in which `start` lies, or `limit` if that comes first."""
    end = notes.segment.text.find("\n", start, limit)
    return end if end >= 0 else max(limit - 1, start)
