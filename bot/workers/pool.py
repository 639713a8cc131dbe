"""A few worker processes, started when they are first needed and ended when nobody needed them for a while.

A thread would compete with everybody's clicks for the interpreter. The workers are forked from a server that has
loaded what they need (`multiprocessing`'s forkserver): the load takes two seconds, a fork some milliseconds.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable, Sequence
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any, Final, TypeVar, cast

from bot.domain.errors import EipasError
from bot.workers.child import Call, Progress, Raised, Returned, serve

SECONDS: Final = 120.0
"""For one call: many times what any takes."""

_LEAST: Final = 2
_END_SECONDS: Final = 5.0
T = TypeVar("T")


class WorkerFailed(EipasError):
    """A call came to no result: it raised, its process ended, or it took too long."""

    message_template = "A worker process gave no result: {reason}"


class WorkerPool:
    """Calls functions in worker processes; each worker has one call at a time, further calls wait.

    `preload` names modules that the forkserver loads once for all pools of this process. At most `most` workers are
    there, each ended after `idle_seconds` without a call. A worker ends with this process, even by SIGKILL.
    """

    def __init__(self, preload: Sequence[str] = (), *, most: int | None = None, idle_seconds: float = 60.0) -> None:
        self._preload = preload
        self._idle_seconds = idle_seconds
        self._free = asyncio.Semaphore(most or max(_LEAST, os.cpu_count() or 0))
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._retiring: asyncio.TimerHandle | None = None

    def preload(self) -> None:
        """Start the server that workers are forked from; it loads the modules by itself. Takes some milliseconds."""
        _context(self._preload)
        forkserver.ensure_running()

    async def run(self, function: Callable[..., T], *arguments: object, seconds: float = SECONDS) -> T:
        """Return what a module's function returns; function, arguments and result must be picklable.

        Raises:
            WorkerFailed: it raised, its process ended, or it was not done after `seconds`.
        """
        return cast("T", await self._run(Call(function, arguments), None, seconds))

    async def run_telling(
        self, function: Callable[..., T], *arguments: object, tell: Callable[[str], None], seconds: float = SECONDS
    ) -> T:
        """Like `run` for a function that takes `tell` as well; what it tells is passed on to `tell`, on the loop."""
        loop = asyncio.get_running_loop()

        def told(words: str) -> None:
            loop.call_soon_threadsafe(tell, words)

        return cast("T", await self._run(Call(function, arguments, tells=True), told, seconds))

    def close(self) -> None:
        """End all workers, whatever they do; a later call starts new ones. Takes some milliseconds."""
        if self._retiring is not None:
            self._retiring.cancel()
        idle, self._idle = self._idle, []
        for worker in (*idle, *self._busy):
            worker.end()

    async def _run(self, call: Call, tell: Callable[[str], None] | None, seconds: float) -> Any:
        async with self._free:
            answer = await self._answered(self._idle.pop(), call, tell, seconds) if self._idle else None
            if answer is None:  # one that idled may have been at its end already: a new one is asked
                worker = await asyncio.to_thread(_Worker, self._preload)
                answer = await self._answered(worker, call, tell, seconds)
        if answer is None:
            raise WorkerFailed(reason="its process ended.")
        if isinstance(answer, Raised):
            raise WorkerFailed(reason=f"{answer.kind}: {answer.words}")
        return answer.value

    async def _answered(
        self, worker: _Worker, call: Call, tell: Callable[[str], None] | None, seconds: float
    ) -> Returned | Raised | None:
        """Have a worker answer; None where its process ended meanwhile. Raises WorkerFailed."""
        self._busy.add(worker)
        try:
            async with asyncio.timeout(seconds):
                answer = await asyncio.to_thread(worker.call, call, tell)
        except TimeoutError:
            worker.end()
            raise WorkerFailed(reason=f"not done within {seconds:g} s.") from None
        except (EOFError, OSError):
            worker.end()
            return None
        except BaseException:
            worker.end()
            raise
        finally:
            self._busy.discard(worker)
        self._idle.append(worker)
        self._retire_later()
        return answer

    def _retire_later(self) -> None:
        if self._retiring is not None:
            self._retiring.cancel()
        self._retiring = asyncio.get_running_loop().call_later(self._idle_seconds, self._retire)

    def _retire(self) -> None:
        idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()


class _Worker:
    """One process and our end of its connection. Blocking, for one thread at a time; `end` for any."""

    def __init__(self, preload: Sequence[str]) -> None:
        context = _context(preload)
        self._connection, theirs = context.Pipe()
        self._process: ForkServerProcess = context.Process(target=serve, args=(theirs,), name="worker", daemon=True)
        self._process.start()
        theirs.close()

    def call(self, call: Call, tell: Callable[[str], None] | None) -> Returned | Raised:
        """Return the answer to a call; raises EOFError or OSError where the process ends before."""
        connection: Connection = self._connection
        connection.send(call)
        while isinstance(answer := connection.recv(), Progress):
            if tell is not None:
                tell(answer.words)
        return cast("Returned | Raised", answer)

    def end(self) -> None:
        """Kill the process, which has nothing to put away; whoever waits for its answer gets an EOFError."""
        self._process.kill()
        self._process.join(_END_SECONDS)


def _context(preload: Sequence[str]) -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    # `__main__` among them is loaded once by the server, and not again by each worker.
    context.set_forkserver_preload(["__main__", *preload])
    return context
