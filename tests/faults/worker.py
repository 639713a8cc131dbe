"""A worker that drives one run on the real storage and dies where it is told to. Forked, so that dying is cheap."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

# Loaded before the fork: importing it takes longer than a whole attempt.
import anthropic  # noqa: F401

from bot.agent.config import ClaudeConfig
from bot.agent.designer import ClaudeDesigner
from bot.domain.run import RunState
from bot.roles import load_role
from bot.roles.backend_developer.designers.claude import BACKEND
from bot.services.common import Rules, ServiceContext
from bot.services.ports import Tx
from bot.services.registry import build_services
from storage import SqlDatabase, open_database
from tests.support.services import DoubleKit

T = TypeVar("T")
ENDED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to drive, and at which transaction (counted from 1) to die; 0 lives. `after` dies once it is committed."""

    url: str
    folder: Path
    model_url: str
    run_id: str
    die_at: int = 0
    after: bool = False


def work(task: Task) -> None:
    """Drive the run until it ends, or die."""
    # What the loop of the parent had open is not ours.
    asyncio.set_event_loop(None)
    state = asyncio.run(_drive(task))
    sys.exit(ENDED if state is RunState.FINISHED else 1)


async def _drive(task: Task) -> RunState:
    database = open_database(task.url, clock=lambda: datetime.now(UTC), enqueue=lambda _connection, _work: None)
    await database.start()
    _mortal(database, task)
    role = load_role("backend-developer")
    config = ClaudeConfig(
        model="claude-sonnet-5-5", api_key="sk-none", base_url=task.model_url, first_backoff=0.001, pulse=0.02
    )
    claude = ClaudeDesigner(config, BACKEND)
    claude.name = "double"  # what the stored run says
    context = ServiceContext(
        db=database, roles={role.name: role}, kits={role.name: DoubleKit(claude)}, rules=Rules(max_run_starts=10_000),
        workspaces=task.folder / "own",
    )  # fmt: skip
    try:
        return await build_services(context, _no_files).runs.drive(task.run_id)
    finally:
        await claude.close()
        await database.close()


async def _no_files(_team: str, _file: str) -> bytes:
    raise FileNotFoundError


def _mortal(database: SqlDatabase, task: Task) -> None:
    """Make the n-th transaction the last thing this process does: before it, or as soon as it is committed."""
    whole = database.transaction
    count = 0

    async def transaction(fn: Callable[[Tx], T], *, delivery: str | None = None) -> T:
        nonlocal count
        count += 1
        if count == task.die_at and not task.after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = await whole(fn, delivery=delivery)
        if count == task.die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    patched: Any = database
    patched.transaction = transaction
