"""The two pages of an installation by OAuth: where it begins, and where Slack sends the person back to."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient

from handlers.transport.front import Receive, Scope, Send
from handlers.transport.installation import Installations, ManyWorkspaces, States

Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"


def install_pages(flow: AsyncOAuthFlow) -> dict[str, Asgi]:
    """Return the ASGI applications by path."""
    return {INSTALL: _page(flow.handle_installation), REDIRECT: _page(flow.handle_callback)}


class Flow(AsyncOAuthFlow):
    """Bolt's flow; what was installed goes to the workspaces, which wake what waited for it."""

    def __init__(self, settings: AsyncOAuthSettings, client: AsyncWebClient, workspaces: ManyWorkspaces) -> None:
        super().__init__(client=client, logger=logging.getLogger("slack"), settings=settings)
        self._workspaces = workspaces

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        """Keep it."""
        await self._workspaces.installed(installation)


def flow_settings(
    client_id: str,
    client_secret: str,
    scopes: Sequence[str],
    store: Installations,
    states: States,
    authorize_url: str = "https://slack.com/oauth/v2/authorize",
) -> AsyncOAuthSettings:
    """Return the flow's settings: the manifest's scopes, a state that is good once and only in the same browser."""
    return AsyncOAuthSettings(
        client_id=client_id, client_secret=client_secret, scopes=scopes, installation_store=store, state_store=states,
        install_path=INSTALL, redirect_uri_path=REDIRECT, installation_store_bot_only=True,
        authorization_url=authorize_url,
    )  # fmt: skip


def _page(handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> Asgi:
    async def application(scope: Scope, _receive: Receive, send: Send) -> None:
        headers: dict[str, Any] = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope["query_string"].decode("ascii", "replace")
        answer = await handle(AsyncBoltRequest(body="", query=query, headers=headers))
        lines = [(k.encode(), v.encode()) for k, values in answer.headers.items() for v in values]
        await send({"type": "http.response.start", "status": answer.status, "headers": lines})
        await send({"type": "http.response.body", "body": (answer.body or "").encode()})

    return application
