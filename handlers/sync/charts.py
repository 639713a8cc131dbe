"""Charts for the workspaces that take them: the block is new and reaches them one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError

from handlers.views.charts import CHART, without_charts

log = structlog.get_logger(__name__)
_REFUSED: Final = "invalid_blocks"


class Charts:
    """Which workspaces take Slack's chart block: all until one refuses it, none where it is not `wanted`."""

    def __init__(self, *, wanted: bool = False) -> None:
        self._wanted = wanted
        self._without: set[str] = set()

    def sendable(self, team: str, blocks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the blocks as this workspace takes them: where it takes no chart, words stand in its place."""
        taken = self._wanted and team not in self._without
        return [dict(block) for block in (blocks if taken else without_charts(blocks))]

    def refused(self, team: str, blocks: Sequence[Mapping[str, Any]], error: SlackApiError) -> bool:
        """Whether blocks may have been refused for their chart: the workspace is remembered, and words are sent."""
        charted = any(block["type"] == CHART for block in blocks)
        if error.response.get("error") != _REFUSED or not charted or not self._wanted or team in self._without:
            return False
        self._without.add(team)
        log.warning("no_charts", team=team)
        return True
