"""Work with a pulse: people see that it lives, and a run that was stopped is cancelled within a beat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def with_heartbeat(work: Coroutine[Any, Any, T], beat: Callable[[], Awaitable[None]], every: float) -> T:
    """Return what `work` returns, calling `beat` every so many seconds meanwhile.

    Whatever `beat` raises (a stopped run does) cancels the work and is raised. Being cancelled cancels both; the work
    has then ended, its own clean-up included, before this returns.
    """
    doing = asyncio.create_task(work)
    beating = asyncio.create_task(_beats(beat, every))
    try:
        await asyncio.wait({doing, beating}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (doing, beating):
            task.cancel()
        await asyncio.gather(doing, beating, return_exceptions=True)
    if doing.cancelled():
        beating.result()
    return doing.result()


async def _beats(beat: Callable[[], Awaitable[None]], every: float) -> None:
    while True:
        await asyncio.sleep(every)
        await beat()
