"""The process that reads: takes texts from its input and tells their readings in pieces, again and again."""

from __future__ import annotations

import gc
import pickle
import resource
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.domain.facts import Reading
from bot.reading.prose.clause import TopicKind
from bot.reading.prose.reader import ProseReader
from bot.reading.read import SourceText, notation_readers, read_text

PIECE: Final = 500
"""Statements, and facts, of a reading that are told at once."""

LARGEST: Final = 1 / 4
"""Part of the memory allowed with which a process reads on; one that has taken more ends after its answer."""


def main() -> int:
    """Read what comes on the input within the memory that the first argument allows, until the input ends."""
    memory = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    gc.freeze()
    gc.disable()  # a third of the time of a large text; it is looked through when its answer is told
    for sources, topics in _asked():
        _tell(sources, topics)
        gc.collect()
        if _most_taken() > memory * LARGEST:
            break  # what a huge text took is not given back, and would be missing for the next
    return 0


def _most_taken() -> int:
    """The most memory that this process ever held, in bytes.

    The kernel's own count goes first: after a fork `getrusage` begins with what the parent held, and a child of a large
    parent would read one text only.
    """
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _asked() -> Iterator[tuple[Sequence[SourceText], Mapping[str, TopicKind]]]:
    with suppress(EOFError):
        while True:
            yield pickle.load(sys.stdin.buffer)  # noqa: S301 - from the bot's own process, over a pipe


def _tell(sources: Sequence[SourceText], topics: Mapping[str, TopicKind]) -> None:
    readers = (*notation_readers(), ProseReader(topics))
    for number, source in enumerate(sources):
        for piece in pieces(read_text(source, readers)):
            pickle.dump((number, piece), sys.stdout.buffer)
    pickle.dump(None, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def pieces(reading: Reading) -> Iterator[Reading]:
    """Cut a reading into parts that are unpickled in some milliseconds: whoever does that answers people, too."""
    most = max(len(reading.statements), len(reading.facts), 1)
    for start in range(0, most, PIECE):
        part = slice(start, start + PIECE)
        yield Reading(statements=reading.statements[part], facts=reading.facts[part])


if __name__ == "__main__":
    sys.exit(main())
