"""How far an assessment is, told to people again and again while it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from bot.domain.errors import EipasError

Tell = Callable[[str], None]
"""Is told how far something is, in words for people, every two seconds or so."""

_EVERY_S: Final = 2.0


@asynccontextmanager
async def telling(tell: Tell, words: Callable[[], str], *, at_once: bool = False) -> AsyncIterator[None]:
    """Tell the newest `words` every two seconds until the block ends; with `at_once` from its beginning on."""

    async def say() -> None:
        tell(words())

    async with repeating(say, at_once=at_once):
        yield


@asynccontextmanager
async def repeating(act: Callable[[], Awaitable[None]], *, at_once: bool = False) -> AsyncIterator[None]:
    """Do something every two seconds until the block ends; with `at_once` from its beginning on.

    It ends with the first refusal (EipasError), which the block itself will meet as well.
    """

    async def beat() -> None:
        with suppress(EipasError):
            if at_once:
                await act()
            while True:
                await asyncio.sleep(_EVERY_S)
                await act()

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
        await asyncio.wait([beating])  # what is being done is not to overtake what follows
