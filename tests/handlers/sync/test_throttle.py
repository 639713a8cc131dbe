"""How much of the processor goes into looking at threads for which Slack's budget has no turn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.surface import SurfaceId, SurfaceKind
from handlers.sync.throttle import SHARE, Throttle


def surface(name: str, team: str = "T1") -> SurfaceId:
    return SurfaceId(kind=SurfaceKind.THREAD, team=team, owner=name)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_workspace_with_budget_left_waits_for_nothing() -> None:
    """Before the first look, and after one that brought something in step, every thread is looked at at once."""
    throttle = Throttle(Clock())
    assert throttle.wait(surface("a")) == 0
    throttle.looked("T1", 0.01, in_vain=True)
    throttle.looked("T1", 0.01, in_vain=False)
    assert [throttle.wait(surface(name)) for name in "abc"] == [0, 0, 0]


def test_looks_in_vain_are_spread_and_other_workspaces_are_not_held_up() -> None:
    """Each thread gets a slot of its own, in the order they came; another team's thread is looked at now."""
    clock = Clock()
    throttle = Throttle(clock)
    throttle.looked("T1", 0.01, in_vain=True)
    waits = [throttle.wait(surface(name)) for name in "abcd"]
    assert waits == pytest.approx([0, 0.1, 0.2, 0.3])
    assert throttle.wait(surface("z", team="T2")) == 0


def test_a_slot_is_kept_until_its_time_and_used_once() -> None:
    """A thread that is asked for again before its slot neither loses it nor gets another behind it."""
    clock = Clock()
    throttle = Throttle(clock)
    throttle.looked("T1", 0.01, in_vain=True)
    throttle.wait(surface("a"))
    assert throttle.wait(surface("b")) == pytest.approx(0.1)
    clock.now += 0.04
    assert throttle.wait(surface("b")) == pytest.approx(0.06)
    assert throttle.has(surface("b"))
    clock.now += 0.06
    assert throttle.wait(surface("b")) == 0
    assert not throttle.has(surface("b"))


@given(costs=st.lists(st.floats(min_value=0.001, max_value=0.05), min_size=60, max_size=200))
def test_looks_in_vain_take_their_share_and_no_more(costs: list[float]) -> None:
    """Whatever each look costs, in the long run all of them together take about a tenth of the processor."""
    clock = Clock()
    throttle = Throttle(clock)
    throttle.looked("T1", costs[0], in_vain=True)
    for number, cost in enumerate(costs):
        while wait := throttle.wait(surface(str(number))):
            clock.now += wait
        throttle.looked("T1", cost, in_vain=True)
    spent = clock.now - 100.0
    # The slots are as far apart as the looks before them took on the average.
    assert sum(costs) <= SHARE * spent * 2 + 10 * max(costs)
