"""Fetching uploads: only from Slack's own hosts, never further, never with our token elsewhere, never too much."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.domain.errors import EipasError
from bot.domain.inputs import InputRefused
from bot.reading.inputs.decode import MAX_BYTES
from handlers.downloads import SLACK_FILES, NotFetched, SlackFiles
from handlers.transport.workspaces import web_client

SECRET = b'{"secret": "of another service on this machine"}'


class Slack:
    """A server that says of each file what the test wants, and notes what is asked for with our token."""

    def __init__(self) -> None:
        self.file: dict[str, Any] = {}
        self.fetched: list[str] = []
        self.address = ""

    async def info(self, _request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "file": {"id": "F1", "name": "idea.json", "size": 2, **self.file}})

    async def get(self, request: web.Request) -> web.StreamResponse:
        self.fetched.append(request.path)
        match request.path:
            case "/files/redirect":
                raise web.HTTPFound(f"{self.address}/internal")
            case "/files/endless":
                return web.Response(body=b"x" * (MAX_BYTES + 1))
            case "/files/packed":
                # A thousand times as large once it is unpacked, whatever was asked for.
                packed = gzip.compress(b" " * 64_000_000)
                return web.Response(body=packed, headers={"Content-Encoding": "gzip"})
            case "/files/gone":
                raise web.HTTPNotFound
            case "/internal":
                return web.Response(body=SECRET)
        return web.Response(body=b"{}")


@asynccontextmanager
async def slack(origins: frozenset[str] | None = None) -> AsyncIterator[tuple[Slack, SlackFiles]]:
    served = Slack()
    application = web.Application()
    application.router.add_route("*", "/api/files.info", served.info)
    application.router.add_get("/{path:.*}", served.get)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    served.address = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as session:
        client = web_client(session, f"{served.address}/api/", "xoxb-ours")

        async def clients(_team: str) -> Any:
            return client

        try:
            yield served, SlackFiles(clients, origins or frozenset({served.address}))
        finally:
            await runner.cleanup()


async def test_file_of_slack_is_fetched() -> None:
    """What Slack keeps itself is returned byte by byte."""
    async with slack() as (served, files):
        served.file = {"url_private": f"{served.address}/files/good"}
        assert await files.download("T1", "F1") == b"{}"


async def test_redirect_is_not_followed() -> None:
    """A redirect to another service of this machine is refused, and that service is never asked."""
    async with slack() as (served, files):
        served.file = {"url_private": f"{served.address}/files/redirect"}
        with pytest.raises(NotFetched, match="302"):
            await files.download("T1", "F1")
        assert served.fetched == ["/files/redirect"]


@pytest.mark.parametrize(
    "url",
    [
        "https://files.slack.com.evil.example/F1", "https://evil.example/files.slack.com", "http://127.0.0.1/F1",
        "https://files.slack.com@evil.example/F1", "https://evil.example#@files.slack.com/", "https://xfiles.slack.com/",
        "https://files.slack.com:8443/F1", "https://user:pass@files.slack.com/F1", "//files.slack.com.evil.example/",
        "file:///etc/passwd", "https://files.slack.com\\@evil.example/F1", "https://drive.example/doc", "",
        "http://[::1]/", "http://[",
        "http://files.slack.com/F1",
    ],
)  # fmt: skip
async def test_look_alike_hosts_are_never_asked(url: str) -> None:
    """An address that is not Slack's, however much it looks like it, gets neither a request nor our token."""
    async with slack(SLACK_FILES) as (served, files):
        served.file = {"url_private": url}
        with pytest.raises(NotFetched, match="not kept by Slack"):
            await files.download("T1", "F1")
        assert served.fetched == []


async def test_size_is_limited_before_and_while_reading() -> None:
    """A file that says it is too large is not asked for, and one that lied is not read to its end."""
    async with slack() as (served, files):
        served.file = {"url_private": f"{served.address}/files/good", "size": MAX_BYTES + 1}
        with pytest.raises(InputRefused):
            await files.download("T1", "F1")
        assert served.fetched == []
        for path in ("endless", "packed"):
            served.file = {"url_private": f"{served.address}/files/{path}"}
            with pytest.raises(InputRefused):
                await files.download("T1", "F1")


async def test_what_is_gone_is_said() -> None:
    """A file that Slack does not have any more is refused by name, in words."""
    async with slack() as (served, files):
        served.file = {"url_private": f"{served.address}/files/gone"}
        with pytest.raises(EipasError, match=r"idea\.json.*404"):
            await files.download("T1", "F1")
