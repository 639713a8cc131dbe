"""Goal 5, and what waiting costs: start, memory, threads, idle CPU, recovery."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.bench.plan import Plan
from tests.bench.process import Running
from tests.bench.report import Goal, Section, Spread
from tests.bench.seed import Seeding
from tests.bench.standin import StandIn

_SETTLE_S = 3.0
_PATIENCE_S = 60.0


async def measure(seeding: Seeding, plan: Plan, folder: Path) -> tuple[list[Goal], list[Section]]:
    starts = await _starts(seeding, plan, folder)
    waiting, idle = await _waiting(seeding, plan, folder)
    rows = [*waiting, *await _recovery(seeding, plan, folder)]
    return [*starts, idle], [Section(title="Waiting and recovery", head=["what", "found"], rows=rows)]


async def _starts(seeding: Seeding, plan: Plan, folder: Path) -> list[Goal]:
    """Start to ready and memory, of the product as it is and with everything imported at the start."""
    ready: dict[bool, list[float]] = {False: [], True: []}
    memory: dict[bool, list[float]] = {False: [], True: []}
    seeding.database(folder / "start")
    async with StandIn() as slack:
        options = {"api": slack.url, "data": str(folder / "start")}
        async with Running("product", folder / "start.log", **options, eager=True):
            pass  # compiles what was not imported yet
        for _ in range(plan.starts):
            for eager in (False, True):
                async with Running("product", folder / "start.log", **options, eager=eager) as server:
                    ready[eager].append(server.started_in)
                    memory[eager].append(server.memory())
    taken = Spread([a / b for a, b in zip(ready[False], ready[True], strict=True)])
    held = Spread([a / b for a, b in zip(memory[False], memory[True], strict=True)])
    seconds = f"{Spread(ready[False]).words()} s, of {Spread(ready[True]).words()} s with everything imported"
    amount = f"{Spread(memory[False]).words(0)} MB, of {Spread(memory[True]).words(0)} MB with everything imported"
    return [
        Goal(number=5, what=f"start to ready: {seconds}", found=taken, most=0.4, unit="x"),
        Goal(number=5, what=f"memory when ready: {amount}", found=held, most=0.6, unit="x"),
    ]


async def _waiting(seeding: Seeding, plan: Plan, folder: Path) -> tuple[list[list[str]], Goal]:
    """Let many evaluations wait for people, and look at the process."""
    data = folder / "waiting"
    seeding.database(data, collecting=plan.waiting // 2, in_review=plan.waiting // 2)
    async with StandIn() as slack, Running("product", folder / "wait.log", api=slack.url, data=str(data)) as server:
        await asyncio.sleep(_SETTLE_S)
        used, began = server.cpu(), time.perf_counter()
        await asyncio.sleep(plan.idle_seconds)
        share = (server.cpu() - used) / (time.perf_counter() - began) * 100
        rows = [
            [f"{plan.waiting:,} evaluations that wait: memory, MB", f"{server.memory():.0f}"],
            [f"{plan.waiting:,} evaluations that wait: threads", str(server.threads())],
        ]
    what = f"{plan.waiting:,} evaluations that wait: idle CPU over {plan.idle_seconds:.0f} s, of one core"
    return rows, Goal(number=7, what=what, found=Spread([share]), most=1.0, unit="%")


async def _recovery(seeding: Seeding, plan: Plan, folder: Path) -> list[list[str]]:
    """Start where every open evaluation's thread is out of step, and wait until all are in step again."""
    data = folder / "recovery"
    seeding.database(data, collecting=plan.open // 2, in_review=plan.open // 2)
    with closing(sqlite3.connect(data / "eipas.db")) as raw, raw:
        raw.execute("UPDATE surface SET wanted = synced + 1")
    settings = {"post_interval": 0}
    async with (
        StandIn() as slack,
        Running("product", folder / "recovery.log", api=slack.url, data=str(data), settings=settings) as server,
    ):
        began = time.perf_counter()
        while _behind(data) and time.perf_counter() - began < _PATIENCE_S:
            await asyncio.sleep(0.2)
        took, behind, calls = time.perf_counter() - began, _behind(data), slack.seen.calls
    left = f"; {behind} are still behind" if behind else ""
    return [
        [f"start to ready with {plan.open:,} open evaluations, s", f"{server.started_in:.2f}"],
        [
            f"…and until all their threads are posted anew ({calls:,} calls at a Slack without rates), s",
            f"{took:.1f}{left}",
        ],
    ]


def _behind(data: Path) -> int:
    with closing(sqlite3.connect(data / "eipas.db")) as raw:
        (count,) = raw.execute("SELECT count(*) FROM surface WHERE wanted > synced").fetchone()
        return int(count)
