"""This machine's hold on one surface: a lease that another machine may take over while this one stands still."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from bot.domain.surface import SurfaceId
from bot.services.ports import Database, Tx

FRESH_S = 2.0
"""How old a look at the lease may be at a send; well below any time after which others take over."""


T = TypeVar("T")
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Linux's CLOCK_BOOTTIME goes on while the machine sleeps, which CLOCK_MONOTONIC does not."""


class SurfaceLease:
    """Asked before each send. `renew` prolongs the lease in a transaction and raises Stale once it is somebody else's.

    Between the look and the send the process may be stopped for any time, so what was sent is settled by
    compare-and-set afterwards (`Surfaces.settle` and `revise`); looking often only makes that rare.
    """

    def __init__(self, db: Database, surface: SurfaceId, renew: Callable[[Tx, SurfaceId], None], since: float) -> None:
        self._db, self.surface, self._renew = db, surface, renew
        self._seen = since

    @staticmethod
    def moment() -> float:
        """The time, as `since` wants it: taken before the transaction that takes the lease."""
        return time.clock_gettime(_CLOCK)

    @property
    def fresh(self) -> bool:
        """Whether the last look is recent."""
        return self.moment() - self._seen < FRESH_S

    async def ensure(self) -> None:
        """Look again if the last look is old. Raises Stale."""
        if not self.fresh:
            await self.looked(lambda _: None)

    async def looked(self, fn: Callable[[Tx], T]) -> T:
        """Run `fn` in one transaction with a look at the lease. Raises Stale."""

        def both(tx: Tx) -> T:
            self.look(tx)
            return fn(tx)

        began = self.moment()
        result = await self._db.transaction(both)
        self._seen = began
        return result

    def look(self, tx: Tx) -> None:
        """Prolong the lease. Raises Stale."""
        self._renew(tx, self.surface)
