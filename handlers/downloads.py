"""Fetching a file that somebody gave in Slack.

Only from Slack's own hosts, never through a redirect, never too large.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.domain.errors import EipasError
from bot.inputs.decode import check_size
from handlers.reconcile import Clients

SLACK_FILE_HOSTS = frozenset({"files.slack.com"})
"""Where `url_private` of a file points (Slack's documentation of the file object)."""

_TIMEOUT = aiohttp.ClientTimeout(total=60)
_CHUNK = 64 * 1024


class NotFetched(EipasError):
    """The file “{name}” could not be fetched from Slack: {problem} Please upload it again."""


class SlackFiles:
    """Fetches files by id with the bot's token.

    `hosts` are the only network locations (host or host:port) it goes to.
    """

    def __init__(self, clients: Clients, hosts: frozenset[str] = SLACK_FILE_HOSTS) -> None:
        self._clients, self._hosts = clients, hosts

    async def download(self, team: str, file_id: str) -> bytes:
        """Return a file's bytes.

        Raises:
            InputRefused: it is larger than a document may be.
            NotFetched: Slack refused, or it points elsewhere.
        """
        client = await self._clients(team)
        try:
            info = (await client.files_info(file=file_id))["file"]
        except SlackApiError as error:
            raise NotFetched(name=file_id, problem=f"Slack says {error.response.get('error')}.") from error
        name, url = (
            str(info.get("name", file_id)),
            str(info.get("url_private_download") or info.get("url_private") or ""),
        )
        check_size(int(info.get("size", 0)), name)
        if urlsplit(url).netloc not in self._hosts or client.session is None:
            raise NotFetched(name=name, problem="it is not kept by Slack itself.")
        return await self._get(client.session, url, str(client.token), name)

    async def _get(self, session: aiohttp.ClientSession, url: str, token: str, name: str) -> bytes:
        content = bytearray()
        try:
            async with session.get(
                url, headers={"Authorization": f"Bearer {token}"}, allow_redirects=False, timeout=_TIMEOUT
            ) as answer:
                if answer.status != HTTPStatus.OK:
                    raise NotFetched(name=name, problem=f"Slack answered {answer.status}.")
                async for chunk in answer.content.iter_chunked(_CHUNK):
                    content += chunk
                    check_size(len(content), name)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NotFetched(name=name, problem=f"the connection failed ({type(error).__name__}).") from error
        return bytes(content)
