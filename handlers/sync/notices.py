"""Telling an owner by direct message why a thread stands still: once per problem, and again when it is over."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.evaluation import Evaluation
from bot.domain.surface import Message, Posted, SurfaceId, SurfaceKind
from bot.services.ports import Database, Tx
from handlers.sync.budget import Budget, Held
from handlers.sync.poster import Poster
from handlers.sync.refusals import OTHER
from handlers.views.messages import notice

log = structlog.get_logger(__name__)
_PREFIX = "problem."

WORDS = {
    "is_archived": "{place} is archived, so I cannot go on there. Unarchive it, and I go on by myself.",
    "not_in_channel": "I am not in {place} any more. Type `/invite @EIPAS` there, and I go on by myself.",
    "channel_not_found": "I cannot see {place}: it is gone, or I was removed. Invite me again, and I go on by myself.",
    "restricted_action": "I may not post in {place}. Somebody who manages the channel can allow it; I go on by myself.",
    "file_uploads_disabled": (
        "This workspace takes no files, so those of {place} are missing there. Everything else goes on; once "
        "uploads are allowed, I post the files by myself."
    ),
    "storage_limit_reached": (
        "This workspace has no room for files left, so those of {place} are missing there. Everything else goes on; "
        "once there is room, I post the files by myself."
    ),
    OTHER: (
        "Slack does not take one of my messages in {place}, so it is missing there. Everything else goes on; the "
        "reason is in my log, for whoever runs me."
    ),
    "thread_deleted": "The thread in {place} was deleted. I have put it up again as it stands.",
}
"""Slack's word for a problem that people of the channel can mend, and what they read."""


class Notices:
    """Kept as posts of the surface they are about, so that a crash between the call and its answer doubles none."""

    def __init__(self, db: Database, budget: Budget) -> None:
        self._db, self._budget = db, budget

    async def tell(self, client: AsyncWebClient, surface: SurfaceId, evaluation: Evaluation, word: str) -> None:
        """Say what is wrong unless that was said already; a direct message that cannot be sent is only logged."""
        known = (await self._posted(surface)).get(f"{_PREFIX}{word}")
        if known is not None and known.state == "posted":
            return
        item = _message(surface, evaluation, word)
        try:
            poster = await self._poster(client, surface, evaluation.owner, known)
            if known is None or known.state in ("gone", "refused") or await poster.recover(item, known, None) is None:
                await poster.post(item, None)
        except Held:
            log.info("notice_waits", owner=surface.owner, problem=word)
        except SlackApiError as error:
            log.warning("notice_refused", owner=surface.owner, problem=word, error=error.response.get("error"))

    async def settle(self, client: AsyncWebClient, surface: SurfaceId, evaluation: Evaluation) -> None:
        """Say in the same messages that what they complained of is over; the next time is news again. Raises Held."""
        for key, known in (await self._posted(surface)).items():
            if not key.startswith(_PREFIX) or known.state != "posted":
                continue
            item = _message(surface, evaluation, key.removeprefix(_PREFIX), mended=True)
            try:
                await Poster(self._db, client, surface, known.channel, self._budget).update(item, known)
            except SlackApiError as error:
                log.warning("notice_refused", owner=surface.owner, key=key, error=error.response.get("error"))
            await self._db.transaction(partial(_forget, known))

    async def _poster(self, client: AsyncWebClient, surface: SurfaceId, user: str, known: Posted | None) -> Poster:
        channel = known.channel if known is not None else ""
        if not channel:
            channel = str((await client.conversations_open(users=user))["channel"]["id"])
        return Poster(self._db, client, surface, channel, self._budget)

    async def _posted(self, surface: SurfaceId) -> dict[str, Posted]:
        return dict(await self._db.read(lambda tx: tx.surfaces.posted(surface)))


def _forget(known: Posted, tx: Tx) -> None:
    tx.surfaces.put(replace(known, state="gone"))


def _message(surface: SurfaceId, evaluation: Evaluation, word: str, *, mended: bool = False) -> Message:
    told = surface.kind is SurfaceKind.STAKEHOLDERS
    channel = (evaluation.stakeholder_channel if told else None) or evaluation.channel
    text, blocks = notice(evaluation.title, WORDS[word].format(place=f"<#{channel}>"), mended=mended)
    return Message(key=f"{_PREFIX}{word}", text=text, blocks=blocks)
