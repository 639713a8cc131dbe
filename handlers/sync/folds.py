"""Containers, which Slack brings to its workspaces one after the other: where one refuses them the same goes plain."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import structlog
from slack_sdk.errors import SlackApiError

from handlers.views.folding import holds_fold, unfolded

log = structlog.get_logger(__name__)
Answer = TypeVar("Answer")
Blocks = Sequence[Mapping[str, Any]]

_UNKNOWN: Final = frozenset({"invalid_blocks", "invalid_blocks_format"})
"""Slack's words for a block that it does not know (docs.slack.dev/reference/methods/chat.postMessage)."""


class Folds:
    """Which workspaces do not take containers yet; for one process, since they may any day and a try costs one call."""

    def __init__(self) -> None:
        self._without: set[str] = set()

    async def send(
        self, team: str, blocks: Blocks, call: Callable[[list[dict[str, Any]]], Awaitable[Answer]]
    ) -> Answer:
        """Call with the blocks as this workspace takes them; raises what the call raises."""
        if not holds_fold(blocks):
            return await call([dict(block) for block in blocks])
        if team not in self._without:
            try:
                return await call([dict(block) for block in blocks])
            except SlackApiError as error:
                if error.response.get("error") not in _UNKNOWN:
                    raise
        answer = await call([dict(block) for block in unfolded(blocks)])
        if team not in self._without:
            log.info("no_containers", team=team)
            self._without.add(team)
        return answer
