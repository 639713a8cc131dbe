"""Designs by fixed rules: no key, no network, the same answers give the same design."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.domain.design import Design
from bot.services.designer import DesignSession

if TYPE_CHECKING:
    from bot.roles.backend_developer.designers.rules.run import RulesRun

__all__ = ["OfflineDesigner"]


class OfflineDesigner:
    """Turns what was understood of answers and documents into a design by rules.

    Everything is a pure function of the brief, the notes and the assessments, all of which the session keeps: called
    again after a crash it comes to the same design.
    """

    name = "offline"
    model: str | None = None

    def __init__(self) -> None:
        self._run: RulesRun | None = None

    async def design(self, session: DesignSession) -> Design:
        """Design from the session's brief.

        Raises:
            DesignFailed: what was said cannot be brought into one valid design.
        """
        if self._run is None:
            self._run = await asyncio.to_thread(_rules)
        return await self._run.design(session, self.name)


def _rules() -> RulesRun:
    from bot.roles.backend_developer.designers.rules.run import RulesRun  # noqa: PLC0415 - readers that no start needs

    return RulesRun()
