"""Socket Mode over one or several connections, handed over and closed without losing an acknowledgement.

slack_sdk's client closes its connection before it opens the next one, and closes at once when it is told to. What was
under way then is committed here and shown as failed there. So a connection that Slack wants to renew is replaced first
and closed when its last delivery is answered, and closing waits in the same way, for a bounded time.
docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import structlog
from aiohttp import ClientError
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import ConfigurationError
from handlers.transport.front import readable
from handlers.transport.proxies import proxy_for

log = structlog.get_logger(__name__)
_PING_S = 5.0
_LOOK_S = 0.2
_CONNECT_S = 10.0
_AGAIN_S = 5.0
_PASSING = (ClientError, OSError, TimeoutError)
"""How a call or a connection is lost. aiohttp's own errors are no OSErrors, a broken connection least of all."""
_FULL = "too_many_websockets"
_WARNING, _WARNED_S = "warning", 30.0
"""Slack warns about ten seconds before it closes a connection.

Closed by us earlier, what is on its way would be lost.
"""


class Sockets:
    """The app's connections. Slack spreads deliveries over them; two let one be renewed while the other serves."""

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient, connections: int = 1) -> None:
        self._app, self._token, self._client = app, app_token, client
        self._wanted = connections
        self._lines: set[Line] = set()
        self._renewals: set[asyncio.Task[None]] = set()
        self._closing = False

    async def open(self) -> None:
        """Connect.

        Raises:
            ConfigurationError: Slack refuses the app-level token.
        """
        for _ in range(self._wanted):
            await self._connect()

    async def connected(self) -> bool:
        """Whether at least one connection stands."""
        return any([await line.is_connected() for line in self._lines])

    async def close(self, grace_s: float = 5.0) -> None:
        """Answer what is under way and what comes meanwhile, for at most `grace_s` seconds, and close."""
        self._closing = True
        for task in self._renewals:
            task.cancel()
        await asyncio.gather(*self._renewals, return_exceptions=True)
        await asyncio.gather(*(self._end(line, grace_s) for line in tuple(self._lines)))

    async def _connect(self) -> None:
        line = Line(self._app, self._token, self._client, self._goodbye)
        try:
            # Asked for here: the client itself would try a bad token again for ever.
            line.wss_uri = await line.issue_new_wss_url()
            await line.connect()
        except SlackApiError as error:
            await line.close()  # type: ignore[no-untyped-call]  # slack_sdk leaves it bare
            raise _refused(str(error.response.get("error"))) from error
        except (*_PASSING, asyncio.CancelledError):
            await line.close()  # type: ignore[no-untyped-call]
            raise
        self._lines.add(line)

    def _goodbye(self, line: Line, reason: str) -> None:
        """Slack wants this connection renewed; several such words for one connection are one."""
        if self._closing or line not in self._lines:
            return
        self._lines.discard(line)
        line.auto_reconnect_enabled = line.default_auto_reconnect_enabled = False
        task = asyncio.create_task(self._renew(line, reason))
        self._renewals.add(task)
        task.add_done_callback(self._renewals.discard)

    async def _renew(self, old: Line, reason: str) -> None:
        log.info("socket_renewed", reason=reason)
        try:
            if reason == _FULL:  # there is no room for a second one before the first is gone
                await self._end(old)
            await self._connect_again()
            if reason == _WARNING:  # Slack still sends over it, and closes it in some seconds
                await old.ended(_WARNED_S)
        finally:
            await self._end(old)

    async def _connect_again(self) -> None:
        while True:
            try:
                await self._connect()
            except (ConfigurationError, *_PASSING):  # nobody else would try again, and without one we are deaf
                log.exception("socket_refused")
                await asyncio.sleep(_AGAIN_S)
            else:
                return

    async def _end(self, line: Line, grace_s: float = 5.0) -> None:
        if line.closed:
            return
        await line.idle(grace_s)
        self._lines.discard(line)
        await line.close()  # type: ignore[no-untyped-call]


class Line(SocketModeClient):
    """One connection that knows how many deliveries came over it and are not answered yet."""

    def __init__(self, app: AsyncApp, token: str, client: AsyncWebClient, on_goodbye: Any) -> None:
        super().__init__(token, logging.getLogger("slack"), client, ping_interval=_PING_S)
        self._app, self._on_goodbye = app, on_goodbye
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.socket_mode_request_listeners.append(self._handle)  # type: ignore[arg-type]

    async def connect(self) -> None:
        """Give up after a while: slack_sdk tries one address for ever, and Slack gives each for one connection only.

        Raises:
            TimeoutError: no connection came about; the next attempt asks for a new address.
        """
        self.proxy = proxy_for(self.wss_uri or self.web_client.base_url)
        try:
            await asyncio.wait_for(super().connect(), _CONNECT_S)  # type: ignore[no-untyped-call]
        except TimeoutError:
            # Switched off while it connects, and by nobody on again; its monitor would look on for ever.
            self.auto_reconnect_enabled = self.default_auto_reconnect_enabled
            self.wss_uri = None
            raise

    async def enqueue_message(self, message: str) -> None:
        """Count from here on: between the queue and its task a delivery would be seen by nobody."""
        self._under_way += 1
        self._idle.clear()
        await super().enqueue_message(message)

    async def process_message(self) -> None:
        """Take the next message from the queue; one that cannot be read is answered by nothing, and is over."""
        try:
            await super().process_message()  # type: ignore[no-untyped-call]
        except (ValueError, RecursionError) as fault:
            log.warning("malformed_delivery", fault=str(fault)[:200])
            self._over()

    async def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """Serve one delivery; Slack's wish to renew the connection goes to the owner."""
        try:
            if message.get("type") == "disconnect":
                self._on_goodbye(self, str(message.get("reason", "")))
            elif _sound(message):
                await super().run_message_listeners(message, raw_message)
            else:
                log.warning("malformed_delivery", kind=str(message.get("type"))[:40])
        finally:
            self._over()

    def _over(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            self._idle.set()

    async def ended(self, within_s: float) -> None:
        """Wait until Slack closed the connection, at most `within_s` seconds."""
        until, session = time.monotonic() + within_s, self.current_session
        # slack_sdk tells nobody when a session ends, so it is looked at.
        while session is not None and not session.closed and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_S)

    async def idle(self, within_s: float) -> None:
        """Wait until everything that came is answered, at most `within_s` seconds."""
        try:
            await asyncio.wait_for(self._idle.wait(), within_s)
        except TimeoutError:
            log.warning("socket_closed_busy", unanswered=self._under_way)

    async def _handle(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        answer = await run_async_bolt_app(self._app, request)
        await send_async_response(client, request, answer, 0.0)


def _sound(message: dict[str, Any]) -> bool:
    """Whether a message has the parts that it is acknowledged and read by; Slack's greeting has none of them."""
    payload, attempt = message.get("payload", {}), message.get("retry_attempt")
    texts = all(isinstance(message.get(key, ""), str) for key in ("envelope_id", "type"))
    retried = isinstance(attempt, int | None) and isinstance(message.get("retry_reason"), str | None)
    return texts and retried and isinstance(payload, dict) and readable(payload)


_TOKEN_FAULTS = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "not_allowed_token_type"}
    | {"missing_scope", "no_permission"}
)
"""Slack's words for a token that no waiting mends (documentation of `apps.connections.open`)."""


def _refused(word: str) -> ConfigurationError:
    if word in _TOKEN_FAULTS:
        mend = "Make an app-level token with connections:write on the app's page “Basic Information”."
        return ConfigurationError(problem=f"Slack refuses SLACK_APP_TOKEN ({word})", mend=mend)
    return ConfigurationError(problem=f"Slack gives no connection now ({word})", mend="Start again in a minute.")
