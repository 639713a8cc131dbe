"""The bot in a process of its own, to be killed.

Forked from a server that has imported everything, so that it is up soon.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from bot.app.application import Application, configure_logging
from bot.app.settings import Settings
from bot.domain.evidence import Outcome
from bot.evidence.checks import CheckResult, CheckSpec
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.runner import CheckRunner

_FORK = multiprocessing.get_context("forkserver")
_FORK.set_forkserver_preload(["tests.faults.process"])


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackAt:
    """A local Slack in another process, as the application needs it."""

    url: str
    bot_token: str
    app_token: str
    signing_secret: str

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a bot process is set up. `think_s` is how long each check of a design takes: there is but one."""

    slack: SlackAt
    database_url: str
    data_dir: Path
    log: Path
    think_s: float = 0.1
    settings: dict[str, Any] = field(default_factory=dict)


class Bot:
    """One life of the bot."""

    def __init__(self, recipe: Recipe) -> None:
        self._ready, child = _FORK.Pipe(duplex=False)
        # No daemon: those may have no workers of their own.
        self._process: ForkServerProcess = _FORK.Process(target=_live, args=(recipe, child), daemon=False)
        self._process.start()
        self._served = False
        child.close()

    async def ready(self, within: float = 60.0) -> None:
        """Wait until it is connected to Slack; EOFError if it died before."""
        deadline = time.monotonic() + within
        while not self.has_served:
            if not self.alive and not self.has_served:
                raise EOFError
            assert time.monotonic() < deadline, "the bot did not come up"
            await asyncio.sleep(0.02)

    @property
    def has_served(self) -> bool:
        """Whether it has ever been connected to Slack."""
        if not self._served and not self._ready.closed and self._ready.poll():
            with contextlib.suppress(EOFError):
                self._served = bool(self._ready.recv())
        return self._served

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    @property
    def exit_code(self) -> int | None:
        return self._process.exitcode

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.join()
        self._ready.close()

    async def stop(self, within: float = 30.0) -> int | None:
        """SIGTERM, and its exit code."""
        self._process.terminate()
        await asyncio.to_thread(self._process.join, within)
        assert self._process.exitcode is not None, "the bot did not stop"
        return self._process.exitcode


def _live(recipe: Recipe, ready: Any) -> None:
    log = os.open(recipe.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(log, sys.stdout.fileno())
    os.dup2(log, sys.stderr.fileno())
    asyncio.run(_run(recipe, ready))


async def _run(recipe: Recipe, ready: Any) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = Settings(
        _env_file=None, database_url=recipe.database_url, data_dir=recipe.data_dir, designer="offline",
        log_level="warning", slack_bot_token=None, slack_app_token=None, **{"lease_seconds": 6.0, **recipe.settings},
    )  # fmt: skip
    configure_logging(settings)
    async with Application(settings, recipe.slack, {"backend-developer": check_runner(recipe.think_s)}):  # type: ignore[arg-type]
        with contextlib.suppress(OSError):
            ready.send(True)
        await stop.wait()


def check_runner(think_s: float) -> CheckRunner:
    """A check runner with one check, which holds."""

    def think(_: CheckContext) -> CheckResult:
        time.sleep(think_s)
        return CheckResult(outcome=Outcome.HELD, detail="It was thought about.")

    check = CheckSpec(
        key="api.thought", title="It was thought about", score="api_design", weight=1.0, cap=None, tool="own",
        run=think, fix="", command="",
    )  # fmt: skip
    return CheckRunner(checks=(check,))


def kill_all(bots: Sequence[Bot]) -> None:
    for bot in bots:
        if bot.alive:
            bot.kill()
