"""Reads the fields of an entity of a JSON document: a list, a map of types, or names parted by commas."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.facts import FieldFact, RelationFact, ValueType
from bot.reading.fields import read_fields
from bot.reading.names import singular
from bot.reading.notations.document_parts import start_of
from bot.reading.notations.modifiers import described_field, with_type_and_words
from bot.reading.notations.notes import Notes
from bot.reading.notations.sections import DESCRIPTION_KEYS, NAME_KEYS
from bot.reading.notations.trees import Node

_WORDY = re.compile(r"\s.*\s.*\s.*\s")


class Fields:
    """Notes the fields of entities, and the relations that their references are."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def read(self, value: Node, entity: str) -> None:
        """Read an entity's fields: a list of strings or objects, a map of types, or names parted by commas."""
        if value.kind == "list":
            for item in value.items:
                self._field_item(item, entity)
        elif value.kind == "map":
            for key, inner in value.entries:
                statement = self._notes.say(start_of(key), inner.end)
                self._note_field(self._keyed_field(FieldFact(statement=statement, entity=entity, name=key.text), inner))
        else:
            statement = self._notes.say(value.start, value.end)
            for part in re.split(r",(?![^(]*\))", value.text[:4000]):
                if (told := described_field(entity, part.strip(), statement)) is not None:
                    self._note_field(told)

    def _keyed_field(self, made: FieldFact, value: Node) -> FieldFact:
        """Return the field that a key names and its value describes: a type, members, another entity, or an object."""
        if value.kind == "map":
            return self._object_field(made, value)
        if value.kind == "list":
            members = tuple(value.texts())
            return replace(made, type=ValueType.ENUM, values=members) if len(members) > 1 else made
        if (found := with_type_and_words(made, value.text)) is not None:
            return found
        if re.fullmatch(r"[A-Z][A-Za-z0-9]{1,60}", value.text):
            return replace(made, references=value.text)
        return next(iter(read_fields(f"{made.name}: {value.text}", made.entity, made.statement).fields), made)

    def _field_item(self, item: Node, entity: str) -> None:
        """Read a field of a list."""
        if item.kind == "scalar":
            statement = self._notes.say(item.start, item.end)
            found = described_field(entity, item.text, statement)
            if found is None and len(item.text) < 300:
                found = next(iter(read_fields(item.text, entity, statement, bullet=True).fields), None)
            if found is not None and (found.type is not None or not _WORDY.search(item.text)):
                self._note_field(found)
        elif item.kind == "map":
            statement = self._notes.say(item.start, item.end)
            name = item.said(*NAME_KEYS, "field", "column", "attribute", "feld", "spalte")
            if name:
                self._note_field(self._object_field(FieldFact(statement=statement, entity=entity, name=name), item))
            elif len(item.entries) == 1:
                self.read(item, entity)

    def _object_field(self, made: FieldFact, node: Node) -> FieldFact:
        """Return the field that an object describes."""
        said = " ".join(
            part
            for part in (node.said("type", "typ", "datentyp", "data_type", "dataType"), node.said("constraints"))
            if part
        )
        made = (with_type_and_words(made, said) or made) if said else made
        values = node.get("enum", "values", "allowed_values", "options", "werte", "allowedValues")
        constraints = node.get("constraints")
        if constraints is not None and constraints.kind == "list":
            made = with_type_and_words(made, "json " + ", ".join(constraints.texts())) or made
        if values is not None and values.texts():
            made = replace(made, values=tuple(values.texts()))
        flags = {
            "required": node.flag(
                "required",
            )
            if node.get("required")
            else node.flag("pflicht"),
            "nullable": node.flag("nullable"),
            "unique": node.flag("unique") if node.get("unique") else node.flag("eindeutig"),
            "primary_key": node.flag("primary_key") if node.get("primary_key") else node.flag("primaryKey"),
        }
        made = replace(made, **{name: flag for name, flag in flags.items() if flag is not None})  # type: ignore[arg-type]
        reference = node.said("references", "foreign_key", "fk", "ref", "foreignKey")
        length = node.number("max_length", "maxLength", "length")
        return replace(
            made,
            default=node.said("default", "standard") or made.default,
            references=singular(re.split(r"[.(]", reference)[0].strip()) if reference else made.references,
            max_length=int(length) if length is not None and length < 1e9 else made.max_length,
            description=node.said(*DESCRIPTION_KEYS),
        )

    def _note_field(self, made: FieldFact) -> None:
        """Note a field, and the relation that its reference is."""
        self._notes.add(made)
        if made.references:
            role = re.sub(r"_?id$", "", made.name, flags=re.I)
            self._notes.add(
                RelationFact(
                    statement=made.statement,
                    source=made.entity,
                    target=made.references,
                    name=role,
                    required=made.required,
                )
            )
