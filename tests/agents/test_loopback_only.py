"""The guard that keeps every test away from paid services."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.support.bare_pytest import BARE
from tests.support.loopback_only import is_local


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", None, b"127.0.0.1", "0.0.0.0", "::ffff:127.0.0.1"]
)
def test_this_machine_is_local(host: object) -> None:
    """Loopback addresses in all their forms may be dialled."""
    assert is_local(host)


@pytest.mark.parametrize(
    "host", ["api.anthropic.com", "192.0.2.1", "8.8.8.8", "::ffff:8.8.8.8", "slack.com", "localhost.example"]
)
def test_other_machines_are_not(host: str) -> None:
    """Names and addresses of others may not, however they are written."""
    assert not is_local(host)


SUITE = """
    import socket, asyncio, contextlib
    import pytest

    def test_dials_and_swallows():
        with contextlib.suppress(OSError):
            socket.create_connection(("api.anthropic.com", 443), timeout=1)

    def test_dials_an_address():
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("192.0.2.1", 443))

    async def test_speaks_to_the_real_service():
        import anthropic
        client = anthropic.AsyncAnthropic(api_key="sk-none", max_retries=0)
        with pytest.raises(anthropic.APIConnectionError):
            await client.models.retrieve("claude-haiku-5-5")
        await client.close()

    def test_stays_at_home():
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0)); server.listen()
            socket.create_connection(server.getsockname()).close()
"""


def test_a_suite_that_dials_out_fails_even_if_it_swallows_the_error(tmp_path: Path) -> None:
    """Dialling a name, an address, or the real service through its SDK fails the test; staying at home passes."""
    (tmp_path / "test_outside.py").write_text(textwrap.dedent(SUITE))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.loopback_only", "-o", "addopts=",
         "-o", "asyncio_mode=auto", "-p", "pytest_asyncio.plugin", "-p", "no:cacheprovider",
         "--rootdir", str(tmp_path), str(tmp_path)],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
        env={**os.environ, **BARE},
    )  # fmt: skip
    assert done.returncode == 1 and "3 errors" in done.stdout.splitlines()[-1], done.stdout
    for dialled in ("api.anthropic.com", "192.0.2.1"):
        assert f"this test dialled {dialled}" in done.stdout


async def test_the_loop_can_still_be_used() -> None:
    """Serving and dialling on a loopback address are untouched by the guard."""
    server = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0)
    async with server:
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.close()
        await writer.wait_closed()
    assert socket.gethostname()
