"""Slack's own list of people and channel members, asked seldom and remembered shortly."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
import structlog
from cachetools import LRUCache, TTLCache
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.directory import Posting, Standing
from handlers.ids import PERSON
from handlers.sync import Clients
from handlers.sync.refusals import PASSING
from handlers.transport.workspaces import NotInstalled
from handlers.views.text import one_line, shown

log = structlog.get_logger(__name__)
PERSON_S: Final = 300.0
"""How long a person stays what they were: a guest is made a member seldom."""
CHANNEL_S: Final = 60.0
"""How long a channel's members are taken for the same: who was removed sees nothing new after that."""
KEPT: Final = 10_000
PAGE: Final = 1000
SLACKBOT: Final = "USLACKBOT"
_RETRIED = PASSING | {None, "ratelimited"}
"""Refusals that say nothing of the channel."""
_LOST = (aiohttp.ClientError, TimeoutError, OSError, NotInstalled)


class SlackDirectory:
    """See `bot.services.directory.Directory`. Where Slack does not answer nobody new is let in."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._people: TTLCache[tuple[str, str], Standing] = TTLCache(KEPT, PERSON_S)
        self._last: LRUCache[tuple[str, str], Standing] = LRUCache(KEPT)
        self._names: LRUCache[tuple[str, str], str] = LRUCache(KEPT)
        self._channels: TTLCache[tuple[str, str], frozenset[str] | None] = TTLCache(KEPT, CHANNEL_S)

    async def standing(self, team: str, user: str) -> Standing:
        """Return what a person is; while Slack does not answer what they were last, else UNKNOWN."""
        place = (team, user)
        if place not in self._people:
            found = await self._ask_person(team, user)
            if found is Standing.UNKNOWN:
                return self._last.get(place, found)
            self._people[place] = self._last[place] = found
        return self._people[place]

    async def name(self, team: str, user: str) -> str:
        """Return what a person is called, as of when they were last asked for."""
        await self.standing(team, user)
        return self._names.get((team, user), "Slackbot" if user == SLACKBOT else user)

    async def channel(self, team: str, channel: str) -> str:
        """Return what a channel is called, as of when it was first asked for; the id of one that the bot cannot see."""
        if (team, channel) not in self._names:
            try:
                info = await self._ask_channel(team, channel)
            except (SlackApiError, *_LOST) as error:
                log.info("channel_not_named", channel=channel, error=_word(error))
                return channel
            # Its members alone may know the name of a private channel.
            known = "" if info.get("is_private") or info.get("is_im") else one_line(str(info.get("name") or ""))[:80]
            self._names[team, channel] = known or channel
        return self._names[team, channel]

    async def reads(self, team: str, channel: str, user: str) -> bool:
        """Return whether a person may read a channel: its members, and all full members if it is public."""
        place = (team, channel)
        if place not in self._channels:
            try:
                self._channels[place] = await self._readers(team, channel, await self._ask_channel(team, channel))
            except (SlackApiError, *_LOST) as error:
                log.warning("channel_not_told", channel=channel, error=_word(error))
                return False
        members = self._channels[place]
        if members is not None:
            return user in members
        standing = await self.standing(team, user)
        return standing is Standing.MEMBER or (
            standing is Standing.GUEST and user in await self._members_or_none(team, channel)
        )

    async def posting(self, team: str, channel: str) -> Posting:
        """Return whether the bot can open a thread in a channel; asked each time, and `reads` need not ask again."""
        if channel.startswith("D"):
            return Posting.NO_THREADS
        try:
            info = await self._ask_channel(team, channel)
            if info.get("is_mpim"):
                return Posting.NO_THREADS
            if not info.get("is_member") or info.get("is_archived"):
                return Posting.NO_MEMBER
            self._channels[team, channel] = await self._readers(team, channel, info)
        except SlackApiError as error:
            return Posting.UNKNOWN if error.response.get("error") in _RETRIED else Posting.NO_MEMBER
        except _LOST as error:
            log.warning("channel_not_told", channel=channel, error=_word(error))
            return Posting.UNKNOWN
        return Posting.POSSIBLE

    async def _members_or_none(self, team: str, channel: str) -> frozenset[str]:
        try:
            return await _members(await self._clients(team), channel)
        except (SlackApiError, *_LOST) as error:
            log.warning("channel_not_told", channel=channel, error=_word(error))
            return frozenset()

    async def _ask_person(self, team: str, user: str) -> Standing:
        if user == SLACKBOT:
            return Standing.BOT
        if not PERSON.fullmatch(user):
            return Standing.ABSENT
        try:
            answer = await (await self._clients(team)).users_info(user=user)
        except SlackApiError as error:
            absent = error.response.get("error") in {"user_not_found", "user_not_visible"}
            return Standing.ABSENT if absent else Standing.UNKNOWN
        except _LOST as error:
            log.warning("person_not_told", user=user, error=_word(error))
            return Standing.UNKNOWN
        profile: Mapping[str, Any] = answer["user"]
        self._names[team, user] = _called(profile, user)
        return standing_of(profile, team)

    async def _ask_channel(self, team: str, channel: str) -> Mapping[str, Any]:
        info: Mapping[str, Any] = (await (await self._clients(team)).conversations_info(channel=channel))["channel"]
        return info

    async def _readers(self, team: str, channel: str, info: Mapping[str, Any]) -> frozenset[str] | None:
        """Return the members who alone may read it; None for a public channel."""
        if info.get("is_im"):
            return frozenset({str(info.get("user"))})
        if info.get("is_private") or info.get("is_mpim") or info.get("is_group"):
            return await _members(await self._clients(team), channel)
        return None


def _called(profile: Mapping[str, Any], user: str) -> str:
    """Return the first of a person's names that shows anything."""
    names = ((profile.get("profile") or {}).get("display_name"), profile.get("real_name"), profile.get("name"))
    return next((called for name in names if (called := shown(one_line(str(name or "")))[:80])), user)


def standing_of(profile: Mapping[str, Any], team: str) -> Standing:
    """Read a user object (docs.slack.dev/reference/objects/user-object); in an organisation a person has many teams."""
    if profile.get("deleted"):
        return Standing.DEACTIVATED
    if profile.get("is_bot") or profile.get("id") == SLACKBOT:
        return Standing.BOT
    teams = {profile.get("team_id") or team, *((profile.get("enterprise_user") or {}).get("teams") or ())}
    if profile.get("is_stranger") or team not in teams:
        return Standing.STRANGER
    if profile.get("is_restricted") or profile.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.MEMBER


async def _members(client: AsyncWebClient, channel: str) -> frozenset[str]:
    found: set[str] = set()
    cursor = ""
    async with asyncio.timeout(_ALL_PAGES_S):
        while True:
            answer = await client.conversations_members(channel=channel, cursor=cursor, limit=PAGE)
            found.update(answer["members"])
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return frozenset(found)


_ALL_PAGES_S: Final = 10.0


def _word(error: Exception) -> str:
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else type(error).__name__
