"""The budget of Slack's rates: never over, the important first, and nobody waits for ever."""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.rates import Spent
from bot.domain.surface import SurfaceId, SurfaceKind
from handlers.sync.budget import FIGURES, SPENT, Budget, Held
from handlers.sync.line import AGE_S, Importance, Line, Rate
from storage import SqlDatabase, open_database

TEAM = "T1"
RATE = Rate(most=10, seconds=60.0)


def surface(name: str, team: str = TEAM) -> SurfaceId:
    return SurfaceId(kind=SurfaceKind.THREAD, team=team, owner=name)


@dataclass
class Wanted:
    """Somebody who asks from `at` on until the call may be made."""

    name: str
    importance: Importance
    at: float
    made: float = -1.0


def play(line: Line, wanted: list[Wanted], until: float = 10_000.0) -> list[float]:
    """Let all ask when they are told to come back; returns when calls were made."""
    calls: list[float] = []
    numbers = itertools.count()
    agenda = [(one.at, next(numbers), one) for one in wanted]
    heapq.heapify(agenda)
    while agenda:
        now, _, one = heapq.heappop(agenda)
        assert now < until, f"{one} waits for ever"
        place = (surface(one.name), "card")
        turn = line.ask(Spent(calls=tuple(calls)), place, one.importance, now)
        if turn <= now:
            line.leave(place)
            calls.append(now)
            one.made = now
        else:
            heapq.heappush(agenda, (turn, next(numbers), one))
    return calls


asked = st.lists(st.tuples(st.sampled_from(Importance), st.floats(0, 300)), max_size=80)


@given(asked)
@settings(max_examples=60, deadline=None)
def test_never_over_in_any_sliding_minute(given_: list[tuple[Importance, float]]) -> None:
    """However many ask, of whatever importance and whenever, no 60 seconds hold more calls than the rate."""
    calls = play(Line(RATE), [Wanted(str(n), i, at) for n, (i, at) in enumerate(given_)])
    assert len(calls) == len(given_)
    assert all(sum(at <= one < at + RATE.seconds - 1e-6 for one in calls) <= RATE.most for at in calls)


@given(st.permutations([*Importance] * 8))
@settings(max_examples=40, deadline=None)
def test_the_important_go_first(order: list[Importance]) -> None:
    """Of calls that are wanted at once those come first that are more important, gates before all but clicks."""
    line = Line(RATE, age_s=10_000.0)
    wanted = [Wanted(str(n), importance, n * 1e-3) for n, importance in enumerate(order)]
    filled = Spent(calls=(0.0,) * RATE.most)
    for one in wanted:  # all stand in line before the first call is free
        assert line.ask(filled, (surface(one.name), "card"), one.importance, one.at) > one.at
    ready = [Wanted(one.name, one.importance, 1.0) for one in wanted]
    for one in ready:
        one.at = line.ask(filled, (surface(one.name), "card"), one.importance, 1.0)
    by_turn = sorted(ready, key=lambda one: one.at)
    clicks = [one.at for one in by_turn if one.importance is Importance.CLICKED]
    sums = [one.at for one in by_turn if one.importance is Importance.SUMMARY]
    assert max(clicks) <= min(sums)


def test_a_reserve_is_kept_for_gates() -> None:
    """Clicks leave a tenth, live progress a quarter and summaries two fifths of the budget to what matters more."""
    free = {}
    for importance in Importance:
        calls: list[float] = []
        line = Line(Rate(most=40, seconds=60.0))
        while line.ask(Spent(calls=tuple(calls)), (surface("one"), "card"), importance, 5.0) <= 5.0:
            line.leave((surface("one"), "card"))
            calls.append(5.0)
        free[importance] = len(calls)
    assert free == {
        Importance.CLICKED: 36, Importance.GATE: 40, Importance.LIVE: 30, Importance.SUMMARY: 24,
    }  # fmt: skip


def test_nothing_starves() -> None:
    """Under clicks without end a summary is sent within two minutes: waiting makes it more important."""
    line = Line(RATE)
    clicks = [Wanted(f"click {n}", Importance.CLICKED, n * 2.0) for n in range(300)]
    root = Wanted("root", Importance.SUMMARY, 30.0)
    play(line, [*clicks, root])
    assert root.made - root.at <= 120


def _by_hand(waiting: list[tuple[Importance, float]], used: int, now: float) -> bool:
    """Whether the last of `waiting` has its turn: all before it, by importance grown with age, take what they may."""
    grown = [(max(0, importance - int((now - since) / AGE_S)), since) for importance, since in waiting]
    mine = grown[-1]
    for level, since in sorted(grown[:-1]):
        if (level, since) < mine:
            used += used < RATE.room(Importance(level))
    return used < RATE.room(Importance(mine[0]))


waiters = st.lists(st.tuples(st.sampled_from(Importance), st.integers(0, 99)), max_size=60, unique_by=lambda w: w[1])


@given(waiters, st.sampled_from(Importance), st.integers(0, 100), st.integers(0, 12))
@settings(max_examples=200, deadline=None)
def test_a_turn_is_what_counting_by_hand_gives(
    others: list[tuple[Importance, int]], importance: Importance, since: int, used: int
) -> None:
    """Whoever waits, however long: a call may be made exactly if those before it leave room."""
    line, now, full = Line(RATE, late_s=1000.0), 100.3, Spent(calls=(100.0,) * RATE.most)
    waiting = [(kind, at + 0.01 * n) for n, (kind, at) in enumerate([*others, (importance, since)])]
    for n, (kind, at) in enumerate(waiting):
        line.ask(full, (surface(str(n)), "card"), kind, at)
    turn = line.ask(Spent(calls=(100.0,) * used), (surface(str(len(others))), "card"), importance, now)
    assert (turn <= now) == _by_hand(waiting, used, now)


def test_asking_costs_the_same_however_many_wait() -> None:
    """With 10,000 in line a turn is told in less than eight times what it takes with 100: this runs on the loop."""
    full = Spent(calls=(100.0,) * RATE.most)

    def seconds(number: int) -> float:
        line = Line(RATE)
        for n in range(number):
            line.ask(full, (surface(str(n)), "card"), Importance.SUMMARY, 100.0 + n * 1e-5)
        began = time.perf_counter()
        for n in range(300):
            line.ask(full, (surface(str(n)), "card"), Importance.SUMMARY, 100.2)
        return time.perf_counter() - began

    assert min(seconds(10_000) for _ in range(3)) < 8 * min(seconds(100) for _ in range(3))


def test_a_newer_edit_keeps_the_place() -> None:
    """Who waits and asks anew, with other words by now, does not go to the end of the line."""
    line, full = Line(RATE), Spent(calls=tuple(float(n) for n in range(10)))
    first = line.ask(full, (surface("a"), "card"), Importance.CLICKED, 10.0)
    second = line.ask(full, (surface("b"), "card"), Importance.CLICKED, 11.0)
    again = line.ask(full, (surface("a"), "card"), Importance.CLICKED, 12.0)
    assert (first, again) == (again, first) and first < second


def test_what_nobody_wants_any_more_is_dropped() -> None:
    """A surface that was looked through keeps only the places that it still waits for."""
    line, full = Line(RATE), Spent(calls=tuple(float(n) for n in range(10)))
    for key in ("old", "new"):
        line.ask(full, (surface("a"), key), Importance.CLICKED, 10.0)
    behind = line.ask(full, (surface("b"), "card"), Importance.CLICKED, 11.0)
    line.leave_all(surface("a"), ["new"])
    assert line.ask(full, (surface("b"), "card"), Importance.CLICKED, 12.0) < behind


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def databases(tmp_path: Path) -> Iterator[SqlDatabase]:
    database = open_database(f"sqlite:///{tmp_path / 'eipas.db'}", clock=lambda: datetime.now(UTC))
    await database.start()
    yield database
    await database.close()


async def spend(budget: Budget, name: str, method: str = "chat.update", channel: str = "") -> bool:
    """Whether a gate's call may be made now: the importance that may use all of the budget."""
    try:
        await budget.take((surface(name), "card"), method, Importance.GATE, channel)
    except Held:
        return False
    return True


async def test_all_machines_share_one_budget(databases: SqlDatabase) -> None:
    """Two machines on one database make together what one may, and so does one that was started anew."""
    clock = Clock()
    machines = [Budget(databases, clock=clock) for _ in range(2)]
    made = [await spend(machines[n % 2], str(n)) for n in range(60)]
    assert sum(made) == int(FIGURES["chat.update"] * SPENT) == 40
    assert not await spend(Budget(databases, clock=clock), "started anew")
    clock.now += 61
    assert await spend(machines[0], "a minute later")


async def test_each_workspace_and_method_has_its_own(databases: SqlDatabase) -> None:
    """A workspace that has spent its updates may post, and another one may update."""
    budget = Budget(databases, clock=Clock())
    while await spend(budget, "a"):
        pass
    assert await spend(budget, "a", "reactions.add")
    await budget.take((surface("a", "T2"), "card"), "chat.update", Importance.SUMMARY)


async def test_a_pause_holds_for_the_method_in_the_whole_workspace(databases: SqlDatabase) -> None:
    """After a 429 no machine calls that method anywhere in the workspace until Retry-After is over."""
    clock = Clock()
    one, other = Budget(databases, clock=clock), Budget(databases, clock=clock)
    await one.hold(TEAM, "chat.postMessage", 30)
    for budget, channel in ((one, "C1"), (one, "C2"), (other, "C1")):
        with pytest.raises(Held) as held:
            await budget.take((surface("a"), "card"), "chat.postMessage", Importance.CLICKED, channel)
        assert held.value.until.timestamp() == pytest.approx(clock.now + 30)
    assert await spend(other, "a")
    clock.now += 31
    assert await spend(other, "a", "chat.postMessage", "C1")


async def test_posts_count_per_channel(databases: SqlDatabase) -> None:
    """A channel takes four messages in five seconds; another one is not held up by it."""
    budget = Budget(databases, clock=Clock())
    made = [await spend(budget, str(n), "chat.postMessage", "C1") for n in range(6)]
    assert made == [True] * 4 + [False] * 2
    assert await spend(budget, "elsewhere", "chat.postMessage", "C2")


async def test_a_slack_without_rates_costs_nothing(databases: SqlDatabase) -> None:
    """With no minute and no pause between posts nothing is counted, and no row is written."""
    budget = Budget(databases, minute_s=0, post_s=0, clock=Clock())
    assert all([await spend(budget, str(n), "chat.postMessage", "C1") for n in range(500)])
    with databases.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM slack_rate").scalar() == 0
