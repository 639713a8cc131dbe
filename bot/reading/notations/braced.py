"""Reads things that people write as a name and their fields in braces: ``Ferry { name: string, decks: int }``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.facts import EntityFact, Reading, RelationFact, Standing
from bot.reading.fields import read_fields
from bot.reading.names import name_key, singular
from bot.reading.notations.bounds import read_bounded
from bot.reading.notations.notes import Notes
from bot.reading.segments import Segment

_NAME = "braced"
_MOST_LINES = 3_000
"""Lines that are read: fewer than of a language, because people write this by hand, a thing in each line."""
_HEAD = re.compile(r"(?:^|(?<=[\n}.;]))[ \t]*(?P<name>[^\W\d]\w{0,60})[ \t]*[:=]?[ \t]*\{(?=[^{}]{0,20000}\})")
_FIELD = re.compile(r"^\s*[\"'`]?(?P<name>[^\W\d][\w-]{0,60})[\"'`]?\s*[?!]?\s*:\s*\S")
_KEYWORDS = frozenset(
    {
        "model",
        "enum",
        "type",
        "table",
        "interface",
        "input",
        "project",
        "message",
        "service",
        "datasource",
        "else",
        "do",
    }
)


class BracedReader:
    """Reads names with typed fields in braces, on one line or several."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether the text begins with a name and, in braces, fields with types."""
        if segment.kind in {"table", "heading"}:
            return False
        head = _HEAD.match(segment.text.lstrip()[:30_000])
        if head is None or head["name"].lower() in _KEYWORDS:
            return False
        body = segment.text.lstrip()[head.end() :].partition("}")[0]
        pieces = [piece for piece in re.split(r"[,;\n]", body[:4000]) if piece.strip()]
        return bool(pieces) and sum(bool(_FIELD.match(piece)) for piece in pieces) * 3 >= len(pieces) * 2

    def read(self, segment: Segment) -> Reading | None:
        """Return the things, their fields, and what those refer to among them."""
        return read_bounded(segment, _NAME, _read, _MOST_LINES)


def _read(segment: Segment) -> Reading:
    notes = Notes(segment, _NAME)
    heads = [head for head in _HEAD.finditer(segment.text) if head["name"].lower() not in _KEYWORDS]
    known = {name_key(head["name"]): head["name"] for head in heads}
    at = 0
    for head in heads:
        if segment.text[at : head.start()].strip(" \t\n,;"):
            notes.say(at, head.start(), Standing.NOT_UNDERSTOOD)
        start = head.start("name")
        end = segment.text.index("}", head.end())
        said = head["name"]
        name = singular(said)
        statement = notes.say(start, head.end() - 1)
        notes.add(EntityFact(statement=statement, name=name, plural=said if said != name else ""))
        for first, last in _pieces(segment.text, head.end(), end):
            _field(notes, segment.text[first:last], first, last, name, known)
        at = end + 1
    if segment.text[at:].strip(" \t\n,;."):
        notes.say(at, len(segment.text), Standing.NOT_UNDERSTOOD)
    return notes.reading()


def _field(notes: Notes, text: str, first: int, last: int, entity: str, known: dict[str, str]) -> None:
    statement = notes.say(first, last)
    kind = text.partition(":")[2].strip().strip("[]?! ")
    field = _FIELD.match(text)
    if field is not None and name_key(kind) in known:
        target = singular(known[name_key(kind)])
        many = "[]" in text or text.partition(":")[2].strip().startswith("[")
        source, other = (target, entity) if many else (entity, target)
        notes.add(RelationFact(statement=statement, source=source, target=other, name="" if many else field["name"]))
        return
    optional = field is not None and "?" in text.partition(":")[0]
    for made in read_fields(text.replace("?:", ":").strip(" ,;"), entity, statement).fields[:1]:
        notes.add(replace(made, required=False) if optional else made)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    depth, at = 0, start
    for n in range(start, end):
        sign = text[n]
        depth += (sign in "([<") - (sign in ")]>")
        if sign in ",;\n" and depth <= 0:
            if text[at:n].strip():
                yield at, n
            at, depth = n + 1, 0
    if text[at:end].strip():
        yield at, end
