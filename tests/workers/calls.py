"""Functions for worker processes to be called with; also a parent that is killed in the middle of one."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.workers.pool import WorkerPool


def add(one: int, other: int) -> tuple[int, int]:
    """Return the sum and the process that made it."""
    return one + other, os.getpid()


def refuse(words: str) -> None:
    raise ValueError(words)


def die(*_given: object) -> None:
    os._exit(3)


def die_once(mark: Path) -> int:
    """End the first process that is asked."""
    if not mark.exists():
        mark.touch()
        os._exit(3)
    return os.getpid()


def wait(file: Path) -> None:
    """Write down who waits, and wait for a minute."""
    part = file.with_suffix(".part")
    part.write_text(str(os.getpid()))
    part.replace(file)
    time.sleep(60)


def count(most: int, *, tell: Callable[[str], None]) -> int:
    for number in range(most):
        tell(f"{number + 1} of {most}")
    return most


def fill(megabytes: int) -> int:
    """Return how many bytes were told at once."""
    return len(b"x" * (megabytes << 20))


async def main(file: Path) -> None:
    """Have a worker wait, to be killed meanwhile."""
    await WorkerPool().run(wait, file)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
