"""What waits and how much there is, at one moment: for those who watch over the bot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Counts = Mapping[tuple[str, ...], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStatistics:
    """Counts by names, and per queue since when its oldest entry waits (None: nothing does).

    Surfaces are counted by kind and by the problem that they met last; the queue `surfaces` is of those that met none.
    """

    at: datetime
    behind: Counts = field(hash=False)
    runs: Counts = field(hash=False)
    evaluations: Counts = field(hash=False)
    oldest: Mapping[str, datetime | None] = field(hash=False)
    spent_usd: float
    machines: int
