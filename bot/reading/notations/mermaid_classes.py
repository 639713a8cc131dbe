"""Mermaid's class diagrams: classes with typed members, enumerations, associations and inheritance."""

from __future__ import annotations

import re

from bot.domain.facts import Standing
from bot.reading.notations.classes import Classes
from bot.reading.notations.notes import Notes

_CLASS = re.compile(
    r"class\s+(`[^`\n]+`|[\w\-.]+)(~[^~\n]+~)?\s*"
    r"(\[\s*\"[^\"\n]*\"\s*\])?\s*(?::::\w+)?\s*(<<[\w ]+>>)?\s*(\{)?\s*(.*)$"
)
_MEMBER = re.compile(r"(`[^`\n]+`|[\w\-.]+)\s*:\s*(?!:)(.+)$")
_ANNOTATION = re.compile(r"<<\s*([\w ]+?)\s*>>\s*([\w\-.]+)?$")
_NOTHING = re.compile(
    r"(?:direction|note|title|accTitle|accDescr|classDef|cssClass|style|link|click|callback|namespace|title)\b|\}|```|\{",
    re.I,
)


class ClassDiagram:
    """One class diagram while it is being read."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._classes = Classes(notes)

    def read(self, start: int, end: int) -> None:
        """Read the lines between two offsets."""
        inside = ""
        for match in re.finditer(r"\S[^\n]*", self._notes.segment.text[start:end]):
            begin, line = start + match.start(), match.group().rstrip()
            if line.startswith("%%"):
                self._notes.say(begin, begin + len(line), Standing.WITHDRAWN)
            elif inside:
                inside = self._inside(inside, begin, line)
            else:
                inside = self._outside(begin, line)
        self._classes.write()

    def _outside(self, begin: int, line: str) -> str:
        """Read a line between classes; return the class that it opens."""
        if match := _CLASS.match(line):
            return self._class(begin, line, match)
        if self._classes.association(begin, line):
            return ""
        if match := _ANNOTATION.match(line):
            self._notes.say(begin, begin + len(line), Standing.NOTHING_SAID)
            if match.group(2):
                self._classes.mark(match.group(2), match.group(1))
        elif (match := _MEMBER.match(line)) and not _NOTHING.match(line):
            name = match.group(1).strip("`")
            self._classes.open(name, begin, begin + match.end(1))
            self._classes.member(name, begin, line, match.group(2))
        elif line not in {"}", "```"}:
            standing = Standing.NOTHING_SAID if _NOTHING.match(line) else Standing.NOT_UNDERSTOOD
            self._notes.say(begin, begin + len(line), standing)
        return ""

    def _class(self, begin: int, line: str, match: re.Match[str]) -> str:
        """Note a class; return its name where its block stays open."""
        name, body = match.group(1).strip("`"), match.group(6)
        self._classes.open(name, begin, begin + (match.start(6) if body else len(line)))
        if match.group(4):
            self._classes.mark(name, match.group(4).strip("<> "))
        if not match.group(5):
            return ""
        inner, brace, _ = body.partition("}")
        for part in re.finditer(r"[^;\s][^;]*", inner):
            self._classes.member(name, begin + match.start(6) + part.start(), part.group().rstrip())
        return "" if brace else name

    def _inside(self, name: str, begin: int, line: str) -> str:
        """Read a line of a class's block; return the class while the block is open."""
        if line.startswith("}"):
            return ""
        if match := _ANNOTATION.match(line):
            self._notes.say(begin, begin + len(line), Standing.NOTHING_SAID)
            self._classes.mark(name, match.group(1))
            return name
        if re.match(r"class\s+\w+\s*\{", line):
            return self._outside(begin, line)
        closes = line.endswith("}") and line.count("}") > line.count("{")
        self._classes.member(name, begin, line[:-1].rstrip() if closes else line)
        return "" if closes else name
