"""Operations that will go say so in every answer: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache

from app import design
from app.core.settings import CONTRACT


@cache
def headers(operation: str) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers of an operation's answers; none if it stays.

    Where nobody said since when, it is since this version was installed: then at the latest it was deprecated.
    """
    said = design.DEPRECATED.get(operation)
    if said is None:
        return ()
    since = int(_day(said.since).timestamp() if said.since else CONTRACT.stat().st_mtime)
    gone = [(b"sunset", format_datetime(_day(said.sunset), usegmt=True).encode())] if said.sunset else []
    return ((b"deprecation", f"@{since}".encode()), *gone)


def _day(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=UTC)
