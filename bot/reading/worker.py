"""The process that reads: takes texts from its input, gives their readings to its output, and ends."""

from __future__ import annotations

import pickle
import resource
import sys
from collections.abc import Mapping, Sequence

from bot.domain.facts import Reading
from bot.reading.prose.clause import TopicKind
from bot.reading.prose.reader import ProseReader
from bot.reading.read import SourceText, notation_readers, read_text


def main() -> int:
    """Read what stands on the input within the memory that the first argument allows."""
    memory = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    sources: Sequence[SourceText]
    topics: Mapping[str, TopicKind]
    sources, topics = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the bot's own process, over a pipe
    readers = (*notation_readers(), ProseReader(topics))
    answer: list[Reading] = [read_text(source, readers) for source in sources]
    pickle.dump(answer, sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
