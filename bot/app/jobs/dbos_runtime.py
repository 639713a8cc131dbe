"""DBOS on the shared database. Importing this loads it: 0.2 s and 19 MB, which only a process with work has to pay."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig

from bot.services.ports import Work

APPLICATION_VERSION = "work-1"
"""Pinned: DBOS's default is a hash of the source, and a deploy would strand waiting work.

To be raised when the workflow changes its arguments.
"""

_APPLICATION, _WORKFLOW = "eipas", "eipas_work"
_QUEUES = {"run": "runs", "questions": "questions"}
_SHORT = "short"
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_NOTIFY_S = 0.1
"""A stop waits for the sleep of DBOS's notification listener, which is a second by default; nobody is notified here."""


Execute = Callable[[str, str, dict[str, Any]], None]
"""Does the work of a key, a kind and arguments; returns when it has ended."""


class DbosRuntime:
    """DBOS, of which only the client is there until `launch`. All methods block."""

    def __init__(self, sql_engine: Any) -> None:
        self._sql = sql_engine
        self._url = sql_engine.url.render_as_string(hide_password=False)
        self._client = DBOSClient(system_database_engine=sql_engine, application_name=_APPLICATION, lazy=True)

    def migrate(self) -> None:
        """Make DBOS's tables, or bring them up to date; of several machines one does and the others wait."""
        DBOS.migrate(self._url)

    def enqueue(self, connection: Any, work: Work) -> None:
        """Enqueue in an open transaction. The same key is never enqueued twice."""
        options: Any = {
            "workflow_name": _WORKFLOW, "queue_name": _QUEUES.get(work.kind, _SHORT), "workflow_id": work.key,
            "app_version": APPLICATION_VERSION,
        }  # fmt: skip
        self._client.enqueue_in_transaction(connection, options, work.kind, dict(work.args))

    def launch(
        self,
        executor_id: str,
        execute: Callable[[str, str, dict[str, Any]], None],
        *,
        polling_s: float,
        limits: Mapping[str, int],
    ) -> None:
        """Begin to poll the queues; what this executor had begun before is recovered.

        `limits` are those of the runs. Each Exception of `execute` is recorded as the end of the work; any other
        BaseException leaves it open as a crash would.
        """
        config: DBOSConfig = {
            "name": _APPLICATION, "system_database_engine": self._sql, "system_database_url": self._url,
            "executor_id": executor_id, "application_version": APPLICATION_VERSION, "log_level": "WARNING",
            "console_log_level": "WARNING", "notification_listener_polling_interval_sec": _NOTIFY_S,
        }  # fmt: skip
        DBOS(config=config)

        def eipas_work(kind: str, args: dict[str, Any]) -> None:
            execute(str(DBOS.workflow_id), kind, args)

        DBOS.workflow(name=_WORKFLOW)(eipas_work)
        try:
            # Before the launch: DBOS looks for queues as it starts, and then every second.
            self._register("runs", polling_s, **limits)
            # Apart from the short ones: a busy model must not keep a document from being fetched.
            self._register("questions", polling_s, worker_concurrency=4)
            self._register(_SHORT, polling_s, worker_concurrency=8)
            DBOS.launch()
        except BaseException:
            self.close()
            raise

    def recover(self, executor_ids: Collection[str]) -> list[str]:
        """Queue again what these executors had begun, and return its keys.

        Several machines may do so at once: what one of them has taken up is no longer the dead executor's. By itself
        DBOS does it for its own executor only; for others a paid service tells it to, so the name is private in 3.4.
        """
        return [handle.workflow_id for handle in DBOS._recover_pending_workflows(sorted(executor_ids))]

    def prune(self, older_than: timedelta) -> int:
        """Forget the work that ended so long ago, and return how much; DBOS never does by itself."""
        before, count = (datetime.now(UTC) - older_than).isoformat(), 0
        lean: Any = {"load_input": False, "load_output": False}
        while found := self._client.list_workflows(status=_ENDED, completed_before=before, limit=500, **lean):
            self._client.delete_workflows([workflow.workflow_id for workflow in found])
            count += len(found)
        return count

    def _register(self, name: str, polling_s: float, **limits: Any) -> None:
        self._client.register_queue(name, polling_interval_sec=polling_s, application_name=_APPLICATION, **limits)

    def close(self) -> None:
        """Stop all threads of DBOS; what was begun and has not ended stays so."""
        DBOS.destroy(destroy_registry=True)
