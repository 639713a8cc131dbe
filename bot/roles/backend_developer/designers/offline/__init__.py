"""Designs by fixed rules: no key, no network, the same answers give the same design."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.domain.design import Design
from bot.evidence.lazy import Lazy
from bot.services.designer import DesignSession
from bot.workers.pool import WorkerPool

if TYPE_CHECKING:
    from bot.reading.process import ReadingProcess
    from bot.roles.backend_developer.designers.rules.run import RulesRun

__all__ = ["OfflineDesigner", "reading_process"]


class OfflineDesigner:
    """Turns what was understood of answers and documents into a design by rules.

    Everything is a pure function of the brief, the notes and the assessments, all of which the session keeps: called
    again after a crash it comes to the same design.
    """

    name = "offline"
    model: str | None = None

    def __init__(self, reading: Lazy[ReadingProcess], workers: WorkerPool) -> None:
        self._reading, self._workers = reading, workers
        self._run: RulesRun | None = None

    async def design(self, session: DesignSession) -> Design:
        """Design from the session's brief.

        Raises:
            DesignFailed: what was said cannot be brought into one valid design.
        """
        if self._run is None:
            self._run = await asyncio.to_thread(self._rules)
        return await self._run.design(session, self.name)

    def _rules(self) -> RulesRun:
        from bot.roles.backend_developer.designers.rules.run import RulesRun  # noqa: PLC0415 - no start needs readers

        return RulesRun(self._reading(), self._workers)


def reading_process() -> ReadingProcess:
    """Make what reads the texts of briefs, in a process of its own. Importing it takes a third of a second."""
    from bot.reading.process import ReadingProcess  # noqa: PLC0415 - as above
    from bot.roles.backend_developer.understanding import TOPICS  # noqa: PLC0415 - as above

    return ReadingProcess(TOPICS)
