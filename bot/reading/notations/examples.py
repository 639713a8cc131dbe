"""One thing by its example: a JSON object whose values tell the types of its fields."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.domain.facts import AnyFact, EntityFact, FieldFact, ValueType
from bot.reading.names import singular, vocabulary
from bot.reading.notations.table_samples import type_of
from bot.reading.notations.trees import Node

_LEAD = re.compile(
    r"(?:^|.*?\b)(?:an?|the|each|one|every|typical|ein|eine|jede[rs]?|so ein)\s+(?P<name>[^\W\d][\w-]*(?: [\w-]+)?)\s+"
    r"(?:looks? (?:something )?like|object|as json|in json|record|example|is (?:something )?like|sieht so|als json"
    r"|would)",
    re.I,
)
_PLAIN = re.compile(
    r"^(?:example|sample|beispiel)?\s*(?:of|for|von|für)?\s*(?:an?|the|eine?)?\s*(?P<name>[A-Za-zÄÖÜäöü][\w-]{1,40})"
    r"(?: (?:example|sample|json|object|payload|beispiel))?$",
    re.I,
)
_NOT_NAMES = vocabulary("example sample json data this it object payload request response body here beispiel")
_MOST_FIELDS = 200


def example_of(lines: Iterable[str]) -> str:
    """Return what a JSON object is an example of, by the first of some lines above it that says so; "" if none does.

    >>> example_of(["A tow looks like this:"])
    'tow'
    """
    for line in lines:
        bare = line.strip().strip("*_#`").rstrip(":. ").strip()
        match = _LEAD.match(bare) or (_PLAIN.match(bare) if len(bare.split()) <= 4 else None)
        if match is not None and match["name"].lower() not in _NOT_NAMES:
            return match["name"].strip()
    return ""


def is_example(node: Node) -> bool:
    """Whether a map holds values and no types: it has a date, a number, a flag, or words that are no type."""
    told = [value for _, value in node.entries if value.kind == "scalar"]
    return len(told) >= 2 and len(told) * 2 >= len(node.entries) and any(value.plain for value in told)


def example_facts(name: str, node: Node, statement: str) -> list[AnyFact]:
    """Return the thing and its fields, with types as far as the values tell them."""
    found: list[AnyFact] = [EntityFact(statement=statement, name=singular(name))]
    for key, value in node.entries[:_MOST_FIELDS]:
        found.append(
            FieldFact(statement=statement, entity=singular(name), name=key.text, type=_type(value), items=_items(value))
        )
    return found


def _type(value: Node) -> ValueType | None:
    if value.kind == "map":
        return ValueType.JSON
    if value.kind == "list":
        return ValueType.ARRAY
    if value.is_null:
        return None
    told = type_of([value.text]) if value.text else ValueType.STRING
    numeric = told in {ValueType.INTEGER, ValueType.DECIMAL, ValueType.BOOLEAN}
    return ValueType.STRING if numeric and not value.plain else told


def _items(value: Node) -> ValueType | None:
    if value.kind != "list" or not value.items or value.items[0].kind != "scalar":
        return None
    return _type(value.items[0])
