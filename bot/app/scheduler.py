"""The clock: APScheduler wakes us, and what is due are rows of our own.

A job store cannot be shared by machines and loses what came due while down, so there is none (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.errors import Unavailable

log = structlog.get_logger(__name__)
Beat = Callable[[], Awaitable[Any]]


class Timers:
    """Calls each beat at its interval in seconds; a beat that still runs is not started again."""

    def __init__(self, beats: dict[str, tuple[float, Beat]]) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        for name, (seconds, beat) in beats.items():
            self._scheduler.add_job(_awaited, "interval", args=(name, beat), seconds=seconds, id=name)

    def start(self) -> None:
        """Begin to beat; needs a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop beating; a beat under way is left to end."""
        self._scheduler.shutdown(wait=False)


async def _awaited(name: str, beat: Beat) -> None:
    # APScheduler awaits coroutine functions only; a lambda or a bound partial would be called and forgotten.
    try:
        await beat()
    except Unavailable as reason:  # a full disk, a database that restarts: the next beat tries again
        log.warning("beat_waits", beat=name, reason=reason.message)
