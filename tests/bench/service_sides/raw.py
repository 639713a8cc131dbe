"""The limit: a raw ASGI application with the same queries, without sign-in, checks, versions or errors."""

from __future__ import annotations

import json
import os
from typing import Any

from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

TENANT = os.environ["TENANT"]
POOL: AsyncConnectionPool[Any] = AsyncConnectionPool(
    os.environ["DATABASE_URL"],
    kwargs={"row_factory": dict_row, "options": "-c role=service_app -c timezone=UTC"},
    min_size=2,
    max_size=10,
    open=False,
)
COLUMNS = "id, tenant_id, name, price, notes, created_at, updated_at"
CALLER = f"SELECT set_config('app.role', 'admin', true), set_config('app.tenant_id', '{TENANT}', true)"
HEAD = [(b"content-type", b"application/json")]


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    last = scope["path"].rpartition("/")[2]
    async with POOL.connection() as connection:
        await connection.execute(CALLER)
        if scope["method"] == "POST":
            body = json.loads((await receive())["body"])
            made = await connection.execute(
                f"INSERT INTO items (tenant_id, name, price, notes) VALUES (%s, %s, %s, %s) RETURNING {COLUMNS}",
                (TENANT, body["name"], body["price"], body.get("notes")),
            )
            found: Any = await made.fetchone()
        elif last == "items":
            listed = await connection.execute(f"SELECT {COLUMNS} FROM items ORDER BY created_at DESC, id DESC LIMIT 26")
            found = {"items": (await listed.fetchall())[:25], "next_cursor": "x"}
        else:
            found = await (await connection.execute(f"SELECT {COLUMNS} FROM items WHERE id = %s", (last,))).fetchone()
    status = 201 if scope["method"] == "POST" else 200
    await send({"type": "http.response.start", "status": status, "headers": HEAD})
    await send({"type": "http.response.body", "body": json.dumps(found, default=str).encode()})


async def _lifespan(receive: Any, send: Any) -> None:
    await receive()
    await POOL.open()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await POOL.close()
    await send({"type": "lifespan.shutdown.complete"})
