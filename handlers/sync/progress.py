"""What the bot says that it is doing, in the thread's own line: it costs no `chat.update`, and Slack clears it itself.

docs.slack.dev/reference/methods/assistant.threads.setStatus: with `chat:write`, in threads of channels, too; gone once
the app posts there, or after two minutes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import structlog
from cachetools import LRUCache
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.surface import SurfaceId
from handlers.sync import retry_policy
from handlers.sync.budget import Budget, Held
from handlers.sync.line import Importance
from handlers.sync.refusals import Refusal, classify

log = structlog.get_logger(__name__)
METHOD: Final = "assistant.threads.setStatus"
AGAIN_S: Final = 90.0
"""After so long the same words are said again, before Slack clears them."""
_KEPT: Final = 10_000


class Progress:
    """For one process: what is lost with it is said with the next step of the run, and the run's card stands anyway."""

    def __init__(self, budget: Budget, clock: Callable[[], float] = time.monotonic) -> None:
        self._budget, self._clock = budget, clock
        self._said: LRUCache[SurfaceId, tuple[str, float]] = LRUCache(_KEPT)
        self._without: set[str] = set()

    async def show(
        self,
        client: AsyncWebClient,
        surface: SurfaceId,
        channel: str,
        thread_ts: str | None,
        words: str,
        *,
        posted: bool,
    ) -> None:
        """Say `words`, nothing if they stand already; without words take back what stands.

        `posted` says that something was posted, by which Slack cleared what stood.
        """
        if posted:
            self._said.pop(surface, None)
        before, at = self._said.get(surface, ("", 0.0))
        if surface.team in self._without or thread_ts is None:
            return
        if words == before and (not words or self._clock() - at < AGAIN_S):
            return
        try:
            await self._budget.take((surface, METHOD), METHOD, Importance.LIVE)
            await client.assistant_threads_setStatus(channel_id=channel, thread_ts=thread_ts, status=words)
        except Held:
            return  # the next step says what is done then
        except SlackApiError as error:
            await self._refused(surface.team, error)
            return
        except retry_policy.LOST as error:
            log.info("no_status", error=repr(error))
            return
        self._said[surface] = (words, self._clock())

    async def _refused(self, team: str, error: SlackApiError) -> None:
        if classify(error) is Refusal.RATE:
            await self._budget.hold(team, METHOD, retry_policy.retry_after(error))
            return
        # Not there in this workspace, or not for this app: the run's card tells it.
        self._without.add(team)
        log.info("no_status", team=team, error=error.response.get("error"))

    def serves(self, team: str) -> bool:
        """Whether a workspace takes it, as far as is known."""
        return team not in self._without
