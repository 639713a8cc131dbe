"""The process that reads, as its parent sees it: started when it is first needed, kept while it is used, ended in time.

A start takes a second of the processor, most readings a hundredth of one.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import Enum, auto
from typing import IO, Final, cast

from bot.domain.facts import Reading
from bot.reading.prose.clause import TopicKind
from bot.reading.read import SourceText

_WORKER: Final = "bot.reading.worker"


class _End(Enum):
    """Why an answer did not come."""

    LOST = auto()
    STOPPED = auto()


class ReadingChild:
    """One process of `bot.reading.worker` at a time. Safe from any thread; all but `interrupt` block."""

    def __init__(self, memory: int, *, idle_seconds: float = 60.0) -> None:
        self._memory = memory
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._idle: threading.Timer | None = None
        self._stop: Callable[[], None] = _nothing

    def ask(
        self, sources: Sequence[SourceText], topics: Mapping[str, TopicKind], seconds: float
    ) -> list[Reading] | None:
        """Have texts read; None where the process was ended after `seconds`, or ended by itself.

        One that read before may have been at its end already, or have used its memory up: what was asked of it is asked
        of a new one.
        """
        with self._lock:
            self._stop_timer()
            used = self._process is not None
            answer = self._asked(sources, topics, seconds)
            if answer is _End.LOST and used:
                answer = self._asked(sources, topics, seconds)
            if self._process is not None:
                self._idle = threading.Timer(self._idle_seconds, self.end)
                self._idle.daemon = True
                self._idle.start()
        return None if isinstance(answer, _End) else answer

    def interrupt(self) -> None:
        """End what is being read, if anything is; whoever asked for it gets None. Does not block."""
        self._stop()

    def end(self) -> None:
        """End the process, if there is one; the next text has another started."""
        with self._lock:
            self._stop_timer()
            self._end()

    def _asked(
        self, sources: Sequence[SourceText], topics: Mapping[str, TopicKind], seconds: float
    ) -> list[Reading] | _End:
        process = self._process = self._process or self._started()
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            process.kill()

        self._stop = stop
        clock = threading.Timer(seconds, stop)
        clock.daemon = True
        clock.start()
        try:
            said, told = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
            pickle.dump((tuple(sources), dict(topics)), said)
            said.flush()
            return _put_together(told, len(sources))
        except (OSError, EOFError, pickle.UnpicklingError):
            self._end()
            return _End.STOPPED if stopped.is_set() else _End.LOST
        finally:
            clock.cancel()
            self._stop = _nothing

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own module, by our own Python
            [sys.executable, "-m", _WORKER, str(self._memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):  # of what it was to be told, and never read
                if pipe is not None:
                    pipe.close()

    def _stop_timer(self) -> None:
        timer, self._idle = self._idle, None
        if timer is not None:
            timer.cancel()


def _nothing() -> None:
    """Stop nothing: nothing is read."""


def _put_together(told: IO[bytes], count: int) -> list[Reading]:
    """Return the readings that a worker tells in pieces, until it says that it has told all."""
    pieces: list[list[Reading]] = [[] for _ in range(count)]
    while (piece := pickle.load(told)) is not None:  # noqa: S301 - our own process's answer, over a pipe
        pieces[piece[0]].append(piece[1])
    return [
        Reading(
            statements=tuple(s for piece in one for s in piece.statements),
            facts=tuple(f for piece in one for f in piece.facts),
        )
        for one in pieces
    ]
