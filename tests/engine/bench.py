"""An engine in this process, on whatever its database holds, with workers that write down what they did."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.app.jobs import JobQueue
from bot.services.ports import Work
from storage import Machines, SqlDatabase, open_database
from tests.acceptance.stage import eventually
from tests.support.services import Time


def work(name: str, kind: str = "upload") -> Work:
    return Work(kind=kind, id=name, args={"name": name})


@dataclass
class CheckContext:
    """`gate` holds the workers up while it is not set; what is in `fails` is raised instead of being done."""

    database: SqlDatabase
    engine: JobQueue
    done: list[str] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    doing: set[str] = field(default_factory=set)
    most: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def put(self, *works: Work) -> None:
        await self.database.transaction(lambda tx: [tx.enqueue(one) for one in works])

    async def do(self, name: str) -> None:
        self.doing.add(name)
        self.most = max(self.most, len(self.doing))
        try:
            await self.gate.wait()
            if self.fails:
                raise self.fails.pop()
            self.done.append(name)
        finally:
            self.doing.discard(name)

    async def until(self, holds: Callable[[], Any]) -> None:
        async def asked() -> bool:
            return bool(holds())

        await eventually(asked)

    async def ended(self) -> None:
        """Wait until nothing is open any more: work ends here a moment after its worker returned."""

        async def asked() -> bool:
            return not await self.engine.open_keys()

        await eventually(asked)

    async def beats_until(self, holds: Callable[[], Any]) -> None:
        async def asked() -> bool:
            await self.engine.heartbeat()
            return bool(holds())

        await eventually(asked)


@asynccontextmanager
async def running(
    url: str, *, linger_s: float = 0.0, grace_s: float = 5.0, **limits: int
) -> AsyncIterator[CheckContext]:
    """One process's engine, started on whatever its database holds."""
    async with opened(url) as database:
        machines = Machines(database.engine, "one", 60)
        engine = JobQueue(database.engine, machines, polling_s=0.05, linger_s=linger_s, **limits)
        bench = CheckContext(database, engine)
        bench.gate.set()
        database.set_enqueue(engine.enqueue)
        database.on_commit = lambda _: engine.committed()
        await engine.start({"upload": bench.do, "run": bench.do})
        try:
            yield bench
        finally:
            await engine.stop(grace_s)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[SqlDatabase]:
    database = open_database(url, clock=Time())
    await database.start()
    try:
        yield database
    finally:
        await database.close()
