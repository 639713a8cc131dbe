"""The lines between one application and Slack as the settings want them: which workspaces, over what, which port."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import structlog
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp

from bot.app.operations.health import Health
from bot.app.operations.metrics import Metrics
from bot.app.operations.server import Asgi, WebServer, page
from bot.app.settings import Settings
from bot.services.registry import Services
from handlers import register
from handlers.transport import OneWorkspace, SlackFront, Sockets, Workspaces, web_client, web_session
from handlers.transport.backpressure import Backpressure
from handlers.transport.reach import reaching
from handlers.transport.workspaces import WorkspaceAuthorizer

if TYPE_CHECKING:  # a bot in a real workspace has none, and need not load it
    from bot.devtools.local_slack import LocalSlack

log = structlog.get_logger(__name__)
EVENTS = "/slack/events"
ALIVE = "/healthz"


class SlackTransport:
    """Opened in two steps: whoever needs a client is built between them, and stopped between them, too.

    What is opened is closed by `stack`: first what is under way is answered and nothing new taken, last the session.
    """

    workspaces: Workspaces

    def __init__(
        self, settings: Settings, local: LocalSlack | None, scopes: Sequence[str], stack: AsyncExitStack
    ) -> None:
        self._settings, self._local, self._scopes, self._stack = settings, local, scopes, stack
        self._sockets: Sockets | None = None
        self._pages: dict[str, Asgi] = {}
        self.web: WebServer | None = None
        self.backpressure = Backpressure()

    @property
    def file_origins(self) -> frozenset[str]:
        """Where uploads are fetched from."""
        return self._settings.file_origins if self._local is None else frozenset({self._local.url})

    async def identify(self, engine: Any) -> None:
        """Find out which workspaces there are; `engine` is the database's, for installations.

        Raises:
            ConfigurationError: the token or the keys are not good.
        """
        session = self._session = web_session(self._settings.slack_timeout)
        self._stack.push_async_callback(session.close)
        base_url = self._local.api_url if self._local else self._settings.slack_api_url
        token = self._local.bot_token if self._local else secret(self._settings.slack_bot_token)
        self._client = web_client(session, base_url, token or None)
        if self._settings.many:
            self.workspaces = await self._installed(engine)
        else:
            one = OneWorkspace(self._client)
            await one.identify()
            self.workspaces = one

    async def open(self, services: Services, metrics: Metrics, health: Health) -> None:
        """Let deliveries in."""
        # The response leaves after the handler returned: an ack means a durable change, and waits for no poll.
        door: Any = WorkspaceAuthorizer(self.workspaces)  # Bolt takes it at run time and declares only functions
        # Without a token: who calls is the door's answer. What is our own the handlers see; Bolt would also drop the
        # news that somebody deleted one of our messages.
        bare = web_client(self._session, self._client.base_url)
        app = AsyncApp(
            name="eipas",  # else Bolt looks through the stack for a file's name, which takes 60 ms
            client=bare, authorize=door, ignoring_self_events_enabled=False, process_before_response=True,
            logger=logging.getLogger("slack"), request_verification_enabled=False, ssl_check_enabled=False,
            url_verification_enabled=False,
        )  # fmt: skip
        register(app, services, self.workspaces, metrics.delivery, self.backpressure)
        ops: dict[str, Asgi] = {
            ALIVE: page(health.alive),
            "/readyz": page(health.ready),
            "/metrics": page(metrics.page),
        }
        settings = self._settings
        if settings.mode == "http":
            front = SlackFront(app, self._signing_secret(), on_refused=metrics.refuse)
            # Who calls from outside learns that the process turns, and nothing of what it does or lacks.
            routes: dict[str, Asgi] = {EVENTS: front, **self._pages, ALIVE: ops[ALIVE]}
            self.web = await self._serve(routes, settings.http_host, settings.http_port)
        else:
            app_token = self._local.app_token if self._local else secret(settings.slack_app_token)
            self._sockets = Sockets(app, app_token, self._client, settings.socket_connections)
            self._stack.push_async_callback(self._sockets.close, settings.drain_seconds)
            with reaching(self._client.base_url):
                await self._sockets.open()
        if settings.ops_port:
            await self._serve(ops, settings.ops_host, settings.ops_port)

    async def probe(self) -> str:
        """Say what is wrong with the connection to Slack; empty if nothing."""
        if self._sockets is not None and not await self._sockets.connected():
            return "no connection to Slack stands"
        return ""

    async def _serve(self, routes: Mapping[str, Asgi], host: str, port: int) -> WebServer:
        settings = self._settings
        server = WebServer(routes, host, port, settings.drain_seconds, settings.request_seconds)
        await server.start()
        self._stack.push_async_callback(server.stop)
        return server

    async def _installed(self, engine: Any) -> Workspaces:
        # Imported here: only where several workspaces are served does anybody need a cipher.
        from handlers.transport.installation import Cipher, Installations, ManyWorkspaces, States  # noqa: PLC0415
        from handlers.transport.pages import Flow, flow_settings, install_pages  # noqa: PLC0415

        settings, shared, session = self._settings, self._client, self._session
        keys = Cipher([key.get_secret_value() for key in settings.encryption_keys])
        store, states = Installations(engine, settings.oauth_client_id, keys), States(engine)
        if renewed := await asyncio.to_thread(store.renew):
            log.info("tokens_closed_anew", rows=renewed)
        many = ManyWorkspaces(store, lambda token: web_client(session, shared.base_url, token))
        oauth = flow_settings(
            settings.oauth_client_id,
            secret(settings.oauth_client_secret),
            self._scopes,
            store,
            states,
            settings.authorize_url,
        )
        self._pages = install_pages(Flow(oauth, shared, many))
        return many

    def _signing_secret(self) -> str:
        return self._local.signing_secret if self._local else secret(self._settings.slack_signing_secret)


def secret(value: SecretStr | None) -> str:
    """The text of a secret that may not be set."""
    return value.get_secret_value() if value is not None else ""
