"""What waits and how much there is, at one moment: for those who watch over the bot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """Counts by name, and per queue since when its oldest entry waits (None: nothing does)."""

    at: datetime
    behind: Mapping[str, int] = field(hash=False)
    runs: Mapping[str, int] = field(hash=False)
    evaluations: Mapping[str, int] = field(hash=False)
    oldest: Mapping[str, datetime | None] = field(hash=False)
    spent_usd: float
