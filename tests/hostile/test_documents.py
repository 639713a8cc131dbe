"""Documents that mean harm: what is refused in words, where the rest goes, and what a reader bears."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from bot.domain.inputs import InputRefused
from bot.reading.inputs import take
from bot.reading.process import Limits, ReadingProcess
from bot.reading.read import SourceText
from tests.hostile.test_hostile import ROLE, cases

Json = dict[str, Any]
LONG = "x" * 1000
SECONDS = 15.0
"""For one text, on a machine that has other things to do; alone each takes at most two."""


def _text(case: Json) -> str:
    if "lines" in case:
        return "\n".join(f"{'  ' * depth}- item" for depth in range(int(case["lines"])))
    body = case.get("repeat", "") * int(case.get("times", 0))
    return str(case.get("text", "") or f"{case.get('before', '')}{body}{case.get('after', '')}")


@pytest.mark.parametrize("case", cases("documents"))
def test_a_document_is_refused_in_words_or_taken_inside(case: Json) -> None:
    """Within a second it is refused with its own name and what is wrong, or lies below the workspace under a name that
    is safe anywhere."""
    name = case["file"].replace("LONG", LONG)
    data = bytes.fromhex(case["hex"]) if "hex" in case else _text(case).encode("utf-8", "surrogatepass")
    began = time.process_time()
    try:
        taken = take(data, name, ROLE, "upload")
    except InputRefused as refused:
        assert "says" in case, refused.message
        assert case["says"] in refused.message
        assert len(refused.message) < 1000
    else:
        assert "at" in case, taken.path
        assert taken.path == ROLE.recorded(case["at"].replace("LONG120", LONG[:120]))
        assert ".." not in PurePosixPath(taken.path).parts and not taken.path.startswith("/")
    assert time.process_time() - began < 2


@pytest.fixture
async def elsewhere() -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that nobody should ask, and what it was asked."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.read(4096))
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


@pytest.mark.parametrize("case", cases("readings"))
async def test_a_text_neither_holds_its_reader_up_nor_leads_it_away(
    case: Json, tmp_path: Path, elsewhere: tuple[str, list[bytes]]
) -> None:
    """It is read to its end within seconds; every word is in a statement, nothing is fetched and nothing is run."""
    server, asked = elsewhere
    marker = tmp_path / "marker"
    text = _text(case).replace("$server", server).replace("$marker", str(marker))
    source = SourceText(source="document:x", text=text, suffix=case["suffix"], topic="data_model")
    began = time.monotonic()
    got = await ReadingProcess(limits=Limits(seconds=SECONDS)).read([source])
    took = time.monotonic() - began
    assert not any(statement.notation == "unread" for statement in got.statements), f"ended after {took:.1f} s"
    covered = bytearray(len(text))
    for statement in got.statements:
        covered[statement.start : statement.end] = b"\1" * (statement.end - statement.start)
    left = [sign for sign, said in zip(text, covered, strict=True) if sign.isalnum() and not said]
    assert not left, "".join(left)[:80]
    assert asked == []
    assert not marker.exists()
