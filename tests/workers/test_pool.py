"""Worker processes: what they return, and what becomes of whoever waits for one that breaks."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.workers.pool import WorkerFailed, WorkerPool
from tests.support.waiting import until
from tests.workers import calls


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(most=2)
    yield made
    made.close()


async def test_a_call_returns_from_another_process_and_the_next_finds_it_again(pool: WorkerPool) -> None:
    """Functions are called in a process of their own, which is kept for the next call."""
    (five, first), (seven, second) = await pool.run(calls.add, 2, 3), await pool.run(calls.add, 3, 4)
    assert (five, seven) == (5, 7)
    assert first == second != os.getpid()


async def test_calls_at_once_have_a_process_each_up_to_the_most(pool: WorkerPool) -> None:
    """Five calls at once are answered by two processes, each right."""
    found = await asyncio.gather(*(pool.run(calls.add, n, 1) for n in range(5)))
    assert [total for total, _ in found] == [1, 2, 3, 4, 5]
    assert len({process for _, process in found}) == 2


async def test_what_is_told_arrives_in_order_before_the_result(pool: WorkerPool) -> None:
    """Progress is told on the loop, all of it, in its order."""
    told: list[str] = []
    assert await pool.run_telling(calls.count, 3, tell=told.append) == 3
    await asyncio.sleep(0)
    assert told == ["1 of 3", "2 of 3", "3 of 3"]


async def test_what_raises_is_told_in_words_and_the_worker_goes_on(pool: WorkerPool) -> None:
    """An exception becomes a failure with its kind and words; the process stays."""
    (_, before) = await pool.run(calls.add, 1, 1)
    with pytest.raises(WorkerFailed, match="ValueError: too wide"):
        await pool.run(calls.refuse, "too wide")
    assert (await pool.run(calls.add, 1, 1))[1] == before


async def test_a_process_that_ends_is_a_failure_and_no_wait(pool: WorkerPool) -> None:
    """Who waits for a process that ended is told at once, and the next call has another."""
    with pytest.raises(WorkerFailed, match="process ended"):
        await pool.run(calls.die)
    assert (await pool.run(calls.add, 2, 2))[0] == 4


async def test_one_that_ended_after_it_idled_costs_nobody_a_result(pool: WorkerPool, tmp_path: Path) -> None:
    """A call to a kept process that is at its end is made again of a new one."""
    (_, before) = await pool.run(calls.add, 1, 1)
    assert await pool.run(calls.die_once, tmp_path / "mark") != before


async def test_what_takes_too_long_is_ended(pool: WorkerPool, tmp_path: Path) -> None:
    """After its seconds a call fails, and its process is gone."""
    file = tmp_path / "waits"
    with pytest.raises(WorkerFailed, match="not done within 1"):
        await pool.run(calls.wait, file, seconds=1.5)
    await _gone(int(file.read_text()))


async def test_a_cancelled_call_ends_its_process(pool: WorkerPool, tmp_path: Path) -> None:
    """Who stops a run does not leave its computation behind."""
    file = tmp_path / "waits"
    running = asyncio.create_task(pool.run(calls.wait, file))
    await until(file.exists, "the worker waits", 10)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await _gone(int(file.read_text()))


async def test_closing_ends_what_is_under_way(pool: WorkerPool, tmp_path: Path) -> None:
    """A bot that stops does not wait for what is computed."""
    file = tmp_path / "waits"
    running = asyncio.create_task(pool.run(calls.wait, file))
    await until(file.exists, "the worker waits", 10)
    pool.close()
    with pytest.raises(WorkerFailed):
        await running
    await _gone(int(file.read_text()))


async def test_workers_that_nobody_needs_end() -> None:
    """A process without a call for a while is ended, and a later call starts another."""
    pool = WorkerPool(idle_seconds=0.05)
    (_, before) = await pool.run(calls.add, 1, 1)
    await _gone(before)
    assert (await pool.run(calls.add, 1, 1))[1] != before
    pool.close()


async def test_a_large_answer_comes_whole(pool: WorkerPool) -> None:
    """What is larger than a pipe holds goes both ways."""
    assert await pool.run(calls.fill, 3) == 3 << 20
    assert (await pool.run(calls.add, 1 << 200_000, 0))[0] == 1 << 200_000


async def test_a_killed_parent_leaves_no_worker_behind(tmp_path: Path) -> None:
    """After `kill -9` of the process that waits, the worker ends in the middle of its call."""
    file = tmp_path / "waits"
    parent = subprocess.Popen([sys.executable, "-m", "tests.workers.calls", str(file)])
    try:
        await until(file.exists, "the worker waits", 30)
        os.kill(parent.pid, signal.SIGKILL)
    finally:
        parent.kill()
        parent.wait()
    await _gone(int(file.read_text()))


async def _gone(process: int, within: float = 10.0) -> None:
    end = time.monotonic() + within
    with suppress(ProcessLookupError):
        while time.monotonic() < end:
            os.kill(process, 0)
            await asyncio.sleep(0.02)
        raise AssertionError(f"{process} is still there")
