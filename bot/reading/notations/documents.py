"""Reads the JSON of earlier phases, whose keys nobody fixed: by the words of its keys and the shape of its values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.domain.facts import (
    AccessFact,
    AnyFact,
    EntityFact,
    FieldFact,
    Method,
    OperationFact,
    Reading,
    RelationFact,
    RoleFact,
    ServiceFact,
    Standing,
    Statement,
    ValueType,
    Verb,
)
from bot.reading.fields import read_fields
from bot.reading.names import singular, vocabulary
from bot.reading.notations.examples import example_facts, example_of, is_example
from bot.reading.notations.json_schema import JsonSchemaReader
from bot.reading.notations.matrices import permitted
from bot.reading.notations.measures import number_fact
from bot.reading.notations.modifiers import described_field, with_type_and_words
from bot.reading.notations.notes import LONGEST_TEXT, Notes, refused
from bot.reading.notations.openapi import OpenApiReader
from bot.reading.notations.sections import DESCRIPTION_KEYS, FIELD_KEYS, NAME_KEYS, REQUIRES, section_of
from bot.reading.notations.table_rows import relation_between, stack_fact
from bot.reading.notations.trees import Node, TooDeepError, parse_json
from bot.reading.segments import Segment

_NAME = "document"
_MOST_LEAVES = 12_000
_MOST_PROSE = 400
_METHODS: dict[str, Method] = {
    "GET": "GET",
    "POST": "POST",
    "PUT": "PUT",
    "PATCH": "PATCH",
    "DELETE": "DELETE",
    "HEAD": "HEAD",
    "OPTIONS": "OPTIONS",
}
_ENDPOINT = re.compile(
    r"^\s*((?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)(?:\s*[,/|]\s*(?:GET|POST|PUT|PATCH|DELETE))*)\s*:?\s+(/[^\s,;]*)"
    r"\s*(?:[-–—:]\s*|\(|\s)?(.*?)\)?\s*$",
    re.I | re.S,
)
_RELATION = re.compile(
    r"\s*([^\W\d][\w ]{0,60}?)\s*(?:\(?\s*((?:1|n|m|\*|0\.\.1|[01]\.\.[*n])\s*(?::|-|to)\s*(?:1|n|m|\*|0\.\.1|"
    r"[01]\.\.[*n]))\s*\)?"
    r"|\s(one-to-many|many-to-one|many-to-many|one-to-one)\s)\s*([^\W\d][\w ]{0,60}?)\s*(?:\(.*\))?\s*",
    re.I,
)
_ARROW = re.compile(r"\s*([^\W\d][\w ]{0,60}?)\s*(?:-{1,2}>|→|=>)\s*([^\W\d][\w ]{0,60}?)\s*(?:\(.*\)|:.*)?\s*")
_NAMED = re.compile(r"^\s*([^\W\d](?:[\w ]|(?<=\w)-(?=\w)){0,60}?)\s*(?:\((.*)\)|:\s*(.*))?\s*$", re.S)
_OTHERS = re.compile(r"(?:[,+&]|\bwith\b|\bmit\b)\s*([A-Z][\w.+# ]*?)(?=\s*(?:[,+&]|for\b|für\b|$))")
_TITLE_KEYS = frozenset({"title", "titel", "project", "projekt", "project_name", "idea"})
_ABOUT_PLANS = vocabulary(
    "strategy mitigation approach risk threat measure action goal objective problem solution benefit opportunity "
    "strategie maßnahme risiko ziel lösung"
)
"""Keys of plans: what stands below one is no statement about a thing of that name."""
_WORDY = re.compile(r"\s.*\s.*\s.*\s")


def _is_of_plans(key: str) -> bool:
    """Whether a key is about a plan: ``strategy``, ``mitigation_strategies``."""
    last = key.lower().replace("-", "_").rpartition("_")[2]
    return last in _ABOUT_PLANS or singular(last) in _ABOUT_PLANS


def _lists_things(value: Node) -> bool:
    """Whether a list names things and no fields of one: each with a capital, and many of them (``Scans``)."""
    said = [item.text.strip() if item.kind == "scalar" else "" for item in value.items]
    return all(text[:1].isupper() and " " not in text and singular(text) != text for text in said)


class DocumentReader:
    """Reads JSON documents of earlier phases. `read_text` reads the sentences in them."""

    name = _NAME

    def __init__(self, read_text: Callable[[Segment], Reading]) -> None:
        self._read_text = read_text

    def recognises(self, segment: Segment) -> bool:
        """Whether the text is a whole JSON document, or a fence of JSON."""
        if segment.kind not in {"document", "fence"}:
            return False
        labelled = segment.info.lstrip(".").lower() in {"json", "jsonc", "json5"}
        return labelled or bool(re.match(r"\s*\{\s*\"|\s*\[\s*[{\"]", segment.text))

    def read(self, segment: Segment) -> Reading | None:
        """Return what the document says, each leaf or small object a statement."""
        if len(segment.text) > LONGEST_TEXT:
            return refused(segment, _NAME)
        try:
            tree = parse_json(segment.text)
        except TooDeepError:
            return refused(segment, _NAME)
        if tree is None:
            return None
        name = example_of((segment.lead, *reversed(segment.headings)))
        if name and segment.kind == "fence" and (example := _example(tree.root)) is not None:
            statement = segment.statement(0, len(segment.text), _NAME)
            return Reading(statements=(statement,), facts=tuple(example_facts(name, example, statement.id)))
        return _Walk(segment, self._read_text).read(tree.root)


def _example(root: Node) -> Node | None:
    """Return the object that a text is an example of: itself, or the first of a list."""
    first = root.items[0] if root.kind == "list" and root.items else root
    return first if first.kind == "map" and is_example(first) else None


def _told(one: Statement) -> Statement:
    """Return a statement of a story: where it is not understood and asks for nothing, it says nothing."""
    if one.standing is not Standing.NOT_UNDERSTOOD or REQUIRES.search(one.text):
        return one
    return replace(one, standing=Standing.NOTHING_SAID)


def _is_score_sheet(node: Node) -> bool:
    """Whether a map is an evaluator's marks: numbers of 0 to 100 alone, of which one is called a score."""
    if len(node.entries) < 2 or not any(re.search(r"(?:^|_)scores?$", key.text, re.I) for key, _ in node.entries):
        return False
    return all(
        value.kind == "scalar" and value.plain and re.fullmatch(r"\d{1,2}(?:\.\d+)?|100(?:\.0+)?", value.text)
        for _, value in node.entries
    )


def _start(key: Node) -> int:
    """Return where a key begins, its quote included."""
    return key.start if key.plain else key.start - 1


class _Walk:
    """One document while it is being read."""

    def __init__(self, segment: Segment, read_text: Callable[[Segment], Reading]) -> None:
        self._segment = segment
        self._notes = Notes(segment, _NAME)
        self._read_text = read_text
        self._others: list[Reading] = []
        self._prose = 0
        self._leaves = 0

    def read(self, root: Node) -> Reading:
        """Read the document, and put together what other readers gave for its parts."""
        self._visit(root, (), "")
        mine = self._notes.reading()
        statements: dict[str, Statement] = {one.id: one for one in mine.statements}
        facts: list[AnyFact] = list(mine.facts)
        for other in self._others:
            statements.update({one.id: one for one in other.statements})
            facts.extend(other.facts)
        ordered = sorted(statements.values(), key=lambda one: (one.start, one.end))
        return Reading(statements=tuple(ordered), facts=tuple(facts))

    # --- the walk -----------------------------------------------------------------------------------------------

    def _visit(self, node: Node, path: tuple[str, ...], section: str) -> None:
        """Read a node by the section in which it stands."""
        if node.kind == "scalar":
            self._leaf(node, path, section)
        elif section == "nothing":
            self._notes.say(node.start, node.end, Standing.NOTHING_SAID)
        elif node.kind == "map" and self._embedded(node, path):
            return
        elif node.kind == "map" and _is_score_sheet(node):
            for key, value in node.entries:
                self._notes.say(_start(key), value.end, Standing.NOTHING_SAID)
        elif node.kind == "list":
            for item in node.items:
                self._item(item, path, section)
        elif section == "entities" and self._is_named(node):
            self._entity(node, "")
        elif section in {"", "entities"} and self._is_type_map(node):
            for key, value in node.entries:
                self._named_entity(key, value)
        else:
            for key, value in node.entries:
                self._entry(key, value, path, section)

    def _entry(self, key: Node, value: Node, path: tuple[str, ...], section: str) -> None:
        """Read a key and its value."""
        told = section_of(key.text)
        here = (*path, key.text)
        if told == "nothing" and section in {"", "nothing", "story", "numbers", "stack"}:
            self._notes.say(_start(key), value.end, Standing.NOTHING_SAID)
            return
        if key.text in FIELD_KEYS and value.kind == "map" and section == "entities":
            self._visit(value, here, section)
        elif section == "entities" and told in {"", "nothing"} and self._is_entity_value(value):
            self._named_entity(key, value)
        elif section == "endpoints" and (key.text.startswith("/") or _ENDPOINT.match(key.text)):
            self._path_entry(key, value)
        elif section == "permissions" and value.kind != "scalar" and told != "roles":
            self._grants(key, value)
        elif section in {"stack", "numbers"} and value.kind == "scalar":
            self._pair(key, value, here, section)
        else:
            self._visit(value, here, told or section)

    def _item(self, item: Node, path: tuple[str, ...], section: str) -> None:
        """Read an item of a list by its section."""
        readers: dict[str, Callable[[Node], bool]] = {
            "entities": self._entity_item,
            "relations": self._relation_item,
            "endpoints": self._endpoint_item,
            "roles": self._role_item,
            "services": self._service_item,
        }
        reader = readers.get(section)
        if section == "nothing":
            self._notes.say(item.start, item.end, Standing.NOTHING_SAID)
        elif (reader is None or not reader(item)) and not self._endpoint_item(item):
            self._visit(item, path, section)

    def _leaf(self, node: Node, path: tuple[str, ...], section: str) -> None:
        """Read a single value."""
        self._leaves += 1
        if node.start >= node.end or self._leaves > _MOST_LEAVES:
            return
        if section == "nothing" or node.is_null:
            self._notes.say(node.start, node.end, Standing.NOTHING_SAID)
            return
        reader = {
            "relations": self._relation_item,
            "entities": self._entity_item,
            "services": self._service_item,
            "roles": self._role_item,
        }.get(section)
        if (reader is not None and reader(node)) or self._endpoint_item(node):
            return
        title = len(path) == 1 and path[0].lower() in _TITLE_KEYS
        story = section == "story"
        if node.plain or self._prose >= _MOST_PROSE:
            standing = Standing.NOTHING_SAID if story and node.plain else Standing.NOT_UNDERSTOOD
            self._notes.say(node.start, node.end, standing)
            return
        if title:
            self._notes.say(node.start, node.end, Standing.NOTHING_SAID)
            return
        self._as_prose(node, path, story=story)

    def _as_prose(self, node: Node, path: tuple[str, ...], *, story: bool = False) -> None:
        """Hand a text to the reader of sentences, with the keys above it as headings.

        In a `story` a sentence that is not understood and asks for nothing says nothing that a backend must do.
        """
        self._prose += 1
        segment = Segment(
            source=self._segment.source,
            start=self._segment.start + node.start,
            text=self._segment.text[node.start : node.end],
            kind="paragraph",
            headings=tuple(key.replace("_", " ") for key in path if not _is_of_plans(key)),
            lead=path[-1].replace("_", " ") if path and not _is_of_plans(path[-1]) else "",
            topic=self._segment.topic,
        )
        reading = self._read_text(segment)
        if story:
            reading = replace(reading, statements=tuple(_told(one) for one in reading.statements))
        if reading.statements:
            self._others.append(reading)
        else:
            self._notes.say(node.start, node.end, Standing.NOT_UNDERSTOOD)

    def _embedded(self, node: Node, path: tuple[str, ...]) -> bool:
        """Read an OpenAPI document or a JSON Schema that stands in this one by its own reader."""
        openapi = node.get("openapi", "swagger") is not None or any(
            key.text == "paths" and value.kind == "map" and any(one.text.startswith("/") for one, _ in value.entries)
            for key, value in node.entries
        )
        schema = node.get("$schema") is not None or (
            node.said("type") == "object" and (found := node.get("properties")) is not None and found.kind == "map"
        )
        if not openapi and not schema:
            return False
        part = replace(
            self._segment,
            start=self._segment.start + node.start,
            text=self._segment.text[node.start : node.end],
            lead=path[-1] if path else "",
            headings=path,
        )
        reading = OpenApiReader().read(part) if openapi else JsonSchemaReader().read(part)
        if reading is None or not reading.facts:
            return False
        self._others.append(reading)
        return True

    # --- entities -----------------------------------------------------------------------------------------------

    def _is_named(self, node: Node) -> bool:
        """Whether a map describes one thing: by a name, and something else about it."""
        return bool(node.said(*NAME_KEYS)) and node.said(*NAME_KEYS) != "" and len(node.entries) >= 1

    def _is_entity_value(self, value: Node) -> bool:
        """Whether a value under an entity's name describes it: fields in a list, or by name."""
        if value.kind == "list":
            described = any(self._is_named(item) and item.get(*FIELD_KEYS) for item in value.items)
            return bool(value.items) and not described and not _lists_things(value)
        if value.kind == "map":
            if value.get(*FIELD_KEYS) is not None:
                return True
            told = [self._is_type(one) for _, one in value.entries]
            return bool(told) and sum(told) * 2 >= len(told)
        return bool(re.search(r",", value.text)) and not _RELATION.match(value.text)

    def _is_type_map(self, node: Node) -> bool:
        """Whether each value of a map is a map from fields to types, so that its keys are entities."""
        names = {key.text for key, _ in node.entries}
        inner = [value for _, value in node.entries]
        if not inner or any(value.kind != "map" or not value.entries for value in inner):
            return False
        if any(not re.fullmatch(r"[^\W\d][\w -]{0,60}", name) or section_of(name) for name in names):
            return False
        return all(self._tells_fields(value, names) for value in inner)

    def _tells_fields(self, value: Node, names: set[str]) -> bool:
        fields = value.get(*FIELD_KEYS)
        if fields is not None and fields.kind in {"map", "list"}:
            return fields.kind == "list" or self._tells_fields(fields, names)
        told = [
            (self._is_type(one) or one.text in names) and section_of(key.text) in {"", "nothing"}
            for key, one in value.entries
        ]
        return bool(told) and sum(told) * 3 >= len(told) * 2

    @staticmethod
    def _is_type(value: Node) -> bool:
        """Whether a value reads like a field's type, or lists its members."""
        if value.kind == "map":
            return value.get("type", "typ", "datentyp") is not None
        if value.kind == "list":
            return len(value.items) > 1 and all(one.kind == "scalar" and len(one.text) <= 40 for one in value.items)
        made = FieldFact(statement="", entity="", name="x")
        return value.kind == "scalar" and with_type_and_words(made, value.text[:300]) is not None

    def _entity_item(self, item: Node) -> bool:
        """Read an entity of a list: a name, ``Name (field, field)``, or an object with a name."""
        if item.kind == "map":
            if not self._is_named(item):
                return False
            self._entity(item, "")
            return True
        match = _NAMED.match(item.text) if item.kind == "scalar" and not item.plain else None
        if match is None or len(match.group(1).split()) > 4 or _RELATION.fullmatch(item.text):
            return False
        listed = match.group(2) or match.group(3) or ""
        if match.group(3) and "," not in listed:
            return False
        statement = self._notes.say(item.start, item.end)
        name = match.group(1).strip()
        self._notes.add(self._entity_fact(name, statement))
        for part in re.split(r",(?![^(]*\))", listed[:4000]):
            made = described_field(singular(name), part.strip(), statement) if part.strip() else None
            if made is not None:
                self._notes.add(made)
        return True

    def _entity_fact(self, said: str, statement: str, description: str = "") -> EntityFact:
        """Return an entity by the name that was said, in the singular."""
        name = singular(said)
        return EntityFact(statement=statement, name=name, plural=said if said != name else "", description=description)

    def _entity(self, node: Node, _: str) -> None:
        """Read an object that has the name of an entity."""
        key = next((one for one in NAME_KEYS if node.said(one)), "name")
        named = node.get(key)
        if named is None:
            return
        statement = self._notes.say(named.start, named.end)
        self._notes.add(self._entity_fact(named.text, statement, node.said(*DESCRIPTION_KEYS)))
        self._parts(node, singular(named.text), skip=key)

    def _named_entity(self, key: Node, value: Node) -> None:
        """Read an entity whose name is a key."""
        statement = self._notes.say(key.start, key.end)
        self._notes.add(self._entity_fact(key.text, statement))
        entity = singular(key.text)
        if value.kind == "map" and value.get(*FIELD_KEYS) is not None:
            self._parts(value, entity, skip="")
        else:
            self._fields(value, entity)

    def _parts(self, node: Node, entity: str, skip: str) -> None:
        """Read what an entity's object says besides its name."""
        for key, value in node.entries:
            if key.text == skip:
                continue
            if key.text in FIELD_KEYS:
                self._fields(value, entity)
            elif key.text in DESCRIPTION_KEYS and value.kind == "scalar":
                self._notes.say(value.start, value.end, Standing.NOTHING_SAID)
            elif section_of(key.text) == "relations":
                self._relations_of(value, entity)
            else:
                self._visit(value, (entity, key.text), section_of(key.text))

    def _fields(self, value: Node, entity: str) -> None:
        """Read an entity's fields: a list of strings or objects, a map of types, or names parted by commas."""
        if value.kind == "list":
            for item in value.items:
                self._field_item(item, entity)
        elif value.kind == "map":
            for key, inner in value.entries:
                statement = self._notes.say(_start(key), inner.end)
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
                self._fields(item, entity)

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

    # --- relations ----------------------------------------------------------------------------------------------

    def _relation_item(self, item: Node) -> bool:
        """Read relations: ``Vehicle 1:N Trip``, several parted by commas, or an object with both ends."""
        if item.kind == "map":
            return self._relation_object(item, "")
        if item.kind == "scalar" and (arrow := _ARROW.fullmatch(item.text[:300])):
            statement = self._notes.say(item.start, item.end)
            link = RelationFact(statement=statement, source=singular(arrow[1]), target=singular(arrow[2]))
            self._notes.add(link)
            return True
        found = [_RELATION.fullmatch(part) for part in re.split(r"[,;]|\\n", item.text[:8000])]
        if item.kind != "scalar" or not found or not any(found):
            return False
        statement = self._notes.say(item.start, item.end)
        for match in found:
            made = relation_between(match[1], match[4], match[2] or match[3]) if match else None
            if made is not None:
                self._notes.add(replace(made, statement=statement))
        return True

    def _relation_object(self, item: Node, entity: str) -> bool:
        """Read a relation that an object describes."""
        one = item.said("from", "source", "von", "quelle", "left", "parent", "entity", "entity1") or entity
        other = item.said(
            "to", "target", "nach", "ziel", "right", "child", "with", "related_to", "entity2", "references"
        )
        kind = item.said(
            "type", "cardinality", "kardinalität", "kardinalitaet", "typ", "relation", "relationship", "art"
        )
        made = relation_between(one, other, kind.replace("_", "-"))
        if made is None:
            return False
        statement = self._notes.say(item.start, item.end)
        self._notes.add(replace(made, statement=statement))
        return True

    def _relations_of(self, value: Node, entity: str) -> None:
        """Read the relations that stand within an entity: ``hasMany: [Order]``, ``belongs_to Customer``, objects."""
        for item in value.items if value.kind == "list" else [value]:
            if item.kind == "map" and self._relation_object(item, entity):
                continue
            if item.kind == "scalar":
                match = re.match(
                    r"\s*(has[ _]?many|belongs[ _]?to|has[ _]?one|many[ _-]to[ _-]many|hat viele|"
                    r"gehört zu)\s*:?\s+(\w[\w ]*)",
                    item.text,
                    re.I,
                )
                if match is not None:
                    statement = self._notes.say(item.start, item.end)
                    said = re.sub(r"[ _-]", "", match[1].lower())
                    kind = {"hasmany": "1:N", "hatviele": "1:N", "hasone": "1:1", "manytomany": "N:M"}.get(said, "N:1")
                    made = relation_between(entity, match[2], kind)
                    self._notes.add(*([replace(made, statement=statement)] if made else []))
                    continue
            self._item(item, (entity, "relations"), "relations")

    # --- the rest -----------------------------------------------------------------------------------------------

    def _endpoint_item(self, item: Node) -> bool:
        """Read an endpoint: ``GET /x - what it does``, or an object with method and path."""
        if item.kind == "scalar":
            match = _ENDPOINT.match(item.text[:2000])
            if match is None:
                return False
            self._operations(item.start, item.end, match[1], match[2], match[3].strip())
            return True
        path = item.said("path", "url", "endpoint", "route", "pfad", "uri") if item.kind == "map" else ""
        match = _ENDPOINT.match(path)
        method = match[1] if match else item.said("method", "verb", "methode", "http_method") if path else ""
        path = match[2] if match else path
        if not path.startswith("/"):
            return False
        methods = item.get("methods", "methoden") if not method else None
        said = ",".join(methods.texts()) if methods is not None else method
        roles = item.get("roles", "rollen", "allowed_roles", "role")
        auth = item.said("auth", "authentication", "requires_auth", "auth_required", "public").lower()
        is_public = {
            "none": True,
            "public": True,
            "false": True,
            "no": True,
            "true": False,
            "required": False,
            "jwt": False,
        }
        public = is_public.get(auth)
        if item.get("public") is not None and item.flag("public") is not None:
            public = item.flag("public")
        told = tuple(roles.texts()) if roles is not None else ()
        self._operations(item.start, item.end, said, path, item.said(*DESCRIPTION_KEYS), told, public)
        return True

    def _operations(
        self,
        start: int,
        end: int,
        methods: str,
        path: str,
        summary: str,
        roles: tuple[str, ...] = (),
        public: bool | None = None,
    ) -> None:
        """Note the operations of one path."""
        statement = self._notes.say(start, end)
        for said in re.findall(r"[A-Z]+", methods.upper()) or [""]:
            self._notes.add(
                OperationFact(
                    statement=statement,
                    method=_METHODS.get(said),
                    path=path,
                    summary=summary,
                    roles=roles,
                    public=public if public is not None else (False if roles else None),
                )
            )

    def _path_entry(self, key: Node, value: Node) -> None:
        """Read a path that is a key, with its methods or its purpose."""
        match = _ENDPOINT.match(key.text)
        if match is not None:
            summary = value.text if value.kind == "scalar" else value.said(*DESCRIPTION_KEYS)
            self._operations(_start(key), value.end, match[1], match[2], summary)
        elif value.kind == "map":
            for method, inner in value.entries:
                summary = inner.text if inner.kind == "scalar" else inner.said(*DESCRIPTION_KEYS)
                self._operations(_start(method), inner.end, method.text, key.text, summary)
        else:
            methods = ",".join(value.texts()) if value.kind == "list" else value.text
            told = [one for one in re.findall(r"[A-Z]+", methods) if one in _METHODS]
            self._operations(_start(key), value.end, ",".join(told), key.text, "" if told else methods)

    def _role_item(self, item: Node) -> bool:
        """Read a role: its name, or an object with a name and what it may."""
        name = (
            item.text
            if item.kind == "scalar" and not item.plain
            else item.said(*NAME_KEYS)
            if item.kind == "map"
            else ""
        )
        match = re.match(r"^\s*([^\W\d][\w -]{0,40}?)\s*(?:[:(–—]|\s-\s|$)", name)
        if match is None or len(match[1].split()) > 3:
            return False
        statement = self._notes.say(item.start, item.end)
        description = item.said(*DESCRIPTION_KEYS) if item.kind == "map" else name[match.end() :].strip(" )")
        self._notes.add(RoleFact(statement=statement, name=match[1], description=description))
        found = item.get("permissions", "rechte", "berechtigungen", "can", "darf") if item.kind == "map" else None
        for said in found.texts() if found is not None else []:
            self._grant(statement, match[1], said)
        return True

    def _grants(self, key: Node, value: Node) -> None:
        """Read what a role that is a key may: a list of permissions, or entities with marks."""
        statement = self._notes.say(_start(key), value.end)
        self._notes.add(RoleFact(statement=statement, name=key.text))
        for said in value.texts() if value.kind == "list" else []:
            self._grant(statement, key.text, said)
        for inner, mark in value.entries:
            told = permitted(", ".join(mark.texts()))
            if told is not None and told.verbs:
                self._notes.add(
                    AccessFact(
                        statement=statement, role=key.text, verbs=told.verbs, entity=singular(inner.text), own=told.own
                    )
                )

    def _grant(self, statement: str, role: str, said: str) -> None:
        """Note a permission such as ``orders:read`` or ``read orders``."""
        parts = re.split(r"[\s:._]+", said.strip(), maxsplit=2)
        for place, part in enumerate(parts[:2]):
            told = permitted(part) if len(part) > 2 or part == "*" else None
            verbs: tuple[Verb, ...] = ("any",) if part == "*" else told.verbs if told else ()
            rest = [one for number, one in enumerate(parts) if number != place]
            if verbs and len(rest) <= 1:
                entity = singular(rest[0]) if rest and rest[0] != "*" else ""
                self._notes.add(AccessFact(statement=statement, role=role, verbs=verbs, entity=entity))
                return

    def _service_item(self, item: Node) -> bool:
        """Read an outside service: its name, or an object with a name and its purpose."""
        name = (
            item.text
            if item.kind == "scalar" and not item.plain
            else item.said(*NAME_KEYS, "provider", "service")
            if item.kind == "map"
            else ""
        )
        match = re.match(r"^\s*([^\W\d_][\w.+& -]{0,40}?)\s*(?:[:(–—]|\s-\s|\s(?:for|für)\s|$)", name)
        if match is None or len(match[1].split()) > 4 or re.match(r"(?:no|none|kein\w*|not)\b", name, re.I):
            return False
        statement = self._notes.say(item.start, item.end)
        purpose = item.said(*DESCRIPTION_KEYS) if item.kind == "map" else name[match.end() :].strip(" )")
        protocol = item.said("protocol", "protokoll", "type") if item.kind == "map" else ""
        self._notes.add(ServiceFact(statement=statement, name=match[1], purpose=purpose, protocol=protocol))
        return True

    def _pair(self, key: Node, value: Node, path: tuple[str, ...], section: str) -> None:
        """Read a key with one value: a choice of the stack, or a number that is wanted."""
        made: AnyFact | None = None
        if section == "numbers":
            made = number_fact(" ".join(path[-2:]).replace("_", " "), value.text, "")
        elif not value.plain and len(value.text) < 60:
            made = stack_fact(key.text.replace("_", " "), value.text, "")
        if made is None:
            self._leaf(value, path, "" if section == "stack" else section)
            return
        statement = self._notes.say(_start(key), value.end)
        self._notes.add(replace(made, statement=statement))
        for other in _OTHERS.findall(value.text) if section == "stack" else []:
            more = stack_fact(key.text.replace("_", " "), other, statement)
            self._notes.add(*([more] if more else []))
