"""Reads PlantUML: class and entity diagrams with crow's feet, enums, states and sequences of calls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.domain.facts import Reading, Standing
from bot.reading.notations.bounds import read_bounded
from bot.reading.notations.classes import Classes
from bot.reading.notations.mermaid_flow import SequenceDiagram, StateDiagram
from bot.reading.notations.notes import Notes
from bot.reading.segments import Segment

_NAME = "plantuml"
_HEAD = re.compile(
    r"(abstract class|abstract|class|entity|enum|interface|annotation|struct|table|object)\s*\(?\s*"
    r"(\"[^\"\n]{1,120}\"|[\w.\-]+)(?:\s*,\s*(\"[^\"\n]{1,120}\"|[\w.\-]+)\s*\)|\s*\))?"
    r"(?:\s+as\s+(\"[^\"\n]{1,120}\"|[\w.\-]+))?\s*(?:<\w+>)?((?:\s*<<[^>\n]*>>)*)\s*(?:#[\w:;.]+)?\s*(\{)?\s*(.*)$"
)
_DECLARED = re.compile(
    r"^[ \t]*(?:abstract class|class|entity|enum)\s+(?:\"[^\"\n]{1,80}\"|[\w.]+)(?:\s+as\s+[\w\"]+)?"
    r"\s*(?:<<[^>\n]*>>)?\s*\{\s*$",
    re.M,
)
_DRAWN = re.compile(r"^[ \t]*[\w\".]+\s*(?:\"[^\"\n]*\"\s*)?[|}][|o](?:--|\.\.)\w*(?:--|\.\.)?[|o][|{]", re.M)
_STATES = re.compile(r"^[ \t]*(?:\[\*\]\s*-+>|\w+\s*-+>\s*\[\*\]|state\s+[\"\w])", re.M)
_CALLS = re.compile(r"^[ \t]*(?:participant|actor|database|boundary|control)\b|^[ \t]*\w+\s*-+>>?\s*\w+\s*:", re.M)
_NOTHING = re.compile(
    r"@start|@end|!|skinparam|hide|show|title|header|footer|legend|endlegend|caption|left to right|top to bottom|"
    r"note\b|end note|"
    r"package|namespace|rectangle|together|scale|page|\}|\{|center|right header|autonumber",
    re.I,
)


class PlantUmlReader:
    """Reads PlantUML, with or without `@startuml`."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether `@startuml` stands here, or entities are declared and related as only PlantUML does."""
        text = segment.text
        if segment.kind in {"table", "heading"} or re.search(
            r"^[^\S\n]*+(?:erDiagram|classDiagram|stateDiagram)", text, re.M
        ):
            return False
        if re.search(r"^[^\S\n]*+@startuml\b", text, re.M):
            return True
        entities = re.search(r"^[ \t]*entity\s+(?:\"[^\"\n]{1,80}\"|\w+)(?:\s+as\s+\w+)?\s*\{\s*$", text, re.M)
        return bool(entities or (_DECLARED.search(text) and _DRAWN.search(text)))

    def read(self, segment: Segment) -> Reading | None:
        """Return what the diagram says."""
        return read_bounded(segment, _NAME, _read)


def _read(segment: Segment) -> Reading:
    """Read one diagram by its kind."""
    notes = Notes(segment, _NAME)
    if not _DECLARED.search(segment.text):
        if _STATES.search(segment.text):
            StateDiagram(notes).read(0, len(segment.text))
            return notes.reading()
        if _CALLS.search(segment.text):
            SequenceDiagram(notes).read(0, len(segment.text))
            return notes.reading()
    _ClassDiagram(notes).read()
    return notes.reading()


@dataclass(slots=True)
class _ClassDiagram:
    """One diagram of classes or entities while it is being read."""

    notes: Notes
    inside: str = ""
    in_comment: bool = False
    in_note: bool = False
    classes: Classes = field(init=False)

    def __post_init__(self) -> None:
        self.classes = Classes(self.notes)

    def read(self) -> None:
        """Read all lines: heads first, so that arrows know the names behind short ones."""
        lines = [(m.start(), m.group().rstrip()) for m in re.finditer(r"\S[^\n]*", self.notes.segment.text)]
        for _, line in lines:
            if (match := _HEAD.match(line)) and (short := match.group(4) or match.group(3)):
                names = sorted((match.group(2), short), key=lambda name: not name.startswith('"'))
                self.classes.aliases[names[1].strip('"')] = names[0].strip('"')
        for begin, line in lines:
            self._line(begin, line)
        self.classes.write()

    def _line(self, begin: int, line: str) -> None:
        """Read one line."""
        end = begin + len(line)
        if self.in_comment or line.startswith(("/'", "'")):
            self.in_comment = (self.in_comment or line.startswith("/'")) and "'/" not in line
            self.notes.say(begin, end, Standing.WITHDRAWN)
        elif self.in_note:
            self.in_note = not re.match(r"end ?(?:note|legend)\b", line, re.I)
            self.notes.say(begin, end, Standing.NOTHING_SAID)
        elif self.inside:
            self._member(begin, line)
        elif match := _HEAD.match(line):
            self._head(begin, line, match)
        elif self.classes.association(begin, line):
            pass
        elif (match := re.match(r"([\w.]+)\s*:\s*(.+)$", line)) and not _NOTHING.match(line):
            name = self.classes.aliases.get(match.group(1), match.group(1))
            self.classes.open(name, begin, begin + match.end(1))
            self.classes.member(name, begin, line, match.group(2))
        elif line != "}":
            self.in_note = bool(re.match(r"(?:note|legend)\b[^:]*$", line, re.I) and " as " not in line)
            said = _NOTHING.match(line)
            self.notes.say(begin, end, Standing.NOTHING_SAID if said else Standing.NOT_UNDERSTOOD)

    def _head(self, begin: int, line: str, match: re.Match[str]) -> None:
        """Note the head of a class or entity."""
        said = match.group(2).strip('"')
        name = self.classes.aliases.get((match.group(4) or match.group(3) or said).strip('"'), said)
        body = match.group(7)
        self.classes.open(name, begin, begin + (match.start(7) if body else len(line)))
        self.classes.mark(name, match.group(1))
        for mark in re.findall(r"<<\s*(?:\([^)]*\)\s*)?([^>]*?)\s*>>", match.group(5) or ""):
            self.classes.mark(name, mark)
        if match.group(6):
            inner, brace, _ = body.partition("}")
            if inner.strip():
                self.classes.member(name, begin + match.start(7), inner.strip())
            self.inside = "" if brace else name

    def _member(self, begin: int, line: str) -> None:
        """Read a line of a class's body."""
        if line.startswith("}"):
            self.inside = ""
            return
        closes = line.endswith("}") and line.count("}") > line.count("{")
        said = line[:-1].rstrip() if closes else line
        if said:
            self.classes.member(self.inside, begin, said)
        self.inside = "" if closes else self.inside
