"""Reads relations, endpoints, roles and services of a JSON document: an item, or a key and its value, at a time."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.facts import AccessFact, Method, OperationFact, RelationFact, RoleFact, ServiceFact, Verb
from bot.reading.names import singular
from bot.reading.notations.matrices import permitted
from bot.reading.notations.notes import Notes
from bot.reading.notations.sections import DESCRIPTION_KEYS, NAME_KEYS
from bot.reading.notations.table_rows import relation_between
from bot.reading.notations.trees import Node

_METHODS: dict[str, Method] = {
    "GET": "GET",
    "POST": "POST",
    "PUT": "PUT",
    "PATCH": "PATCH",
    "DELETE": "DELETE",
    "HEAD": "HEAD",
    "OPTIONS": "OPTIONS",
}
ENDPOINT = re.compile(
    r"^\s*((?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)(?:\s*[,/|]\s*(?:GET|POST|PUT|PATCH|DELETE))*)\s*:?\s+(/[^\s,;]*)"
    r"\s*(?:[-–—:]\s*|\(|\s)?(.*?)\)?\s*$",
    re.I | re.S,
)
RELATION = re.compile(
    r"\s*([^\W\d][\w ]{0,60}?)\s*(?:\(?\s*((?:1|n|m|\*|0\.\.1|[01]\.\.[*n])\s*(?::|-|to)\s*(?:1|n|m|\*|0\.\.1|"
    r"[01]\.\.[*n]))\s*\)?"
    r"|\s(one-to-many|many-to-one|many-to-many|one-to-one)\s)\s*([^\W\d][\w ]{0,60}?)\s*(?:\(.*\))?\s*",
    re.I,
)
_ARROW = re.compile(r"\s*([^\W\d][\w ]{0,60}?)\s*(?:-{1,2}>|→|=>)\s*([^\W\d][\w ]{0,60}?)\s*(?:\(.*\)|:.*)?\s*")
_SYSTEM_KEYS = ("system", "partner", "vendor", "tool", "anbieter", "dienst", "fremdsystem", "drittsystem")
"""Keys of the name of an outside system, beside those of any name."""

_NO_SYSTEM = re.compile(
    r"(?:no|none|kein\w*|not|ports?|adapters?|outbox)\b"
    r"|(?:(?:rest|soap|graphql|grpc|webhooks?|https?)(?: apis?)?|apis?)"
    r"(?= (?:for|and|or|für|und|oder|over|über)\b|[,;(]|$)",
    re.I,
)
"""What stands at the head of "no services", of a part of the backend itself, and of a way to talk to systems."""


def start_of(key: Node) -> int:
    """Return where a key begins, its quote included."""
    return key.start if key.plain else key.start - 1


class Parts:
    """Notes what single parts of a document say; what reads an item returns whether it was one."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def relation(self, item: Node) -> bool:
        """Read relations: ``Vehicle 1:N Trip``, several parted by commas, or an object with both ends."""
        if item.kind == "map":
            return self.relation_object(item, "")
        if item.kind == "scalar" and (arrow := _ARROW.fullmatch(item.text[:300])):
            statement = self._notes.say(item.start, item.end)
            link = RelationFact(statement=statement, source=singular(arrow[1]), target=singular(arrow[2]))
            self._notes.add(link)
            return True
        found = [RELATION.fullmatch(part) for part in re.split(r"[,;]|\\n", item.text[:8000])]
        if item.kind != "scalar" or not found or not any(found):
            return False
        statement = self._notes.say(item.start, item.end)
        for match in found:
            made = relation_between(match[1], match[4], match[2] or match[3]) if match else None
            if made is not None:
                self._notes.add(replace(made, statement=statement))
        return True

    def relation_object(self, item: Node, entity: str) -> bool:
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

    def endpoint(self, item: Node) -> bool:
        """Read an endpoint: ``GET /x - what it does``, or an object with method and path."""
        if item.kind == "scalar":
            match = ENDPOINT.match(item.text[:2000])
            if match is None:
                return False
            self._operations(item.start, item.end, match[1], match[2], match[3].strip())
            return True
        path = item.said("path", "url", "endpoint", "route", "pfad", "uri") if item.kind == "map" else ""
        match = ENDPOINT.match(path)
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

    def path(self, key: Node, value: Node) -> None:
        """Read a path that is a key, with its methods or its purpose."""
        match = ENDPOINT.match(key.text)
        if match is not None:
            summary = value.text if value.kind == "scalar" else value.said(*DESCRIPTION_KEYS)
            self._operations(start_of(key), value.end, match[1], match[2], summary)
        elif value.kind == "map":
            for method, inner in value.entries:
                summary = inner.text if inner.kind == "scalar" else inner.said(*DESCRIPTION_KEYS)
                self._operations(start_of(method), inner.end, method.text, key.text, summary)
        else:
            methods = ",".join(value.texts()) if value.kind == "list" else value.text
            told = [one for one in re.findall(r"[A-Z]+", methods) if one in _METHODS]
            self._operations(start_of(key), value.end, ",".join(told), key.text, "" if told else methods)

    def role(self, item: Node) -> bool:
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

    def grants(self, key: Node, value: Node) -> None:
        """Read what a role that is a key may: a list of permissions, or entities with marks."""
        statement = self._notes.say(start_of(key), value.end)
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

    def service(self, item: Node) -> bool:
        """Read an outside service: its name, or an object with a name and its purpose."""
        name = (
            item.text
            if item.kind == "scalar" and not item.plain
            else item.said(*NAME_KEYS, "provider", "service", *_SYSTEM_KEYS)
            if item.kind == "map"
            else ""
        )
        match = re.match(r"^\s*([^\W\d_][\w.+& -]{0,40}?)\s*(?:[:(–—]|\s-\s|\s(?:for|für)\s|$)", name)
        if match is None or len(match[1].split()) > 4 or _NO_SYSTEM.match(name):
            return False
        statement = self._notes.say(item.start, item.end)
        of_map = item.kind == "map"
        purpose = item.said(*DESCRIPTION_KEYS, "data", "daten") if of_map else name[match.end() :].strip(" )")
        protocol = item.said("protocol", "protokoll", "type", "method", "methode", "interface") if of_map else ""
        self._notes.add(ServiceFact(statement=statement, name=match[1], purpose=purpose, protocol=protocol))
        return True
