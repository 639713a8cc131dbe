"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`copies` are the seeded evaluations of a kind; `rounds` and `seconds` of each load on each server."""

    rounds: int
    seconds: float
    copies: int
    clicks: int
    starts: int
    kills: int
    idle_seconds: float
    waiting: int
    sizes: tuple[int, ...]
    open: int


FULL = Plan(
    rounds=3, seconds=1.2, copies=6000, clicks=40, starts=4, kills=6, idle_seconds=20.0, waiting=10_000,
    sizes=(1_000, 10_000, 100_000), open=1_000,
)  # fmt: skip
QUICK = Plan(
    rounds=2, seconds=0.4, copies=1500, clicks=15, starts=2, kills=2, idle_seconds=6.0, waiting=10_000,
    sizes=(1_000, 20_000), open=1_000,
)  # fmt: skip
