"""Events: written in the transaction that causes them, delivered at least once by `app/core/worker.py`.

A subscriber is a row of `service.webhook_subscriptions`; it gets a POST signed like the calls that we receive.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from datetime import UTC, datetime
from typing import Any

import httpx
from psycopg.types.json import Jsonb
from pydantic import BaseModel

from app import design
from app.core import tracing
from app.core.database import Caller, Connection, database

log = logging.getLogger(__name__)
_WRITE = "INSERT INTO service.outbox (event, tenant, payload, trace) VALUES (%s, %s, %s, %s)"
_DUE = """
SELECT d.id, d.attempts, o.id AS event_id, o.event, o.payload, o.trace, o.created_at, s.url, s.secret
FROM service.deliveries d
JOIN service.outbox o ON o.id = d.event_id
JOIN service.webhook_subscriptions s ON s.id = d.subscription_id
WHERE d.delivered_at IS NULL AND d.given_up_at IS NULL AND d.next_attempt_at <= now()
ORDER BY d.next_attempt_at LIMIT 1 FOR UPDATE OF d SKIP LOCKED
"""
_FAN_OUT = """
WITH waiting AS (
    SELECT id, event, tenant FROM service.outbox WHERE fanned_out_at IS NULL ORDER BY created_at LIMIT 100
    FOR UPDATE SKIP LOCKED
), made AS (
    INSERT INTO service.deliveries (event_id, subscription_id)
    SELECT w.id, s.id FROM waiting w
    JOIN service.webhook_subscriptions s ON s.tenant = w.tenant AND (s.events = '{}' OR w.event = ANY(s.events))
    WHERE s.disabled_at IS NULL
)
UPDATE service.outbox o SET fanned_out_at = now() FROM waiting w WHERE o.id = w.id
"""


async def emit(connection: Connection, caller: Caller, event: str, payload: BaseModel | dict[str, Any]) -> None:
    """Write an event of the design down, to be told to subscribers of the caller's tenant once this commits."""
    said = payload.model_dump(mode="json", by_alias=True) if isinstance(payload, BaseModel) else payload
    await connection.execute(_WRITE, (event, caller.tenant_id, Jsonb(said), tracing.current()))


async def deliver_one(client: httpx.AsyncClient) -> bool:
    """Tell one subscriber of one event; return whether there was one to tell."""
    async with database.as_service() as connection:
        fanned = await connection.execute(_FAN_OUT)
        row = await (await connection.execute(_DUE)).fetchone()
        if row is None:
            return fanned.rowcount > 0
        taken = await _told(client, row)
        retries = design.RETRIES.get(row["event"], 8)
        if taken:
            await connection.execute("UPDATE service.deliveries SET delivered_at = now() WHERE id = %s", (row["id"],))
        elif row["attempts"] >= retries:
            await connection.execute("UPDATE service.deliveries SET given_up_at = now() WHERE id = %s", (row["id"],))
            log.warning("gave up telling %s about %s after %d tries", row["url"], row["event"], row["attempts"] + 1)
        else:
            wait = min(2 ** row["attempts"], 3600)
            await connection.execute(
                "UPDATE service.deliveries SET attempts = attempts + 1,"
                " next_attempt_at = now() + make_interval(secs => %s) WHERE id = %s",
                (wait, row["id"]),
            )
    return True


async def _told(client: httpx.AsyncClient, row: dict[str, Any]) -> bool:
    occurred = row["created_at"].astimezone(UTC).isoformat()
    body = json.dumps(
        {"id": str(row["event_id"]), "type": row["event"], "occurred_at": occurred, "data": row["payload"]}
    ).encode()
    headers = {"Content-Type": "application/json", "X-Signature": signature(row["secret"], body)}
    try:
        with tracing.span(f"tell {row['event']}", row["trace"]):
            headers["Traceparent"] = tracing.current()
            response = await client.post(row["url"], content=body, headers=headers, timeout=5, follow_redirects=False)
    except httpx.HTTPError as error:
        log.info("could not tell %s: %s", row["url"], error)
        return False
    return response.is_success


def signature(secret: str, body: bytes, moment: datetime | None = None) -> str:
    """Return the header by which a receiver knows who sent the body: `t=<unix seconds>,v1=<hex HMAC-SHA256>`."""
    seconds = str(int(moment.timestamp() if moment else time.time()))
    digest = hmac.new(secret.encode(), seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"
