"""Reading off the loop, within limits."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.domain.facts import EntityFact, Reading, Standing
from bot.reading import process
from bot.reading.child import ReadingChild
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


@pytest.fixture
def child() -> Iterator[ReadingChild]:
    """A child of the test's own, which is patient: other tests keep the machine busy."""
    made = ReadingChild(Limits().memory)
    yield made
    made.end()


def ask(child: ReadingChild, text: str) -> list[Reading] | None:
    return child.ask([SourceText(source="answer:x", text=text, topic="data")], {"data": "data"}, 120)


def names(readings: list[Reading] | None) -> list[str]:
    assert readings is not None
    return [fact.name for reading in readings for fact in reading.facts if isinstance(fact, EntityFact)]


def children() -> set[int]:
    """The processes that read for this one."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        listed = ""
        with suppress(OSError):  # the thread ended meanwhile
            listed = (task / "children").read_text()
        for pid in listed.split():
            with suppress(OSError):
                if "bot.reading.worker" in Path(f"/proc/{pid}/cmdline").read_text():
                    found.add(int(pid))
    return found


def test_one_process_reads_one_text_after_another(child: ReadingChild) -> None:
    """A second text is read by the process that is there; one that was killed meanwhile is replaced."""
    others = children()
    assert names(ask(child, "Entities: looms, weavers")) == ["loom", "weaver"]
    (first,) = children() - others
    assert names(ask(child, "Entities: boats")) == ["boat"]
    assert children() - others == {first}
    os.kill(first, signal.SIGKILL)
    assert names(ask(child, "Entities: barns")) == ["barn"]
    (second,) = children() - others
    assert second != first


def test_a_process_that_took_much_ends_after_its_answer(child: ReadingChild) -> None:
    """What a huge text took of the memory allowed is missing for no other text."""
    others = children()
    script = "".join(f"CREATE TABLE t{i} (id uuid PRIMARY KEY, name text NOT NULL, n integer);\n" for i in range(9_000))
    source = SourceText(source="input:x.sql", text=script, topic="data", suffix=".sql")
    (reading,) = child.ask([source], {"data": "data"}, 300) or ()
    assert len(reading.statements) >= 9_000
    assert names(ask(child, "Entities: looms")) == ["loom"]
    assert len(children() - others) == 1


def test_a_process_that_nobody_asks_ends() -> None:
    """After a while without a text nothing is kept."""
    child, others = ReadingChild(Limits().memory, idle_seconds=0.2), children()
    assert names(ask(child, "Entities: looms")) == ["loom"]
    until = time.monotonic() + 60
    while children() - others:
        assert time.monotonic() < until
        time.sleep(0.05)


async def test_whoever_gives_up_or_closes_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reading that nobody waits for any more is ended at once, and one whose kit is closed; neither is redone."""
    monkeypatch.setattr(process, "ReadingChild", ReadingChild)
    others = children()
    long = [SourceText(source="answer:x", text="the customer has many orders and " * 30_000, topic="data")]
    reader = ReadingProcess({"data": "data"}, Limits(seconds=600))
    for close in (False, True):
        reading = asyncio.create_task(reader.read(long))
        while not children() - others:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.5)
        if close:
            await asyncio.to_thread(reader.close)
        else:
            reading.cancel()
        await asyncio.wait([reading], timeout=60)
        assert reading.cancelled() or {s.standing for s in reading.result().statements} == {Standing.NOT_UNDERSTOOD}
        while children() - others:
            await asyncio.sleep(0.02)


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
