"""The workers of the reconciler: which surface is looked at when, each by one worker at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

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
        self._queue: asyncio.Queue[SurfaceId] = asyncio.Queue()
        self._waiting: set[SurfaceId] = set()
        self._busy: set[SurfaceId] = set()
        self._again: set[SurfaceId] = set()
        self._tasks: list[asyncio.Task[None]] = []
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

    def wake(self, surfaces: frozenset[SurfaceId]) -> None:
        """Look at these surfaces soon. May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.put, surfaces)

    def put(self, surfaces: frozenset[SurfaceId]) -> None:
        """Look at these surfaces as soon as a worker is free."""
        for surface in surfaces - self._waiting:
            self._waiting.add(surface)
            self._queue.put_nowait(surface)

    def later(self, surface: SurfaceId, seconds: float) -> None:
        """Look at a surface in so many seconds."""
        if self._loop is not None:
            self._loop.call_later(max(0.0, seconds), self.put, frozenset({surface}))

    def has(self, surface: SurfaceId) -> bool:
        """Whether a surface is asked for or being synced."""
        return surface in self._waiting or surface in self._busy

    async def _work(self) -> None:
        while True:
            surface = await self._queue.get()
            self._waiting.discard(surface)
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
