"""Goal 6: kill -9 at saturation; every acknowledged delivery must have its row."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import AsyncExitStack, closing
from pathlib import Path

from tests.bench import people, wire
from tests.bench.plan import Plan
from tests.bench.process import Running
from tests.bench.report import Goal, Section, Spread
from tests.bench.seed import Seeding
from tests.bench.standin import StandIn

_COPIES = 600
_CONNECTIONS = 32
_BEFORE_S = 1.0


async def measure(seeding: Seeding, plan: Plan, folder: Path) -> tuple[list[Goal], list[Section]]:
    """Count acknowledged ids and answers that the database does not have, over several kills."""
    acknowledged, lost, restarts = 0, 0, []
    for turn in range(plan.kills):
        data = folder / f"kill{turn}"
        seeding.database(data, collecting=_COPIES)
        answered = await _until_killed(seeding, data, folder)
        acknowledged += len(answered)
        lost += len(set(answered) - _kept(data))
        async with StandIn() as slack, Running("product", folder / "kill.log", api=slack.url, data=str(data)) as again:
            restarts.append(again.started_in)
    goal = Goal(
        number=6, what=f"ids acknowledged but without their row, of {acknowledged:,} in {plan.kills} kills -9",
        found=Spread([float(lost)]), most=0, unit="ids",
    )  # fmt: skip
    rows = [["from kill -9 at full load to ready again, s", Spread(restarts).words()]]
    return [goal], [Section(title="After kill -9", head=["what", "found"], rows=rows)]


async def _until_killed(seeding: Seeding, data: Path, folder: Path) -> list[str]:
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(StandIn())
        server = await stack.enter_async_context(Running("product", folder / "kill.log", api=slack.url, data=str(data)))
        batch = list(people.skips(seeding.seeds, 1, _COPIES))
        load = asyncio.create_task(wire.send(server.url, batch, _CONNECTIONS, 30.0))
        await asyncio.sleep(_BEFORE_S)
        await server.kill()
        outcome = await load
        if not outcome.broken:
            raise RuntimeError("the load was over before the kill")
        return outcome.acknowledged


def _kept(data: Path) -> set[str]:
    """Keys whose inbox row and audit row both stand: what was asked for was done, and not only noted."""
    with closing(sqlite3.connect(data / "eipas.db")) as raw:
        query = "SELECT key FROM inbox JOIN event ON event.delivery = inbox.key AND event.kind = 'skipped'"
        return {key for (key,) in raw.execute(query)}
