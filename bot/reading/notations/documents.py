"""Reads the JSON of earlier phases, whose keys nobody fixed: by the words of its keys and the shape of its values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.domain.facts import (
    AnyFact,
    Reading,
    Standing,
    Statement,
)
from bot.reading.names import singular, vocabulary
from bot.reading.notations.document_entities import Entities, is_entity_value, is_named, is_type_map
from bot.reading.notations.document_parts import ENDPOINT, Parts, start_of
from bot.reading.notations.examples import example_facts, example_of, is_example
from bot.reading.notations.json_schema import JsonSchemaReader
from bot.reading.notations.measures import number_fact
from bot.reading.notations.notes import LONGEST_TEXT, Notes, refused
from bot.reading.notations.openapi import OpenApiReader
from bot.reading.notations.sections import FIELD_KEYS, REQUIRES, section_of
from bot.reading.notations.table_rows import relation_between, stack_fact
from bot.reading.notations.trees import Node, TooDeepError, parse_json
from bot.reading.segments import Segment

_NAME = "document"
_MOST_LEAVES = 12_000
_MOST_PROSE = 400
_OTHERS = re.compile(r"(?:[,+&]|\bwith\b|\bmit\b)\s*([A-Z][\w.+# ]*?)(?=\s*(?:[,+&]|for\b|für\b|$))")
_TITLE_KEYS = frozenset({"title", "titel", "project", "projekt", "project_name", "idea"})
_ABOUT_PLANS = vocabulary(
    "strategy mitigation approach risk threat measure action goal objective problem solution benefit opportunity "
    "strategie maßnahme risiko ziel lösung"
)
"""Keys of plans: what stands below one is no statement about a thing of that name."""


def _is_of_plans(key: str) -> bool:
    """Whether a key is about a plan: ``strategy``, ``mitigation_strategies``."""
    last = key.lower().replace("-", "_").rpartition("_")[2]
    return last in _ABOUT_PLANS or singular(last) in _ABOUT_PLANS


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


_MEANS = re.compile(
    r"(?:[^.;]|\.\d){0,40}(?:[€$£]\s?\d|\d\s?(?:€|k€|m€|eur\b|usd\b|mio\b)|\bbudget\b)(?:[^.;]|\.\d){0,40}", re.I
)
"""What a project may cost: no number that its backend is held to."""


def _told(one: Statement) -> Statement:
    """Return a statement of a story: where it is not understood and asks for nothing, it says nothing."""
    if one.standing is not Standing.NOT_UNDERSTOOD:
        return one
    if REQUIRES.search(one.text) and not _MEANS.fullmatch(one.text):
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


class _Walk:
    """One document while it is being read."""

    def __init__(self, segment: Segment, read_text: Callable[[Segment], Reading]) -> None:
        self._segment = segment
        self._notes = Notes(segment, _NAME)
        self._parts = Parts(self._notes)
        self._entities = Entities(self._notes, self._relations_of, self._visit)
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
                self._notes.say(start_of(key), value.end, Standing.NOTHING_SAID)
        elif node.kind == "list":
            for item in node.items:
                self._item(item, path, section)
        elif section == "entities" and is_named(node):
            self._entities.named(node)
        elif section in {"", "entities"} and is_type_map(node):
            for key, value in node.entries:
                self._entities.keyed(key, value)
        else:
            for key, value in node.entries:
                self._entry(key, value, path, section)

    def _entry(self, key: Node, value: Node, path: tuple[str, ...], section: str) -> None:
        """Read a key and its value."""
        told = section_of(key.text)
        here = (*path, key.text)
        if told == "nothing" and section in {"", "nothing", "story", "numbers", "stack"}:
            self._notes.say(start_of(key), value.end, Standing.NOTHING_SAID)
            return
        if key.text in FIELD_KEYS and value.kind == "map" and section == "entities":
            self._visit(value, here, section)
        elif section == "entities" and told in {"", "nothing"} and is_entity_value(value):
            self._entities.keyed(key, value)
        elif section == "endpoints" and (key.text.startswith("/") or ENDPOINT.match(key.text)):
            self._parts.path(key, value)
        elif section == "permissions" and value.kind != "scalar" and told != "roles":
            self._parts.grants(key, value)
        elif section in {"stack", "numbers"} and value.kind == "scalar":
            self._pair(key, value, here, section)
        else:
            self._visit(value, here, told or section)

    def _item(self, item: Node, path: tuple[str, ...], section: str) -> None:
        """Read an item of a list by its section."""
        readers: dict[str, Callable[[Node], bool]] = {
            "entities": self._entities.item,
            "relations": self._parts.relation,
            "endpoints": self._parts.endpoint,
            "roles": self._parts.role,
            "services": self._parts.service,
        }
        reader = readers.get(section)
        if section == "nothing":
            self._notes.say(item.start, item.end, Standing.NOTHING_SAID)
        elif (reader is None or not reader(item)) and not self._parts.endpoint(item):
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
            "relations": self._parts.relation,
            "entities": self._entities.item,
            "services": self._parts.service,
            "roles": self._parts.role,
        }.get(section)
        if (reader is not None and reader(node)) or self._parts.endpoint(node):
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

    def _relations_of(self, value: Node, entity: str) -> None:
        """Read the relations that stand within an entity: ``hasMany: [Order]``, ``belongs_to Customer``, objects."""
        for item in value.items if value.kind == "list" else [value]:
            if item.kind == "map" and self._parts.relation_object(item, entity):
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
        statement = self._notes.say(start_of(key), value.end)
        self._notes.add(replace(made, statement=statement))
        for other in _OTHERS.findall(value.text) if section == "stack" else []:
            more = stack_fact(key.text.replace("_", " "), other, statement)
            self._notes.add(*([more] if more else []))
