"""How much of the loop threads may take that are laid out only to learn that Slack's budget has no turn for them.

After a flood of clicks thousands of threads differ from what stands, forty updates a minute are free, and each look at
a thread costs milliseconds. Unbounded, those looks would keep everybody's clicks waiting for nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.domain.surface import SurfaceId

SHARE: Final = 0.1
"""The share of one processor that looks in vain may take, per workspace."""

_AT_ONCE_S: Final = 0.01
"""A slot so near is not worth a timer."""

_SMOOTHING: Final = 0.2


@dataclass(slots=True)
class _Team:
    cost_s: float = 0.0
    next_at: float = 0.0
    in_vain: bool = False


class Throttle:
    """Gives slots to surfaces of workspaces whose budget is spent. For one process, on the loop.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._teams: dict[str, _Team] = {}
        self._slots: dict[SurfaceId, float] = {}

    def wait(self, surface: SurfaceId) -> float:
        """Return in how many seconds to look at a surface; 0 for now. The slot is kept until it is used."""
        now, team = self._clock(), self._teams.get(surface.team)
        if (slot := self._slots.pop(surface, None)) is None:
            if team is None or not team.in_vain:
                return 0.0
            slot = max(now, team.next_at)
            team.next_at = slot + team.cost_s / SHARE
        if slot - now <= _AT_ONCE_S:
            return 0.0
        self._slots[surface] = slot
        return slot - now

    def has(self, surface: SurfaceId) -> bool:
        """Whether a surface has a slot that was not used yet."""
        return surface in self._slots

    def looked(self, team: str, seconds: float, *, in_vain: bool) -> None:
        """A thread was looked at, which took so long; `in_vain` if all that it needs has to wait for the budget."""
        known = self._teams.setdefault(team, _Team(cost_s=seconds))
        known.cost_s += _SMOOTHING * (seconds - known.cost_s)
        known.in_vain = in_vain
