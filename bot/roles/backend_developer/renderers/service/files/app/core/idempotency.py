"""Requests that may be repeated: the first response is kept for 24 hours, in the transaction that makes it."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from psycopg import sql
from psycopg.types.json import Jsonb

from app import design
from app.core.database import Caller, Connection
from app.core.problems import Problem

_LONGEST_KEY = 255
_KEPT_HEADERS = ("location", "etag")
_TABLE = sql.Identifier(design.IDEMPOTENCY_TABLE)
# One that has expired is claimed anew.
_CLAIM = (
    sql.SQL(
        "INSERT INTO {} AS kept (caller, operation, key, request_digest) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (caller, operation, key) DO UPDATE SET request_digest = excluded.request_digest, status = NULL,"
        " response = NULL, created_at = excluded.created_at, expires_at = excluded.expires_at WHERE kept.expires_at < now()"
    )
    .format(_TABLE)
    .as_bytes(None)
)
_FIRST = (
    sql.SQL("SELECT request_digest, status, response FROM {} WHERE caller = %s AND operation = %s AND key = %s")
    .format(_TABLE)
    .as_bytes(None)
)
_KEEP = (
    sql.SQL("UPDATE {} SET status = %s, response = %s WHERE caller = %s AND operation = %s AND key = %s")
    .format(_TABLE)
    .as_bytes(None)
)


async def once(
    request: Request, connection: Connection, caller: Caller, operation: str, work: Callable[[], Awaitable[Response]]
) -> Response:
    """Do the work once per `Idempotency-Key` of a caller; a repeated request gets the first response.

    Raises:
        Problem: the key is missing (400) or was used for another request (409).
    """
    key = request.headers.get("idempotency-key", "")
    if not key or len(key) > _LONGEST_KEY:
        raise Problem(400, f"The header Idempotency-Key is needed, of at most {_LONGEST_KEY} characters.")
    digest = hashlib.sha256(request.url.path.encode() + b"\n" + await request.body()).digest()
    place = (f"{caller.tenant_id}:{caller.name}", operation, key)
    if (await connection.execute(_CLAIM, (*place, digest))).rowcount == 0:
        first = await (await connection.execute(_FIRST, place)).fetchone()
        if first is None or bytes(first["request_digest"]) != digest:
            raise Problem(409, "This Idempotency-Key was used for another request.")
        kept = first["response"]
        return Response(kept["body"], first["status"], kept["headers"], "application/json" if kept["body"] else None)
    response = await work()
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    kept = {"body": bytes(response.body).decode(), "headers": headers}
    await connection.execute(_KEEP, (response.status_code, Jsonb(kept), *place))
    return response
