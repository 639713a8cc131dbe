"""What the tests of readers share."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

from hypothesis import settings

from bot.domain.facts import AnyFact, Reading, Standing
from bot.reading.segments import Reader, Segment, SegmentKind

F = TypeVar("F")
MEGABYTE = 1_000_000
SECONDS = 2.0
MOST_GROWTH = 2.5
"""How much longer twice the text may take."""
WORTH_COMPARING = 0.2
"""Seconds from which on half of the text is compared with a quarter of it."""


def read(
    reader: Reader,
    text: str,
    *,
    kind: SegmentKind = "fence",
    info: str = "",
    headings: tuple[str, ...] = (),
    lead: str = "",
    source: str = "answer:api_design",
) -> Reading:
    """Read a text that the reader must recognise, and hold what every reading must hold."""
    segment = Segment(source=source, start=0, text=text, kind=kind, info=info, headings=headings, lead=lead)
    assert reader.recognises(segment)
    reading = reader.read(segment)
    assert reading is not None
    spans_are_exact(reading, text)
    return reading


def facts(reading: Reading, kind: type[F]) -> list[F]:
    """Return the facts of a kind, in the order of the text."""
    return [one for one in reading.facts if isinstance(one, kind)]


def spans_are_exact(reading: Reading, text: str) -> None:
    """Hold that spans slice the text, that facts cite statements, and that understood is what has facts."""
    for one in reading.statements:
        assert text[one.start : one.end] == one.text
        assert one.text
    assert [one.start for one in reading.statements] == sorted(one.start for one in reading.statements)
    cited = {_statement(one) for one in reading.facts}
    assert cited <= {one.id for one in reading.statements}
    assert cited >= {one.id for one in reading.statements if one.standing is Standing.UNDERSTOOD}


def seconds_of_reading(reader: Reader, segment: Segment) -> float:
    """Return the processor's time that a segment takes: other tests beside this one do not change it.

    As in the process that reads, garbage is not collected meanwhile.
    """
    gc.disable()
    try:
        began = time.process_time()
        if reader.recognises(segment):
            reader.read(segment)
        return time.process_time() - began
    finally:
        gc.enable()


def hostile(reader: Reader, prefix: str, *repeated: str) -> None:
    """Hold that a megabyte of each of these, after the prefix, is read or refused in time."""

    def seconds(text: str) -> float:
        return seconds_of_reading(reader, Segment(source="input:x", start=0, text=text, kind="document"))

    seconds(prefix)
    for piece in repeated:
        within_time(lambda length, piece=piece: seconds(prefix + piece * (length // len(piece))), MEGABYTE, piece)


def within_time(seconds: Callable[[int], float], longest: int, piece: str, *, whole: bool = False) -> None:
    """Hold that a text made of a piece is read in time, with a quarter of the length and with all of it.

    Much is refused at the full length, so that the quarter may well take longer. The whole is read where the quarter
    took a sixteenth of the time or more: with less of it, it stays in time even if its time grows with the square.
    Unless `whole`, `make test` only sees whether the time grows with the length; `make thorough` reads them all.
    """
    if not (whole or settings.get_current_profile_name() == "thorough") and _keeps_its_share(seconds, longest):
        return
    spent = seconds(longest // 4)
    assert spent < SECONDS, (piece[:40], spent)
    if spent > SECONDS / 16:
        most = seconds(longest)
        assert most < SECONDS, (piece[:40], most)
    assert _grows_with_the_text(seconds, longest), piece[:40]


def _keeps_its_share(seconds: Callable[[int], float], longest: int) -> bool:
    """Whether a sixteenth of the length takes no more than its share beside half of it."""
    half = seconds(longest // 32)
    sixteenth = seconds(longest // 16)
    return sixteenth < SECONDS / 2 and (sixteenth < WORTH_COMPARING / 8 or sixteenth <= MOST_GROWTH * half)


def _grows_with_the_text(seconds: Callable[[int], float], longest: int) -> bool:
    """Whether half of the text takes its share beside a quarter; a slow moment of the machine is not the reader's."""
    quarter = seconds(longest // 4)
    if quarter < WORTH_COMPARING / 2:
        return True
    return any(seconds(longest // 2) <= MOST_GROWTH * max(quarter, seconds(longest // 4)) for _ in range(4))


def _statement(fact: AnyFact) -> str:
    return fact.statement
