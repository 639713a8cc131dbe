"""Waiting for what happens in another process, thread or task."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], bool], what: str, within: float, *, every: float = 0.05) -> None:
    """Look again and again, off the loop; AssertionError if it does not come to hold."""
    try:
        async with asyncio.timeout(within):
            while not await asyncio.to_thread(holds):
                await asyncio.sleep(every)
    except TimeoutError:
        raise AssertionError(f"{what} did not come within {within:g} s") from None
