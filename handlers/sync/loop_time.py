"""How much of the loop a coroutine takes: the processor's time for its own steps, without what it waits for.

Not the clock on the wall: where others load the machine, a step would seem to take many times what it does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Generator
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class LoopTime(Generic[T]):
    """Await it in place of the coroutine; `seconds` grows with each step. What it starts as tasks is not counted."""

    def __init__(self, coroutine: Coroutine[Any, Any, T], clock: Callable[[], float] = time.thread_time) -> None:
        self._coroutine, self._clock = coroutine, clock
        self.seconds = 0.0

    def __await__(self) -> Generator[Any, Any, T]:
        """Step through the coroutine as `await` does, with a look at the clock around each step."""
        step: Callable[[Any], Any] = self._coroutine.send
        given: Any = None
        while True:
            began = self._clock()
            try:
                waits_for = step(given)
            except StopIteration as end:
                result: T = end.value
                return result
            finally:
                self.seconds += self._clock() - began
            try:
                step, given = self._coroutine.send, (yield waits_for)
            except BaseException as thrown:
                step, given = self._coroutine.throw, thrown
