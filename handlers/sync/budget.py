"""Slack's rates as a budget: what may be called now, who is first to call, and when to come back.

Slack counts per method, workspace and app (docs.slack.dev/apis/web-api/rate-limits). Four fifths of its figures are
spent, in any sliding minute, by all machines together: each asks the workspace's row before it calls. Who has to wait
keeps a place by importance; a newer edit under the same key takes the place of the one that waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from threading import Lock
from typing import Final

from bot.domain.rates import Spent
from bot.domain.surface import SurfaceId
from bot.services.ports import Database, Tx

_TIER_2, _TIER_3, _TIER_4 = 20, 50, 100
FIGURES: Final[Mapping[str, int]] = {
    "assistant.threads.setStatus": 60,
    "chat.delete": _TIER_3,
    "chat.postMessage": 300,
    "chat.update": _TIER_3,
    "conversations.history": _TIER_3,
    "conversations.open": _TIER_3,
    "conversations.replies": _TIER_3,
    "files.completeUploadExternal": _TIER_4,
    "files.getUploadURLExternal": _TIER_4,
    "files.info": _TIER_4,
    "reactions.add": _TIER_3,
    "views.publish": _TIER_4,
}
"""Slack's figures, calls a minute. That of posts in a whole workspace is not published: "several hundred"."""

SPENT: Final = 0.8
"""The share of Slack's figures that is spent: its clock is not ours, and people's own clicks count, too."""

POSTS_AT_ONCE: Final = 5
"""Slack takes a message a second in a channel and "short bursts": so many in so many seconds."""

AGE_S: Final = 20.0
"""After so long a wait a call counts as one kind more important, so that nothing starves."""

_LATE_S: Final = 5.0
"""How long a place is kept for somebody who does not come back for it."""

Place = tuple[SurfaceId, str]
"""What waits: a surface and the key of its message."""


class Importance(IntEnum):
    """Who is first: what somebody just clicked, then gates and results, then live progress, then all that sums up."""

    CLICKED = 0
    GATE = 1
    LIVE = 2
    SUMMARY = 3


_KEPT_FREE: Final = {Importance.CLICKED: 0.1, Importance.GATE: 0.0, Importance.LIVE: 0.25, Importance.SUMMARY: 0.4}
"""The share of a budget that each leaves to others; the last tenth is for gates and results."""


class Held(Exception):
    """The call has to wait until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most so many calls in any so many seconds."""

    most: int
    seconds: float

    def room(self, importance: Importance) -> int:
        """Return how many calls of that importance may have been made at most; one always may."""
        return max(1, self.most - int(self.most * _KEPT_FREE[importance]))


@dataclass(slots=True, kw_only=True)
class _Waiting:
    importance: Importance
    since: float
    due: float

    def rank(self, now: float, age_s: float) -> tuple[Importance, float]:
        grown = int((now - self.since) / age_s)
        return Importance(max(0, self.importance - grown)), self.since


class Line:
    """Who waits for one method of one workspace on this machine. Times are seconds.

    Safe from any thread: it is asked inside transactions, too.
    """

    def __init__(self, rate: Rate, age_s: float = AGE_S, late_s: float = _LATE_S) -> None:
        self.rate, self._age_s, self._late_s = rate, age_s, late_s
        self._waiting: dict[Place, _Waiting] = {}
        self._lock = Lock()

    def ask(self, spent: Spent, place: Place, importance: Importance, now: float) -> float:
        """Return `now` if the call may be made, else when to ask again; the place is kept until then."""
        counted = spent.within(self.rate.seconds, now).calls
        with self._lock:
            self._drop_late(now)
            mine = self._waiting.setdefault(place, _Waiting(importance=importance, since=now, due=now))
            mine.importance = importance
            mine.due = self._turn(counted, max(now, spent.held_until), mine, now)
            return mine.due

    def leave(self, place: Place) -> None:
        """Give up the place: the call is made, or not wanted any more."""
        with self._lock:
            self._waiting.pop(place, None)

    def leave_all(self, surface: SurfaceId, still: Iterable[str]) -> None:
        """Give up the places of a surface but those of the keys that it still waits for."""
        kept = frozenset(still)
        with self._lock:
            for place in [place for place in self._waiting if place[0] == surface and place[1] not in kept]:
                del self._waiting[place]

    def waited(self, surface: SurfaceId, now: float) -> float:
        """Return how long a surface has waited, in seconds."""
        with self._lock:
            return max((now - one.since for place, one in self._waiting.items() if place[0] == surface), default=0.0)

    def _turn(self, counted: tuple[float, ...], earliest: float, mine: _Waiting, now: float) -> float:
        line = sorted((one.rank(now, self._age_s), one is not mine) for one in self._waiting.values())
        moments = [earliest, *(at + self.rate.seconds for at in counted if at + self.rate.seconds > earliest)]
        begun = len(counted) - (len(moments) - 1)
        for gone, moment in enumerate(moments, begun):
            if self._has_turn(line, len(counted) - gone, mine.rank(now, self._age_s)):
                return moment
        return moments[-1] + self.rate.seconds

    def _has_turn(
        self, line: list[tuple[tuple[Importance, float], bool]], used: int, mine: tuple[Importance, float]
    ) -> bool:
        """Whether there is room once all before have taken what they may."""
        for rank, is_other in line:
            fits = used < self.rate.room(rank[0])
            if not is_other and rank == mine:
                return fits
            used += fits
        return False

    def _drop_late(self, now: float) -> None:
        for place in [place for place, one in self._waiting.items() if one.due + self._late_s < now]:
            del self._waiting[place]


class Budget:
    """What is left of Slack's rates for each workspace, shared with all machines on the database.

    Args:
        minute_s: how long Slack's minute lasts; 0 switches the budget off, as for a Slack without rates.
        post_s: seconds for each message in a channel; 0 for no such bound.
        clock: Unix seconds.
    """

    def __init__(
        self, db: Database, *, minute_s: float = 60.0, post_s: float = 1.0, clock: Callable[[], float] = time.time
    ) -> None:
        self._db, self._minute_s, self._post_s, self._clock = db, minute_s, post_s, clock
        self._lines: dict[tuple[str, str], Line] = {}
        self._known: dict[tuple[str, str], Spent] = {}

    async def take(self, place: Place, method: str, importance: Importance, channel: str = "") -> None:
        """Spend one call. Raises Held."""
        team, now = place[0].team, self._clock()
        rates = self._rates(method, channel)
        lines = {name: self._line(team, name, rate) for name, rate in rates.items()}
        # Others can only have spent more than was left when we looked last.
        known = [lines[n].ask(self._known.get((team, n), Spent()), place, importance, now) for n in rates]
        self._go_on_unless(max(known, default=now), now)
        if not rates and not self._known:
            return
        self._go_on_unless(
            await self._db.transaction(
                lambda tx: self._spend(tx, team, method, lines, place, importance), durable=False
            ),
            now,
        )
        for line in lines.values():
            line.leave(place)

    async def hold(self, team: str, method: str, seconds: float) -> None:
        """Slack answered 429 with this Retry-After: nobody calls this method in this workspace until it is over."""
        until = self._clock() + seconds

        def fn(tx: Tx) -> Spent:
            spent = tx.rates.lock(team, method)
            held = Spent(calls=spent.calls, held_until=max(until, spent.held_until))
            tx.rates.put(team, method, held)
            return held

        self._known[team, method] = await self._db.transaction(fn, durable=False)

    def settle(self, surface: SurfaceId, still: Iterable[str]) -> None:
        """A surface was looked through: what it does not wait for any more is dropped, not queued."""
        kept = tuple(still)
        for (team, _), line in tuple(self._lines.items()):
            if team == surface.team:
                line.leave_all(surface, kept)

    def waited(self, surface: SurfaceId) -> float:
        """Return for how many seconds a surface waits on this machine, 0 if it does not."""
        now, lines = self._clock(), tuple(self._lines.items())
        return max((line.waited(surface, now) for (team, _), line in lines if team == surface.team), default=0.0)

    def _spend(
        self, tx: Tx, team: str, method: str, lines: Mapping[str, Line], place: Place, importance: Importance
    ) -> float:
        """Return when it may be called: 0 for now, which is recorded."""
        now = self._clock()
        seconds = {name: line.rate.seconds for name, line in lines.items()}
        names = sorted({*lines, method})
        spent = {name: tx.rates.lock(team, name).within(seconds.get(name, 0.0), now) for name in names}
        turns = [line.ask(spent[name], place, importance, now) for name, line in lines.items()]
        turn = max([*turns, *(one.held_until for one in spent.values())])
        for name in names:
            if turn <= now and name in lines:
                spent[name] = Spent(calls=(*spent[name].calls, now), held_until=spent[name].held_until)
                tx.rates.put(team, name, spent[name])
            self._known[team, name] = spent[name]
        return turn if turn > now else 0.0

    @staticmethod
    def _go_on_unless(turn: float, now: float) -> None:
        if turn > now:
            raise Held(datetime.fromtimestamp(turn, UTC))

    def _rates(self, method: str, channel: str) -> dict[str, Rate]:
        """The rates that a call counts for, by the name of their row."""
        rates = {}
        if self._minute_s and (figure := FIGURES.get(method)):
            rates[method] = Rate(most=int(figure * SPENT), seconds=self._minute_s)
        if self._post_s and method == "chat.postMessage" and channel:
            posts = Rate(most=int(POSTS_AT_ONCE * SPENT), seconds=POSTS_AT_ONCE * self._post_s)
            rates[f"{method} {channel}"] = posts
        return rates

    def _line(self, team: str, name: str, rate: Rate) -> Line:
        scale = self._minute_s / 60 or 1.0
        return self._lines.setdefault((team, name), Line(rate, AGE_S * scale, max(1.0, _LATE_S * scale)))
