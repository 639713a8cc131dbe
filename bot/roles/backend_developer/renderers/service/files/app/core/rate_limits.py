"""Requests per minute and caller, counted in the database, so that the limit holds over all processes.

Each process takes a few requests at a time out of a caller's minute, so that most requests cost no query.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from app.core.database import database
from app.core.problems import Problem
from app.core.settings import settings

WINDOW_SECONDS = 60
_MOST_CALLERS = 50_000
_MOST_AT_ONCE = 100
_TAKE = """
INSERT INTO service.rate_windows AS w (caller, starts_at, used) VALUES (%s, to_timestamp(%s), %s)
ON CONFLICT (caller, starts_at) DO UPDATE SET used = w.used + excluded.used RETURNING used
"""


@dataclass(slots=True)
class _Lease:
    """What this process has of a caller's minute: `left` it may grant, `unclaimed` are still anybody's."""

    window: int
    left: int = 0
    unclaimed: int = 1
    claiming: asyncio.Lock = field(default_factory=asyncio.Lock)


_leases: dict[str, _Lease] = {}


async def take(who: str) -> tuple[int, int]:
    """Count one request of `who`; return how many are left and in how many seconds the limit is full again.

    Raises:
        Problem: the limit is used up (429).
    """
    now = int(time.time())
    window, reset = now - now % WINDOW_SECONDS, WINDOW_SECONDS - now % WINDOW_SECONDS
    lease = _leases.get(who)
    if lease is None or lease.window != window:
        lease = _leases[who] = _Lease(window)
        if len(_leases) > _MOST_CALLERS:
            _forget(window)
    while lease.left <= 0 and lease.unclaimed > 0:
        # One of the requests that come together claims for all of them: each for itself would wait for the same row.
        async with lease.claiming:
            if lease.left <= 0 and lease.unclaimed > 0:
                await _claim(who, lease)
    if lease.left <= 0:
        raise Problem(
            429,
            "The caller's rate limit is used up.",
            headers={"Retry-After": str(reset), "RateLimit-Remaining": "0", "RateLimit-Reset": str(reset)},
        )
    lease.left -= 1
    return lease.left + lease.unclaimed, reset


async def _claim(who: str, lease: _Lease) -> None:
    limit = settings().rate_limit_per_minute
    wanted = max(1, min(_MOST_AT_ONCE, limit // 20))
    row = await database.single(_TAKE, (who, lease.window, wanted))
    over = max(0, row["used"] - limit)
    lease.left, lease.unclaimed = max(0, wanted - over), max(0, limit - row["used"])


def _forget(window: int) -> None:
    for who in [who for who, lease in _leases.items() if lease.window != window]:
        del _leases[who]
