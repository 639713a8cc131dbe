"""Two workspaces and one product that both install: each is a local Slack, and before them stands one Web API."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
from aiohttp import web
from cryptography.fernet import Fernet

from bot.app.application import Application, read_manifest
from bot.app.settings import Settings
from bot.devtools.local_slack import LocalSlack, Timing
from bot.devtools.local_slack.records import Identity
from handlers.transport.pages import INSTALL, REDIRECT
from tests.acceptance.stage import Stage
from tests.support.ports import free_port

SIGNING_SECRET = "5d1c0a7e9b3f4c2288aa77bb66cc55dd"
CLIENT_SECRET = "c0ffee00c0ffee00c0ffee00c0ffee00"
KEY = Fernet.generate_key().decode()
TEAMS = ("T0NORTH001", "T0SOUTH001")
_HOP = {"content-length", "transfer-encoding", "content-encoding", "host", "connection"}


class Workspace(Stage):
    """One workspace of the product that all share: its people and threads, not its start and end."""

    def __init__(self, folder: Path, team: str, request_url: str) -> None:
        super().__init__(folder / team)
        self.team = team
        journal = folder / team / "slack.jsonl"
        identity = Identity(
            team_id=team, team_name=team.lower(), bot_token=f"xoxb-{team}-0123456789abcdef",
            app_token=f"xapp-{team}-0123456789abcdef", signing_secret=SIGNING_SECRET,
        )  # fmt: skip
        journal.write_text(json.dumps(["identity", "app", asdict(identity)]) + "\n")
        self.local = LocalSlack(
            manifest=read_manifest(), journal=journal, timing=Timing().scaled(0.02), request_url=request_url
        )

    async def begin(self) -> None:
        """The product is started once for all."""

    async def end(self) -> None:
        """And stopped once."""


class SlackApi:
    """slack.com/api: a token says whose workspace is meant, and a code becomes that workspace's token once."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.workspaces: dict[str, Workspace] = {}
        self._session = session

    async def serve(self, request: web.Request) -> web.Response:
        if request.match_info["method"] == "oauth.v2.access":
            return await self._access(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        found = [w.local for w in self.workspaces.values() if w.local.bot_token == token]
        if not found:
            return web.json_response({"ok": False, "error": "invalid_auth" if token else "not_authed"})
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP}
        address, body = f"{found[0].api_url}{request.match_info['method']}", await request.read()
        async with self._session.request(
            request.method, address, data=body, headers=headers, params=request.query
        ) as answer:
            given = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP}
            return web.Response(status=answer.status, body=await answer.read(), headers=given)

    async def _access(self, request: web.Request) -> web.Response:
        given: Mapping[str, Any] = await request.post()
        workspace = self.workspaces.get(str(given.get("code", "")).removeprefix("code-of-"))
        login = request.headers.get("Authorization", "")
        if workspace is None or aiohttp.BasicAuth.decode(login).password != CLIENT_SECRET:
            return web.json_response({"ok": False, "error": "invalid_code"})
        identity = workspace.local.core.identity
        workspace.local.core.revoked = False
        return web.json_response({
            "ok": True, "app_id": identity.app_id, "access_token": identity.bot_token, "token_type": "bot",
            "scope": "chat:write", "bot_user_id": identity.bot_user, "authed_user": {"id": workspace["eva"].user},
            "team": {"id": identity.team_id, "name": identity.team_name},
        })  # fmt: skip


class Many:
    """The product in HTTP mode and the workspaces, none of them installed yet."""

    app: Application

    def __init__(self, url: str, workspaces: Mapping[str, Workspace]) -> None:
        self.url, self.workspaces = url, workspaces

    async def install(self, team: str) -> int:
        """What the browser of somebody does who installs the app; the status of the last page."""
        async with aiohttp.ClientSession(self.url) as browser:
            async with browser.get(INSTALL) as page:
                text = (await page.text()).replace("&amp;", "&")
            link = next(part for part in text.split('"') if part.startswith("https://slack.com/oauth/v2/authorize"))
            state = parse_qs(urlsplit(link).query)["state"][0]
            cookies = {name: morsel.value for name, morsel in page.cookies.items()}
            back = {"code": f"code-of-{team}", "state": state}
            async with browser.get(REDIRECT, params=back, cookies=cookies) as end:
                return end.status


@asynccontextmanager
async def many(folder: Path) -> AsyncIterator[Many]:
    """Start the product and its workspaces."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as session:
        api = SlackApi(session)
        served = web.Application()
        served.router.add_route("*", "/api/{method}", api.serve)
        runner = web.AppRunner(served, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        slack: Any = SimpleNamespace(
            url=base, api_url=f"{base}/api/", bot_token="", app_token="", signing_secret=SIGNING_SECRET
        )
        settings = Settings(
            _env_file=None, data_dir=folder / "data", workspace_roots=(), designer="offline", mode="http",
            http_port=port, oauth_client_id="1.2", oauth_client_secret=CLIENT_SECRET, encryption_keys=KEY,
        )  # fmt: skip
        try:
            north, south = (Workspace(folder, team, f"{url}/slack/events") for team in TEAMS)
            async with north, south, Application(settings, slack) as app:
                api.workspaces = {north.team: north, south.team: south}
                both = Many(url, api.workspaces)
                both.app = north.app = south.app = app
                yield both
        finally:
            await runner.cleanup()
