"""The engine: long work from the outbox, done by DBOS queues, which run only while there is any.

What DBOS keeps is only which work is under way; the state of a run is our own rows, so a workflow here does nothing but
call the service again. Work that raises is logged and counted as done: the service has already written the failure
where people see it. What cannot be written at the moment is tried again, and what a shutdown interrupts stays open for
whoever comes next.

DBOS looks at each of its queues and tables every second, for ever: 2 % of a core and 18 MB in a bot where all wait for
people. So it sleeps while the outbox holds nothing open, and is woken by the commit that puts something in.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import structlog

from bot.app.jobs.limits import Limits
from bot.domain.errors import Unavailable
from bot.services.ports import Work

if TYPE_CHECKING:
    from bot.app.jobs.launched import Launched

log = structlog.get_logger(__name__)
Worker = Callable[..., Awaitable[Any]]
T = TypeVar("T")

POLL_S = 0.25
"""How often DBOS looks at each queue while it is awake: work begins half of it after the wake, on average.

Each look costs up to 5 ms of CPU, which is paid only while work is under way, and for LINGER_S after it.
"""

LINGER_S = 20.0
"""How long DBOS stays awake when nothing is open any more; to wake it takes a tenth of a second."""

_AGAIN_S = 2.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0


class Machines(Protocol):
    """This process among those that share the database; see `storage.Machines`."""

    name: str
    alone: bool

    def join(self) -> None: ...  # noqa: D102 - storage's class explains each
    def beat(self) -> None: ...  # noqa: D102
    def reaping(self) -> AbstractContextManager[Collection[str] | None]: ...  # noqa: D102
    def leave(self) -> None: ...  # noqa: D102


class Outbox(Protocol):
    """Work that is to be done, until it has ended; see `storage.Outbox`."""

    def add(self, session: Any, work: Work) -> None: ...  # noqa: D102 - storage's class explains each
    def taking(self) -> AbstractContextManager[tuple[Any, list[Work]]]: ...  # noqa: D102
    def any_open(self) -> bool: ...  # noqa: D102
    def has_ended(self, key: str) -> bool: ...  # noqa: D102
    def open_keys(self, *, taken: bool = False) -> frozenset[str]: ...  # noqa: D102
    def end(self, keys: Collection[str]) -> frozenset[str]: ...  # noqa: D102
    def prune(self, older_than: timedelta) -> int: ...  # noqa: D102


class _LetGo(BaseException):
    """Ends a workflow without an outcome, as a crash would: DBOS records every Exception as the end of the work."""


class Engine:
    """Runs `workers[kind](**args)` for each enqueued Work, at least once, on the event loop that called `start`.

    `runs_at_once` bounds the runs of this machine, `runs_in_all` those of all machines on one database. `problem` says
    why work cannot be begun at the moment, if it cannot.
    """

    def __init__(
        self,
        sql_engine: Any,
        machines: Machines,
        outbox: Outbox,
        *,
        runs_at_once: int = 4,
        runs_in_all: int = 16,
        poll_s: float = POLL_S,
        linger_s: float = LINGER_S,
    ) -> None:
        # `sql_engine` is SQLAlchemy's; the type stays in storage, which owns that library.
        self._sql, self._machines, self._outbox = sql_engine, machines, outbox
        self._limits = Limits(runs_at_once=runs_at_once, runs_in_all=max(runs_in_all, runs_at_once), poll_s=poll_s)
        self._linger_s = linger_s
        self._workers: Mapping[str, Worker] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._attending: asyncio.Task[None] | None = None
        self._wanted = asyncio.Event()
        self._added = threading.local()
        self._lock = threading.Lock()
        self._dbos: Launched | None = None
        self._idle_since: float | None = None
        self._to_prune: timedelta | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self.problem = ""

    async def start(self, workers: Mapping[str, Worker]) -> None:
        """Take up what is open; work of machines that are gone is begun again."""
        self._workers, self._loop = workers, asyncio.get_running_loop()
        await asyncio.to_thread(self._join)
        self._attending = asyncio.create_task(self._attend(), name="engine")
        if await asyncio.to_thread(self._outbox.any_open):
            self._wanted.set()

    async def stop(self, grace_s: float = 5.0) -> None:
        """Take no new work, give what runs `grace_s` seconds, interrupt the rest, which stays open, and let go."""
        self._stopping = True
        if self._attending is not None:
            self._attending.cancel()
            await asyncio.gather(self._attending, return_exceptions=True)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace_s)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._let_go)
        self._loop = None

    @property
    def awake(self) -> bool:
        """Whether DBOS runs."""
        return self._dbos is not None

    def enqueue(self, session: Any, work: Work) -> None:
        """Write the work into the outbox in the caller's open transaction. The same key is never written twice."""
        self._outbox.add(session, work)
        self._added.any = True

    def committed(self) -> None:
        """A transaction was committed by this thread: if it enqueued anything, that is begun now."""
        loop = self._loop
        if getattr(self._added, "any", False) and loop is not None and not loop.is_closed():
            self._added.any = False
            loop.call_soon_threadsafe(self._wanted.set)

    async def beat(self) -> None:
        """Say that this machine is alive, take over the work of those that did not say so for a lease, and rest."""
        # Also where this process puts everything in and is told of it: one cheap look, and nothing waits for ever.
        self._wanted.set()
        await asyncio.to_thread(self._beat)

    async def under_way(self) -> frozenset[str]:
        """Return the keys of all work that waits or was begun and has not ended, on whatever machine."""
        return await asyncio.to_thread(self._outbox.open_keys)

    async def prune(self, older_than: timedelta) -> int:
        """Forget work that ended so long ago, and return how much; a sleeping DBOS does when it goes to sleep again."""
        return await asyncio.to_thread(self._prune, older_than)

    async def _attend(self) -> None:
        """Look at the outbox each time something was put in."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await asyncio.to_thread(self._look)
            except Exception as error:
                # Whatever it was, the work waits in the outbox and must be begun as soon as that can be.
                problem = error.message if isinstance(error, Unavailable) else type(error).__name__
                words = str(error).partition("\n")[0]
                log.error("engine_waits", seconds=_AGAIN_S, reason=words, exc_info=problem != self.problem)
                self.problem = problem
                await asyncio.sleep(_AGAIN_S)
                self._wanted.set()
            else:
                self.problem = ""

    def _look(self) -> None:
        """Hand DBOS what nobody handed over yet, waking it for that; let it rest when nothing was open for a while."""
        with self._lock:
            if self._stopping:
                return
            if not self._outbox.any_open():
                self._rest()
                return
            self._idle_since = None
            dbos = self._dbos = self._dbos or self._launch()
            with self._outbox.taking() as (connection, works):
                dbos.enqueue(connection, works)

    def _launch(self) -> Launched:
        from bot.app.jobs.launched import Launched  # noqa: PLC0415 - see there

        dbos = Launched(self._sql, self._machines.name, self._limits, self._work)
        try:
            dbos.adopt(self._machines.reaping)
        except BaseException:
            dbos.close()
            raise
        return dbos

    def _rest(self) -> None:
        dbos, now = self._dbos, time.monotonic()
        self._idle_since = self._idle_since or now
        if dbos is None or self._tasks or now - self._idle_since < self._linger_s:
            return
        if self._to_prune is not None:
            dbos.prune(self._to_prune)
            self._to_prune = None
        self._dbos = None
        dbos.close()

    def _prune(self, older_than: timedelta) -> int:
        with self._lock:
            if self._dbos is None:
                self._to_prune = older_than
            else:
                self._dbos.prune(older_than)
        return self._outbox.prune(older_than)

    def _join(self) -> None:
        """Become known as alive, then see who is not; what those had begun is adopted when DBOS wakes for it."""
        self._machines.join()
        self._reap()

    def _let_go(self) -> None:
        with self._lock:
            if self._dbos is not None:
                self._dbos.close()
                self._dbos = None
        self._machines.leave()

    def _beat(self) -> None:
        if not self._machines.alone:
            self._machines.beat()
            self._reap()
        if self._dbos is not None:
            self._settle()

    def _reap(self) -> None:
        with self._lock:
            if self._dbos is not None:
                self._dbos.adopt(self._machines.reaping)
                return
        with self._machines.reaping():
            pass

    def _settle(self) -> None:
        """End what DBOS ended without our doing, such as work that somebody cancelled in its tables.

        What was taken is read before what DBOS has: work of ours ends here before it ends there.
        """
        taken = self._outbox.open_keys(taken=True)
        with self._lock:
            if self._dbos is None or not (lost := taken - self._dbos.open_keys()):
                return
        if ended := self._outbox.end(lost):
            log.warning("work_lost", work=sorted(ended))

    def _work(self, key: str, kind: str, args: dict[str, Any]) -> None:
        loop = self._loop
        if loop is None or self._stopping:
            raise _LetGo
        try:
            asyncio.run_coroutine_threadsafe(self._do(key, kind, args), loop).result()
        except CancelledError:
            log.info("work_interrupted", kind=kind, **args)
            raise _LetGo from None

    async def _do(self, key: str, kind: str, args: Mapping[str, Any]) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if await self._patiently(kind, lambda: asyncio.to_thread(self._outbox.has_ended, key)):
            return  # before a crash, and only DBOS had not heard of it
        await self._patiently(kind, lambda: self._once(kind, args))
        await self._patiently(kind, lambda: asyncio.to_thread(self._outbox.end, [key]))

    async def _patiently(self, kind: str, step: Callable[[], Awaitable[T]]) -> T:
        """Return what `step` does, which is tried again for as long as nothing can be written."""
        pause = _FIRST_PAUSE_S
        while True:
            try:
                return await step()
            except Unavailable as reason:
                log.warning("work_waits", kind=kind, reason=reason.message, seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    async def _once(self, kind: str, args: Mapping[str, Any]) -> None:
        try:
            await self._workers[kind](**args)
        except Unavailable:
            raise
        except Exception:
            log.exception("work_failed", kind=kind, **args)
