"""The one composition root: builds everything from settings, starts it in order, stops it in reverse.

Nothing is built at import.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import structlog
import yaml

from bot.app.collecting import keep_what_stands
from bot.app.github import GitHub, code_host_of
from bot.app.jobs import JobQueue
from bot.app.kits import kits_of
from bot.app.operations import logs
from bot.app.operations.health import Health, Probe, writable
from bot.app.operations.metrics import Metrics
from bot.app.private_files import private_copy, private_folder
from bot.app.scheduler import Timers
from bot.app.sealing import InstallationSealer
from bot.app.settings import Settings
from bot.app.slack_transport import SlackTransport
from bot.domain.errors import ConfigurationError
from bot.domain.role import Role
from bot.roles import load_roles, role_folders
from bot.roles.rehearsal import SAMPLE
from bot.roles.yaml_file import LOADER
from bot.services.common import ServiceContext
from bot.services.ports import Kit
from bot.services.registry import Services, build_services
from handlers.directory import SlackDirectory
from handlers.downloads import SlackFiles
from handlers.sync import Clients, Pace, Reconciler
from handlers.views.state import Terms
from storage import Machines, SqlDatabase, open_database

if TYPE_CHECKING:  # loaded by those who use them: a bot in a real workspace has no local Slack, most days bring no run
    from bot.devtools.local_slack import LocalSlack

log = structlog.get_logger(__name__)
MANIFEST = Path(__file__).resolve().parents[2] / "manifest.yml"
INBOX_KEPT = timedelta(days=7)
WORK_KEPT = timedelta(days=7)

SWITCH_S: Final = 0.0005
"""How long a thread that computes keeps the interpreter while the loop waits for it; Python's own 5 ms, several times
in the course of one click, made 60 to 100 ms of it beside a run."""


class Application:
    """The running product. Use it as an asynchronous context manager.

    `local` is a local Slack to connect to, if any; `check_runners` stand in for those of the kits, by role.
    """

    services: Services
    database: SqlDatabase
    reconciler: Reconciler
    lines: SlackTransport
    health: Health
    metrics: Metrics

    def __init__(
        self, settings: Settings, local: LocalSlack | None = None, check_runners: Mapping[str, Any] | None = None
    ) -> None:
        self.settings, self.local = settings, local
        self._check_runners = check_runners or {}
        self.role_folders = role_folders(*settings.role_folders)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start every part; whatever was begun is stopped again if one fails."""
        sys.setswitchinterval(SWITCH_S)
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Stop: answer what is under way, let nothing new in, then clock, reconciler, engine and database."""
        self.health.draining = True
        await self._stack.aclose()

    def _roots(self) -> tuple[Path, ...]:
        """Return where workspaces are found; a local Slack has copies of the roles' samples too."""
        if self.local is None:
            return self.settings.shared_roots
        samples = (self.settings.data_dir / "samples").resolve()
        found = {name: folder / SAMPLE for name, folder in self.role_folders.items() if (folder / SAMPLE).is_dir()}
        for name, folder in found.items():
            target = samples / ("sample" if len(found) == 1 else f"sample-{name}")
            if not target.is_dir():
                private_copy(folder, target)
        return (*self.settings.shared_roots, samples)

    async def _start(self) -> None:
        settings, roles = self.settings, load_roles(*self.settings.role_folders)
        private_folder(settings.data_dir)
        self.database = open_database(settings.url, clock=_now)
        await self.database.start()
        self._stack.push_async_callback(self.database.close)
        self.metrics = Metrics(self.database.queue_statistics)
        self.transport = SlackTransport(settings, self.local, scopes(read_manifest()), self._stack)
        await self.transport.identify(self.database.engine)
        clients = self.transport.workspaces.client
        kits = kits_of(settings, roles, self.role_folders, self._check_runners)
        for kit in kits.values():
            self._stack.push_async_callback(kit.close)
        context = ServiceContext(
            db=self.database, roles=roles, kits=kits, rules=settings.rules,
            workspaces=(settings.data_dir / "workspaces").resolve(), workspace_roots=self._roots(),
            team_roots=self.settings.team_roots, directory=SlackDirectory(clients),
            sealer=InstallationSealer(settings.key_file), code_host=self._code_host(),
        )  # fmt: skip
        self.services = build_services(context, SlackFiles(clients, self.transport.file_origins).download)
        machines = Machines(self.database.engine, _machine(), settings.lease_seconds, self._pace().settle_s)
        engine = JobQueue(
            self.database.engine, machines, runs_at_once=settings.runs_at_once, runs_in_all=settings.runs_in_all,
            preload=lambda: _preload(kits.values()),
        )  # fmt: skip
        self._attach(engine)
        await self._begin(engine, machines.name, roles, clients, context)
        self.health = Health(
            {"database": writable(self.database), "slack": self.transport.probe, "engine": _asked(engine)}
        )
        await self.transport.open(self.services, self.metrics, self.health)

    def _code_host(self) -> GitHub | None:
        host = code_host_of(self.settings)
        if host is not None:
            self._stack.push_async_callback(host.close)
        return host

    def _attach(self, engine: JobQueue) -> None:
        """Write long work with the change that calls for it, and have it begun after the commit."""

        def committed(transactions: int) -> None:
            self.metrics.commit(transactions)
            engine.committed()

        self.database.set_enqueue(engine.enqueue)
        self.database.on_commit = committed

    async def _begin(
        self, engine: JobQueue, machine: str, roles: Mapping[str, Role], clients: Clients, context: ServiceContext
    ) -> None:
        services, settings = self.services, self.settings
        kits, policy = context.kits, context.rules.policy
        terms = {name: Terms(model=kit.designer.model, policy=policy) for name, kit in kits.items()}
        self.reconciler = Reconciler(
            self.database,
            services.queries,
            clients,
            roles,
            self._pace(),
            machine,
            terms,
            self.transport.backpressure,
        )
        self.reconciler.on_sync = self.metrics.sync
        self.database.on_dirty = self.reconciler.wake
        self.transport.workspaces.on_installed = self.reconciler.heal
        await engine.start(
            {
                "run": services.runs.drive,
                "fetch": services.inputs.fetch,
                "questions": services.inquiries.ask,
                "recap": services.recaps.read,
                "export": services.exports.write,
            }
        )
        self._stack.push_async_callback(engine.stop)
        await services.runs.rescue(engine.open_keys)
        await self.reconciler.start()
        self._stack.push_async_callback(self.reconciler.stop)
        self._start_clock(engine)
        log.info("started", database=settings.url.split("://")[0], designers=_designers(context))

    def _start_clock(self, engine: JobQueue) -> None:
        services = self.services
        timers = Timers(
            {
                "deadlines": (1.0 if self.local else 5.0, services.deadlines.tick),
                "sweep": (5.0, self.reconciler.sweep),
                "inbox": (3600.0, lambda: self.database.forget_deliveries(_now() - INBOX_KEPT)),
                "machines": (self.settings.lease_seconds / 3, engine.heartbeat),
                "watchdog": (30.0, lambda: services.runs.rescue(engine.open_keys)),
                "prune": (3600.0, lambda: engine.prune(WORK_KEPT)),
            }
        )
        timers.start()
        self._stack.callback(timers.stop)

    def _pace(self) -> Pace:
        local = self.local is not None
        post, update, minute = self.settings.post_interval, self.settings.update_interval, self.settings.rate_minute
        minute_s = (0.0 if local else 60.0) if minute is None else minute
        return Pace(
            post_s=(0.0 if local else 1.0) if post is None else post,
            update_s=(0.3 if local else 3.0) if update is None else update,
            slow_s=5.0 if local else 120.0,
            settle_s=1.0 if local else 10.0,
            minute_s=minute_s,
            reading_s=3.0 if minute_s else 0.0,
            charts=(not local) if self.settings.charts is None else self.settings.charts,
        )


def local_slack(settings: Settings) -> LocalSlack:
    """Build the local Slack that stands in for a workspace, with its journal beside the database."""
    from bot.devtools.local_slack import LocalSlack  # noqa: PLC0415 - a real workspace has none

    private_folder(settings.data_dir)
    return LocalSlack(manifest=read_manifest(), journal=settings.data_dir / "local-slack.jsonl", port=settings.port)


def read_manifest() -> Mapping[str, Any]:
    """Read the app's manifest: from the checkout, or from the folder the program was started in."""
    path = MANIFEST if MANIFEST.is_file() else Path("/app/manifest.yml")
    loaded: Mapping[str, Any] = yaml.load(path.read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a safe one
    return loaded


def scopes(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """The bot's scopes that the manifest asks for."""
    return tuple(manifest["oauth_config"]["scopes"]["bot"])


def configure_logging(settings: Settings) -> None:
    """Send all logs to stderr in the form that the settings say; no secret is in any line."""
    logs.configure_logging(settings.log_level, settings.log_format, logs.Redactor(settings.secrets))


async def serve(
    settings: Settings,
    stop: asyncio.Event,
    ready: asyncio.Event | None = None,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Run until `stop` is set; `announce` is told the page's address once it serves, "" in a real workspace."""
    async with AsyncExitStack() as stack:
        local = await _page(settings, stack) if settings.local else None
        application = await stack.enter_async_context(Application(settings, local))
        keep_what_stands()
        if ready is not None:
            ready.set()
        if announce is not None:
            announce(local.url if local is not None else "")
        await stop.wait()
        log.info("stopping", designers=_designers(application.services.context))


async def _page(settings: Settings, stack: AsyncExitStack) -> LocalSlack:
    try:
        return await stack.enter_async_context(local_slack(settings))
    except OSError as error:
        raise ConfigurationError(
            problem=f"port {settings.port} cannot be listened on ({error.strerror or error})",
            mend="If another bot runs there, stop it, or set EIPAS_PORT to a free port.",
        ) from error


def _designers(context: ServiceContext) -> dict[str, str]:
    """Return what designs for each role: the model, or the name of the rules."""
    return {name: kit.designer.model or kit.designer.name for name, kit in context.kits.items()}


def _machine() -> str:
    """A name that no other process ever had: what is begun under it ends with this process."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def _preload(kits: Iterable[Kit[Any]]) -> None:
    """Load what a run needs, without which a bot does that only waits."""
    for kit in kits:
        kit.preload()


def _asked(engine: JobQueue) -> Probe:
    async def probe() -> str:
        await engine.open_keys()
        return engine.problem

    return probe


def _now() -> datetime:
    return datetime.now(UTC)
