"""How much of the loop threads may take that are laid out only to learn that Slack's budget has no turn for them.

After a flood of clicks thousands of threads differ from what stands, forty updates a minute are free, and each look at
a thread costs milliseconds. Unbounded, those looks would keep everybody's clicks waiting for nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.domain.surface import SurfaceId

SHARE: Final = 0.1
"""The share of one processor that looks in vain may take, per workspace."""

_AT_ONCE_S: Final = 0.01
"""A moment so near is not worth a timer."""

_SMOOTHING: Final = 0.2


@dataclass(slots=True)
class _Team:
    """`next_at` is the earliest moment of the next look while looks are in vain or others wait."""

    cost_s: float = 0.0
    next_at: float = 0.0
    in_vain: bool = False
    line: dict[SurfaceId, None] = field(default_factory=dict)


class Throttle:
    """Lets surfaces of workspaces whose budget is spent come one after the other. For one process, on the loop.

    Only the first in a workspace's line has a timer, and the next moment is counted from the last look that was really
    made: after a loop that stood still, nothing that is overdue comes all at once.

    Args:
        later: is told which surface is to ask again, and in how many seconds.
        clock: seconds that only grow.
    """

    def __init__(self, later: Callable[[SurfaceId, float], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._later, self._clock = later, clock
        self._teams: dict[str, _Team] = {}

    def lets(self, surface: SurfaceId) -> bool:
        """Return whether to look at a surface now; else it keeps its place, and is told to come back in its turn."""
        team = self._teams.get(surface.team)
        if team is None or not (team.in_vain or team.line):
            return True
        now = self._clock()
        first = next(iter(team.line), surface)
        if surface == first and team.next_at - now <= _AT_ONCE_S:
            team.line.pop(surface, None)
            # Until a look is in vain again there may be room for all, and none waits for what Slack answers another.
            team.next_at = now + (team.cost_s / SHARE if team.in_vain else 0.0)
            self._call_first(team, now)
            return True
        team.line.setdefault(surface)
        if surface == first:
            self._call_first(team, now)
        return False

    def has(self, surface: SurfaceId) -> bool:
        """Whether a surface waits for its turn to be looked at."""
        team = self._teams.get(surface.team)
        return team is not None and surface in team.line

    def looked(self, team: str, seconds: float, *, in_vain: bool) -> None:
        """A thread was looked at, which took so long; `in_vain` if all that it needs has to wait for the budget."""
        known = self._teams.setdefault(team, _Team(cost_s=seconds))
        known.cost_s += _SMOOTHING * (seconds - known.cost_s)
        known.in_vain = in_vain
        if not in_vain:
            self.passed(team)

    def passed(self, team: str) -> None:
        """A look was not in vain: the next in line need not wait."""
        if (known := self._teams.get(team)) is not None:
            known.next_at = now = self._clock()
            self._call_first(known, now)

    def _call_first(self, team: _Team, now: float) -> None:
        if (first := next(iter(team.line), None)) is not None:
            self._later(first, max(0.0, team.next_at - now))
