"""Blocks that Slack brings to its workspaces in phases: each workspace gets a message in the newest form it takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError

from handlers.sync.charts import Charts
from handlers.sync.folds import Blocks, Folds

Answer = TypeVar("Answer")
Call = Callable[[list[dict[str, Any]]], Awaitable[Answer]]


class NewBlocks:
    """What the workspaces take, for one process; a refusal had no effect, so the next form goes at once."""

    def __init__(self, *, charts: bool = False) -> None:
        self._charts, self._folds = Charts(wanted=charts), Folds()

    async def send(
        self, team: str, blocks: Blocks, call: Callable[[list[dict[str, Any]]], Awaitable[Answer]]
    ) -> Answer:
        """Call with the blocks as this workspace takes them; raises what the call raises."""
        try:
            return await self._folds.send(team, self._charts.sendable(team, blocks), call)
        except SlackApiError as error:
            if not self._charts.refused(team, blocks, error):
                raise
        return await self._folds.send(team, self._charts.sendable(team, blocks), call)
