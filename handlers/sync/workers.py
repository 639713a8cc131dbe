"""The workers of the reconciler: which surface is looked at when, each by one worker at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from itertools import count

import structlog

from bot.domain.errors import Stale, Unavailable
from bot.domain.surface import SurfaceId

log = structlog.get_logger(__name__)
Sync = Callable[[SurfaceId], Awaitable[None]]

_SOON_S = 2.0
"""When a surface is looked at again whose sync ended in an error."""


class Workers:
    """Runs `sync` for each surface that was asked for, `at_once` of them side by side.

    A surface that is asked for while it is being synced is synced once more afterwards.
    """

    def __init__(self, sync: Sync, at_once: int) -> None:
        self._sync, self._at_once = sync, at_once
        # What a sweep found comes after what somebody waits for: after a crash that may be a thousand threads.
        self._queue: asyncio.PriorityQueue[tuple[bool, int, SurfaceId]] = asyncio.PriorityQueue()
        self._numbers = count()
        self._waiting: dict[SurfaceId, bool] = {}
        self._busy: set[SurfaceId] = set()
        self._again: set[SurfaceId] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._timers: dict[SurfaceId, asyncio.TimerHandle] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begin to work, on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._tasks = [asyncio.create_task(self._work(), name=f"reconciler-{n}") for n in range(self._at_once)]

    async def stop(self) -> None:
        """Stop at once; what is under way is interrupted."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def put(self, surfaces: Iterable[SurfaceId], *, swept: bool = False) -> None:
        """Look at these surfaces, in this order, as soon as a worker is free; at those that were `swept` up last.

        Those whose time has come count as swept up: what somebody just did comes first.
        """
        for surface in surfaces:
            if surface not in self._waiting or (self._waiting[surface] and not swept):
                self._waiting[surface] = swept
                self._queue.put_nowait((swept, next(self._numbers), surface))

    def later(self, surface: SurfaceId, seconds: float) -> None:
        """Look at a surface in so many seconds; the last word about it counts, so that it has one timer."""
        if self._loop is None:
            return
        if (before := self._timers.pop(surface, None)) is not None:
            before.cancel()
        self._timers[surface] = self._loop.call_later(max(0.0, seconds), self._due, surface)

    @property
    def idle(self) -> bool:
        """Whether no surface waits for a worker."""
        return not self._waiting

    def has(self, surface: SurfaceId) -> bool:
        """Whether a surface is asked for or being synced."""
        return surface in self._waiting or surface in self._busy

    def _due(self, surface: SurfaceId) -> None:
        self._timers.pop(surface, None)
        self.put((surface,), swept=True)

    async def _work(self) -> None:
        while True:
            _, _, surface = await self._queue.get()
            if self._waiting.pop(surface, None) is None:
                continue  # it was swept up, then woken, and had its turn
            if surface in self._busy:
                self._again.add(surface)
                continue
            self._busy.add(surface)
            try:
                await self._once(surface)
            finally:
                self._busy.discard(surface)
                self.put(frozenset({surface} & self._again))
                self._again.discard(surface)

    async def _once(self, surface: SurfaceId) -> None:
        """Sync one surface; the loop must outlive whatever happens to it, and comes back to it."""
        try:
            await self._sync(surface)
            return
        except Stale:
            log.warning("surface_taken_over", surface=surface.kind.value, owner=surface.owner)
        except Unavailable as reason:
            log.warning("surface_waits", surface=surface.kind.value, owner=surface.owner, reason=reason.message)
        except Exception:
            log.exception("surface_failed", surface=surface.kind.value, owner=surface.owner)
        self.later(surface, _SOON_S)
