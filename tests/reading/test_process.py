"""Reading off the loop, within limits."""

from __future__ import annotations

import time

from bot.domain.facts import EntityFact, Standing
from bot.reading.process import Limits, ReadingProcess
from bot.reading.read import SourceText, read

HOSTILE = {
    "one long word": "the " + "toZatoZa" * 125_000,
    "brackets": "(" * 1_000_000,
    "bullets": "- item x\n" * 100_000,
    "one sentence": "the customer has many orders and " * 30_000,
    "fences": "```" * 300_000,
    "commas": "a, " * 330_000,
    "arrows": "a -> " * 200_000,
}


async def test_a_text_is_read_in_another_process_and_once() -> None:
    """The second reading of the same text starts no process and gives the same."""
    reader = ReadingProcess({"data": "data"})
    text = [SourceText(source="answer:x", text="Entities: looms, weavers", topic="data")]
    first = await reader.read(text)
    began = time.monotonic()
    again = await reader.read(text)
    assert [f.name for f in first.facts if isinstance(f, EntityFact)] == ["loom", "weaver"]
    assert again == first
    assert time.monotonic() - began < 0.1


async def test_a_text_that_takes_too_long_is_not_understood() -> None:
    """A reading that is ended leaves a statement for each paragraph, and does not stop the caller."""
    reader = ReadingProcess({"data": "data"}, Limits(seconds=0.01))
    got = await reader.read([SourceText(source="answer:x", text="One.\n\nTwo.", topic="data")])
    assert [(s.text, s.standing) for s in got.statements] == [
        ("One.", Standing.NOT_UNDERSTOOD),
        ("Two.", Standing.NOT_UNDERSTOOD),
    ]


def test_a_hostile_megabyte_takes_seconds_at_most() -> None:
    """No text of a megabyte holds its reader up; the bound is wide, because other tests run beside this one."""
    for name, text in HOSTILE.items():
        began = time.process_time()
        read([SourceText(source="answer:x", text=text, topic="data")], topics={"data": "data"}, readers=())
        assert time.process_time() - began < 5, name
