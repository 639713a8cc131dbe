"""Reading off the loop, within limits."""

from __future__ import annotations

import asyncio
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


async def test_reading_a_megabyte_holds_up_no_click() -> None:
    """While a megabyte is read that says thousands of things, the loop is never busy with it for 50 ms.

    The processor's time of the loop's own thread is counted: other tests beside this one do not change it.
    """
    script = "".join(
        f"CREATE TABLE t{i} (id uuid PRIMARY KEY, name text NOT NULL, n integer);\n" for i in range(13_000)
    )
    reader = ReadingProcess({"data": "data"}, Limits(seconds=90))
    busy: list[float] = []

    async def others_are_answered() -> None:
        while True:
            began = time.thread_time()
            await asyncio.sleep(0.002)
            busy.append(time.thread_time() - began)

    beside = asyncio.create_task(others_are_answered())
    await asyncio.sleep(0)
    got = await reader.read([SourceText(source="input:x.sql", text=script, topic="data", suffix=".sql")])
    beside.cancel()
    assert len(got.statements) > 10_000 and len(busy) > 100
    assert max(busy) < 0.05


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
