"""What SQLite's fast path saves: `python -m tests.bench.fast_path`. One process, both ways in turn, CPU and not time.

With it statements are compiled once and run on the driver; without it SQLAlchemy executes the same statements.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from bot.services.gates import Verdict
from storage.statements import CoreStatements
from tests.support.dossiers import ARCHITECT
from tests.support.services import World, world_at

ROUNDS, EACH = 5, 40
Act = Callable[[], Awaitable[object]]


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with world_at(f"sqlite:///{folder}/eipas.db", Path(folder)) as world:
            await _compare("an answer", world, [await _answer(world) for _ in range(2 * ROUNDS * EACH)])
            await _compare("a vote", world, [await _vote(world) for _ in range(2 * ROUNDS * EACH)])


async def _compare(what: str, world: World, acts: list[Act]) -> None:
    quick = world.database._memory
    ways = {"with": quick, "without": replace(quick, statements=CoreStatements)}
    used: dict[str, list[float]] = {way: [] for way in ways}
    waiting = iter(acts)
    for _ in range(ROUNDS):
        for way, memory in ways.items():
            world.database._memory = memory
            began = time.process_time()
            for _ in range(EACH):
                await next(waiting)()
            used[way].append((time.process_time() - began) / EACH * 1e6)
    world.database._memory = quick
    fast, slow = (statistics.median(used[way]) for way in ("with", "without"))
    print(f"{what}: {fast:.0f} us with, {slow:.0f} us without, {1 - fast / slow:.0%} saved")


async def _answer(world: World) -> Act:
    evaluation = await world.start()
    return lambda: world.reply(evaluation, "PostgreSQL 16 with read replicas.")


async def _vote(world: World) -> Act:
    evaluation = await world.to_review()
    gate = await world.gate(evaluation, "api_review")
    verdict = Verdict(option="approve", comment="Fine.", subject_sha256=gate.subject_sha256)
    return lambda: world.services.gates.vote(world.actor(ARCHITECT), gate.id, verdict)


if __name__ == "__main__":
    asyncio.run(main())
