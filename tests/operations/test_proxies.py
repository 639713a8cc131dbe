"""HTTPS_PROXY and NO_PROXY decide what goes through a proxy; this machine itself never does."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.app.settings import Settings
from handlers.transport import web_client, web_session
from handlers.transport.proxies import proxy_for
from tests.acceptance.stage import Stage

PROXY = "http://proxy.example:3128"


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("environment", "url", "proxy"),
    [
        ({"HTTPS_PROXY": PROXY}, "https://slack.com/api/", PROXY),
        ({"https_proxy": PROXY}, "https://files.slack.com/x", PROXY),
        ({"HTTPS_PROXY": PROXY}, "wss://wss-primary.slack.com/link", PROXY),
        ({"HTTP_PROXY": PROXY}, "https://slack.com/api/", None),
        ({"ALL_PROXY": PROXY}, "https://slack.com/api/", PROXY),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "slack.com"}, "https://slack.com/api/", None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": ".slack.com"}, "https://files.slack.com/x", None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "*"}, "wss://slack.com/", None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "other.example"}, "https://slack.com/api/", PROXY),
        ({"HTTP_PROXY": PROXY, "HTTPS_PROXY": PROXY, "ALL_PROXY": PROXY}, "http://127.0.0.1:8765/api/", None),
        ({"HTTP_PROXY": PROXY}, "http://localhost:1/", None),
        ({"HTTP_PROXY": PROXY}, "ws://[::1]:1/", None),
        ({"HTTP_PROXY": PROXY}, "http://127.9.9.9/", None),
        ({}, "https://slack.com/api/", None),
    ],
)
def test_the_environment_decides(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str, proxy: str | None
) -> None:
    """By scheme and host, as curl and requests read the same variables."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(url) == proxy


async def test_slack_is_asked_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call of the Web API arrives at the proxy as a request for a tunnel to Slack."""
    asked: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(proxy, "127.0.0.1", 0)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    async with server, web_session() as session:
        with suppress(aiohttp.ClientError, SlackApiError):
            await web_client(session, "https://slack.com/api/", "xoxb-1").auth_test()
    assert asked == [b"CONNECT slack.com:443 HTTP/1.1\r\n"]


async def test_the_local_slack_works_behind_a_proxy_that_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With every proxy variable set to a dead address the product starts, connects, posts and uploads on loopback."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with Stage(tmp_path) as stage:
        thread = await stage.start()
        await thread.upload("eva", "idea.json", b'{"title": "Behind a proxy", "description": "Words."}')
        await thread.until(lambda d: any(upload.state == "read" for upload in d.context.uploads))


@pytest.mark.parametrize(
    ("url", "files"),
    [
        ("https://slack.com/api", "https://files.slack.com"),
        ("https://slack-gov.com/api/", "https://files.slack-gov.com"),
        ("http://127.0.0.1:9/api/", "http://127.0.0.1:9"),
        ("https://slack.test.example/api/", "https://slack.test.example"),
    ],
)
def test_files_come_from_where_the_api_is(monkeypatch: pytest.MonkeyPatch, url: str, files: str) -> None:
    """The address of the Web API brings its file host with it; another can be set."""
    monkeypatch.setenv("EIPAS_SLACK_API_URL", url)
    found = Settings(_env_file=None)
    assert found.slack_api_url.endswith("/api/")
    assert found.file_origins == {files}
    monkeypatch.setenv("EIPAS_SLACK_FILE_ORIGINS", "https://a.example, https://b.example/")
    assert Settings(_env_file=None).file_origins == {"https://a.example", "https://b.example"}


@pytest.mark.parametrize("url", ["http://slack.com/api/", "slack.com/api", "ftp://slack.com/", "", "https://"])
def test_a_token_goes_nowhere_in_clear(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """An address without TLS, unless it is this machine's, is refused at the start."""
    monkeypatch.setenv("EIPAS_SLACK_API_URL", url)
    with pytest.raises(ValueError, match="https://"):
        Settings(_env_file=None)
