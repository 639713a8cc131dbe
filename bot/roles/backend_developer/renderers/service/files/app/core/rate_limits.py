"""Requests per minute and caller, counted in the database, so that the limit holds over all processes.

Each process takes a few requests at a time out of a caller's minute, so that most requests cost no query.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from app.core.database import database
from app.core.problems import Problem
from app.core.settings import settings

WINDOW_SECONDS = 60
_MOST_CALLERS = 50_000
_TAKE = """
INSERT INTO service.rate_windows AS w (caller, starts_at, used) VALUES (%s, to_timestamp(%s), %s)
ON CONFLICT (caller, starts_at) DO UPDATE SET used = w.used + excluded.used RETURNING used
"""


@dataclass(slots=True)
class _Lease:
    window: int
    left: int
    unclaimed: int


_leases: dict[str, _Lease] = {}


async def take(who: str) -> tuple[int, int]:
    """Count one request of `who`; return how many are left and in how many seconds the limit is full again.

    Raises:
        Problem: the limit is used up (429).
    """
    now = int(time.time())
    window, reset = now - now % WINDOW_SECONDS, WINDOW_SECONDS - now % WINDOW_SECONDS
    lease = _leases.get(who)
    if lease is None or lease.window != window or (lease.left <= 0 and lease.unclaimed > 0):
        lease = _leases[who] = await _lease(who, window)
        if len(_leases) > _MOST_CALLERS:
            _forget(window)
    if lease.left <= 0:
        raise Problem(
            429,
            "The caller's rate limit is used up.",
            headers={"Retry-After": str(reset), "RateLimit-Remaining": "0", "RateLimit-Reset": str(reset)},
        )
    lease.left -= 1
    return lease.left + lease.unclaimed, reset


async def _lease(who: str, window: int) -> _Lease:
    limit = settings().rate_limit_per_minute
    wanted = max(1, min(20, limit // 20))
    async with database.as_service() as connection:
        row = await (await connection.execute(_TAKE, (who, window, wanted))).fetchone()
    assert row is not None
    over = max(0, row["used"] - limit)
    return _Lease(window, max(0, wanted - over), max(0, limit - row["used"]))


def _forget(window: int) -> None:
    for who in [who for who, lease in _leases.items() if lease.window != window]:
        del _leases[who]
