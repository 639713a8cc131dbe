"""Long work on DBOS's queues: enqueued with the change that calls for it, executed by the service that knows how.

DBOS owns queue, concurrency limits, attempts and recovery; the state of a run is our own rows. What is done here DBOS
3.4 does not do (docs/decisions.md says why of each): execution on the bot's event loop, patience while nothing can be
written, recovery of other machines' work, and sleep, for DBOS polls its queues and tables every second for ever.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import CancelledError
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.domain.errors import Unavailable
from bot.services.ports import Work
from storage import Machines, Workflows

if TYPE_CHECKING:
    from bot.app.jobs.dbos_runtime import DbosRuntime

log = structlog.get_logger(__name__)
Worker = Callable[..., Awaitable[Any]]

SCHEMA_VERSION = 125
"""The newest of DBOS's migrations, said here so that a database that is at it needs no DBOS at the start."""

POLLING_S = 0.25
"""How often DBOS polls each queue while it is awake; each look costs up to 5 ms of CPU."""

LINGER_S = 20.0
"""How long DBOS stays awake when nothing is to be done any more; to wake it takes a tenth of a second."""

_RETRY_S = 2.0
_FIRST_BACKOFF_S, _LONGEST_BACKOFF_S = 0.5, 30.0


class _Interrupted(BaseException):
    """Ends a workflow without an outcome, as a crash would: DBOS records every Exception as the end of the work."""


class JobQueue:
    """Runs `workers[kind](**args)` for each enqueued Work, at least once, on the event loop that called `start`.

    `runs_at_once` bounds the runs of this machine, `runs_in_all` those of all machines on one database. `preload` loads
    what work needs, in a thread, after the first commit. `problem` says
    why work cannot be begun at the moment, if it cannot; `awake` whether DBOS polls.
    """

    def __init__(
        self, sql_engine: Any, machines: Machines, *, runs_at_once: int = 4, runs_in_all: int = 16,
        polling_s: float = POLLING_S, linger_s: float = LINGER_S, preload: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self._sql, self._machines, self._workflows = sql_engine, machines, Workflows(sql_engine)
        self._limits = {"worker_concurrency": runs_at_once, "global_concurrency": max(runs_in_all, runs_at_once)}
        self._polling_s, self._linger_s, self._preload = polling_s, linger_s, preload
        self._workers: Mapping[str, Worker] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waker: asyncio.Task[None] | None = None
        self._look_wanted, self._enqueued = asyncio.Event(), threading.local()
        self._lock, self._loading = threading.Lock(), threading.Lock()
        self._loaded: DbosRuntime | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._executed: set[str] = set()
        self._idle_since: float | None = None
        self._preloaded = self._stopping = self.awake = False
        self.problem = ""

    async def start(self, workers: Mapping[str, Worker]) -> None:
        """Take up what is open; work of machines that are gone is begun again."""
        self._workers, self._loop = workers, asyncio.get_running_loop()
        await asyncio.to_thread(self._prepare)
        self._waker = asyncio.create_task(self._wake_and_rest(), name="job queue")
        self._look_wanted.set()

    async def stop(self, grace_s: float = 5.0) -> None:
        """Begin nothing new, give what runs `grace_s` seconds, interrupt the rest, which stays open, and leave."""
        self._stopping = True
        if self._waker is not None:
            self._waker.cancel()
            await asyncio.gather(self._waker, return_exceptions=True)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace_s)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._leave)
        self._loop = None

    def enqueue(self, session: Any, work: Work) -> None:
        """Enqueue in the caller's open transaction. The same key is never enqueued twice."""
        self._dbos().enqueue(session.connection, work)
        self._enqueued.any = True

    def committed(self) -> None:
        """A transaction was committed by this thread: if it enqueued anything, that is begun now."""
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        if not self._preloaded:
            # Where people write, work follows: loaded beside the loop, or the first transaction that enqueues does it.
            self._preloaded = True
            loop.call_soon_threadsafe(loop.run_in_executor, None, self._load)
        if getattr(self._enqueued, "any", False):
            self._enqueued.any = False
            loop.call_soon_threadsafe(self._look_wanted.set)

    async def heartbeat(self) -> None:
        """Say that this machine is alive, and look whether there is work, of others that are not alive as well."""
        self._look_wanted.set()
        await asyncio.to_thread(self._machines.beat)

    async def open_keys(self) -> frozenset[str]:
        """Return the keys of all work that waits or was begun and has not ended, on whatever machine."""
        return await asyncio.to_thread(self._workflows.open_keys)

    async def prune(self, older_than: timedelta) -> int:
        """Forget what ended so long ago, and return how much; a process that had no work yet leaves it to others."""
        return 0 if self._loaded is None else await asyncio.to_thread(self._loaded.prune, older_than)

    def _prepare(self) -> None:
        if self._workflows.schema_version() < SCHEMA_VERSION:
            self._dbos().migrate()
        self._machines.join()

    def _leave(self) -> None:
        with self._lock:
            self._close()
        self._machines.leave()

    def _load(self) -> None:
        self._dbos()
        self._preload()

    def _dbos(self) -> DbosRuntime:
        with self._loading:
            if self._loaded is None:
                from bot.app.jobs.dbos_runtime import DbosRuntime  # noqa: PLC0415 - see there

                self._loaded = DbosRuntime(self._sql)
            return self._loaded

    async def _wake_and_rest(self) -> None:
        """Look into the queues after each commit that enqueued and at each heartbeat."""
        while True:
            await self._look_wanted.wait()
            self._look_wanted.clear()
            try:
                await asyncio.to_thread(self._look)
            except Exception as error:
                # Whatever it was, the work waits in its queue and must be begun as soon as that can be.
                problem = error.message if isinstance(error, Unavailable) else type(error).__name__
                words = str(error).partition("\n")[0]
                log.error("job_queue_waits", seconds=_RETRY_S, reason=words, exc_info=problem != self.problem)
                self.problem = problem
                await asyncio.sleep(_RETRY_S)
                self._look_wanted.set()
            else:
                self.problem = ""

    def _look(self) -> None:
        """Wake DBOS for what is to be done here, recover what the dead had begun, let it rest after a while of neither.

        What is begun is read before who is alive: a machine gives its first heartbeat before it begins anything.
        """
        with self._lock:
            if self._stopping:
                return
            executed = set(self._executed)
            waiting, executors = self._workflows.executors()
            dead = executors - self._machines.alive()
            # What this machine had begun and could not record the end of is recovered by DBOS's next launch.
            woken = not self.awake and bool(waiting or dead or self._machines.name in executors)
            if woken:
                self._dbos().launch(self._machines.name, self._execute, polling_s=self._polling_s, limits=self._limits)
                self.awake = True
            if dead and (recovered := self._dbos().recover(dead)):
                log.warning("work_recovered", executors=sorted(dead), work=recovered)
            if woken or waiting or dead or self._tasks:
                self._idle_since = None
            else:
                self._rest()
            if not waiting and self._machines.name not in executors:
                # All that had been executed before that look has its end recorded: none of it can come again.
                self._executed -= executed

    def _rest(self) -> None:
        self._idle_since = self._idle_since or time.monotonic()
        if time.monotonic() - self._idle_since >= self._linger_s:
            self._close()

    def _close(self) -> None:
        if self.awake:
            self.awake = False
            self._dbos().close()

    def _execute(self, key: str, kind: str, args: dict[str, Any]) -> None:
        """Do the work on the bot's loop, for a thread of DBOS."""
        loop = self._loop
        if key in self._executed:
            return  # only its end was not recorded
        if loop is None or self._stopping:
            raise _Interrupted
        try:
            asyncio.run_coroutine_threadsafe(self._work(kind, args), loop).result()
        except CancelledError:
            log.info("work_interrupted", kind=kind, **args)
            raise _Interrupted from None
        self._executed.add(key)

    async def _work(self, kind: str, args: Mapping[str, Any]) -> None:
        """Have it done, again for as long as nothing can be written; any other failure is its end.

        Not by a step that DBOS retries: that sleeps in a thread, which no stop can interrupt.
        """
        task, backoff = asyncio.current_task(), _FIRST_BACKOFF_S
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        while True:
            try:
                await self._workers[kind](**args)
            except Unavailable as reason:
                log.warning("work_waits", kind=kind, reason=reason.message, seconds=backoff)
            except Exception:  # the service has written it where people see it
                log.exception("work_failed", kind=kind, **args)
                return
            else:
                return
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, _LONGEST_BACKOFF_S)
