"""The one composition root: builds everything from settings, starts it in order, stops it in reverse. Nothing is built at import."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import aiohttp
import structlog
import yaml
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.role import Role
from bot.engine import Engine
from bot.evidence import Laboratory
from bot.kits import build_kits
from bot.local_slack import LocalSlack
from bot.models import build_designers
from bot.roles import load_roles
from bot.services.bundle import Services, build_services
from bot.services.common import House
from bot.settings import Settings
from bot.timers import Timers
from handlers import register
from handlers.downloads import SLACK_FILE_HOSTS, SlackFiles
from handlers.reconcile import Clients, Pace, Reconciler
from handlers.views.state import Terms
from storage import Machines, SqlDatabase, open_database

log = structlog.get_logger(__name__)
MANIFEST = Path(__file__).resolve().parent.parent / "manifest.yml"
INBOX_KEPT = timedelta(days=7)
WORK_KEPT = timedelta(days=7)


class Application:
    """The running product. Use it as an asynchronous context manager.

    `local` is a local Slack to connect to, if any; `laboratory` runs the checks, by default every one there is.
    """

    services: Services
    database: SqlDatabase
    reconciler: Reconciler

    def __init__(
        self, settings: Settings, local: LocalSlack | None = None, laboratory: Laboratory | None = None
    ) -> None:
        self.settings, self.local, self._laboratory = settings, local, laboratory or Laboratory()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start every part; whatever was begun is stopped again if one fails."""
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Stop: no new deliveries, then the clock, the engine, the reconciler, the database."""
        await self._stack.aclose()

    async def _start(self) -> None:
        settings, roles = self.settings, load_roles()
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        self.database = open_database(settings.url, clock=_now)
        await self.database.start()
        self._stack.push_async_callback(self.database.close)
        self._stack.push_async_callback(self._laboratory.close)
        client = await self._client()
        hosts = SLACK_FILE_HOSTS if self.local is None else frozenset({urlsplit(self.local.url).netloc})

        async def clients(team: str) -> AsyncWebClient:
            return client

        designers, chosen = build_designers(settings)
        house = House(
            db=self.database, roles=roles, kits=build_kits(roles, self._laboratory), rules=settings.rules,
            workspaces=(settings.data_dir / "workspaces").resolve(), workspace_roots=settings.workspace_roots,
            designer=chosen, model=designers[chosen].model,
        )  # fmt: skip
        self.services = build_services(house, designers, SlackFiles(clients, hosts).download)
        machines = Machines(self.database.engine, _machine(), settings.lease_seconds)
        engine = Engine(
            self.database.engine, machines, runs_at_once=settings.runs_at_once, runs_in_all=settings.runs_in_all
        )
        self.database.set_enqueue(engine.enqueue)
        await self._begin(engine, machines.name, roles, clients, house)
        await self._listen(client)

    async def _begin(
        self, engine: Engine, machine: str, roles: Mapping[str, Role], clients: Clients, house: House
    ) -> None:
        services, settings = self.services, self.settings
        terms = Terms(model=house.model, policy=house.rules.policy)
        self.reconciler = Reconciler(self.database, services.queries, clients, roles, self._pace(), machine, terms)
        self.database.on_dirty = self.reconciler.wake
        await engine.start(
            {"run": services.runs.drive, "fetch": services.inputs.fetch, "export": services.exports.write}
        )
        self._stack.push_async_callback(engine.stop)
        await services.runs.rescue(engine.under_way)
        await self.reconciler.start()
        self._stack.push_async_callback(self.reconciler.stop)
        self._start_clock(engine)
        log.info("started", database=settings.url.split("://")[0], designer=house.designer, model=house.model)

    def _start_clock(self, engine: Engine) -> None:
        services = self.services
        timers = Timers(
            {
                "deadlines": (1.0 if self.local else 5.0, services.deadlines.tick),
                "sweep": (5.0, self.reconciler.sweep),
                "inbox": (3600.0, lambda: self.database.forget_deliveries(_now() - INBOX_KEPT)),
                "machines": (self.settings.lease_seconds / 3, engine.beat),
                "watchdog": (30.0, lambda: services.runs.rescue(engine.under_way)),
                "prune": (3600.0, lambda: engine.prune(WORK_KEPT)),
            }
        )
        timers.start()
        self._stack.callback(timers.stop)

    async def _client(self) -> AsyncWebClient:
        # One session for every call: a new connection (and TLS handshake) per call is what the client does without.
        session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64))
        self._stack.push_async_callback(session.close)
        token = self.local.bot_token if self.local else _secret(self.settings.slack_bot_token)
        base_url = self.local.api_url if self.local else AsyncWebClient.BASE_URL
        client = AsyncWebClient(token=token, session=session, timeout=15, base_url=base_url)
        # Only what certainly took no effect is repeated here; the reconciler looks up the rest before it repeats.
        client.retry_handlers = [AsyncRateLimitErrorRetryHandler(max_retry_count=1)]
        return client

    async def _listen(self, client: AsyncWebClient) -> None:
        # The response leaves after the listener returned: an ack means that the change is durable, and none waits for a poll.
        app = AsyncApp(client=client, process_before_response=True, logger=logging.getLogger("slack"))
        register(app, self.services, client)
        await client.auth_test()
        app_token = self.local.app_token if self.local else _secret(self.settings.slack_app_token)
        handler = AsyncSocketModeHandler(app, app_token, web_client=client, logger=logging.getLogger("slack"))
        await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it bare
        self._stack.push_async_callback(handler.close_async)

    def _pace(self) -> Pace:
        local = self.local is not None
        post, update = self.settings.post_interval, self.settings.update_interval
        return Pace(
            post_s=(0.0 if local else 1.0) if post is None else post,
            update_s=(0.3 if local else 3.0) if update is None else update,
        )


def local_slack(settings: Settings) -> LocalSlack:
    """Build the local Slack that stands in for a workspace, with its journal beside the database."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return LocalSlack(manifest=read_manifest(), journal=settings.data_dir / "local-slack.jsonl", port=settings.port)


def read_manifest() -> Mapping[str, object]:
    """Read the app's manifest: from the checkout, or from the folder the program was started in."""
    path = MANIFEST if MANIFEST.is_file() else Path("/app/manifest.yml")
    loaded: Mapping[str, object] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def configure_logging(settings: Settings) -> None:
    """Send structlog and the standard library's logs to stderr, in one form. Slack tokens never reach a log call."""
    level = getattr(logging, settings.log_level.upper())
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    logging.basicConfig(
        level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )


async def serve(settings: Settings, stop: asyncio.Event, ready: asyncio.Event | None = None) -> None:
    """Run until `stop` is set."""
    async with AsyncExitStack() as stack:
        local = await stack.enter_async_context(local_slack(settings)) if settings.local else None
        application = await stack.enter_async_context(Application(settings, local))
        if ready is not None:
            ready.set()
        if local is not None:
            log.info("page", url=local.url)
        await stop.wait()
        log.info("stopping", designer=application.services.house.designer)


def _machine() -> str:
    """A name that no other process ever had: what is begun under it ends with this process."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value is not None else ""


def _now() -> datetime:
    return datetime.now(UTC)
