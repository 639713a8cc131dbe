"""What a coroutine is said to take of the loop."""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest

from handlers.sync.loop_time import LoopTime


def work(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


async def test_its_own_steps_are_counted_and_what_it_waits_for_is_not() -> None:
    """Neither a sleep nor what others do meanwhile is its time; what its callees compute is."""

    async def callee() -> int:
        await asyncio.sleep(0.05)
        work(0.01)
        return 7

    async def look() -> int:
        work(0.01)
        return await callee()

    async def others() -> None:
        await asyncio.sleep(0.01)
        work(0.02)

    timed = LoopTime(look())
    result, _ = await asyncio.gather(timed, others())
    assert result == 7
    assert 0.02 <= timed.seconds < 0.045


async def test_an_error_arrives_as_it_was_raised_and_the_time_before_it_counts() -> None:
    """Both what the coroutine raises and what its awaitable raises, which the coroutine may catch."""

    async def look() -> str:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.01):
                await asyncio.Event().wait()
        work(0.002)
        raise LookupError("as raised")

    timed = LoopTime(look())
    with pytest.raises(LookupError, match="as raised"):
        await timed
    assert timed.seconds >= 0.002


async def test_cancelling_reaches_the_coroutine() -> None:
    """A worker that is stopped lets what it does clean up."""
    cleaned = asyncio.Event()

    async def look() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.set()

    async def worker() -> None:
        await LoopTime(look())

    task = asyncio.create_task(worker())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert cleaned.is_set()
