"""Reads lives that people draw with lines: a state, below it and indented those that it leads to.

``seeded``, ``  └─> grown``, ``      ├─> harvested``, ``      └─> lost``; ``+-->`` or ``|--`` where signs are plain.
"""

from __future__ import annotations

import re

from bot.domain.facts import AnyFact, EntityFact, Reading, Standing, StateFact
from bot.reading.notations.bounds import read_bounded
from bot.reading.notations.notes import Notes
from bot.reading.prose.titles import heading_entity
from bot.reading.segments import Segment

_NAME = "drawn_tree"
_BRANCH = re.compile(
    r"(?P<stem>[ \t│┃|]*)(?:[├└┣┗╰╚╠][─━═-]*|[|+`\\](?:-{1,4}|_{1,3})|↳)(?P<arrow>[>→▶►]?) *(?P<said>\S.*)$"
)
_ARROW = re.compile(r"(?P<stem>[ \t]+)(?P<arrow>(?:-{1,3}>|=>|→|↳|⮑)) *(?P<said>\S.*)$")
_ROOT = re.compile(r"(?P<stem>[ \t]*)[*•]?\s*(?P<said>[^\W\d_][^\n]{0,60})$")
_ROOT_ARROW = re.compile(
    r"(?P<stem>[ \t]*)(?P<one>[^\W\d_][\w -]{0,40}?) *(?:[─━-]+>|→|=>) *(?P<other>[^\W\d_][\w -]{0,40})$"
)
_STATE = re.compile(r"[\"'`*]{0,2}(?P<state>[^\W\d_][\w-]*(?: [^\W\d_][\w-]*){0,2})[\"'`*]{0,2}(?:\s*[(\[—–#-].*)?\.?")
_SPEAKS_OF_STATES = re.compile(
    r"\b(?:states?|status\w*|stages?|life ?cycle|life|flow|phases?|zustände?|zustand|lebens\w*|ablauf)\b", re.I
)
_FEWEST = 2


class DrawnTreeReader:
    """Reads a drawing of states, where what stands above it says that it is one, or its branches are arrows."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether two lines or more are branches, and the segment has a thing whose states they may be."""
        if segment.kind in {"table", "heading", "list"} or not any(c in segment.text for c in "├└┣┗╰╚╠│↳>→-"):
            return False
        lines = segment.text[:20_000].splitlines()
        branches = [found for found in map(_branch, lines) if found]
        if len(branches) < _FEWEST:
            return False
        owner = _owner(segment)
        return bool(owner) and (bool(_SPEAKS_OF_STATES.search(_above(segment))) or any(b["arrow"] for b in branches))

    def read(self, segment: Segment) -> Reading | None:
        """Return the changes that the lines are; what is no state is not understood."""
        return read_bounded(segment, _NAME, _read)


def _branch(line: str) -> re.Match[str] | None:
    return (_BRANCH.match(line) or _ARROW.match(line)) if len(line) < 200 else None


def _above(segment: Segment) -> str:
    first = segment.text.split("\n", 1)[0].strip()
    return " ".join((segment.lead, *segment.headings[-1:], first if first.endswith(":") else ""))


def _owner(segment: Segment) -> str:
    """Return the thing that the drawing is about: by the line above, by its own first line, or by a heading."""
    first = segment.text.split("\n", 1)[0].strip()
    for line in (first if first.endswith(":") else "", segment.lead, *segment.headings[-1:]):
        if line and (entity := heading_entity(line).entity):
            return entity
    return ""


def _read(segment: Segment) -> Reading | None:
    notes, owner, at = Notes(segment, _NAME), _owner(segment), 0
    above: list[tuple[int, str]] = []
    named = False
    for line in segment.text.splitlines(keepends=True):
        start, end, at = at, at + len(line.rstrip()), at + len(line)
        if not line.strip():
            above = []
            continue
        if line.rstrip().endswith(":") and not above:
            notes.say(start, end, Standing.NOTHING_SAID)
            continue
        pairs = _states(line.rstrip(), above)
        statement = notes.say(start, end)
        if not named and pairs:
            notes.add(EntityFact(statement=statement, name=owner))
            named = True
        notes.add(*_changes(pairs, owner, statement))
    return notes.reading()


def _states(line: str, above: list[tuple[int, str]]) -> list[tuple[str, str]]:
    """Return the states of a line with those that lead to them, and note them for the lines below."""
    found = _branch(line)
    if found is None and (chain := _ROOT_ARROW.match(line)):
        above[:] = [(-1, chain["one"]), (len(chain["stem"]), chain["other"])]
        return [("", chain["one"]), (chain["one"], chain["other"])]
    found = found or _ROOT.match(line)
    state = _STATE.fullmatch(found["said"].strip()) if found else None
    if found is None or state is None:
        return []
    branch = len(found["stem"]) if "arrow" in found.groupdict() else -1  # nothing leads to a root
    while above and above[-1][0] >= branch:
        above.pop()
    before = above[-1][1] if above else ""
    above.append((branch, state["state"]))
    return [(before, state["state"])]


def _changes(pairs: list[tuple[str, str]], owner: str, statement: str) -> list[AnyFact]:
    return [
        StateFact(statement=statement, entity=owner, target=target, sources=(source,) if source else ())
        for source, target in pairs
    ]
