"""The same contract as an engineer would write it by hand: FastAPI's own bodies and responses, psycopg, row security.

It does what callers and auditors need: sign-in, tenants, pages by cursor, ETag, repeated requests, audit. It has none
of what a rendered service does besides: limits per caller, problem documents, request ids, metrics, traces, a log.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request, Response
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel, ConfigDict, Field

KEY = Path(os.environ["TOKEN_PUBLIC_KEY_FILE"]).read_text()
POOL: AsyncConnectionPool[Any] = AsyncConnectionPool(
    os.environ["DATABASE_URL"],
    kwargs={"row_factory": dict_row, "options": "-c role=service_app -c timezone=UTC"},
    min_size=2,
    max_size=10,
    open=False,
)
COLUMNS = "id, tenant_id, name, price, notes, created_at, updated_at"


class ItemCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=200)]
    price: int
    notes: Annotated[str, Field(max_length=200)] | None = None


class Item(BaseModel):
    id: UUID
    tenant_id: UUID
    name: str
    price: int
    notes: str | None
    created_at: datetime
    updated_at: datetime


class Page(BaseModel):
    items: list[Item]
    next_cursor: str | None


class User(BaseModel):
    name: str
    tenant: str


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    await POOL.open()
    yield
    await POOL.close()


app = FastAPI(lifespan=lifespan)


# No plain function: FastAPI would call it in a thread, which costs more than the signature.
async def user(authorization: Annotated[str, Header()] = "") -> User:
    try:
        claims = jwt.decode(
            authorization.removeprefix("Bearer "), KEY, ["RS256"], audience=os.environ["AUDIENCE"],
            issuer="https://identity.example.com", options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise HTTPException(401, "The token is not valid.") from error
    if not set(claims.get("roles", ())) & {"admin", "guest"}:
        raise HTTPException(403, "This needs a role.")
    return User(name=str(claims["sub"]), tenant=str(claims["tenant_id"]))


Caller = Annotated[User, Depends(user)]


@asynccontextmanager
async def transaction(caller: User) -> AsyncIterator[Any]:
    async with POOL.connection() as connection:
        await connection.execute(
            "SELECT set_config('app.role', 'admin', true), set_config('app.user_id', %s, true),"
            " set_config('app.tenant_id', %s, true)",
            (caller.name, caller.tenant),
        )
        yield connection


def etag(row: dict[str, Any]) -> str:
    said = f"{row['id']}|{row['updated_at'].timestamp()}"
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:20]}"'


@app.get("/api/v1/items")
async def list_items(
    caller: Caller, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 25
) -> Page:
    where, given = "", []
    if cursor:
        try:
            given = json.loads(base64.urlsafe_b64decode(cursor))
        except ValueError as error:
            raise HTTPException(400, "The cursor is none of ours.") from error
        where = "WHERE (created_at, id) < (%s, %s)"
    async with transaction(caller) as connection:
        found = await connection.execute(
            f"SELECT {COLUMNS} FROM items {where} ORDER BY created_at DESC, id DESC LIMIT %s", (*given, limit + 1)
        )
        rows = await found.fetchall()
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    following = None
    if last:
        following = base64.urlsafe_b64encode(json.dumps([str(last["created_at"]), str(last["id"])]).encode()).decode()
    return Page(items=[Item(**row) for row in rows[:limit]], next_cursor=following)


@app.get("/api/v1/items/{item_id}")
async def read_item(item_id: UUID, caller: Caller, request: Request, response: Response) -> Item:
    async with transaction(caller) as connection:
        found = await connection.execute(f"SELECT {COLUMNS} FROM items WHERE id = %s", (item_id,))
        row = await found.fetchone()
    if row is None:
        raise HTTPException(404, "There is no such item.")
    version = etag(row)
    if request.headers.get("if-none-match") == version:
        raise HTTPException(304)
    response.headers["ETag"] = version
    return Item(**row)


@app.post("/api/v1/items", status_code=201)
async def create_item(
    body: ItemCreate, caller: Caller, request: Request, idempotency_key: Annotated[str, Header(max_length=255)]
) -> Response:
    digest = hashlib.sha256(await request.body()).digest()
    place = (f"{caller.tenant}:{caller.name}", "create_item", idempotency_key)
    async with transaction(caller) as connection:
        claimed = await connection.execute(
            "INSERT INTO idempotency_keys (caller, operation, key, request_digest) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (*place, digest),
        )
        if claimed.rowcount == 0:
            found = await connection.execute(
                "SELECT request_digest, response FROM idempotency_keys"
                " WHERE caller = %s AND operation = %s AND key = %s",
                place,
            )
            first = await found.fetchone()
            if bytes(first["request_digest"]) != digest:
                raise HTTPException(409, "This key was used for another request.")
            return Response(first["response"]["body"], 201, media_type="application/json")
        made = await connection.execute(
            f"INSERT INTO items (tenant_id, name, price, notes) VALUES (%s, %s, %s, %s) RETURNING {COLUMNS}",
            (caller.tenant, body.name, body.price, body.notes),
        )
        row = await made.fetchone()
        await connection.execute(
            "INSERT INTO service.audit_log (caller, role, tenant, operation, changed_table, changed_key, request_id)"
            " VALUES (%s, 'admin', %s, 'create_item', 'items', %s, '')",
            (caller.name, caller.tenant, str(row["id"])),
        )
        said = Item(**row).model_dump_json()
        await connection.execute(
            "UPDATE idempotency_keys SET status = 201, response = %s WHERE caller = %s AND operation = %s AND key = %s",
            (Jsonb({"body": said}), *place),
        )
    headers = {"ETag": etag(row), "Location": f"/api/v1/items/{row['id']}"}
    return Response(said, 201, headers, "application/json")
