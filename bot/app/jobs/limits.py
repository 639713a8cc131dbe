"""How much is done at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Runs at once on this machine and on all together, and how often each queue is looked at."""

    runs_at_once: int
    runs_in_all: int
    poll_s: float
