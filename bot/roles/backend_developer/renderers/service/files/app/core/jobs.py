"""Background work: rows of `service.jobs`, each taken by one worker at a time and tried again when it fails."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from app.core import tracing
from app.core.database import Caller, Connection, Row, database
from app.core.problems import Problem

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
_ENQUEUE = """
INSERT INTO service.jobs (kind, tenant, caller, caller_role, user_id, input, trace)
VALUES (%s, %s, %s, %s, %s, %s, %s)
RETURNING id, status
"""
_CLAIM = """
UPDATE service.jobs SET status = 'running', attempts = attempts + 1, lease_until = now() + interval '5 minutes'
WHERE id = (
    SELECT id FROM service.jobs
    WHERE (status = 'queued' AND next_attempt_at <= now()) OR (status = 'running' AND lease_until < now())
    ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING *
"""
_DONE = """
UPDATE service.jobs SET status = 'succeeded', result = %s, finished_at = now() WHERE id = %s AND status = 'running'
"""
_FAILED = """
UPDATE service.jobs SET failure = %s, status = CASE WHEN attempts >= %s THEN 'failed' ELSE 'queued' END,
    finished_at = CASE WHEN attempts >= %s THEN now() END,
    next_attempt_at = now() + make_interval(secs => power(2, attempts))
WHERE id = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work to be done: `input` is what the request said, `caller` who asked for it."""

    id: UUID
    kind: str
    caller: Caller
    input: Mapping[str, Any]


Handler = Callable[[Connection, Job], Awaitable[Mapping[str, Any] | None]]
HANDLERS: dict[str, Handler] = {}
"""What does each kind of work; `app/actions.py` fills it."""


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Return a decorator: the function does work of this kind, an operation's id or `schedule:` and a name."""

    def kept(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        return handler

    return kept


async def enqueue(connection: Connection, caller: Caller, kind: str, given: Mapping[str, Any]) -> Row:
    """Write work down in the caller's transaction; return its id and status."""
    said = (kind, caller.tenant_id, caller.name, caller.role, caller.user_id, Jsonb(dict(given)), tracing.current())
    row = await (await connection.execute(_ENQUEUE, said)).fetchone()
    assert row is not None
    return row


async def status_of(caller: Caller, job_id: UUID) -> Row:
    """Return id and status of work that the caller asked for."""
    async with database.as_service(caller.tenant_id) as connection:
        found = await connection.execute(
            "SELECT id, status FROM service.jobs WHERE id = %s AND tenant = %s AND caller = %s",
            (job_id, caller.tenant_id, caller.name),
        )
        row = await found.fetchone()
    if row is None:
        raise Problem(404, "There is no such work, or the caller may not know of it.")
    return row


async def work_off_one(handlers: Mapping[str, Handler]) -> bool:
    """Do one piece of work; return whether there was one."""
    async with database.as_service() as connection:
        row = await (await connection.execute(_CLAIM)).fetchone()
    if row is None:
        return False
    caller = Caller(name=row["caller"], role=row["caller_role"], user_id=row["user_id"], tenant_id=row["tenant"])
    job = Job(id=row["id"], kind=row["kind"], caller=caller, input=row["input"])
    try:
        with tracing.span(f"job {job.kind}", row["trace"]):
            async with database.as_caller(caller) as connection:
                result = await handlers[job.kind](connection, job)
                await connection.execute(_DONE, (Jsonb(dict(result or {})), job.id))
    except Exception as error:  # whatever the team's function raises is the job's failure, not the worker's
        log.exception("job %s (%s) failed", job.id, job.kind)
        words = f"{type(error).__name__}: {error}"[:2000].replace("\x00", "")
        async with database.as_service() as connection:
            await connection.execute(_FAILED, (words, MOST_ATTEMPTS, MOST_ATTEMPTS, job.id))
    return True
