"""Tells before the go what the rules understand of a brief: the same reading and composition that a run begins with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.domain.design import Brief
from bot.domain.recap import Recap
from bot.evidence.lazy import Lazy

if TYPE_CHECKING:
    from bot.reading.process import ReadingProcess
    from bot.reading.read import ReadingResult


class RulesSummarizer:
    """Reads in the process that runs read in, too, so that no text is read twice."""

    def __init__(self, reading: Lazy[ReadingProcess]) -> None:
        self._reading = reading

    async def recap(self, brief: Brief) -> Recap:
        """Return what was understood; importing, merging and composing happen in a thread."""
        from bot.roles.backend_developer.understanding import sources_of  # noqa: PLC0415 - no start needs it

        reading = await asyncio.to_thread(self._reading)
        result = await reading.read(sources_of(brief))
        make = await asyncio.to_thread(_recap_of)
        return await asyncio.to_thread(make, result, brief)


def _recap_of() -> Callable[[ReadingResult, Brief], Recap]:
    from bot.roles.backend_developer.recap import recap_of  # noqa: PLC0415 - as above

    return recap_of
