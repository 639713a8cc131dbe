"""The engine: long work on DBOS queues, handed over in the caller's own transaction.

What DBOS keeps is only which work is under way; the state of a run is our own rows, so a workflow here does nothing but
call the service again (see docs/architecture.md, "Long work"). Work that raises is logged and counted as done: the
service has already written the failure where people see it. What cannot be written at the moment is tried again, and
what a shutdown interrupts stays open for whoever comes next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import structlog
from dbos import DBOS, DBOSClient, DBOSConfig

from bot.domain.errors import Unavailable
from bot.services.ports import Work

log = structlog.get_logger(__name__)
Worker = Callable[..., Awaitable[Any]]

APPLICATION_VERSION = "work-1"
"""Pinned: DBOS's default is a hash of the source, and a deploy would strand waiting work.

To be raised when `_work` changes its arguments.
"""

POLL_S = 1.0
"""How often a queue is looked at: a run begins half of it after the go, on average.

Each look at each queue costs about 5 ms of CPU, and DBOS's own threads as much as two queues; at 0.1 s an idle bot was
measured at 13 % of a core, at 0.5 s at 4 %, at 1 s at 2.4 %, at 2 s at 1.9 %.
"""

_NOTIFY_S = 0.1
"""How often DBOS's listener looks whether anybody waits for a message; nobody does, so that the look reads no row.

A stop waits for its sleep to end: with DBOS's default of a second, every stop of the bot took that long.
"""

_QUEUES = {"run": "runs", "questions": "questions"}
_SHORT = "short"
_OPEN = ["ENQUEUED", "DELAYED", "PENDING"]
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_PRUNED_AT_ONCE = 500
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0


class Machines(Protocol):
    """This process among those that share the database; see `storage.Machines`."""

    name: str
    alone: bool

    def join(self) -> None: ...  # noqa: D102 - storage's class explains each
    def beat(self) -> None: ...  # noqa: D102
    def reaping(self) -> AbstractContextManager[Collection[str] | None]: ...  # noqa: D102
    def leave(self) -> None: ...  # noqa: D102


class _LetGo(BaseException):
    """Ends a workflow without an outcome, as a crash would: DBOS records every Exception as the end of the work."""


class Engine:
    """Runs `workers[kind](**args)` for each enqueued Work, at least once, on the event loop that called `start`.

    `runs_at_once` bounds the runs of this machine, `runs_in_all` those of all machines on one database.
    """

    def __init__(
        self,
        sql_engine: Any,
        machines: Machines,
        *,
        runs_at_once: int = 4,
        runs_in_all: int = 16,
        poll_s: float = POLL_S,
    ) -> None:
        # `sql_engine` is SQLAlchemy's; the type stays in storage, which owns that library.
        self._sql, self._machines, self._poll_s = sql_engine, machines, poll_s
        self._runs_at_once, self._runs_in_all = runs_at_once, max(runs_in_all, runs_at_once)
        self._workers: Mapping[str, Worker] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: DBOSClient | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def start(self, workers: Mapping[str, Worker]) -> None:
        """Launch DBOS on the shared database; work of machines that are gone is taken up."""
        self._workers, self._loop = workers, asyncio.get_running_loop()
        await asyncio.to_thread(self._launch)

    async def stop(self, grace_s: float = 5.0) -> None:
        """Take no new work, give what runs `grace_s` seconds, interrupt the rest, which stays open, and let go."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace_s)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._let_go)
        self._loop = None

    def enqueue(self, connection: Any, work: Work) -> None:
        """Write the work into the queue through the caller's open transaction. The same id is never enqueued twice."""
        if self._client is None:
            raise RuntimeError("the engine was not started")
        options: Any = {
            "workflow_name": "eipas_work",
            "queue_name": _QUEUES.get(work.kind, _SHORT),
            "workflow_id": work.key,
            "app_version": APPLICATION_VERSION,
        }
        self._client.enqueue_in_transaction(connection, options, work.kind, dict(work.args))

    async def beat(self) -> None:
        """Say that this machine is alive, and take over the work of those that did not say so for a lease."""
        await asyncio.to_thread(self._beat)

    async def under_way(self) -> frozenset[str]:
        """Return the keys of all runs that wait in the queue or were begun and not ended, on whatever machine."""

        def ids() -> frozenset[str]:
            found = DBOS.list_workflows(status=_OPEN, workflow_id_prefix="run:", load_input=False, load_output=False)
            return frozenset(workflow.workflow_id for workflow in found)

        return await asyncio.to_thread(ids)

    async def prune(self, older_than: timedelta) -> int:
        """Forget work that ended so long ago, and return how much; DBOS never does by itself."""
        before = (datetime.now(UTC) - older_than).isoformat()
        count = 0
        while ids := await asyncio.to_thread(_ended, before):
            await asyncio.to_thread(DBOS.delete_workflows, ids)
            count += len(ids)
        return count

    def _launch(self) -> None:
        config: DBOSConfig = {
            "name": "eipas",
            "system_database_engine": self._sql,
            "system_database_url": self._sql.url.render_as_string(hide_password=False),
            "executor_id": self._machines.name,
            "application_version": APPLICATION_VERSION,
            "log_level": "ERROR",
            "console_log_level": "ERROR",
            "notification_listener_polling_interval_sec": _NOTIFY_S,
        }
        DBOS(config=config)

        def eipas_work(kind: str, args: dict[str, Any]) -> None:
            self._work(kind, args)

        DBOS.workflow(name="eipas_work", max_recovery_attempts=None)(eipas_work)
        self._client = DBOSClient(system_database_engine=self._sql, application_name="eipas", lazy=True)
        self._machines.join()
        DBOS.launch()
        DBOS.register_queue(
            "runs",
            worker_concurrency=self._runs_at_once,
            global_concurrency=self._runs_in_all,
            polling_interval_sec=self._poll_s,
        )
        # Apart from the short ones: a busy model must not keep a document from being fetched.
        DBOS.register_queue("questions", worker_concurrency=4, polling_interval_sec=self._poll_s)
        DBOS.register_queue(_SHORT, worker_concurrency=8, polling_interval_sec=self._poll_s)
        self._adopt()

    def _let_go(self) -> None:
        DBOS.destroy(destroy_registry=True)
        self._machines.leave()

    def _beat(self) -> None:
        if not self._machines.alone:
            self._machines.beat()
            self._adopt()

    def _adopt(self) -> None:
        """Queue again what was begun by machines that are gone.

        What is begun is read before who is alive: a machine gives its sign of life before it begins anything, so that
        nothing of a machine that joins in between is taken from it.
        """
        begun = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        with self._machines.reaping() as alive:
            if alive is None:
                return
            orphans = [w for w in begun if w.executor_id not in alive]
            for queue in {w.queue_name or _SHORT for w in orphans}:
                ids = [w.workflow_id for w in orphans if (w.queue_name or _SHORT) == queue]
                DBOS.resume_workflows(ids, queue_name=queue)
                log.warning("work_adopted", queue=queue, work=ids)

    def _work(self, kind: str, args: dict[str, Any]) -> None:
        loop = self._loop
        if loop is None or self._stopping:
            raise _LetGo
        try:
            asyncio.run_coroutine_threadsafe(self._do(kind, args), loop).result()
        except CancelledError:
            log.info("work_interrupted", kind=kind, **args)
            raise _LetGo from None

    async def _do(self, kind: str, args: Mapping[str, Any]) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        pause = _FIRST_PAUSE_S
        while True:
            try:
                await self._workers[kind](**args)
            except Unavailable as reason:
                log.warning("work_waits", kind=kind, reason=reason.message, seconds=pause, **args)
            except Exception:
                log.exception("work_failed", kind=kind, **args)
                return
            else:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)


def _ended(before: str) -> list[str]:
    found = DBOS.list_workflows(
        status=_ENDED, completed_before=before, limit=_PRUNED_AT_ONCE, load_input=False, load_output=False
    )
    return [workflow.workflow_id for workflow in found]
