"""Who waits for an answer goes first: Slack gives up on one after 3 s, and nobody sees a card a moment later."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

CROWD = 4
"""Deliveries under way at once. Each takes about a millisecond: with so many the process has no time to spare."""

PATIENCE_S = 0.25
"""How long what can wait does so at most: in the longest rush threads are still brought in step, only fewer."""


class Backpressure:
    """Counts the deliveries that are being answered, on one loop."""

    def __init__(self) -> None:
        self._count = 0
        self._over = asyncio.Event()
        self._over.set()

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
            if self._count < CROWD:
                self._over.set()

    async def over(self) -> None:
        """Return once there is no crowd, or when the patience is at its end."""
        if not self._over.is_set():
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._over.wait()
            except TimeoutError:
                return
