"""The clock."""

from __future__ import annotations

import asyncio

from bot.timers import Timers


async def test_a_beat_is_awaited_whatever_kind_of_callable_it_is() -> None:
    """A lambda that returns a coroutine beats like a coroutine function."""
    beaten = asyncio.Event()

    async def beat() -> None:
        beaten.set()

    timers = Timers({"lambda": (0.05, lambda: beat())})
    timers.start()
    try:
        await asyncio.wait_for(beaten.wait(), 5)
    finally:
        timers.stop()


async def test_a_beat_under_way_is_not_started_again() -> None:
    """A beat that takes longer than its interval runs once at a time."""
    at_once, most = 0, 0
    rounds = asyncio.Semaphore(0)

    async def slow() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.12)
        at_once -= 1
        rounds.release()

    timers = Timers({"slow": (0.05, slow)})
    timers.start()
    try:
        for _ in range(3):
            await asyncio.wait_for(rounds.acquire(), 5)
    finally:
        timers.stop()
    assert most == 1
