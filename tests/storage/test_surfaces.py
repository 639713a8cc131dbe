"""Dirty marks and leases: each change is brought to Slack by one worker, and none is forgotten."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.errors import Stale
from bot.domain.surface import INTERRUPTED, Posted, Surface, SurfaceId, SurfaceKind
from bot.services.ports import Tx
from storage import Machines, SqlDatabase
from tests.storage.conftest import Reports, Time
from tests.support import dossiers
from tests.support.waiting import until

THREAD = SurfaceId(kind=SurfaceKind.THREAD, team="T1", owner="ev_1")
HOME = SurfaceId(kind=SurfaceKind.HOME, team="T1", owner="U1")


async def test_one_worker_has_the_lease(database: SqlDatabase) -> None:
    """Of many who claim a dirty surface at once one gets it; a clean or unknown one nobody gets."""
    assert await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "w", 30)) is None
    await database.transaction(lambda tx: tx.surfaces.want(THREAD))
    claims = await asyncio.gather(
        *(database.transaction(lambda tx, n=n: tx.surfaces.claim(THREAD, f"w{n}", 30)) for n in range(20))
    )
    assert [claim for claim in claims if claim] == [Surface(id=THREAD, wanted=1, synced=0)]


async def test_a_released_surface_is_clean_until_wanted(database: SqlDatabase, reports: Reports) -> None:
    """Released up to what was wanted it is clean; what was wanted meanwhile keeps it dirty and is reported again."""
    await database.transaction(lambda tx: tx.surfaces.want(THREAD))
    await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "w", 30))
    await database.transaction(lambda tx: tx.surfaces.want(THREAD))
    assert await database.read(lambda tx: tx.surfaces.dirty()) == ()
    await asyncio.sleep(0.01)
    reports.all.clear()
    await database.transaction(lambda tx: tx.surfaces.release(THREAD, "w", synced=1))
    await until(lambda: reports.kinds == {("thread", "ev_1")}, "the thread's mark", 10)
    assert await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "w", 30)) == Surface(
        id=THREAD, wanted=2, synced=1
    )
    await database.transaction(lambda tx: tx.surfaces.release(THREAD, "w", synced=2))
    assert await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "w", 30)) is None


async def test_a_dead_workers_lease_ends(database: SqlDatabase, time: Time) -> None:
    """When the lease has run out another worker gets the surface, and the late one's release changes nothing."""
    await database.transaction(lambda tx: tx.surfaces.want(THREAD))
    assert await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "dead", 30))
    time.passes(seconds=29)
    assert await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "next", 30)) is None
    time.passes(seconds=1)
    assert await database.read(lambda tx: tx.surfaces.dirty()) == (THREAD,)
    assert await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "next", 30))
    await database.transaction(lambda tx: tx.surfaces.release(THREAD, "dead", synced=1))
    assert await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "dead", 30)) is None


async def test_a_worker_finds_what_it_gave_back_and_the_database_forgot(database: SqlDatabase) -> None:
    """What is leased is listed for its own worker only: whether it is at work on it nobody else can know."""
    await database.transaction(lambda tx: tx.surfaces.want(THREAD))
    await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "w", 30))
    assert await database.read(lambda tx: tx.surfaces.dirty(worker="w")) == (THREAD,)
    assert await database.read(lambda tx: tx.surfaces.dirty(worker="other")) == ()
    assert await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "w", 30)) is not None


async def test_a_problem_waits_for_its_time(database: SqlDatabase, time: Time) -> None:
    """A surface released with a problem is not listed before its time, keeps its words, and is not reported at once."""
    await database.transaction(lambda tx: tx.surfaces.want(THREAD))
    await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "w", 30))
    later = dossiers.at(5)
    await database.transaction(
        lambda tx: tx.surfaces.release(
            THREAD, "w", synced=None, problem="The bot is not in the channel.", retry_at=later
        )
    )
    assert await database.read(lambda tx: tx.surfaces.dirty()) == ()
    time.passes(minutes=5)
    assert await database.read(lambda tx: tx.surfaces.dirty()) == (THREAD,)
    claimed = await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "w", 30))
    assert claimed == Surface(id=THREAD, wanted=1, synced=0, problem="The bot is not in the channel.", retry_at=later)


async def test_the_longest_waiting_comes_first(database: SqlDatabase, time: Time) -> None:
    """Dirty surfaces are listed by when they became dirty; wanting one again does not send it to the back."""
    places = [replace(THREAD, owner=f"ev_{n}") for n in (3, 1, 2)]
    for place in [*places, places[0]]:
        await database.transaction(lambda tx, p=place: tx.surfaces.want(p))
        time.passes(seconds=1)
    assert await database.read(lambda tx: tx.surfaces.dirty()) == tuple(places)
    assert await database.read(lambda tx: tx.surfaces.dirty(2)) == tuple(places[:2])


async def test_only_homes_that_exist_are_marked(database: SqlDatabase, reports: Reports) -> None:
    """Taking up a changed thread marks the Home tabs of those involved who ever opened theirs, and nobody else's."""
    evaluation = dossiers.evaluation(team="T1", owner="U1", approvers={"go": ("U2",)})
    thread = replace(THREAD, owner=evaluation.id)
    other = replace(HOME, owner="U9")
    await database.transaction(lambda tx: (tx.surfaces.want(HOME), tx.surfaces.want(other)))
    await asyncio.sleep(0.01)
    reports.all.clear()
    await database.transaction(lambda tx: tx.evaluations.add(evaluation))
    assert await database.transaction(lambda tx: tx.surfaces.claim(thread, "w", 30))
    await until(lambda: ("home", "U1") in reports.kinds, "the Home tab's mark", 10)
    assert not {("home", "U2"), ("home", "U9")} & reports.kinds
    claimed = await database.transaction(lambda tx: tx.surfaces.claim(HOME, "w", 30))
    assert claimed == Surface(id=HOME, wanted=2, synced=0)


async def test_what_is_posted_is_remembered_until_forgotten(database: SqlDatabase) -> None:
    """Rows are kept by surface and key and updated in place; forgetting drops them and marks the surface."""
    sending = Posted(surface=THREAD, key="root", kind="message", state="sending", channel="C1", digest="d1")
    posted = replace(sending, state="posted", ts="1.2", updated_at=dossiers.START)
    elsewhere = replace(sending, surface=HOME)
    await database.transaction(
        lambda tx: (tx.surfaces.put(sending), tx.surfaces.put(posted), tx.surfaces.put(elsewhere))
    )
    assert await database.read(lambda tx: tx.surfaces.posted(THREAD)) == {"root": posted}
    await database.transaction(lambda tx: tx.surfaces.forget(THREAD))
    assert await database.read(lambda tx: tx.surfaces.posted(THREAD)) == {}
    assert await database.read(lambda tx: tx.surfaces.dirty()) == (THREAD,)
    assert await database.read(lambda tx: tx.surfaces.posted(HOME)) == {"root": elsewhere}


async def test_a_worker_may_take_its_own_lease_again(database: SqlDatabase) -> None:
    """After an error a worker need not wait for the end of its own lease; others must."""
    await database.transaction(lambda tx: tx.surfaces.want(THREAD))
    for _ in range(2):
        assert await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "w", 30))
    assert await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "other", 30)) is None


async def test_a_lease_is_prolonged_until_it_is_taken_over(database: SqlDatabase, time: Time) -> None:
    """Renewed in time a lease holds on; one that another worker has taken is not given back, and its loser is told."""
    await database.transaction(lambda tx: tx.surfaces.want(THREAD))
    await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "slow", 30))
    time.passes(seconds=20)
    await database.transaction(lambda tx: tx.surfaces.renew(THREAD, "slow", 30))
    time.passes(seconds=20)
    assert await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "next", 30)) is None
    time.passes(seconds=20)
    assert await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "next", 30))
    with pytest.raises(Stale):
        await database.transaction(lambda tx: tx.surfaces.renew(THREAD, "slow", 30))


async def test_of_two_sends_the_first_to_arrive_stands(database: SqlDatabase) -> None:
    """The second is kept as surplus, marks the surface and never replaces the first; arriving again changes nothing."""
    sending = Posted(
        surface=THREAD, key="root", kind="message", state="sending", channel="C1", digest="d", updated_at=dossiers.START
    )
    first, second = replace(sending, ts="1.1"), replace(sending, ts="2.2")
    await database.transaction(lambda tx: tx.surfaces.put(sending))
    assert await database.transaction(lambda tx: tx.surfaces.settle(first))
    assert await database.transaction(lambda tx: tx.surfaces.settle(first))
    assert await database.read(lambda tx: tx.surfaces.dirty()) == ()
    assert not await database.transaction(lambda tx: tx.surfaces.settle(second))
    surplus = replace(second, key="root~2.2", state="surplus")
    assert await database.read(lambda tx: tx.surfaces.posted(THREAD)) == {
        "root": replace(first, state="posted"), "root~2.2": surplus,
    }  # fmt: skip
    assert await database.read(lambda tx: tx.surfaces.dirty()) == (THREAD,)
    await database.transaction(lambda tx: tx.surfaces.drop(surplus))
    assert await database.read(lambda tx: tx.surfaces.posted(THREAD)) == {"root": replace(first, state="posted")}


async def test_a_refusal_speaks_for_its_own_send_only(database: SqlDatabase) -> None:
    """What was refused need not be looked up; a key that somebody took up again since stays uncertain."""
    old = Posted(
        surface=THREAD, key="root", kind="message", state="sending", channel="C1", digest="d", updated_at=dossiers.START
    )
    new = replace(old, updated_at=dossiers.at(1))
    await database.transaction(lambda tx: tx.surfaces.put(new))
    await database.transaction(lambda tx: tx.surfaces.refuse(old))
    assert await database.read(lambda tx: tx.surfaces.posted(THREAD)) == {"root": new}
    await database.transaction(lambda tx: tx.surfaces.refuse(new))
    assert await database.read(lambda tx: tx.surfaces.posted(THREAD)) == {"root": replace(new, state="refused")}


async def test_a_late_word_about_a_message_that_was_replaced_is_not_kept(database: SqlDatabase, time: Time) -> None:
    """State and digest are recorded for the message that stands, and for no other one under its key."""
    stands = Posted(
        surface=THREAD, key="root", kind="message", state="posted", channel="C1", digest="d", ts="2.2",
        updated_at=dossiers.START,
    )  # fmt: skip
    await database.transaction(lambda tx: tx.surfaces.put(stands))
    assert not await database.transaction(lambda tx: tx.surfaces.revise(replace(stands, ts="1.1", state="gone")))
    assert await database.read(lambda tx: tx.surfaces.posted(THREAD)) == {"root": stands}
    assert await database.transaction(lambda tx: tx.surfaces.revise(replace(stands, digest="e")))
    assert (await database.read(lambda tx: tx.surfaces.posted(THREAD)))["root"].digest == "e"


async def test_who_lost_the_lease_leaves_the_surface_dirty(database: SqlDatabase, time: Time) -> None:
    """A worker that was overtaken may have sent something old last, so its release asks for another look."""
    await database.transaction(lambda tx: tx.surfaces.want(THREAD))
    await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "slow", 30))
    time.passes(seconds=30)
    await database.transaction(lambda tx: tx.surfaces.claim(THREAD, "next", 30))
    await database.transaction(lambda tx: tx.surfaces.release(THREAD, "next", synced=1))
    assert await database.read(lambda tx: tx.surfaces.dirty()) == ()
    await database.transaction(lambda tx: tx.surfaces.release(THREAD, "slow", synced=1))
    assert await database.read(lambda tx: tx.surfaces.dirty()) == (THREAD,)


async def test_what_a_machine_held_when_it_died_is_in_doubt(database: SqlDatabase) -> None:
    """Every message of a surface that it was bringing in step may show what nobody recorded; no other is touched."""
    machine = Machines(database.engine, "dead", 60.0, settle_s=10.0)
    await asyncio.to_thread(machine.join)
    other = replace(THREAD, owner="ev_2")
    sent = [
        Posted(surface=place, key=key, kind=kind, state=state, channel="C1", digest="d", ts="1.1")
        for place in (THREAD, other)
        for key, kind, state in (
            ("root", "message", "posted"), ("card", "message", "sending"), ("report", "file", "posted"),
        )
    ]  # fmt: skip

    def begin(tx: Tx) -> None:
        for place in (THREAD, other, HOME):
            tx.surfaces.want(place)
        for row in sent:
            tx.surfaces.put(row)
        for place in (THREAD, HOME):
            tx.surfaces.claim(place, "dead", 30)

    await database.transaction(begin)
    await asyncio.to_thread(machine.leave)
    held = await database.read(lambda tx: tx.surfaces.posted(THREAD))
    assert held["root"].unsure_until is not None
    assert (held["card"].digest, held["report"].digest) == ("d", "d")
    assert {row.digest for row in (await database.read(lambda tx: tx.surfaces.posted(other))).values()} == {"d"}
    claimed = [await database.transaction(lambda tx, p=p: tx.surfaces.claim(p, "next", 30)) for p in (THREAD, HOME)]
    assert [surface and surface.problem for surface in claimed] == ["", INTERRUPTED]
