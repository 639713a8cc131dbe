"""How far an assessment is, told to people again and again while it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

Tell = Callable[[str], None]
"""Is told how far something is, in words for people, every two seconds or so."""

_EVERY_S: Final = 2.0


@asynccontextmanager
async def telling(tell: Tell, words: Callable[[], str], *, at_once: bool = False) -> AsyncIterator[None]:
    """Tell the newest `words` every two seconds until the block ends; with `at_once` from its beginning on."""

    async def beat() -> None:
        if at_once:
            tell(words())
        while True:
            await asyncio.sleep(_EVERY_S)
            tell(words())

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
