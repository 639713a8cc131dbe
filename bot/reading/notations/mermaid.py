"""Reads Mermaid: entity-relationship, class, state and sequence diagrams, with or without their fence."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from bot.domain.facts import Reading, Standing
from bot.reading.notations.bounds import read_bounded
from bot.reading.notations.diagrams import says_machine
from bot.reading.notations.mermaid_classes import ClassDiagram
from bot.reading.notations.mermaid_er import EntityDiagram
from bot.reading.notations.mermaid_flow import FlowDiagram, SequenceDiagram, StateDiagram
from bot.reading.notations.notes import Notes
from bot.reading.segments import Segment

_NAME = "mermaid"


class _Diagram(Protocol):
    """One diagram while it is being read."""

    def read(self, start: int, end: int) -> None:
        """Read the lines between two offsets."""


_HEAD = re.compile(
    r"^[ \t]*(erDiagram|classDiagram(?:-v2)?|stateDiagram(?:-v2)?|sequenceDiagram|flowchart|graph)\b[ \t]*([^\n]*)$",
    re.M,
)
_ER_BODY = re.compile(
    r'^[ \t]*(?:"[^"\n]{1,80}"|[\w\-.]+)[ \t]+[|}][|o](?:--|\.\.)[|o][|{][ \t]+(?:"[^"\n]{1,80}"|[\w\-.]+)', re.M
)
_STATE_BODY = re.compile(r"^[ \t]*\[\*\][ \t]*-->[ \t]*\w", re.M)
_PARTS: dict[str, Callable[[Notes], _Diagram]] = {
    "erDiagram": EntityDiagram,
    "classDiagram": ClassDiagram,
    "stateDiagram": StateDiagram,
    "sequenceDiagram": SequenceDiagram,
    "flowchart": FlowDiagram,
    "graph": FlowDiagram,
}


class MermaidReader:
    """Reads the diagrams that say what a backend keeps and does; other kinds of diagram are left to nobody."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether a diagram begins here, or lines stand here that only such a diagram has."""
        if segment.kind in {"table", "heading"}:
            return False
        return bool(_diagrams(segment)) or bool(_bare(segment.text))

    def read(self, segment: Segment) -> Reading | None:
        """Return what the diagrams say, several in one text each by itself."""
        return read_bounded(segment, _NAME, _read)


def _read(segment: Segment) -> Reading | None:
    """Read all diagrams of a segment."""
    heads = _diagrams(segment)
    notes = Notes(segment, _NAME)
    if not heads:
        kind = _bare(segment.text)
        if not kind:
            return None
        _PARTS[kind](notes).read(0, len(segment.text))
        return notes.reading()
    _say_preamble(notes, heads[0].start())
    for number, head in enumerate(heads):
        end = heads[number + 1].start() if number + 1 < len(heads) else len(segment.text)
        notes.say(head.start(), head.end(), Standing.NOTHING_SAID)
        kind = re.sub(r"-v2$", "", head.group(1))
        _PARTS[kind](notes).read(head.end(), end)
    return notes.reading()


def _diagrams(segment: Segment) -> list[re.Match[str]]:
    """Return the heads of the diagrams; what stands before the first may only be front matter, comments or a title."""
    found = []
    for match in _HEAD.finditer(segment.text):
        kind, rest = match.group(1), match.group(2).strip()
        if kind in {"flowchart", "graph"}:
            if not re.fullmatch(r"(?:TB|TD|BT|RL|LR)\b.*", rest) or not says_machine(segment):
                continue
        elif rest.strip("; ") and not rest.startswith(("%%", "{")) and not re.match(r"(?:direction|title)\b", rest):
            continue
        found.append(match)
    if found:
        before = segment.text[: found[0].start()]
        lines = [line.strip() for line in before.split("\n") if line.strip()]
        front = bool(lines) and lines[0].startswith("---")
        if not front and not all(line.startswith(("%%", "```", "title", "mermaid", "#")) for line in lines):
            return found if len(lines) <= 3 else []
    return found


def _bare(text: str) -> str:
    """Return the kind of a diagram that was pasted without its first line, "" if this is none."""
    part = text[:20_000]
    if len(_ER_BODY.findall(part)) >= 1 and not re.search(r"@start\w+|^\s*(?:entity|class)\s", part, re.M):
        return "erDiagram"
    return "stateDiagram" if _STATE_BODY.search(part) and "@start" not in part else ""


def _say_preamble(notes: Notes, end: int) -> None:
    """Note what stands before the first diagram: front matter says nothing, comments are withdrawn."""
    text = notes.segment.text
    for match in re.finditer(r"\S[^\n]*", text[:end]):
        line = match.group()
        commented = line.startswith("%%") and not line.startswith("%%{")
        said = re.match(r"---|title\b|config\b|theme\b|layout\b|```|mermaid\b|%%\{|#|\w+\s*:", line)
        standing = Standing.WITHDRAWN if commented else Standing.NOTHING_SAID if said else Standing.NOT_UNDERSTOOD
        notes.say(match.start(), match.end(), standing)
