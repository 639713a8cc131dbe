"""How the cost of a day's work grows with the number of evaluations that the database holds."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bot.domain.gate import GateState
from bot.services.common import Actor
from bot.services.gates import Verdict
from storage import SqlDatabase
from tests.bench.plan import Plan
from tests.bench.report import Goal, Section
from tests.bench.seed import VOTERS, Seeding, copy_id, person
from tests.support.dossiers import OWNER
from tests.support.services import TEAM, World, world_at

_TIMES = 150

Measured = Callable[[int], Awaitable[object]]


async def measure(seeding: Seeding, plan: Plan, folder: Path) -> tuple[list[Goal], list[Section]]:
    """Time each operation on databases of growing size; half collect answers, half are in review."""
    found: dict[str, list[float]] = {}
    for size in plan.sizes:
        data = folder / f"grown{size}"
        seeding.database(data, collecting=size // 2, in_review=size // 2)
        async with world_at(f"sqlite:///{data / 'eipas.db'}", folder) as world:
            world.time.now = datetime.now(UTC)
            for name, operation in _operations(seeding, world, world.database, size // 2).items():
                found.setdefault(name, []).append(await _p50(operation, size // 2))
        (data / "eipas.db").unlink()
    rows = [
        [name, *(f"{value * 1e3:.2f}" for value in values), f"{values[-1] / values[0]:.2f}×"]
        for name, values in found.items()
    ]
    head = ["operation, p50 ms", *(f"{size:,} evaluations" for size in plan.sizes), "growth"]
    return [], [Section(title="Growth", head=head, rows=rows)]


def _operations(seeding: Seeding, world: World, database: SqlDatabase, copies: int) -> dict[str, Measured]:
    services, seeds = world.services, seeding.seeds
    gate = next(gate for gate in seeds.in_review.gates if gate.state is GateState.PENDING)
    of = seeds.in_review.evaluation.id

    async def vote(number: int) -> object:
        actor = Actor(team=TEAM, user=person(VOTERS[0], number), delivery=f"bench:{number}")
        verdict = Verdict(option="approve", subject_sha256=gate.subject_sha256)
        return await services.gates.vote(actor, copy_id(gate.id, number), verdict)

    return {
        "vote, committed": vote,
        "dossier": lambda number: services.queries.dossier(copy_id(of, number)),
        "evaluation by the beginning of its id": lambda number: services.queries.find(
            TEAM, copy_id(of, number)[: len(of) + 1 + len(str(number))], person(OWNER, number)
        ),
        "due rows": lambda _: database.read(lambda tx: tx.timers.next_at()),
        "listing of a person": lambda number: services.queries.listing(TEAM, person(OWNER, number)),
        "Home tab of an approver": lambda number: services.queries.desk(TEAM, person(VOTERS[0], number)),
        "dirty surfaces": lambda _: database.read(lambda tx: tx.surfaces.dirty()),
    }


async def _p50(operation: Measured, copies: int) -> float:
    taken = []
    for number in random.Random(7).sample(range(1, copies + 1), min(_TIMES, copies)):
        began = time.perf_counter()
        await operation(number)
        taken.append(time.perf_counter() - began)
    return median(taken)
