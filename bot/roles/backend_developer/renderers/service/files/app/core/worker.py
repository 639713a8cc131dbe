"""What runs beside the requests: jobs, deliveries, schedules, and taking away what has expired."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

import httpx
from croniter import croniter
from psycopg import sql

from app import design
from app.core import jobs, outbox
from app.core.database import Caller, database
from app.core.jobs import Handler

log = logging.getLogger(__name__)
_IDLE_SECONDS = 0.5
_HOUSEKEEPING_SECONDS = 60
_PLAN = """
INSERT INTO service.schedule_runs (name, due_at) VALUES (%s, %s) ON CONFLICT DO NOTHING
"""


class Worker:
    """Runs until it is stopped; work under way is finished first."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self._handlers = handlers
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin in the background."""
        self._task = asyncio.create_task(self._run(), name="worker")

    async def stop(self) -> None:
        """Take no more work, and wait for what is under way."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        async with httpx.AsyncClient() as client:
            await asyncio.gather(
                self._repeat(lambda: jobs.work_off_one(self._handlers), _IDLE_SECONDS),
                self._repeat(lambda: outbox.deliver_one(client), _IDLE_SECONDS),
                self._repeat(_plan_schedules, _IDLE_SECONDS * 10),
                self._repeat(_clean_up, _HOUSEKEEPING_SECONDS),
            )

    async def _repeat(self, step: Callable[[], Awaitable[bool]], pause: float) -> None:
        while not self._stopping.is_set():
            try:
                busy = await step()
            except Exception:  # the database may be away for a while; the worker outlives that
                log.exception("the worker could not do its work; it tries again")
                busy = False
            if not busy:
                try:
                    await asyncio.wait_for(self._stopping.wait(), pause)
                except TimeoutError:
                    continue


async def _plan_schedules() -> bool:
    """Enqueue what is due; of several processes one does."""
    now = datetime.now(UTC)
    for schedule in design.SCHEDULES:
        due = croniter(schedule.cron, now).get_prev(datetime)
        if (now - due).total_seconds() > _HOUSEKEEPING_SECONDS:
            continue
        caller = Caller(name=f"schedule:{schedule.name}", role="service")
        async with database.as_service() as connection:
            if (await connection.execute(_PLAN, (schedule.name, due))).rowcount:
                await jobs.enqueue(connection, caller, f"schedule:{schedule.name}", {"due_at": due.isoformat()})
    return False


async def _clean_up() -> bool:
    async with database.as_service() as connection:
        await connection.execute("DELETE FROM service.rate_windows WHERE starts_at < now() - interval '10 minutes'")
        if design.IDEMPOTENCY_TABLE:
            kept = sql.Identifier(design.IDEMPOTENCY_TABLE)
            await connection.execute(sql.SQL("DELETE FROM {} WHERE expires_at < now()").format(kept))
    for purge in design.PURGES:
        async with database.as_service() as connection:
            await connection.execute(sql.SQL("SELECT {}()").format(sql.Identifier(purge)))
    return False
