"""The process that reads: takes texts from its input, gives their readings to its output in pieces, and ends."""

from __future__ import annotations

import pickle
import resource
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.domain.facts import Reading
from bot.reading.prose.clause import TopicKind
from bot.reading.prose.reader import ProseReader
from bot.reading.read import SourceText, notation_readers, read_text

PIECE: Final = 500
"""Statements, and facts, of a reading that are told at once."""


def main() -> int:
    """Read what stands on the input within the memory that the first argument allows."""
    memory = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    sources: Sequence[SourceText]
    topics: Mapping[str, TopicKind]
    sources, topics = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the bot's own process, over a pipe
    readers = (*notation_readers(), ProseReader(topics))
    for number, source in enumerate(sources):
        for piece in pieces(read_text(source, readers)):
            pickle.dump((number, piece), sys.stdout.buffer)
    return 0


def pieces(reading: Reading) -> Iterator[Reading]:
    """Cut a reading into parts that are unpickled in some milliseconds: whoever does that answers people, too."""
    most = max(len(reading.statements), len(reading.facts), 1)
    for start in range(0, most, PIECE):
        part = slice(start, start + PIECE)
        yield Reading(statements=reading.statements[part], facts=reading.facts[part])


if __name__ == "__main__":
    sys.exit(main())
