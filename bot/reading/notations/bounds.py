"""How much of one text a reader looks into, so that it answers in two seconds whatever it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.facts import Reading, Standing
from bot.reading.notations.notes import LONGEST_TEXT, refused
from bot.reading.segments import Segment

MOST_LINES = 8_000
"""Most lines of one text that are read, some 400 tables; what follows is one statement that is not understood."""
LONGEST_LINE = 20_000
"""Longest line that is looked into, in characters."""


def read_bounded(
    segment: Segment, notation: str, read: Callable[[Segment], Reading | None], most_lines: int = MOST_LINES
) -> Reading | None:
    """Read as much of a segment as the bounds allow; the rest is one statement that is not understood."""
    text = segment.text
    if len(text) > LONGEST_TEXT:
        return refused(segment, notation)
    end = _readable(text, most_lines)
    if end >= len(text):
        return read(segment)
    reading = read(replace(segment, text=text[:end]))
    rest = text[end:].strip()
    if reading is None or not rest:
        return reading
    start = text.index(rest[0], end)
    left = segment.statement(start, start + len(rest), notation, Standing.NOT_UNDERSTOOD)
    return replace(reading, statements=(*reading.statements, left))


def _readable(text: str, most_lines: int) -> int:
    """Return where the lines end that are read: after so many, or before the first that is too long."""
    start = 0
    for _ in range(most_lines):
        end = text.find("\n", start)
        if (end if end >= 0 else len(text)) - start > LONGEST_LINE:
            return start
        if end < 0:
            return len(text)
        start = end + 1
    return start
