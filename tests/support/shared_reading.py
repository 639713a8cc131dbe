"""A pytest plugin: all kits of a test process read by one child process, whose start takes longer than most tests.

What a child of a kit's own does, and how it ends, is proven where that is the subject: tests/reading/test_process.py.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bot.reading.child import ReadingChild

_USER = "bot.reading.process"


@cache
def _shared(memory: int) -> ReadingChild:
    from bot.reading.child import ReadingChild

    return ReadingChild(memory, idle_seconds=3600.0)


class LentChild:
    """The shared child, as one kit uses it: neither what gives up nor what closes ends it.

    Many tests end before what people said in them was read, and the child would be started for each again.
    """

    def __init__(self, memory: int) -> None:
        self._child = _shared(memory)
        _lent.add(self._child)

    def ask(self, *asked: Any) -> Any:
        return self._child.ask(*asked)

    def interrupt(self) -> None:
        """Let what is being read be read: it takes a moment."""

    def end(self) -> None:
        """Leave it to the others."""


_lent: set[ReadingChild] = set()


@pytest.fixture(autouse=True)
def _one_child_reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lend the child to whoever makes one, once what reads has been imported."""
    if _USER in sys.modules:
        monkeypatch.setattr(sys.modules[_USER], "ReadingChild", LentChild)
    yield


def pytest_unconfigure() -> None:
    """End it with the session."""
    for child in _lent:
        child.end()
