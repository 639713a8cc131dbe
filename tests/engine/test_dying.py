"""kill -9 around the queue: what was committed is done, and what has ended is not done again."""

from __future__ import annotations

import asyncio

import pytest

from tests.engine.machine import Life, Place, all_ended, all_noted, create, did, machines


@pytest.fixture(params=["fresh_sqlite_url", "fresh_postgres_url"])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(request.param)
    create(found)
    return found


@pytest.fixture
def shared_url(fresh_postgres_url: str) -> str:
    create(fresh_postgres_url)
    return fresh_postgres_url


@pytest.mark.parametrize("place", ["enqueued", "committed", "ended"])
async def test_work_is_neither_lost_nor_done_twice(url: str, place: Place) -> None:
    """A machine dies amid the transaction that enqueues, after its commit, or once DBOS has noted the end of the work.

    The next one does what was committed and not done, and only that.
    """
    with machines(Life(url=url, name="first", works=("w1",), die=place)) as (first,):
        assert await asyncio.to_thread(first.died)
    with machines(Life(url=url, name="second", works=("w2",))):
        await all_ended(url, {"w2"} if place == "enqueued" else {"w1", "w2"})
        await all_noted(url)  # what DBOS would do once more it has done by now
    by_whom = sorted((key, machine) for key, machine, _, _ in did(url))
    by = {"enqueued": [], "committed": [("w1", "second")], "ended": [("w1", "first")]}[place]
    assert by_whom == [*by, ("w2", "second")]


async def test_another_machine_takes_what_the_dead_one_put_in(shared_url: str) -> None:
    """Work committed by a machine that dies before it could begin it is begun by a sleeping one at its next beat."""
    with machines(Life(url=shared_url, name="second", works=("w0",))):
        await all_ended(shared_url, {"w0"})
        with machines(Life(url=shared_url, name="first", works=("w1",), die="committed")) as (first,):
            assert await asyncio.to_thread(first.died)
            await all_ended(shared_url, {"w1"}, within_s=5.0)
    assert [(key, machine) for key, machine, _, _ in did(shared_url)] == [("w0", "second"), ("w1", "second")]


async def test_another_machine_ends_what_the_dead_one_had_begun(shared_url: str) -> None:
    """Once the lease of a machine that was killed amid its work is over, the work is done by the other."""
    with machines(Life(url=shared_url, name="first", works=("w1", "w2"), takes_s=60.0)) as (doomed,):
        while len(await asyncio.to_thread(did, shared_url)) < 2:
            await asyncio.sleep(0.05)
        doomed.kill()
    with machines(Life(url=shared_url, name="second")):
        await all_ended(shared_url, {"w1", "w2"})
    ended = [(key, machine) for key, machine, _, ended in did(shared_url) if ended is not None]
    assert sorted(ended) == [("w1", "second"), ("w2", "second")]


async def test_the_limit_on_runs_in_all_holds_for_all_machines(shared_url: str) -> None:
    """Two machines that could do two each do no more than three at once together; both take part."""
    names = tuple(f"w{n}" for n in range(12))
    lives = [
        Life(url=shared_url, name=name, works=works, takes_s=0.5, runs_at_once=2, runs_in_all=3, lease_s=60.0)
        for name, works in (("first", names[:6]), ("second", names[6:]))
    ]
    with machines(*lives):
        await all_ended(shared_url, set(names))
    spans = [(begun, ended) for _, _, begun, ended in did(shared_url) if ended is not None]
    at_once = [sum(b <= begun < e for b, e in spans) for begun, _ in spans]
    assert len(spans) == len(names)
    assert 1 < max(at_once) <= 3
    assert {machine for _, machine, _, _ in did(shared_url)} == {"first", "second"}
