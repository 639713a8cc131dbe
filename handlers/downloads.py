"""Fetching a file that somebody gave in Slack.

Only from Slack's own hosts, never through a redirect, never too large.
"""

from __future__ import annotations

from http import HTTPStatus

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.domain.address import origin_of
from bot.domain.errors import EipasError
from bot.reading.inputs.decode import check_size
from handlers.sync import Clients
from handlers.transport.proxies import proxy_for

SLACK_FILES = frozenset({"https://files.slack.com"})
"""Where `url_private` of a file points (docs.slack.dev/reference/objects/file-object)."""

_TIMEOUT = aiohttp.ClientTimeout(total=60)
_CHUNK = 64 * 1024


class NotFetched(EipasError):
    """Slack did not hand out a file that was uploaded."""

    message_template = "The file “{name}” could not be fetched from Slack: {problem} Please upload it again."


class SlackFiles:
    """Fetches files by id with the bot's token.

    `origins` (scheme, host and port) are the only places it goes to.
    """

    def __init__(self, clients: Clients, origins: frozenset[str] = SLACK_FILES) -> None:
        self._clients, self._origins = clients, origins

    async def download(self, team: str, file_id: str, whose: str = "") -> bytes:
        """Return a file's bytes; with `whose` only if that person uploaded it.

        Raises:
            InputRefused: it is larger than a document may be.
            NotFetched: Slack refused, it points elsewhere, or it is another person's.
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
        if whose and info.get("user") != whose:
            raise NotFetched(name=file_id, problem="it is not a file of yours.")
        check_size(int(info.get("size", 0)), name)
        if origin_of(url) not in self._origins or client.session is None:
            raise NotFetched(name=name, problem="it is not kept by Slack itself.")
        return await self._get(client.session, url, str(client.token), name)

    async def _get(self, session: aiohttp.ClientSession, url: str, token: str, name: str) -> bytes:
        content = bytearray()
        # Nothing packed is asked for. What comes packed all the same aiohttp unpacks in bounded steps, and it is
        # weighed after each of them: a few bytes cannot become a full memory.
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
        try:
            async with session.get(
                url, headers=headers, allow_redirects=False, timeout=_TIMEOUT, proxy=proxy_for(url)
            ) as answer:
                if answer.status != HTTPStatus.OK:
                    raise NotFetched(name=name, problem=f"Slack answered {answer.status}.")
                async for chunk in answer.content.iter_chunked(_CHUNK):
                    content += chunk
                    check_size(len(content), name)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NotFetched(name=name, problem=f"the connection failed ({type(error).__name__}).") from error
        return bytes(content)
