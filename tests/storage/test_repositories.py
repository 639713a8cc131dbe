"""Each repository keeps its port's promises, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.errors import NotFound, Stale
from bot.domain.evaluation import Answer, Iteration
from bot.domain.event import AuditEvent, first_broken
from bot.domain.gate import GateState, Vote
from bot.domain.lifecycle import State
from bot.domain.run import RunState
from bot.services.ports import Tx
from bot.services.repositories import Due
from storage import SqlDatabase
from tests.storage.conftest import Opener, Time
from tests.storage.samples import brief, write
from tests.support import dossiers

ID = dossiers.evaluation().id
TEAM = dossiers.evaluation().team


def vote(voter: str, option: str = "approve") -> Vote:
    return Vote(voter=voter, option=option, at=dossiers.at(30), subject_sha256=dossiers.SUBJECT)


async def test_evaluations_are_found_by_a_beginning_of_their_id(database: SqlDatabase) -> None:
    """All of a team that begin so, and no other team's; empty and wildcard beginnings find nothing."""
    names = ("ev_abc", "ev_abd", "ev_ab", "ev_x%")
    for name in names:
        await database.transaction(lambda tx, n=name: tx.evaluations.add(dossiers.evaluation(id=n, thread_ts=None)))
    wanted = {
        (TEAM, "ev_abc"): ["ev_abc"], (TEAM, "ev_ab"): ["ev_ab", "ev_abc", "ev_abd"], (TEAM, "ev_x%"): ["ev_x%"],
        (TEAM, "zz"): [], (TEAM, ""): [], (TEAM, "%"): [], (TEAM, "ev_a%"): [], ("T2", "ev_abc"): [],
    }  # fmt: skip
    for (team, prefix), ids in wanted.items():
        found = await database.read(lambda tx, t=team, p=prefix: tx.evaluations.beginning(t, p, 9))
        assert [evaluation.id for evaluation in found] == ids


async def test_an_evaluation_is_found_by_its_thread(database: SqlDatabase) -> None:
    """The thread is known once it is set, without a change of version; one thread belongs to one evaluation."""
    await database.transaction(lambda tx: tx.evaluations.add(dossiers.evaluation(thread_ts=None)))
    assert await database.read(lambda tx: tx.evaluations.in_thread(TEAM, "C9", "1.2")) is None
    await database.transaction(lambda tx: tx.evaluations.set_thread(ID, "C9", "1.2"))
    found = await database.read(lambda tx: tx.evaluations.in_thread(TEAM, "C9", "1.2"))
    assert found == ID
    assert (await database.read(lambda tx: tx.evaluations.get(ID, lock=False))).version == 1
    with pytest.raises(Stale):
        await database.transaction(
            lambda tx: tx.evaluations.add(dossiers.evaluation(id="ev_2", channel="C9", thread_ts="1.2"))
        )


async def test_listings_show_whom_they_concern(database: SqlDatabase) -> None:
    """Newest first; of a person those they own or may decide, also when approvers changed; closed ones on request."""

    def fill(tx: Tx) -> None:
        for n in range(4):
            tx.evaluations.add(
                dossiers.evaluation(
                    id=f"ev_{n}", owner=f"U{n}", approvers={"go": ("UA",)} if n % 2 else {}, thread_ts=None,
                    created_at=dossiers.at(n), state=State.DONE if n == 3 else State.COLLECTING,
                )
            )  # fmt: skip

    async def ids(user: str | None = None, *, open_only: bool = True, limit: int = 20) -> list[str]:
        found = await database.read(
            lambda tx: tx.evaluations.listing(TEAM, user=user, open_only=open_only, limit=limit)
        )
        return [evaluation.id for evaluation in found]

    await database.transaction(fill)
    assert await ids() == ["ev_2", "ev_1", "ev_0"]
    assert await ids(open_only=False, limit=2) == ["ev_3", "ev_2"]
    assert await ids("U2") == ["ev_2"]
    assert await ids("UA") == ["ev_1"]
    assert await ids("UA", open_only=False) == ["ev_3", "ev_1"]
    await database.transaction(
        lambda tx: tx.evaluations.save(replace(tx.evaluations.get("ev_1"), approvers={"go": ("UB",)}))
    )
    assert (await ids("UA"), await ids("UB")) == ([], ["ev_1"])


async def test_iteration_numbers_are_never_reused(database: SqlDatabase) -> None:
    """The highest number counts every evaluation of a workspace and role, cancelled ones too, and no others."""
    assert await database.read(lambda tx: tx.evaluations.highest_iteration("shop", "backend-developer")) == 0
    shop = dossiers.evaluation(workspace="shop", iteration=3, state=State.CANCELLED, thread_ts=None)
    other = dossiers.evaluation(id="ev_2", workspace="other", iteration=9, thread_ts=None)
    await database.transaction(lambda tx: (tx.evaluations.add(shop), tx.evaluations.add(other)))
    assert await database.read(lambda tx: tx.evaluations.highest_iteration("shop", "backend-developer")) == 3
    await database.transaction(
        lambda tx: tx.iterations.add(ID, Iteration(number=5, goal="", started_at=dossiers.START))
    )
    assert await database.read(lambda tx: tx.evaluations.highest_iteration("shop", "backend-developer")) == 5


async def test_answers_have_versions(database: SqlDatabase) -> None:
    """Each version is kept; of two who write the same version one is told that it changed; asking is recorded."""
    await database.transaction(lambda tx: write(tx, dossiers.collecting()))
    key = dossiers.collecting().questions[4].key
    first = Answer(version=1, text="REST", by="U1", at=dossiers.at(5), via="form")
    outcomes = await asyncio.gather(
        *(database.transaction(lambda tx: tx.questions.answer(ID, key, first)) for _ in range(5)),
        return_exceptions=True,
    )
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Stale) for outcome in outcomes) == 4
    second = replace(first, version=2, text="", skipped=True)
    await database.transaction(lambda tx: tx.questions.answer(ID, key, second))
    await database.transaction(lambda tx: tx.questions.mark_asked(ID, key, dossiers.at(4)))
    question = (await database.read(lambda tx: tx.questions.all(ID)))[4]
    assert (question.answers, question.asked_at) == ((first, second), dossiers.at(4))


async def test_fifty_voters_at_once_have_one_vote_each(database: SqlDatabase) -> None:
    """Fifty people vote three times each, all at once: fifty votes are kept, and the gate is decided exactly once."""
    people = tuple(f"U{n:02}" for n in range(50))
    gate = dossiers.gate("api_review", GateState.PENDING, opened=20)
    await database.transaction(lambda tx: tx.evaluations.add(dossiers.evaluation()))
    await database.transaction(lambda tx: tx.gates.add(replace(gate, approvers=people, needed=50)))

    def cast(voter: str) -> object:
        def fn(tx: Tx) -> bool:
            seen = tx.gates.get(gate.id)
            tx.gates.vote(gate.id, vote(voter))
            if len(seen.votes) + 1 < seen.needed:
                return False
            tx.gates.decide(replace(seen, state=GateState.APPROVED, outcome="approve", decided_at=dossiers.at(31)))
            return True

        return fn

    outcomes = await asyncio.gather(
        *(database.transaction(cast(voter)) for voter in people * 3),
        return_exceptions=True,
    )
    assert sum(outcome is True for outcome in outcomes) == 1
    assert sum(outcome is False for outcome in outcomes) == 49
    assert sum(isinstance(outcome, Stale) for outcome in outcomes) == 100
    decided = await database.read(lambda tx: tx.gates.get(gate.id))
    assert (decided.state, {cast.voter for cast in decided.votes}) == (GateState.APPROVED, set(people))


async def test_gates_wait_for_those_who_have_not_decided(database: SqlDatabase) -> None:
    """A gate waits for each approver until they voted or it was decided; an escalation adds people."""
    gate = replace(dossiers.gate("go", opened=20), approvers=("UA", "UB"), needed=2)
    await database.transaction(lambda tx: (tx.evaluations.add(dossiers.evaluation()), tx.gates.add(gate)))

    async def lists() -> tuple[list[str], list[str]]:
        def fn(tx: Tx) -> tuple[list[str], list[str]]:
            people = ("UA", "UB", "UC")
            waiting = [user for user in people if tx.gates.waiting_for(TEAM, user)]
            decided = [user for user in people if tx.gates.decided_by(TEAM, user)]
            return waiting, decided

        return await database.read(fn)

    assert await lists() == (["UA", "UB"], [])
    await database.transaction(lambda tx: tx.gates.vote(gate.id, vote("UA")))
    await database.transaction(lambda tx: tx.gates.decide(replace(gate, escalated_to=("UC",), reminders=1)))
    assert await lists() == (["UB", "UC"], ["UA"])
    voted = (await database.read(lambda tx: tx.gates.decided_by(TEAM, "UA")))[0]
    assert voted == replace(gate, escalated_to=("UC",), reminders=1, votes=(vote("UA"),))
    await database.transaction(lambda tx: tx.gates.decide(replace(voted, state=GateState.EXPIRED)))
    assert await lists() == ([], ["UA"])
    with pytest.raises(Stale):
        await database.transaction(lambda tx: tx.gates.decide(replace(voted, state=GateState.APPROVED)))


async def test_the_audit_log_shows_tampering(database: SqlDatabase) -> None:
    """Entries written all at once are numbered and chained; a changed, removed or added one is found by its number."""
    await database.transaction(lambda tx: tx.evaluations.add(dossiers.evaluation()))

    def entry(number: int) -> AuditEvent:
        data = {"n": number, "people": ["ä", "\ud800"], "share": 0.1, "nested": {"b": None, "a": True}}
        return AuditEvent(evaluation_id=ID, kind="voted", actor="U1", at=dossiers.at(number), delivery="Ev", data=data)

    await asyncio.gather(*(database.transaction(lambda tx, n=n: tx.events.append(entry(n))) for n in range(20)))
    await database.transaction(lambda tx: (tx.events.append(entry(20)), tx.events.append(entry(21))))
    log = await database.read(lambda tx: tx.events.all(ID))
    assert [event.seq for event in log] == list(range(1, 23))
    assert first_broken(log) is None
    assert first_broken((*log[:7], replace(log[7], actor="U2"), *log[8:])) == 8
    assert first_broken(log[:7] + log[8:]) == 8
    assert first_broken((*log[:7], log[7], *log[7:])) == 9


async def test_runs_keep_their_record(database: SqlDatabase) -> None:
    """Transcript in order, memories first come, money as booked: calls without an answer at their estimate."""
    run = dossiers.run()
    await database.transaction(lambda tx: write(tx, dossiers.running()))
    rn = run.id

    def record(tx: Tx) -> None:
        tx.runs.append(rn, [{"role": "user", "content": [{"text": "a"}]}, {"role": "assistant"}])
        tx.runs.append(rn, [{"role": "user", "n": 3}])
        tx.runs.remember(rn, "frame", {"v": 1})
        tx.runs.remember(rn, "frame", {"v": 2})
        for call in ("c1", "c2", "c3"):
            tx.ledger.open(ID, 1, rn, call, "m", 0.5)
        tx.ledger.close(rn, {"id": "c1", "outcome": "ok", "usd": 0.125})
        tx.ledger.close(rn, {"id": "c2", "outcome": "cut"})

    await database.transaction(record)
    steps = await database.read(lambda tx: tx.runs.steps(rn))
    assert [step["role"] for step in steps] == ["user", "assistant", "user"]
    assert await database.read(lambda tx: (tx.runs.recall(rn, "frame"), tx.runs.recall(rn, "none"))) == ({"v": 1}, None)
    assert await database.read(lambda tx: (tx.runs.memories(rn), tx.runs.memories("rn_0"))) == ({"frame": {"v": 1}}, {})
    spent = await database.read(
        lambda tx: (tx.ledger.spent_usd(ID), tx.ledger.spent_usd(ID, iteration=2), tx.ledger.spent_usd(ID, payer=rn))
    )
    assert spent == (1.125, 0.0, 1.125)
    with pytest.raises(NotFound):
        await database.transaction(lambda tx: tx.ledger.close(rn, {"id": "c9"}))


async def test_unfinished_runs_are_those_that_should_move(database: SqlDatabase) -> None:
    """Queued and running runs, and parked ones with a time to wake; saving one leaves the evaluation's version."""
    await database.transaction(lambda tx: tx.evaluations.add(dossiers.evaluation()))
    states = [(state, None) for state in RunState] + [(RunState.PARKED, dossiers.at(90))]
    for n, (state, wake) in enumerate(states):
        run = replace(dossiers.run(), id=f"rn_{n}", attempt=n, state=RunState.QUEUED)
        await database.transaction(lambda tx, r=run: tx.runs.add(r, brief()))
        await database.transaction(lambda tx, r=run, s=state, w=wake: tx.runs.save(replace(r, state=s, wake_at=w)))
    found = await database.read(lambda tx: tx.runs.unfinished())
    assert [(run.state, run.wake_at is not None) for run in found] == [
        (RunState.QUEUED, False), (RunState.RUNNING, False), (RunState.PARKED, True),
    ]  # fmt: skip
    assert (await database.read(lambda tx: tx.evaluations.get(ID))).version == 1


async def test_timers_are_claimed_once(url: str, opened: Opener, time: Time) -> None:
    """Due rows go to exactly one of those who claim at once, also from a second machine; the others stay until due."""
    database = await opened(url)
    others = [database] if url.startswith("sqlite") else [database, await opened(url)]

    def fill(tx: Tx) -> None:
        for n in range(30):
            tx.timers.set(Due(key=f"ev:{n:02}", kind="reminder", evaluation_id=ID, at=dossiers.at(n), data={"n": n}))

    await database.transaction(fill)
    assert [due.key for due in await database.transaction(lambda tx: tx.timers.claim())] == ["ev:00"]
    time.passes(minutes=19, seconds=30)
    claims = await asyncio.gather(
        *(other.transaction(lambda tx: tx.timers.claim(4)) for other in others for _ in range(8))
    )
    taken = [due.key for claim in claims for due in claim]
    assert sorted(taken) == [f"ev:{n:02}" for n in range(1, 20)]
    assert await database.read(lambda tx: tx.timers.next_at()) == dossiers.at(20)


async def test_timers_are_moved_and_cancelled(database: SqlDatabase, time: Time) -> None:
    """Setting one again moves it; cancelling takes those whose key begins so, wildcards meaning nothing."""
    time.passes(days=1)

    def fill(tx: Tx) -> None:
        for key in ("g1:remind", "g1:expire", "g2:remind", "g%"):
            tx.timers.set(Due(key=key, kind="reminder", evaluation_id=ID, at=dossiers.at(1)))
        tx.timers.set(Due(key="other", kind="digest", evaluation_id="ev_2", at=dossiers.at(1)))
        tx.timers.set(Due(key="g2:remind", kind="escalation", evaluation_id=ID, at=dossiers.at(0)))
        tx.timers.cancel(ID, "g1:")
        tx.timers.cancel(ID, "g%")
        tx.timers.cancel(ID, "oth")

    await database.transaction(fill)
    assert [due.key for due in await database.transaction(lambda tx: tx.timers.claim())] == ["g2:remind", "other"]
    assert await database.read(lambda tx: tx.timers.next_at()) is None
