"""Reads in a process of its own, with a limit in time and memory, and remembers what it has read.

What people write may be anything; a text that a reader cannot bear must stop neither the loop nor the other texts.
"""

from __future__ import annotations

import asyncio
import hashlib
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cachetools import LRUCache

from bot.domain.facts import Reading, Standing, Statement
from bot.reading.child import ReadingChild
from bot.reading.prose.clause import TopicKind
from bot.reading.read import ReadingResult, SourceText
from bot.reading.segments import Segment

_KEPT = 512


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reading may take: seconds by the clock, and bytes of memory."""

    seconds: float = 20.0
    memory: int = 1024 * 1024 * 1024


class ReadingProcess:
    """Reads texts off the loop. Each text is read once: its reading is kept by its content, the least used goes."""

    def __init__(self, topics: Mapping[str, TopicKind] | None = None, limits: Limits | None = None) -> None:
        self._topics = dict(topics or {})
        self._limits = limits or Limits()
        self._kept: LRUCache[str, Reading] = LRUCache(maxsize=_KEPT)
        self._one = asyncio.Semaphore(1)
        self._child = ReadingChild(self._limits.memory)
        weakref.finalize(self, self._child.end)

    def close(self) -> None:
        """End the process and whatever it reads; the next text has another started. Blocks for some milliseconds."""
        self._child.interrupt()
        self._child.end()

    async def read(self, sources: Sequence[SourceText]) -> ReadingResult:
        """Read texts; those that take too long or too much are not understood, paragraph by paragraph."""
        new = [s for s in sources if _key(s) not in self._kept]
        read = {_key(s): r for s, r in zip(new, await self._fresh(new), strict=True)} if new else {}
        readings = [read.get(_key(s)) or self._kept[_key(s)] for s in sources]
        return ReadingResult(
            statements=tuple(s for r in readings for s in r.statements),
            facts=tuple(f for r in readings for f in r.facts),
            order={s.source: s.at for s in sources},
        )

    async def _fresh(self, sources: Sequence[SourceText]) -> list[Reading]:
        """Read texts together; where that fails, each by itself, so that one does not take the others with it."""
        together = await self._ask(sources)
        found: list[Reading | None]
        if together is None and len(sources) > 1:
            found = [answer[0] if (answer := await self._ask([s])) else None for s in sources]
        else:
            found = [*together] if together else [None for _ in sources]
        readings: list[Reading] = []
        for source, reading in zip(sources, found, strict=True):
            if reading is not None:
                self._kept[_key(source)] = reading
            readings.append(reading or unread(source))
        return readings

    async def _ask(self, sources: Sequence[SourceText]) -> list[Reading] | None:
        """Have the process read texts; None where it ended early, was ended, or gave no answer."""
        async with self._one:
            try:
                return await asyncio.to_thread(self._child.ask, sources, self._topics, self._limits.seconds)
            except asyncio.CancelledError:
                self._child.interrupt()
                raise


def unread(source: SourceText) -> Reading:
    """Return a reading in which each paragraph of a text is not understood."""
    whole = Segment(source=source.source, start=0, text=source.text, kind="paragraph", topic=source.topic)
    found: list[Statement] = []
    at = 0
    for paragraph in source.text.split("\n\n"):
        if paragraph.strip():
            begin = at + len(paragraph) - len(paragraph.lstrip())
            found.append(whole.statement(begin, at + len(paragraph.rstrip()), "unread", Standing.NOT_UNDERSTOOD))
        at += len(paragraph) + 2
    return Reading(statements=tuple(found))


def _key(source: SourceText) -> str:
    said = "\0".join((source.source, source.topic, source.suffix, source.text))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
