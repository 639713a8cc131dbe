"""Which surface the reconciler's workers look at next."""

from __future__ import annotations

import asyncio

from bot.domain.surface import SurfaceId, SurfaceKind
from handlers.sync.workers import Workers
from tests.support.waiting import until


def surface(name: str) -> SurfaceId:
    return SurfaceId(kind=SurfaceKind.THREAD, team="T1", owner=name)


class Record:
    """Syncs one surface at a time when it is let, and keeps their order."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.may = asyncio.Semaphore(0)

    async def sync(self, found: SurfaceId) -> None:
        await self.may.acquire()
        self.order.append(found.owner)

    async def all_of(self, count: int) -> list[str]:
        for _ in range(count):
            self.may.release()
        async with asyncio.timeout(5):
            while len(self.order) < count:
                await asyncio.sleep(0)
        return self.order


async def test_what_somebody_waits_for_comes_before_what_was_swept_up() -> None:
    """A surface that is woken passes those of a sweep, even where it is one of them, and has one turn for both."""
    record = Record()
    workers = Workers(record.sync, 1)
    workers.start()
    workers.put([surface("first")])
    await asyncio.sleep(0)
    workers.put([surface("a"), surface("b"), surface("c")], swept=True)
    workers.put([surface("b")])
    workers.put([surface("b")], swept=True)
    assert await record.all_of(4) == ["first", "b", "a", "c"]
    await until(lambda: workers.idle, "idle workers", 10)
    await workers.stop()


async def test_a_surface_that_is_asked_for_while_it_is_synced_is_synced_once_more() -> None:
    """However often it is asked for meanwhile, and by nobody else at the same time."""
    record = Record()
    workers = Workers(record.sync, 2)
    workers.start()
    workers.put([surface("a")])
    await asyncio.sleep(0.01)
    for _ in range(3):
        workers.put([surface("a")])
        await asyncio.sleep(0.01)
    assert workers.has(surface("a"))
    assert await record.all_of(2) == ["a", "a"]
    await until(lambda: not workers.has(surface("a")), "the end of its turn", 10)
    await workers.stop()


async def test_what_somebody_just_did_comes_before_what_only_had_to_wait() -> None:
    """A surface whose time has come passes nobody who clicked meanwhile."""
    record = Record()
    workers = Workers(record.sync, 1)
    workers.start()
    workers.put([surface("first")])
    await asyncio.sleep(0)
    workers.later(surface("due"), 0)
    await asyncio.sleep(0.01)
    workers.put([surface("clicked")])
    assert await record.all_of(3) == ["first", "clicked", "due"]
    await workers.stop()
