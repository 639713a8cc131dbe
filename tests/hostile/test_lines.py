"""Where Slack is said to be and is not: how the start ends."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.hostile.test_hostile import ROOT, cases
from tests.support.command_line import run_bot

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANSWERS = {
    "web": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 14\r\n\r\n<h1>Hello</h1>",
    "refusing": b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
    "rubbish": b"\x00\xff" * 500,
    "silent": b"",
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def ports() -> AsyncIterator[dict[str, int]]:
    """Servers that are not Slack, and a port at which nobody listens."""
    async with AsyncExitStack() as stack:
        found: dict[str, int] = {}
        for name, said in ANSWERS.items():

            async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: bytes = said) -> None:
                with closing(writer):
                    await reader.read(4096)
                    writer.write(said)
                    while not said and await reader.read(4096):  # until whoever waits for words goes away
                        pass

            server = await stack.enter_async_context(await asyncio.start_server(answer, "127.0.0.1", 0))
            found[name] = server.sockets[0].getsockname()[1]
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            found["closed"] = free.getsockname()[1]
        yield found


@pytest.mark.parametrize("case", cases("lines"))
async def test_a_start_that_cannot_reach_slack_ends_in_words(
    tmp_path: Path, ports: dict[str, int], case: dict[str, Any]
) -> None:
    """Within seconds, with exit code 1, without a traceback, and with what to do."""
    bare = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    set_here = {name: _filled(value, ports) for name, value in case["set"].items()}
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1-2-abc", "SLACK_APP_TOKEN": "xapp-1-A1-2-abc", "EIPAS_SLACK_TIMEOUT": "2"}
    given = {"PYTHONPATH": str(ROOT), "EIPAS_DATA_DIR": str(tmp_path), "COLUMNS": "400"}
    environment = {**bare, **tokens, **set_here, **given}
    run = await asyncio.to_thread(run_bot, "run", cwd=tmp_path, env=environment, timeout=40)
    said = run.stdout + run.stderr
    assert (run.returncode, "Traceback" in said, "geheim" in said) == (1, False, False), said
    assert _filled(case["says"], ports) in said


def _filled(text: str, ports: dict[str, int]) -> str:
    for name, port in ports.items():
        text = text.replace(f"${name}", str(port))
    return text
