"""How much is measured, and what no goal is set for."""

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


NO_GOALS: tuple[tuple[str, str], ...] = (
    (
        "durable acks, of the bare echo's rate",
        "An echo keeps nothing, so its answers mean nothing. On one connection whoever commits before answering takes "
        "its time and a sync of the disk on top, and at 32 or 256 connections no workspace sends as much as either "
        "answers. It stays in the table as the limit.",
    ),
    (
        "`/eipas status`, of the echo's rate",
        "It reads an evaluation and answers with a message; what answers with nothing is no peer. Measured only.",
    ),
    (
        "click to `chat.update`, of default Bolt's that commits nothing",
        "What it shows is lost with the process. The peer commits before it updates, as the product does; default Bolt "
        "stays in the table.",
    ),
    (
        "figures of replies before 2026-11-27",
        "All replies had one `client_msg_id`, by which the product knows a message again that comes twice, so what was "
        "measured was mostly repetition. They are void, for better or worse.",
    ),
)
"""What was a goal and is none any more, each with the reason."""
