"""In a rush deliveries are answered first, and threads are brought in step no more than a moment later."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import pytest

from bot.domain.surface import SurfaceId, SurfaceKind
from handlers import rush as module
from handlers.sync.workers import Workers
from handlers.transport.rush import CROWD, Rush

THREAD = SurfaceId(kind=SurfaceKind.THREAD, team="T1", owner="ev_1")


async def test_nobody_waits_for_a_few_deliveries() -> None:
    """Below a crowd there is no waiting, also right after one."""
    rush = Rush()
    with ExitStack() as few:
        for _ in range(CROWD - 1):
            few.enter_context(rush.one())
        with rush.one():
            assert not await _at_once(rush)
        assert await _at_once(rush)
    assert await _at_once(rush)


async def test_a_delivery_that_fails_is_over_too() -> None:
    """What raises is counted out like what is answered."""
    rush = Rush()
    for _ in range(2 * CROWD):
        with pytest.raises(ValueError, match="broken"), rush.one():
            raise ValueError("broken")
    assert await _at_once(rush)


async def test_a_surface_waits_for_the_rush_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a crowd is being answered no surface is taken up; when it is over the surface is, at once."""
    monkeypatch.setattr(module, "PATIENCE_S", 60.0)
    rush, synced = Rush(), asyncio.Event()

    async def sync(_surface: SurfaceId) -> None:
        synced.set()

    workers = Workers(sync, 1, rush.over)
    workers.start()
    try:
        with ExitStack() as crowd:
            for _ in range(CROWD):
                crowd.enter_context(rush.one())
            workers.put([THREAD])
            await asyncio.sleep(0.05)
            assert not synced.is_set()
            assert workers.has(THREAD)
        await asyncio.wait_for(synced.wait(), 5)
    finally:
        await workers.stop()


async def test_the_longest_rush_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience has an end, so that threads go on however many deliveries come."""
    monkeypatch.setattr(module, "PATIENCE_S", 0.01)
    rush = Rush()
    with ExitStack() as crowd:
        for _ in range(CROWD):
            crowd.enter_context(rush.one())
        await asyncio.wait_for(rush.over(), 5)


async def _at_once(rush: Rush) -> bool:
    waiting = asyncio.ensure_future(rush.over())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    done = waiting.done()
    waiting.cancel()
    return done
