"""Who waits for one method of Slack's, and when each has its turn: by importance, then by age.

Nothing here looks at all that wait: a workspace with thousands of open threads asks this on the loop before each call.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from threading import Lock
from typing import Final

from bot.domain.rates import Spent
from bot.domain.surface import SurfaceId

AGE_S: Final = 20.0
"""After so long a wait a call counts as one kind more important, so that nothing starves."""

Place = tuple[SurfaceId, str]
"""What waits: a surface and the key of its message."""


LATE_S: Final = 5.0
"""How long a place is kept for somebody who does not come back for it."""

_SWEEPS: Final = 10
"""How often in that time it is looked for them."""

_WINDOWS: Final = 5
"""Who has no turn within so many windows asks again then: meanwhile others may have given up."""


class Importance(IntEnum):
    """Who is first: what somebody just clicked, then gates and results, then live progress, then all that sums up."""

    CLICKED = 0
    GATE = 1
    LIVE = 2
    SUMMARY = 3


_KEPT_FREE: Final = {Importance.CLICKED: 0.1, Importance.GATE: 0.0, Importance.LIVE: 0.25, Importance.SUMMARY: 0.4}
"""The share of a budget that each leaves to others; the last tenth is for gates and results."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most so many calls in any so many seconds."""

    most: int
    seconds: float

    def room(self, importance: Importance) -> int:
        """Return how many calls of that importance may have been made at most; one always may."""
        return max(1, self.most - int(self.most * _KEPT_FREE[importance]))

    @property
    def rooms(self) -> tuple[int, ...]:
        """Return the room of each importance, the most important first."""
        return tuple(self.room(importance) for importance in Importance)


@dataclass(slots=True, kw_only=True)
class _Waiting:
    importance: Importance
    since: float
    due: float


class Line:
    """Who waits for one method of one workspace on this machine. Times are seconds.

    Safe from any thread: it is asked inside transactions, too. Asking takes time in the logarithm of how many wait.
    """

    def __init__(self, rate: Rate, age_s: float = AGE_S, late_s: float = LATE_S) -> None:
        self.rate, self._age_s, self._late_s = rate, age_s, late_s
        self._rooms = rate.rooms
        self._waiting: dict[SurfaceId, dict[str, _Waiting]] = {}
        self._since: tuple[list[float], ...] = tuple([] for _ in Importance)
        self._swept = 0.0
        self._lock = Lock()

    def ask(self, spent: Spent, place: Place, importance: Importance, now: float) -> float:
        """Return `now` if the call may be made, else when to ask again; the place is kept until then."""
        counted = spent.within(self.rate.seconds, now).calls
        with self._lock:
            self._drop_late(now)
            mine = self._place(place, importance, now)
            mine.due = self._turn(counted, max(now, spent.held_until), mine, now)
            return mine.due

    def leave(self, place: Place) -> None:
        """Give up the place: the call is made, or not wanted any more."""
        with self._lock:
            self._drop(*place)

    def leave_all(self, surface: SurfaceId, still: Iterable[str]) -> None:
        """Give up the places of a surface but those of the keys that it still waits for."""
        kept = frozenset(still)
        with self._lock:
            for key in self._waiting.get(surface, {}).keys() - kept:
                self._drop(surface, key)

    def waited(self, surface: SurfaceId, now: float) -> float:
        """Return how long a surface has waited, in seconds."""
        with self._lock:
            return max((now - one.since for one in self._waiting.get(surface, {}).values()), default=0.0)

    def _place(self, place: Place, importance: Importance, now: float) -> _Waiting:
        surface, key = place
        found = self._waiting.get(surface, {}).get(key)
        since = now if found is None else found.since
        if found is not None and found.importance is importance:
            return found
        if found is not None:
            self._drop(surface, key)
        mine = _Waiting(importance=importance, since=since, due=now)
        self._waiting.setdefault(surface, {})[key] = mine
        insort(self._since[importance], since)
        return mine

    def _drop(self, surface: SurfaceId, key: str) -> None:
        places = self._waiting.get(surface, {})
        one = places.pop(key, None)
        if one is None:
            return
        moments = self._since[one.importance]
        del moments[bisect_left(moments, one.since)]
        if not places:
            del self._waiting[surface]

    def _drop_late(self, now: float) -> None:
        if now < self._swept + self._late_s / _SWEEPS:
            return
        self._swept = now
        late = [
            (surface, key)
            for surface, places in self._waiting.items()
            for key, one in places.items()
            if one.due + self._late_s < now
        ]
        for surface, key in late:
            self._drop(surface, key)

    def _turn(self, counted: tuple[float, ...], earliest: float, mine: _Waiting, now: float) -> float:
        level = self._grown(mine, now)
        before = self._before(level, mine.since, now)
        moments = [earliest, *(at + self.rate.seconds for at in counted if at + self.rate.seconds > earliest)]
        begun = len(counted) - (len(moments) - 1)
        # Calls that drop out of the window only make room, so the first moment with a turn is found by halves.
        low, high = 0, len(moments)
        while low < high:
            middle = (low + high) // 2
            if self._has_turn(before, len(counted) - begun - middle, level):
                high = middle
            else:
                low = middle + 1
        if low < len(moments):
            return moments[low]
        windows = 1 + sum(before) // max(1, self.rate.most)
        return moments[-1] + self.rate.seconds * min(windows, _WINDOWS)

    def _grown(self, one: _Waiting, now: float) -> int:
        return max(0, one.importance - int((now - one.since) / self._age_s))

    def _before(self, level: int, since: float, now: float) -> tuple[int, ...]:
        """Return how many are before somebody, of each importance that they have grown to."""
        return tuple(self._count(grown, since if grown == level else None, now) for grown in range(level + 1))

    def _count(self, grown: int, since: float | None, now: float) -> int:
        """Return how many have grown to an importance; with `since` only those that have waited longer."""
        found = 0
        for importance in range(grown, len(Importance)):
            moments, steps = self._since[importance], importance - grown
            # Having waited at least `steps` ages and, but for the most important, less than one more.
            last = bisect_right(moments, now - steps * self._age_s)
            first = bisect_right(moments, now - (steps + 1) * self._age_s) if grown else 0
            end = last if since is None else min(last, bisect_left(moments, since))
            found += max(0, end - first)
        return found

    def _has_turn(self, before: tuple[int, ...], used: int, level: int) -> bool:
        """Whether there is room once all before have taken what they may."""
        for room, count in zip(self._rooms, before, strict=False):
            used += min(count, max(0, room - used))
        return used < self._rooms[level]
