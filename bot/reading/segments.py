"""The pieces of a text that one reader reads each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from bot.domain.facts import Reading, Standing, Statement

SegmentKind: TypeAlias = Literal["fence", "table", "list", "paragraph", "heading", "document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A block of a text. `text` is exactly ``whole[start:start + len(text)]`` of the source's text.

    `info` is a fence's language, a document's suffix (``.sql``) or "". `headings` are the headings above it, outermost
    first; `lead` is the line that introduces a list, table or fence ("Entities:"), "" if there is none. `topic` is the
    key of the question that the text answers, "" elsewhere: it says what a bare list is a list of.
    """

    source: str
    start: int
    text: str
    kind: SegmentKind
    info: str = ""
    headings: tuple[str, ...] = ()
    lead: str = ""
    topic: str = ""

    def statement(self, start: int, end: int, notation: str, standing: Standing = Standing.UNDERSTOOD) -> Statement:
        """Return the statement at these offsets of the segment's text, with a stable id."""
        text, begin = self.text[start:end], self.start + start
        said = f"{self.source}\0{begin}\0{text}".encode("utf-8", "surrogatepass")  # JSON may hold half a character
        digest = hashlib.sha256(said).hexdigest()
        return Statement(
            id=f"s{digest[:12]}",
            source=self.source,
            start=begin,
            end=begin + len(text),
            text=text,
            notation=notation,
            standing=standing,
        )


class Reader(Protocol):
    """Reads one notation. Pure, linear in the length of the text, and never raises for what people may write."""

    name: str

    def recognises(self, segment: Segment) -> bool:
        """Whether the segment is written in this notation, by what it holds and not by its label alone."""
        ...

    def read(self, segment: Segment) -> Reading | None:
        """Return what it says, or None where it is not this notation after all (another reader then has it)."""
        ...
