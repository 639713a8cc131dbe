"""Reads JSON Schema documents, in JSON or YAML: the root's object and what stands under `$defs` or `definitions`."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from bot.domain.facts import Reading, Standing
from bot.reading.notations.notes import LONGEST_TEXT, Notes, refused
from bot.reading.notations.schemas import Schemas
from bot.reading.notations.trees import Node, TooDeepError, parse_tree
from bot.reading.segments import Segment

_NAME = "json_schema"
_SCHEMA = re.compile(r"""["']?\$(?:schema|defs)["']?\s*:|["']?type["']?\s*:\s*["']?object\b""")
_PROPERTIES = re.compile(r"""["']?(?:properties|\$defs|definitions)["']?\s*:""")
_GENERIC = re.compile(r"(?:json_?)?schema|definition|model|example|entity|payload|type", re.I)
_NOT_OURS = re.compile(r"""^[^\S\n]*+\{?[^\S\n]*+["']?(?:openapi|swagger|paths|components)["']?\s*:""", re.M)


class JsonSchemaReader:
    """Reads JSON Schema: entities, their fields and relations."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether the text says `$schema`, or describes an object and its properties."""
        text = segment.text
        if segment.kind == "table" or _NOT_OURS.search(text):
            return False
        return bool(_SCHEMA.search(text) and _PROPERTIES.search(text))

    def read(self, segment: Segment) -> Reading | None:
        """Return the entities that the schemas describe."""
        if len(segment.text) > LONGEST_TEXT:
            return refused(segment, _NAME)
        try:
            tree = parse_tree(segment.text)
        except TooDeepError:
            return refused(segment, _NAME)
        if tree is None:
            return None
        named: dict[str, tuple[Node, Node]] = {}
        for root in tree.root.items if tree.root.kind == "list" else [tree.root]:
            named.update(_named(root, segment))
        if not named:
            return None
        notes = Notes(segment, _NAME)
        for start, end in tree.unread:
            notes.say(start, end, Standing.NOT_UNDERSTOOD)
        Schemas(notes, named, tree.root).read_named()
        return notes.reading()


def _named(root: Node, segment: Segment) -> dict[str, tuple[Node, Node]]:
    """Return the schemas of one document by name: the root's, those under `$defs`, or a map of schemas."""
    if root.kind != "map":
        return {}
    found: dict[str, tuple[Node, Node]] = {}
    if root.get("properties") is not None:
        name = root_name(root, segment)
        key = next((one for one, _ in root.entries if one.text in {"title", "$id", "type", "properties"}))
        if name:
            found[name] = (key, root)
    for holder in (root.get("$defs"), root.get("definitions")):
        for key, value in holder.entries if holder is not None else []:
            if value.kind == "map":
                found.setdefault(key.text, (key, value))
    if not found:
        for key, value in root.entries:
            if value.kind == "map" and value.get("properties") is not None:
                titled = _GENERIC.fullmatch(key.text) and value.said("title")
                found.setdefault(value.said("title") if titled else key.text, (key, value))
    return found


def root_name(root: Node, segment: Segment) -> str:
    """Return what a schema without a key is called: by its title, its `$id`, its file or what stands above it."""
    if title := root.said("title", "name"):
        return (
            "".join(part[:1].upper() + part[1:] for part in re.split(r"\s+", title.strip())) if " " in title else title
        )
    if identity := root.said("$id", "id"):
        return re.sub(r"\.(?:schema|json|ya?ml)", "", PurePosixPath(identity.rstrip("/#")).name)
    above = segment.lead.strip().rstrip(":") or (segment.headings[-1] if segment.headings else "")
    if above and len(above.split()) <= 3:
        return re.sub(r"\s*(?:schema|json|entity|object)$", "", above.strip("`*# "), flags=re.I).strip("`*# ")
    if segment.kind == "document" and segment.source.startswith("input:"):
        return re.sub(r"\.(?:schema|json|ya?ml)", "", PurePosixPath(segment.source[6:]).name)
    return ""
