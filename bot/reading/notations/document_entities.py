"""Reads the entities of a JSON document: objects with a name, names that are keys, and items of a list."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.domain.facts import EntityFact, FieldFact, Standing
from bot.reading.names import singular
from bot.reading.notations.document_fields import Fields
from bot.reading.notations.document_parts import RELATION
from bot.reading.notations.modifiers import described_field, with_type_and_words
from bot.reading.notations.notes import Notes
from bot.reading.notations.sections import DESCRIPTION_KEYS, FIELD_KEYS, NAME_KEYS, section_of
from bot.reading.notations.trees import Node

_NAMED = re.compile(r"^\s*([^\W\d](?:[\w ]|(?<=\w)-(?=\w)){0,60}?)\s*(?:\((.*)\)|:\s*(.*))?\s*$", re.S)


class Entities:
    """Notes entities with what is said of them. `visit` reads a part of one by its path and section."""

    def __init__(
        self,
        notes: Notes,
        relations_of: Callable[[Node, str], None],
        visit: Callable[[Node, tuple[str, ...], str], None],
    ) -> None:
        self._notes = notes
        self._fields = Fields(notes)
        self._relations_of = relations_of
        self._visit = visit

    def item(self, item: Node) -> bool:
        """Read an entity of a list: a name, ``Name (field, field)``, or an object with a name."""
        if item.kind == "map":
            if not is_named(item):
                return False
            self.named(item)
            return True
        match = _NAMED.match(item.text) if item.kind == "scalar" and not item.plain else None
        if match is None or len(match.group(1).split()) > 4 or RELATION.fullmatch(item.text):
            return False
        listed = match.group(2) or match.group(3) or ""
        if match.group(3) and "," not in listed:
            return False
        statement = self._notes.say(item.start, item.end)
        name = match.group(1).strip()
        self._notes.add(_entity_fact(name, statement))
        for part in re.split(r",(?![^(]*\))", listed[:4000]):
            made = described_field(singular(name), part.strip(), statement) if part.strip() else None
            if made is not None:
                self._notes.add(made)
        return True

    def named(self, node: Node) -> None:
        """Read an object that has the name of an entity."""
        key = next((one for one in NAME_KEYS if node.said(one)), "name")
        named = node.get(key)
        if named is None:
            return
        statement = self._notes.say(named.start, named.end)
        self._notes.add(_entity_fact(named.text, statement, node.said(*DESCRIPTION_KEYS)))
        self._parts(node, singular(named.text), skip=key)

    def keyed(self, key: Node, value: Node) -> None:
        """Read an entity whose name is a key."""
        statement = self._notes.say(key.start, key.end)
        self._notes.add(_entity_fact(key.text, statement))
        entity = singular(key.text)
        if value.kind == "map" and value.get(*FIELD_KEYS) is not None:
            self._parts(value, entity, skip="")
        else:
            self._fields.read(value, entity)

    def _parts(self, node: Node, entity: str, skip: str) -> None:
        """Read what an entity's object says besides its name."""
        for key, value in node.entries:
            if key.text == skip:
                continue
            if key.text in FIELD_KEYS:
                self._fields.read(value, entity)
            elif key.text in DESCRIPTION_KEYS and value.kind == "scalar":
                self._notes.say(value.start, value.end, Standing.NOTHING_SAID)
            elif section_of(key.text) == "relations":
                self._relations_of(value, entity)
            else:
                self._visit(value, (entity, key.text), section_of(key.text))


def _entity_fact(said: str, statement: str, description: str = "") -> EntityFact:
    """Return an entity by the name that was said, in the singular."""
    name = singular(said)
    return EntityFact(statement=statement, name=name, plural=said if said != name else "", description=description)


def is_named(node: Node) -> bool:
    """Whether a map describes one thing: by a name, and something else about it."""
    return bool(node.said(*NAME_KEYS)) and node.said(*NAME_KEYS) != "" and len(node.entries) >= 1


def is_entity_value(value: Node) -> bool:
    """Whether a value under an entity's name describes it: fields in a list, or by name."""
    if value.kind == "list":
        described = any(is_named(item) and item.get(*FIELD_KEYS) for item in value.items)
        return bool(value.items) and not described and not _lists_things(value)
    if value.kind == "map":
        if value.get(*FIELD_KEYS) is not None:
            return True
        told = [_is_type(one) for _, one in value.entries]
        return bool(told) and sum(told) * 2 >= len(told)
    return bool(re.search(r",", value.text)) and not RELATION.match(value.text)


def is_type_map(node: Node) -> bool:
    """Whether each value of a map is a map from fields to types, so that its keys are entities."""
    names = {key.text for key, _ in node.entries}
    inner = [value for _, value in node.entries]
    if not inner or any(value.kind != "map" or not value.entries for value in inner):
        return False
    if any(not re.fullmatch(r"[^\W\d][\w -]{0,60}", name) or section_of(name) for name in names):
        return False
    return all(_tells_fields(value, names) for value in inner)


def _tells_fields(value: Node, names: set[str]) -> bool:
    fields = value.get(*FIELD_KEYS)
    if fields is not None and fields.kind in {"map", "list"}:
        return fields.kind == "list" or _tells_fields(fields, names)
    told = [
        (_is_type(one) or one.text in names) and section_of(key.text) in {"", "nothing"} for key, one in value.entries
    ]
    return bool(told) and sum(told) * 3 >= len(told) * 2


def _is_type(value: Node) -> bool:
    """Whether a value reads like a field's type, or lists its members."""
    if value.kind == "map":
        return value.get("type", "typ", "datentyp") is not None
    if value.kind == "list":
        return len(value.items) > 1 and all(one.kind == "scalar" and len(one.text) <= 40 for one in value.items)
    made = FieldFact(statement="", entity="", name="x")
    return value.kind == "scalar" and with_type_and_words(made, value.text[:300]) is not None


def _lists_things(value: Node) -> bool:
    """Whether a list names things and no fields of one: each with a capital, and many of them (``Scans``)."""
    said = [item.text.strip() if item.kind == "scalar" else "" for item in value.items]
    return all(text[:1].isupper() and " " not in text and singular(text) != text for text in said)
