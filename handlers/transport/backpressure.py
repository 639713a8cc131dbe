"""Acknowledgements first: while deliveries are being answered, threads are brought in step seldom."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

CROWD: Final = 4
"""Deliveries under way at once. Each takes about a millisecond: with so many the process has no time to spare."""

PATIENCE_S: Final = 0.25
"""How long what can wait does so at most in a crowd: in the longest rush threads go on, only fewer."""

SHARE: Final = 0.2
"""The share of the loop that bringing threads in step takes while one delivery follows on the other."""

BURST_S: Final = 0.03
"""So much of the loop may be taken at once if nothing was taken before: a click's own card waits for no share."""

QUIET_S: Final = 0.005
"""So long after the last delivery nobody waits for the loop any more."""

_SMOOTHING: Final = 0.2


class Backpressure:
    """Knows which deliveries are being answered, on one loop, and lets what can wait begin between them.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._count = 0
        self._last = float("-inf")
        self._paid_at = float("-inf")
        self._cost_s = 0.0
        self._over = asyncio.Event()
        self._over.set()
        self._one_by_one = asyncio.Lock()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Mark a delivery as being answered."""
        self._count += 1
        if self._count >= CROWD:
            self._over.clear()
        try:
            yield
        finally:
            self._count -= 1
            self._last = self._clock()
            if self._count < CROWD:
                self._over.set()

    @property
    def quiet(self) -> bool:
        """Whether no delivery is under way, and none was just now."""
        return not self._count and self._clock() - self._last >= QUIET_S

    async def over(self) -> None:
        """Return when something that can wait may begin; tell what it took of the loop by `took`.

        At once while it is quiet; else one after the other: in a crowd once it is over, or when the patience is at its
        end, and never so often that more than a share of the loop goes into it.
        """
        if self.quiet and not self._one_by_one.locked():
            return
        await self._crowd_is_over()
        async with self._one_by_one:
            while not self.quiet:
                if (wait := self._paid_at - BURST_S / SHARE - self._clock()) <= 0:
                    break
                await asyncio.sleep(min(wait, QUIET_S))
            # What begins now is counted at its usual cost, until it says its own.
            self._paid_at = max(self._paid_at, self._clock()) + self._cost_s / SHARE

    def took(self, seconds: float) -> None:
        """Something that could wait has kept the loop for so long."""
        usual = self._cost_s or seconds
        self._paid_at += (seconds - self._cost_s) / SHARE
        self._cost_s = usual + _SMOOTHING * (seconds - usual)

    async def _crowd_is_over(self) -> None:
        if not self._over.is_set():
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._over.wait()
            except TimeoutError:
                return
