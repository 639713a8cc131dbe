"""What the tests of artefacts share."""

from __future__ import annotations

from bot.reading.segments import Segment


def segment(text: str, suffix: str) -> Segment:
    """Return a whole file as a segment."""
    return Segment(source=f"input:x{suffix}", start=0, text=text, kind="document", info=suffix)
