"""What people see at once while a message has to wait: a reaction on their reply, and a word that it is slow.

Both cost no `chat.update`. Neither is repeated or queued: once the message comes, it says more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.surface import SurfaceId
from bot.services.ports import Database, Tx
from handlers.sync import retry_policy
from handlers.sync.budget import Budget, Held
from handlers.sync.line import Importance
from handlers.sync.refusals import Refusal, classify
from handlers.views.receipts import TAKEN

log = structlog.get_logger(__name__)

SLOW: Final = "is catching up: Slack limits how often I may write here"
SLOW_S: Final = 10.0
"""How long something waits before people are told that it is slow."""

_KEPT = 10_000


class Receipts:
    """For one process; a receipt that is lost with it is followed by the message all the same."""

    def __init__(self, db: Database, budget: Budget) -> None:
        self._db, self._budget = db, budget
        self._given: dict[tuple[str, str, str], None] = {}
        self._without: set[str] = set()

    async def give(self, client: AsyncWebClient, surface: SurfaceId, channel: str, thread_ts: str | None) -> None:
        """Mark the newest reply that was taken as an answer, and say that it is slow once it is."""
        if surface.team in self._without or thread_ts is None:
            return
        ts = await self._db.read(lambda tx: newest_reply(tx, surface.owner))
        if ts is not None:
            await self._react(client, surface, channel, ts)
        if self._budget.waited(surface) > SLOW_S:

            async def tell() -> None:
                await client.assistant_threads_setStatus(channel_id=channel, thread_ts=thread_ts, status=SLOW)

            await self._once((surface.team, channel, f"{thread_ts} slow"), surface, "assistant.threads.setStatus", tell)

    async def mark(self, client: AsyncWebClient, surface: SurfaceId, channel: str, messages: Sequence[str]) -> None:
        """Mark replies that no card quotes; each once, and none where the bot may not."""
        for ts in messages:
            if surface.team not in self._without:
                await self._react(client, surface, channel, ts)

    async def _react(self, client: AsyncWebClient, surface: SurfaceId, channel: str, ts: str) -> None:
        async def react() -> None:
            await client.reactions_add(channel=channel, timestamp=ts, name=TAKEN)

        await self._once((surface.team, channel, ts), surface, "reactions.add", react)

    async def _once(
        self, key: tuple[str, str, str], surface: SurfaceId, method: str, call: Callable[[], Awaitable[None]]
    ) -> None:
        if key in self._given:
            return
        try:
            await self._budget.take((surface, method), method, Importance.CLICKED)
            await call()
        except Held:
            return
        except SlackApiError as error:
            if classify(error) is Refusal.RATE:
                await self._budget.hold(surface.team, method, retry_policy.retry_after(error))
                return
            if error.response.get("error") == "missing_scope":
                # Installed before the manifest asked for it: the messages themselves are receipt enough.
                self._without.add(surface.team)
            log.info("no_receipt", method=method, error=error.response.get("error"))
        except retry_policy.LOST as error:
            log.info("no_receipt", method=method, error=repr(error))
        if len(self._given) >= _KEPT:
            self._given.clear()
        self._given[key] = None


def newest_reply(tx: Tx, evaluation_id: str) -> str | None:
    """Return the `ts` of the reply that was taken as the newest answer, None if that came another way."""
    answers = [question.answer for question in tx.questions.all(evaluation_id) if question.answer is not None]
    newest = max(answers, key=lambda answer: answer.at, default=None)
    return newest.messages[-1] if newest is not None and newest.via == "reply" and newest.messages else None
