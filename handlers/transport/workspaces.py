"""Which workspaces this bot serves, and the Web API client of each."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import ConfigurationError, EipasError
from handlers.transport.proxies import proxy_for
from handlers.transport.reach import reaching
from handlers.transport.web import WebClient

CALL_S = 15.0
_PROBE_S = 15.0
"""How often a workspace that took our token away is asked whether it gave it back."""


class NotInstalled(EipasError):
    """A call for a workspace that has not installed the app, or has removed it."""

    message_template = (
        "EIPAS is not installed in the workspace {team}. Whoever manages its apps can install it; nothing is lost."
    )


class Workspaces(Protocol):
    """The workspaces that may call, each with a client; everybody else is turned away at the door.

    `on_installed` is told of a workspace that can be served again.
    """

    on_installed: Callable[[str], Awaitable[None]] | None

    async def client(self, team: str) -> AsyncWebClient:
        """Return its client. Raises NotInstalled."""
        ...

    async def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        """Say for Bolt who we are in that workspace; None turns the delivery away."""
        ...

    async def forget(self, team: str) -> None:
        """Slack took the token away: delete what is kept of it and make no more calls."""
        ...


class WorkspaceAuthorizer(AsyncAuthorize):
    """Bolt's question who may come in, put to the workspaces."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def __call__(self, *, enterprise_id: str | None, team_id: str | None, **_who: Any) -> AuthorizeResult | None:
        """Answer for one delivery."""
        return await self._workspaces.authorize(enterprise_id, team_id)


def web_session(call_s: float = CALL_S) -> aiohttp.ClientSession:
    """Open a session whose calls count as lost after `call_s` seconds.

    slack_sdk applies its own timeout only to sessions that it opens itself; aiohttp's default is five minutes.
    """
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64), timeout=aiohttp.ClientTimeout(total=call_s))


def web_client(session: aiohttp.ClientSession, base_url: str, token: str | None = None) -> AsyncWebClient:
    """Return a client on the shared session: a connection (and TLS handshake) per call is what it does without.

    Only what certainly took no effect (429) is repeated by it; the reconciler looks up the rest before it repeats.
    """
    client = WebClient(token=token, session=session, base_url=base_url)
    client.proxy = proxy_for(base_url)
    client.retry_handlers = [AsyncRateLimitErrorRetryHandler(max_retry_count=1)]
    return client


class OneWorkspace:
    """The workspace that the bot token in the settings belongs to."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._me: dict[str, Any] = {}
        self._probe_at: float | None = None
        self.on_installed: Callable[[str], Awaitable[None]] | None = None

    async def identify(self) -> str:
        """Ask Slack who we are and return the team's id.

        Raises:
            ConfigurationError: the token is not good, or Slack cannot be reached.
        """
        try:
            with reaching(self._client.base_url):
                answer = await self._client.auth_test()
        except SlackApiError as error:
            raise ConfigurationError(
                problem=f"Slack refuses SLACK_BOT_TOKEN ({error.response.get('error')})",
                mend="Copy the Bot User OAuth Token from the app's page “OAuth & Permissions”.",
            ) from error
        self._me = {key: answer.get(key) for key in ("team_id", "enterprise_id", "team", "url", "bot_id", "user_id")}
        return str(self._me["team_id"])

    async def client(self, team: str) -> AsyncWebClient:
        """Return the client; after a revocation only once Slack takes the token again. Raises NotInstalled."""
        if team != self._me.get("team_id") or not await self._welcome():
            raise NotInstalled(team=team)
        return self._client

    async def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        """Know the one workspace; a delivery from it is also the sign that a revoked token may work again."""
        me = self._me
        if team_id != me.get("team_id"):
            return None
        if self._probe_at is not None:
            self._probe_at = 0.0
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, team=me["team"], url=me["url"], bot_id=me["bot_id"],
            bot_user_id=me["user_id"], bot_token=self._client.token,
        )  # fmt: skip

    async def forget(self, team: str) -> None:
        """Make no more calls until the token works again; it is in the settings and not ours to delete."""
        if team == self._me.get("team_id"):
            self._probe_at = 0.0

    async def _welcome(self) -> bool:
        if self._probe_at is None:
            return True
        if time.monotonic() < self._probe_at:
            return False
        self._probe_at = time.monotonic() + _PROBE_S
        try:
            await self._client.auth_test()
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            return False
        self._probe_at = None
        if self.on_installed is not None:
            await self.on_installed(str(self._me["team_id"]))
        return True
