"""Tells before the go what the rules understand of a brief: the same reading and composition that a run begins with."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.domain.design import Brief
from bot.domain.recap import Recap
from bot.evidence.lazy import Lazy
from bot.workers.pool import WorkerPool

if TYPE_CHECKING:
    from bot.reading.process import ReadingProcess
    from bot.reading.read import ReadingResult


class RulesSummarizer:
    """Reads in the process that runs read in, too, so that no text is read twice."""

    def __init__(self, reading: Lazy[ReadingProcess], workers: WorkerPool) -> None:
        self._reading, self._workers = reading, workers

    async def recap(self, brief: Brief) -> Recap:
        """Return what was understood; merging and composing happen in a worker."""
        from bot.roles.backend_developer.understanding import sources_of  # noqa: PLC0415 - no start needs it

        reading = await asyncio.to_thread(self._reading)
        return await self._workers.run(_recap, await reading.read(sources_of(brief)), brief)


def _recap(reading: ReadingResult, brief: Brief) -> Recap:
    from bot.roles.backend_developer.recap import recap_of  # noqa: PLC0415 - loaded where it is called, in a worker

    return recap_of(reading, brief)
