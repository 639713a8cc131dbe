"""Signed calls of other services: each is taken once, however often it is sent."""

from __future__ import annotations

import hashlib

from fastapi import Request
from psycopg.types.json import Jsonb
from pydantic import BaseModel

from app.core.database import Caller, Connection

_TAKE = "INSERT INTO service.inbox (operation, tenant, digest, body) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"


async def first_time(
    request: Request, connection: Connection, caller: Caller, operation: str, body: BaseModel | None
) -> bool:
    """Write a call down; return whether it is a new one."""
    digest = hashlib.sha256(request.url.path.encode() + b"\n" + await request.body()).digest()
    said = body.model_dump(mode="json", by_alias=True) if body is not None else {}
    done = await connection.execute(_TAKE, (operation, caller.tenant_id, digest, Jsonb(said)))
    return done.rowcount == 1
