"""Addresses of threads, as Slack gives them: asked for once per thread, and forgotten when this process ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.evaluation import Evaluation
from handlers.sync import retry_policy

log = structlog.get_logger(__name__)

KEPT = 5_000
SOON_S: Final = 1.5
"""How long an answer waits for addresses: Slack gives it three seconds."""


class Links:
    """Permalinks of threads. A thread that was put up anew is another thread."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}

    async def of(self, client: AsyncWebClient, evaluation: Evaluation) -> str | None:
        """Return the address of an evaluation's thread, None while it has none. Raises what Slack answers."""
        if not evaluation.thread_ts:
            return None
        place = (evaluation.channel, evaluation.thread_ts)
        if place not in self._known:
            answer = await client.chat_getPermalink(channel=place[0], message_ts=place[1])
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[place] = str(answer["permalink"])
        return self._known[place]

    async def of_all(self, client: AsyncWebClient, evaluations: Iterable[Evaluation]) -> Mapping[str, str]:
        """Return those that Slack gives, by evaluation: a tab without a link is better than no tab."""
        asked = {evaluation.id: evaluation for evaluation in evaluations}
        found = await asyncio.gather(*(self._if_given(client, evaluation) for evaluation in asked.values()))
        return {key: link for key, link in zip(asked, found, strict=True) if link}

    async def soon(self, client: AsyncWebClient, evaluations: Iterable[Evaluation]) -> Mapping[str, str]:
        """Return those that are known or come at once, by evaluation: an answer without a link is better than none."""
        asked = {evaluation.id: evaluation for evaluation in evaluations}
        tasks = {key: asyncio.ensure_future(self._if_there(client, one)) for key, one in asked.items()}
        if tasks:
            await asyncio.wait(tasks.values(), timeout=SOON_S)
        for task in tasks.values():
            task.cancel()
        done = {key: task.result() for key, task in tasks.items() if task.done() and not task.cancelled()}
        return {key: link for key, link in done.items() if link}

    async def _if_there(self, client: AsyncWebClient, evaluation: Evaluation) -> str | None:
        try:
            return await self._if_given(client, evaluation)
        except retry_policy.LOST as error:
            log.info("no_link", evaluation=evaluation.id, error=repr(error))
            return None

    async def _if_given(self, client: AsyncWebClient, evaluation: Evaluation) -> str | None:
        try:
            return await self.of(client, evaluation)
        except SlackApiError as refused:
            log.info("no_link", evaluation=evaluation.id, error=str(refused.response.get("error")))
            return None
