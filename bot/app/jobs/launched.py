"""DBOS while it runs. Importing this loads it: 0.4 s and 18 MB, which only a process with work to do has to pay."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from dbos import DBOS, DBOSClient, DBOSConfig, WorkflowStatus

from bot.app.jobs.limits import Limits
from bot.services.ports import Work

log = structlog.get_logger("bot.app.jobs")

APPLICATION_VERSION = "work-1"
"""Pinned: DBOS's default is a hash of the source, and a deploy would strand waiting work.

To be raised when `Do` changes its arguments.
"""

Do = Callable[[str, str, dict[str, Any]], None]
"""Does the work of a key, a kind and arguments; returns when it has ended."""

_NOTIFY_S = 0.1
"""How often DBOS's listener looks whether anybody waits for a message; nobody does, so that the look reads no row.

A stop waits for its sleep to end: with DBOS's default of a second, every stop of the bot took that long.
"""

_QUEUES = {"run": "runs", "questions": "questions"}
_SHORT = "short"
_OPEN = ["ENQUEUED", "DELAYED", "PENDING"]
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_PRUNED_AT_ONCE = 500


class Launched:
    """DBOS on the shared database under this machine's name, from construction to `close`. All methods block."""

    def __init__(self, sql_engine: Any, name: str, limits: Limits, do: Do) -> None:
        config: DBOSConfig = {
            "name": "eipas",
            "system_database_engine": sql_engine,
            "system_database_url": sql_engine.url.render_as_string(hide_password=False),
            "executor_id": name,
            "application_version": APPLICATION_VERSION,
            "log_level": "WARNING",  # its queues say what they cannot read or write, and try again
            "console_log_level": "WARNING",
            "notification_listener_polling_interval_sec": _NOTIFY_S,
        }
        DBOS(config=config)

        def eipas_work(kind: str, args: dict[str, Any]) -> None:
            do(str(DBOS.workflow_id), kind, args)

        DBOS.workflow(name="eipas_work", max_recovery_attempts=None)(eipas_work)
        self._client = DBOSClient(system_database_engine=sql_engine, application_name="eipas", lazy=True)
        try:
            DBOS.launch()
            DBOS.register_queue(
                "runs",
                worker_concurrency=limits.runs_at_once,
                global_concurrency=limits.runs_in_all,
                polling_interval_sec=limits.poll_s,
            )
            # Apart from the short ones: a busy model must not keep a document from being fetched.
            DBOS.register_queue("questions", worker_concurrency=4, polling_interval_sec=limits.poll_s)
            DBOS.register_queue(_SHORT, worker_concurrency=8, polling_interval_sec=limits.poll_s)
        except BaseException:
            self.close()
            raise

    def enqueue(self, connection: Any, works: Iterable[Work]) -> None:
        """Write work into its queues through an open transaction. The same key is never enqueued twice."""
        for work in works:
            options: Any = {
                "workflow_name": "eipas_work",
                "queue_name": _QUEUES.get(work.kind, _SHORT),
                "workflow_id": work.key,
                "app_version": APPLICATION_VERSION,
            }
            self._client.enqueue_in_transaction(connection, options, work.kind, dict(work.args))

    def open_keys(self) -> frozenset[str]:
        """Return what waits in a queue or was begun and not ended, on whatever machine."""
        found = DBOS.list_workflows(status=_OPEN, load_input=False, load_output=False)
        return frozenset(workflow.workflow_id for workflow in found)

    def adopt(self, reaping: Callable[[], AbstractContextManager[Any]]) -> None:
        """Queue again what was begun by machines that are gone; `reaping` yields the names of those alive.

        What is begun is read before who is alive: a machine gives its sign of life before it begins anything, so that
        nothing of a machine that joins in between is taken from it. And it is read again then, so that nothing is taken
        from a machine that adopted it meanwhile.
        """
        begun = _begun()
        with reaping() as alive:
            if alive is None:
                return
            dead = {w.workflow_id: w.executor_id for w in begun if w.executor_id not in alive}
            orphans = [w for w in _begun() if dead.get(w.workflow_id, "") == w.executor_id] if dead else []
            for queue in {workflow.queue_name or _SHORT for workflow in orphans}:
                ids = [w.workflow_id for w in orphans if (w.queue_name or _SHORT) == queue]
                DBOS.resume_workflows(ids, queue_name=queue)
                log.warning("work_adopted", queue=queue, work=ids)

    def prune(self, older_than: timedelta) -> int:
        """Forget work that ended so long ago, and return how much; DBOS never does by itself."""
        before = (datetime.now(UTC) - older_than).isoformat()
        count = 0
        while ids := _ended(before):
            DBOS.delete_workflows(ids)
            count += len(ids)
        return count

    def close(self) -> None:
        """Stop all its threads; what was begun and not ended stays open."""
        DBOS.destroy(destroy_registry=True)


def _begun() -> list[WorkflowStatus]:
    return DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)


def _ended(before: str) -> list[str]:
    found = DBOS.list_workflows(
        status=_ENDED, completed_before=before, limit=_PRUNED_AT_ONCE, load_input=False, load_output=False
    )
    return [workflow.workflow_id for workflow in found]
