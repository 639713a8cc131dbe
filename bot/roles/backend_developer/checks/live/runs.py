"""Runs of a service, each in a process of its own, so that probes hold up nobody's clicks."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
from typing import Any, Final

import structlog

from bot.evidence.checks import Unmeasurable
from bot.evidence.progress import Tell, telling
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks.live.outcome import Findings

SECONDS: Final = 180.0
_LINE: Final = 64 << 20
_MODULE: Final = "bot.roles.backend_developer.checks.live"
_log = structlog.get_logger(__name__)


async def run_service(
    blueprint: Blueprint, phases: frozenset[str], tell: Tell, *, seconds: float = SECONDS
) -> Findings:
    """Render the service, run it and return what was found.

    Raises:
        Unmeasurable: there is no sandbox, or the run broke or took too long.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", _MODULE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE, limit=_LINE, start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )  # fmt: skip
    errors = asyncio.create_task(_read(process.stderr))
    try:
        asked = {"blueprint": blueprint.model_dump(mode="json"), "phases": sorted(phases)}
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        with contextlib.suppress(ConnectionError):
            await process.stdin.drain()
        try:
            async with asyncio.timeout(seconds):
                return await _followed(process, tell)
        except TimeoutError:
            raise Unmeasurable(reason=f"The service was not probed to the end within {seconds:.0f} s.") from None
    finally:
        # The end of its input tells it to end whatever it started; see __main__.py.
        if process.stdin is not None:
            process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(15):
                await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()
        words = await errors
        if words.strip():
            _log.warning("live_run", words=words[-2000:])


async def _followed(process: asyncio.subprocess.Process, tell: Tell) -> Findings:
    """Follow the lines of a run to its findings, and tell the newest words every two seconds, also while none come."""
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    newest, began = "start", time.monotonic()
    async with telling(tell, lambda: f"{newest} ({time.monotonic() - began:.0f} s)", at_once=True):
        async for line in process.stdout:
            said: dict[str, Any] = json.loads(line)
            if "found" in said:
                return Findings.of_json(said["found"])
            if "reason" in said:
                raise Unmeasurable(reason=said["reason"])
            newest = f"{said['phase']}: {said['words']}"
    raise Unmeasurable(reason="The process that probes the service ended before it was through; see the log.")


async def _read(stream: asyncio.StreamReader | None) -> str:
    return (await stream.read()).decode("utf-8", "replace") if stream is not None else ""
