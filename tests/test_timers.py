"""The clock."""

from __future__ import annotations

import asyncio

import pytest

from bot.app.scheduler import Timers
from storage import StorageUnavailable


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


async def test_a_beat_that_cannot_write_now_is_said_and_tried_again(capsys: pytest.CaptureFixture[str]) -> None:
    """A full disk is one line with its reason, not a traceback, and the beat goes on."""
    failures = [StorageUnavailable(reason="the disk is full")]
    beaten = asyncio.Event()

    async def beat() -> None:
        if failures:
            raise failures.pop()
        beaten.set()

    timers = Timers({"deadlines": (0.05, beat)})
    timers.start()
    try:
        await asyncio.wait_for(beaten.wait(), 5)
    finally:
        timers.stop()
    said = capsys.readouterr()
    assert "beat_waits" in said.out + said.err and "the disk is full" in said.out + said.err
    assert "Traceback" not in said.out + said.err
