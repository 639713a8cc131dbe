"""Collects what a reader finds in a segment, so that statements are found once and in the order of the text."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from bot.domain.facts import AnyFact, Reading, Standing, Statement
from bot.reading.segments import Segment

LONGEST_TEXT = 1_200_000
"""Longest text that a reader looks into, in characters; what is longer is one statement that is not understood."""


class Notes:
    """The statements and facts of one segment while it is being read."""

    def __init__(self, segment: Segment, notation: str) -> None:
        self.segment = segment
        self._notation = notation
        self._statements: dict[tuple[int, int], Statement] = {}
        self._facts: list[AnyFact] = []
        self._ends: list[tuple[int, int]] | None = None

    def say(self, start: int, end: int, standing: Standing = Standing.UNDERSTOOD) -> str:
        """Note the statement at these offsets of the segment's text, without the blanks around it; return its id."""
        text = self.segment.text
        end = min(end, len(text))
        while end > start and text[end - 1].isspace():
            end -= 1
        while start < end and text[start].isspace():
            start += 1
        if text[end : end + 1] == '"' and text.count('"', start, end) % 2:
            end += 1
        known = self._statements.get((start, end))
        if known is None:
            known = self.segment.statement(start, end, self._notation, standing)
            self._statements[start, end] = known
        return known.id

    def covers(self, offset: int) -> bool:
        """Whether a statement noted so far holds this offset; fit for offsets asked for in rising order."""
        if self._ends is None or len(self._ends) != len(self._statements):
            self._ends = sorted(self._statements)
        place = bisect_right(self._ends, (offset, len(self.segment.text)))
        return any(start <= offset < end for start, end in self._ends[max(place - 3, 0) : place])

    def add(self, *facts: AnyFact) -> None:
        """Note facts; each carries the id of a statement noted before."""
        self._facts.extend(facts)

    def reading(self) -> Reading:
        """Return all that was noted; a statement of which no fact came is not understood, unless it says nothing."""
        said = {fact.statement for fact in self._facts}
        ordered = [self._statements[span] for span in sorted(self._statements)]
        statements = tuple(
            replace(one, standing=Standing.NOT_UNDERSTOOD)
            if one.standing is Standing.UNDERSTOOD and one.id not in said
            else replace(one, standing=Standing.UNDERSTOOD)
            if one.standing in {Standing.NOT_UNDERSTOOD, Standing.NOTHING_SAID} and one.id in said
            else one
            for one in ordered
            if one.text
        )
        kept = {one.id for one in statements}
        return Reading(statements=statements, facts=tuple(f for f in self._facts if f.statement in kept))


def refused(segment: Segment, notation: str) -> Reading:
    """Return the reading of a segment that is too large or too deep to be looked into."""
    whole = segment.statement(0, len(segment.text), notation, Standing.NOT_UNDERSTOOD)
    return Reading(statements=(whole,) if segment.text else ())
