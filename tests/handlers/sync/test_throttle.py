"""How much of the processor goes into looking at threads for which Slack's budget has no turn."""

from __future__ import annotations

import heapq
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.surface import SurfaceId, SurfaceKind
from handlers.sync.throttle import SHARE, Throttle


def surface(name: str, team: str = "T1") -> SurfaceId:
    return SurfaceId(kind=SurfaceKind.THREAD, team=team, owner=name)


class Time:
    """A clock with timers, one for each surface: the last word about it counts, as in `Workers.later`."""

    def __init__(self) -> None:
        self.now = 100.0
        self._numbers = count()
        self._due: list[tuple[float, int, SurfaceId]] = []
        self._last: dict[SurfaceId, int] = {}

    def __call__(self) -> float:
        return self.now

    def later(self, place: SurfaceId, seconds: float) -> None:
        self._last[place] = number = next(self._numbers)
        heapq.heappush(self._due, (self.now + seconds, number, place))

    def next(self) -> SurfaceId | None:
        """Go on to the next timer, if there is one, and return whose it is."""
        while self._due:
            at, number, place = heapq.heappop(self._due)
            if self._last.get(place) == number:
                self.now = max(self.now, at)
                return place
        return None


def crowded(cost: float = 0.01) -> tuple[Time, Throttle]:
    """A workspace whose last look was in vain."""
    time = Time()
    throttle = Throttle(time.later, time)
    throttle.looked("T1", cost, in_vain=True)
    return time, throttle


def test_a_workspace_with_budget_left_waits_for_nothing() -> None:
    """Before the first look, and after one that brought something in step, every thread is looked at at once."""
    time = Time()
    throttle = Throttle(time.later, time)
    assert throttle.lets(surface("a"))
    throttle.looked("T1", 0.01, in_vain=True)
    throttle.looked("T1", 0.01, in_vain=False)
    assert all(throttle.lets(surface(name)) for name in "abc")


def test_looks_in_vain_are_spread_and_other_workspaces_are_not_held_up() -> None:
    """Each thread has its turn, in the order they came; another team's thread is looked at now."""
    time, throttle = crowded()
    assert throttle.lets(surface("a"))
    assert not any(throttle.lets(surface(name)) for name in "bcd")
    assert throttle.lets(surface("z", team="T2"))
    looked = []
    while (place := time.next()) is not None:
        if throttle.lets(place):
            looked.append((place.owner, round(time.now - 100, 3)))
    assert looked == [("b", 0.1), ("c", 0.2), ("d", 0.3)]


def test_a_thread_keeps_its_place_however_often_it_is_asked_for() -> None:
    """A thread that is asked for again before its turn neither loses it nor has another."""
    time, throttle = crowded()
    throttle.lets(surface("a"))
    for _ in range(3):
        assert not throttle.lets(surface("b"))
        assert not throttle.lets(surface("c"))
        time.now += 0.01
    assert throttle.has(surface("b"))
    assert time.next() == surface("b")
    assert time.now == pytest.approx(100.1)
    assert throttle.lets(surface("b"))
    assert not throttle.has(surface("b"))
    assert not throttle.lets(surface("b"))  # asked for anew: behind c


def test_what_is_overdue_does_not_come_all_at_once() -> None:
    """A loop that stood still for a minute has missed hundreds of turns, and goes on with one after the other."""
    time, throttle = crowded()
    waiting = [surface(str(number)) for number in range(300)]
    for place in waiting:
        throttle.lets(place)
    time.now += 60
    looked = []
    while time.now < 161 and (place := time.next()) is not None:
        if throttle.lets(place):
            looked.append(place)
    assert looked == waiting[1 : len(looked) + 1]
    assert 9 <= len(looked) <= 12


def test_after_a_look_that_was_not_in_vain_the_next_need_not_wait() -> None:
    """The budget may have room for more, so the line goes on at once, still one by one and in its order."""
    time, throttle = crowded()
    assert throttle.lets(surface("a"))
    assert not any(throttle.lets(surface(name)) for name in "bc")
    throttle.looked("T1", 0.01, in_vain=False)
    assert not throttle.lets(surface("d"))
    for name in "bcd":
        place = time.next()
        assert place == surface(name)
        assert throttle.lets(place)
        throttle.looked("T1", 0.01, in_vain=False)
    assert time.now == 100
    assert throttle.lets(surface("e"))


def test_while_there_is_room_nobody_waits_for_another_look_to_end() -> None:
    """Slack may take a second to answer: those in line begin side by side until one of them was in vain."""
    time, throttle = crowded()
    assert throttle.lets(surface("a"))
    assert not any(throttle.lets(surface(name)) for name in "bcdef")
    throttle.looked("T1", 0.01, in_vain=False)
    for name in "bcd":
        assert time.next() == surface(name)
        assert throttle.lets(surface(name))
    assert time.now == 100
    throttle.looked("T1", 0.01, in_vain=True)
    assert time.next() == surface("e")
    assert throttle.lets(surface("e"))
    assert time.next() == surface("f")
    assert time.now == pytest.approx(100.1)


def test_what_was_not_to_be_had_holds_nobody_up() -> None:
    """A surface that another machine holds cost nothing: the next one comes at once."""
    time, throttle = crowded()
    assert throttle.lets(surface("a"))
    assert not throttle.lets(surface("b"))
    throttle.passed("T1")
    assert time.next() == surface("b")
    assert time.now == 100


@given(costs=st.lists(st.floats(min_value=0.001, max_value=0.05), min_size=60, max_size=200))
def test_looks_in_vain_take_their_share_and_no_more(costs: list[float]) -> None:
    """Whatever each look costs, in the long run all of them together take about a tenth of the processor."""
    time, throttle = crowded(costs[0])
    waiting = [surface(str(number)) for number in range(len(costs))]
    coming = [place for place in waiting if throttle.lets(place)]
    for cost in costs:
        while not coming:
            place = time.next()
            assert place is not None
            coming += [place] if throttle.lets(place) else []
        coming.clear()
        throttle.looked("T1", cost, in_vain=True)
    assert time.next() is None
    # The turns are as far apart as the looks before them took on the average.
    assert sum(costs) <= SHARE * (time.now - 100.0) * 2 + 10 * max(costs)
