"""Designs by fixed rules: no key, no network, the same answers give the same design."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.domain.design import Design
from bot.services.designer import DesignSession

if TYPE_CHECKING:
    from bot.roles.backend_developer.designers.offline.rules import Rules

__all__ = ["OfflineDesigner"]


class OfflineDesigner:
    """Turns answers and documents into a design by rules, and mends it by what the checks find.

    Everything is a pure function of the brief, the notes and the assessments, all of which the session keeps: called
    again after a crash it comes to the same design.
    """

    name = "offline"
    model: str | None = None

    def __init__(self, *, rounds: int = 3) -> None:
        """Check and mend at most `rounds` times, at least once."""
        self.rounds = max(1, rounds)

    async def design(self, session: DesignSession) -> Design:
        """Design from the session's brief.

        Raises:
            DesignFailed: the answers cannot be brought into one valid design.
        """
        rules = await asyncio.to_thread(_rules)
        return await rules(self.rounds).design(session, self.name)


def _rules() -> type[Rules]:
    from bot.roles.backend_developer.designers.offline.rules import Rules  # noqa: PLC0415 - twenty modules of patterns that no start needs

    return Rules
