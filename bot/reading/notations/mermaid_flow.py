"""Mermaid's diagrams of what happens: states, sequences of calls, and flowcharts that are machines of states."""

from __future__ import annotations

import re
from typing import cast

from bot.domain.facts import Method, OperationFact, Standing
from bot.reading.notations.diagrams import Machine, Transition
from bot.reading.notations.notes import Notes

_STATE = r"(?:\[\*\]|\[H\*?\]|[\w\-.]+)"
_ARROW = re.compile(rf"({_STATE})(?::::\w+)?\s*-+>\s*({_STATE})(?::::\w+)?\s*(?::\s*(.*))?$")
_COMPOSITE = re.compile(r'state\s+(?:"([^"\n]+)"\s+as\s+)?([\w\-.]+)\s*\{$')
_SHOWN = re.compile(r'state\s+"([^"\n]+)"\s+as\s+([\w\-.]+)$')
_BRANCH = re.compile(r"state\s+([\w\-.]+)\s*(?:<<|\[\[)\s*(choice|fork|join)\s*(?:>>|\]\])$")
_DESCRIBED = re.compile(r"([\w\-.]+)\s*:\s*(.+)$")
_NOTHING = re.compile(
    r"(?:direction|title|accTitle|accDescr|classDef|class|style|linkStyle|click|hide|scale|skinparam|state\s+\w+$|subgraph|end)\b"
    r"|\}|--$|```|@(?:start|end)uml|!|left to right|top to bottom",
    re.I,
)
_NOTE = re.compile(r"note\s+(?:left|right|over)\b([^:]*)(:)?", re.I)
_TITLE = re.compile(r"(?:title|accTitle)\s*:?\s+(.+)$", re.I)
_CALL = re.compile(r"[^\n:]{1,120}?(?:<<)?-{1,2}(?:>>|>|x|\))[+\-]?\s*[^\n:]{1,80}?\s*:\s*(.+)$")
_OPERATION = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+(?:https?://[^/\s]+)?(/[^\s,;)\"'`]*)")
_NODE = (
    r"(\w[\w\-]*)\s*(?:(?:\(\(|\(\[|\[\[|\{\{|\[\(|[\[({>])\s*\"?"
    r"([^\"\[\]{}()|\n]{1,80}?)\"?\s*(?:\)\)|\]\)|\]\]|\}\}|\)\]|[\])}]))?(?::::\w+)?"
)
_FLOW = re.compile(
    rf"{_NODE}\s*(?:--+>|==+>|-\.+->|--\s*\"?([^\"\-|>\n]{{1,80}}?)\"?\s*--+>|-\.\s*([^.\n]{{1,80}}?)\s*\.->)\s*(?:\|\s*\"?([^|\"\n]{{1,80}}?)\"?\s*\|)?\s*"
)


def _lines(notes: Notes, start: int, end: int) -> list[tuple[int, str]]:
    """Return the lines between two offsets that count, and where they begin; comments are noted as withdrawn."""
    found = []
    for match in re.finditer(r"\S[^\n]*", notes.segment.text[start:end]):
        begin, line = start + match.start(), match.group().rstrip().rstrip(";").rstrip()
        if line.startswith(("%%", "'")):
            notes.say(begin, begin + len(match.group().rstrip()), Standing.WITHDRAWN)
        elif line := re.split(r"\s%%(?!\{)", line, maxsplit=1)[0].rstrip():
            found.append((begin, line))
    return found


class StateDiagram:
    """One diagram of states while it is being read."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._machine = Machine(titles=_titles(notes.segment.text[:4000]))
        self._within: list[str] = []

    def read(self, start: int, end: int) -> None:
        """Read the lines between two offsets."""
        in_note = False
        for begin, line in _lines(self._notes, start, end):
            if in_note:
                in_note = not re.match(r"end note\b", line, re.I)
                self._notes.say(begin, begin + len(line), Standing.NOTHING_SAID)
            else:
                in_note = self._line(begin, line)
        self._machine.write(self._notes)

    def _line(self, begin: int, line: str) -> bool:
        """Read one line; return whether a note of several lines begins with it."""
        end = begin + len(line)
        if match := _ARROW.match(line):
            self._transition(begin, end, match)
        elif match := _COMPOSITE.match(line):
            if match.group(1):
                self._machine.shown[match.group(2)] = match.group(1)
            self._within.append(match.group(2))
            self._notes.say(begin, end, Standing.NOTHING_SAID)
        elif line.startswith("}") and self._within:
            self._within.pop()
        elif match := _SHOWN.match(line):
            self._machine.shown[match.group(2)] = match.group(1)
            self._notes.say(begin, end, Standing.NOTHING_SAID)
        elif match := _BRANCH.match(line):
            self._machine.branches.add(match.group(1))
            self._notes.say(begin, end, Standing.NOTHING_SAID)
        elif match := _NOTE.match(line):
            self._notes.say(begin, end, Standing.NOTHING_SAID)
            return not match.group(2)
        elif re.fullmatch(r"[\w\-.]+", line) or _NOTHING.match(line) or _DESCRIBED.match(line):
            if line not in {"}", "--", "```"}:
                self._notes.say(begin, end, Standing.NOTHING_SAID)
        else:
            self._notes.say(begin, end, Standing.NOT_UNDERSTOOD)
        return False

    def _transition(self, begin: int, end: int, match: re.Match[str]) -> None:
        """Note one arrow."""
        source, target = ("" if part.startswith("[") else part for part in match.groups()[:2])
        within = self._within[-1] if self._within else ""
        if not source and not target:
            self._notes.say(begin, end, Standing.NOTHING_SAID)
            return
        label = (match.group(3) or "").strip()
        self._machine.transitions.append(
            Transition(start=begin, end=end, source=source, target=target, label=label, within=within)
        )


class FlowDiagram:
    """One flowchart that shows states, as the words above it say."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._machine = Machine(titles=_titles(notes.segment.text[:4000]))

    def read(self, start: int, end: int) -> None:
        """Read the lines between two offsets, each a chain of nodes."""
        for begin, line in _lines(self._notes, start, end):
            if not self._chain(begin, line):
                node = re.fullmatch(_NODE, line)
                if node and node.group(2):
                    self._machine.shown[node.group(1)] = node.group(2).strip()
                said = node or _NOTHING.match(line)
                self._notes.say(begin, begin + len(line), Standing.NOTHING_SAID if said else Standing.NOT_UNDERSTOOD)
        pseudo = {
            node: ""
            for node, shown in self._machine.shown.items()
            if re.fullmatch(r"(?:start|begin|end|stop|ende)?", shown.strip(), re.I)
        }
        for one in self._machine.transitions:
            one.source = pseudo.get(one.source, one.source)
            one.target = pseudo.get(one.target, one.target)
        self._machine.transitions = [one for one in self._machine.transitions if one.source or one.target]
        self._machine.write(self._notes)

    def _chain(self, begin: int, line: str) -> bool:
        """Read ``A -->|label| B --> C``; return whether it is such a chain."""
        position, pending = 0, None
        while match := _FLOW.match(line, position):
            source = self._node(match.group(1), match.group(2))
            if pending is not None:
                self._add(begin, line, pending[0], source, pending[1])
            pending = (source, next((part for part in match.groups()[2:5] if part), ""))
            position = match.end()
        last = re.compile(_NODE + r"\s*$").match(line, position)
        if pending is None or last is None:
            return False
        self._add(begin, line, pending[0], self._node(last.group(1), last.group(2)), pending[1])
        return True

    def _node(self, name: str, shown: str | None) -> str:
        """Return a node's name, and remember what it is shown as."""
        if shown:
            self._machine.shown[name] = shown.strip()
        return name

    def _add(self, begin: int, line: str, source: str, target: str, label: str) -> None:
        """Note one arrow."""
        end = begin + len(line)
        self._machine.transitions.append(Transition(start=begin, end=end, source=source, target=target, label=label))


class SequenceDiagram:
    """One diagram of who calls whom: its calls of a path are operations."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def read(self, start: int, end: int) -> None:
        """Read the lines between two offsets."""
        for begin, line in _lines(self._notes, start, end):
            call = _CALL.match(line)
            operations = _OPERATION.findall(call.group(1)) if call else []
            answers = call is not None and re.search(r"--(?:>>|>|x|\))", line) is not None
            said = answers or not call
            standing = Standing.NOTHING_SAID if said else Standing.NOT_UNDERSTOOD
            statement = self._notes.say(begin, begin + len(line), standing)
            for method, path in operations:
                self._notes.add(OperationFact(statement=statement, method=cast(Method, method), path=path.rstrip(".")))


def _titles(text: str) -> list[str]:
    """Return what a diagram calls itself: its title, or the first comment in it."""
    found = [match.group(1).strip() for line in text.split("\n") if (match := _TITLE.match(line.strip()))]
    comment = re.search(r"^[^\S\n]*+%%(?!\{)\s*(.+)$", text, re.M)
    return found or (
        [comment.group(1).strip()] if comment and len(comment.group(1)) < 60 and "--" not in comment.group(1) else []
    )
