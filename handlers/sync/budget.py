"""Slack's rates as a budget: what may be called now, who is first to call, and when to come back.

Slack counts per method, workspace and app (docs.slack.dev/apis/web-api/rate-limits). Four fifths of its figures are
spent, in any sliding minute, by all machines together: each asks the workspace's row before it calls. Who has to wait
keeps a place by importance; a newer edit under the same key takes the place of the one that waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from bot.domain.rates import Spent
from bot.domain.surface import SurfaceId
from bot.services.ports import Database, Tx
from handlers.sync.line import AGE_S, LATE_S, Importance, Line, Place, Rate

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


class Held(Exception):
    """The call has to wait until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


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
        return self._lines.setdefault((team, name), Line(rate, AGE_S * scale, max(1.0, LATE_S * scale)))
