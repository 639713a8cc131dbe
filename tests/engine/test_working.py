"""Long work: begun by the commit that called for it, done once, and nothing runs while nothing is to be done."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.errors import EipasError
from storage import StorageUnavailable, Workflows
from tests.engine.bench import running, work


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    name = {"sqlite": "fresh_sqlite_url", "postgres": "migrated_postgres_url"}[request.param]
    found: str = request.getfixturevalue(name)
    return found


def _threads() -> set[str]:
    """The threads there are, but those of pools, which come and stay."""
    names = {thread.name for thread in threading.enumerate()}
    return {name for name in names if not name.startswith(("asyncio_", "storage"))}


async def test_a_commit_wakes_it_and_it_rests_again(url: str) -> None:
    """Nothing of DBOS runs before there is work; work is begun at once; when all is done its threads are gone again."""
    async with running(url) as bench:
        await bench.engine.heartbeat()
        assert not bench.engine.awake
        asleep = _threads()
        for name in ("first", "second"):
            await bench.put(work(name))
            await bench.until(lambda n=name: n in bench.done)
            assert bench.engine.awake
            assert _threads() > asleep
            await bench.beats_until(lambda: not bench.engine.awake)
            await bench.until(lambda: _threads() <= asleep)
        await bench.ended()


async def test_nothing_is_remembered_of_work_whose_end_is_recorded(url: str) -> None:
    """A process that works for months keeps no list of all it has done: an end on record cannot be asked for again."""
    async with running(url, linger_s=60) as bench:
        await bench.put(*(work(f"one of {number}") for number in range(5)))
        await bench.until(lambda: len(bench.done) == 5)
        await bench.beats_until(lambda: not bench.engine._executed)


async def test_it_stays_awake_for_a_while(url: str) -> None:
    """The next work of a thread comes soon: DBOS is not let go at once."""
    async with running(url, linger_s=60) as bench:
        await bench.put(work("only"))
        await bench.until(lambda: bench.done)
        await bench.engine.heartbeat()
        assert bench.engine.awake


async def test_what_a_transaction_takes_back_is_not_begun(url: str) -> None:
    """Work is part of the change that called for it."""

    async with running(url) as bench:

        def fails(tx: Any) -> None:
            tx.enqueue(work("never"))
            raise StorageUnavailable(reason="tested")

        with pytest.raises(EipasError):
            await bench.database.transaction(fails)
        await bench.put(work("ever"))
        await bench.until(lambda: bench.done)
        assert bench.done == ["ever"]
        await bench.ended()
        await bench.beats_until(lambda: not bench.engine.awake)


async def test_the_same_work_is_done_once(url: str) -> None:
    """A key that was put in before is not done again, whether it waits or has ended."""
    async with running(url) as bench:
        bench.gate.clear()
        await bench.put(work("one"), work("one"))
        await bench.until(lambda: bench.doing)
        await bench.put(work("one"))
        bench.gate.set()
        await bench.until(lambda: bench.done)
        await bench.put(work("one"), work("other"))
        await bench.until(lambda: "other" in bench.done)
        assert bench.done == ["one", "other"]


async def test_work_that_nobody_was_told_of_is_found(url: str) -> None:
    """Whatever became of the word that a commit sends, the next sign of life finds what is open."""
    async with running(url) as bench:
        bench.database.on_commit = None
        await bench.put(work("quiet"))
        await bench.beats_until(lambda: bench.done == ["quiet"])


async def test_work_that_was_interrupted_is_done_by_the_next_start(url: str) -> None:
    """A stop that cannot wait leaves work open; it is begun again, as after a crash."""
    async with running(url, grace_s=0) as bench:
        bench.gate.clear()
        await bench.put(work("long"))
        await bench.until(lambda: bench.doing)
    assert bench.done == []
    async with running(url) as again:
        await again.until(lambda: again.done == ["long"])


async def test_runs_are_bounded(url: str) -> None:
    """No more runs than allowed are under way, however many wait; other work does not wait for them."""
    async with running(url, runs_at_once=2, runs_in_all=2) as bench:
        bench.gate.clear()
        await bench.put(*(work(f"run {n}", "run") for n in range(4)))
        await bench.until(lambda: len(bench.doing) == 2)
        await bench.put(work("short"))
        await bench.until(lambda: "short" in bench.doing)
        assert {name for name in bench.doing if name.startswith("run")} < {f"run {n}" for n in range(4)}
        assert bench.most == 3
        bench.gate.set()
        await bench.until(lambda: len(bench.done) == 5)
        assert bench.most == 3


async def test_what_cannot_be_begun_is_said_and_begun_later(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the queues cannot be read the engine says why, which readiness shows, and goes on by itself."""
    monkeypatch.setattr("bot.app.jobs._RETRY_S", 0.05)
    async with running(url) as bench:
        whole = Workflows.executors

        def refuses(_: Workflows) -> bool:
            raise StorageUnavailable(reason="the disk is full")

        monkeypatch.setattr(Workflows, "executors", refuses)
        await bench.put(work("later"))
        await bench.until(lambda: "the disk is full" in bench.engine.problem)
        monkeypatch.setattr(Workflows, "executors", whole)
        await bench.until(lambda: bench.done == ["later"])
        await bench.until(lambda: not bench.engine.problem)


async def test_what_ended_is_forgotten_in_the_end(url: str) -> None:
    """Pruning drops ended work and nothing that is open; a process that had no work yet leaves it to others."""
    async with running(url) as bench:
        assert await bench.engine.prune(timedelta(seconds=-1)) == 0
        await bench.put(work("old"))
        await bench.ended()
        bench.gate.clear()
        await bench.put(work("open"))
        await bench.until(lambda: bench.doing)
        assert await bench.engine.prune(timedelta(days=1)) == 0
        assert await bench.engine.prune(timedelta(seconds=-1)) == 1
        assert await bench.engine.open_keys() == {"upload:open"}
