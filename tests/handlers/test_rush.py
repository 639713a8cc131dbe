"""In a rush deliveries are answered first, and threads are brought in step no more than a moment later."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import pytest

from bot.domain.surface import SurfaceId, SurfaceKind
from handlers.sync.workers import Workers
from handlers.transport import backpressure as module
from handlers.transport.backpressure import BURST_S, CROWD, QUIET_S, SHARE, Backpressure

THREAD = SurfaceId(kind=SurfaceKind.THREAD, team="T1", owner="ev_1")


async def test_nobody_waits_for_a_few_deliveries() -> None:
    """Below a crowd there is no waiting, also right after one."""
    backpressure = Backpressure()
    with ExitStack() as few:
        for _ in range(CROWD - 1):
            few.enter_context(backpressure.one())
        with backpressure.one():
            assert not await _at_once(backpressure)
        assert await _at_once(backpressure)
    assert await _at_once(backpressure)


async def test_a_delivery_that_fails_is_over_too() -> None:
    """What raises is counted out like what is answered."""
    backpressure = Backpressure()
    for _ in range(2 * CROWD):
        with pytest.raises(ValueError, match="broken"), backpressure.one():
            raise ValueError("broken")
    assert await _at_once(backpressure)


async def test_a_surface_waits_for_the_rush_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a crowd is being answered no surface is taken up; when it is over the surface is, at once."""
    monkeypatch.setattr(module, "PATIENCE_S", 60.0)
    backpressure, synced = Backpressure(), asyncio.Event()

    async def sync(_surface: SurfaceId) -> None:
        await backpressure.over()
        synced.set()

    workers = Workers(sync, 1)
    workers.start()
    try:
        with ExitStack() as crowd:
            for _ in range(CROWD):
                crowd.enter_context(backpressure.one())
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
    backpressure = Backpressure()
    with ExitStack() as crowd:
        for _ in range(CROWD):
            crowd.enter_context(backpressure.one())
        await asyncio.wait_for(backpressure.over(), 5)


async def _at_once(backpressure: Backpressure) -> bool:
    waiting = asyncio.ensure_future(backpressure.over())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    done = waiting.done()
    waiting.cancel()
    return done


class Time:
    """A clock that only sleeping moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0

        async def sleep(seconds: float) -> None:
            self.now += seconds

        monkeypatch.setattr(module.asyncio, "sleep", sleep)

    def __call__(self) -> float:
        return self.now


async def test_while_deliveries_follow_on_each_other_threads_take_a_share_of_the_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One connection that never rests is no crowd, yet what can wait takes no more than a fifth beside it."""
    time = Time(monkeypatch)
    backpressure = Backpressure(time)
    with backpressure.one():
        for _ in range(200):
            await backpressure.over()
            time.now += 0.004
            backpressure.took(0.004)
    assert (200 * 0.004 - BURST_S) / time.now == pytest.approx(SHARE, rel=0.1)


async def test_a_card_now_and_then_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who clicks three times a second sees each card at once: a share that was not used is there for it."""
    time = Time(monkeypatch)
    backpressure = Backpressure(time)
    for _ in range(20):
        with backpressure.one():
            time.now += 0.001
        began = time.now
        await backpressure.over()
        assert time.now == began
        backpressure.took(0.02)
        time.now += 0.3


async def test_a_loop_that_stood_still_makes_up_for_no_more_than_a_burst(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long nothing was taken, what follows on each other soon keeps to the share again."""
    time = Time(monkeypatch)
    backpressure = Backpressure(time)
    with backpressure.one():
        await backpressure.over()
        backpressure.took(0.005)
        time.now += 3600
        began, begun = time.now, 0
        while time.now == began:
            await backpressure.over()
            backpressure.took(0.005)
            begun += 1
    assert begun * 0.005 <= BURST_S + 2 * 0.005


async def test_after_the_last_delivery_nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was taken of the loop before, a moment of quiet is enough to begin the next at once."""
    time = Time(monkeypatch)
    backpressure = Backpressure(time)
    with backpressure.one():
        await backpressure.over()
        backpressure.took(0.5)
    began = time.now
    await backpressure.over()
    assert time.now - began <= QUIET_S
    assert backpressure.quiet


async def test_what_begins_side_by_side_is_counted_before_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixteen workers that begin before the first has told its cost begin as far apart as they usually cost."""
    time = Time(monkeypatch)
    backpressure = Backpressure(time)
    with backpressure.one():
        await backpressure.over()
        backpressure.took(0.004)
        time.now += 1
        began = time.now
        for _ in range(16):
            await backpressure.over()
    assert time.now - began == pytest.approx((15 * 0.004 - BURST_S) / SHARE)
