"""The engine: long work on DBOS queues, handed over in the caller's own transaction.

What DBOS keeps is only which work is under way; the state of a run is our own rows, so a workflow here does nothing but
call the service again (see docs/architecture.md, "Long work"). Work that raises is logged and counted as done: the
service has already written the failure where people see it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import CancelledError
from typing import Any

import structlog
from dbos import DBOS, DBOSClient, DBOSConfig

from bot.services.ports import Work

log = structlog.get_logger(__name__)
Worker = Callable[..., Awaitable[Any]]

APPLICATION_VERSION = "work-1"
"""Pinned: DBOS's default is a hash of the source, and a deploy would strand waiting work. Bump when `_work` changes its arguments."""

_QUEUES = {"run": "runs"}
_SHORT = "short"


class Engine:
    """Runs `workers[kind](**args)` for each enqueued Work, at least once, on the event loop that called `start`."""

    def __init__(
        self, sql_engine: Any, *, executor_id: str = "local", runs_at_once: int = 4, poll_s: float = 0.1
    ) -> None:
        # `sql_engine` is SQLAlchemy's; the type stays in storage, which owns that library.
        self._sql, self._executor = sql_engine, executor_id
        self._runs_at_once, self._poll_s = runs_at_once, poll_s
        self._workers: Mapping[str, Worker] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: DBOSClient | None = None

    async def start(self, workers: Mapping[str, Worker]) -> None:
        """Launch DBOS on the shared database; work that was under way when this executor died is taken up again."""
        self._workers, self._loop = workers, asyncio.get_running_loop()
        await asyncio.to_thread(self._launch)

    async def stop(self, grace_s: int = 5) -> None:
        """Take no new work, give what runs `grace_s` seconds, and let go."""
        await asyncio.to_thread(lambda: DBOS.destroy(workflow_completion_timeout_sec=grace_s, destroy_registry=True))
        self._loop = None

    def enqueue(self, connection: Any, work: Work) -> None:
        """Write the work into the queue through the caller's open transaction. The same id is never enqueued twice."""
        if self._client is None:
            raise RuntimeError("the engine was not started")
        queue = _QUEUES.get(work.kind, _SHORT)
        options: Any = {
            "workflow_name": "eipas_work",
            "queue_name": queue,
            "workflow_id": f"{work.kind}:{work.id}",
            "app_version": APPLICATION_VERSION,
        }
        self._client.enqueue_in_transaction(connection, options, work.kind, dict(work.args))

    def _launch(self) -> None:
        config: DBOSConfig = {
            "name": "eipas",
            "system_database_engine": self._sql,
            "system_database_url": self._sql.url.render_as_string(hide_password=False),
            "executor_id": self._executor,
            "application_version": APPLICATION_VERSION,
            "log_level": "ERROR",
            "console_log_level": "ERROR",
        }
        DBOS(config=config)

        def eipas_work(kind: str, args: dict[str, Any]) -> None:
            self._work(kind, args)

        DBOS.workflow(name="eipas_work", max_recovery_attempts=None)(eipas_work)
        self._client = DBOSClient(system_database_engine=self._sql, application_name="eipas", lazy=True)
        DBOS.launch()
        DBOS.register_queue("runs", worker_concurrency=self._runs_at_once, polling_interval_sec=self._poll_s)
        DBOS.register_queue(_SHORT, worker_concurrency=8, polling_interval_sec=self._poll_s)

    def _work(self, kind: str, args: dict[str, Any]) -> None:
        loop = self._loop
        if loop is None:
            return
        future = asyncio.run_coroutine_threadsafe(self._do(kind, args), loop)
        try:
            future.result()
        except CancelledError:
            log.info("work_cancelled", kind=kind, **args)

    async def _do(self, kind: str, args: Mapping[str, Any]) -> None:
        try:
            await self._workers[kind](**args)
        except Exception:
            log.exception("work_failed", kind=kind, **args)
