"""Calling an ASGI application as a web server does, and signing as Slack does."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.devtools.local_slack.signed_http import signature

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def signed(body: bytes, *, at: float | None = None, secret: str = SECRET, content_type: str = FORM) -> dict[str, str]:
    """The headers of a delivery."""
    stamp = str(int(time.time() if at is None else at))
    return {
        "content-type": content_type,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature(secret, stamp, body),
    }


async def call(
    application: Any, body: bytes = b"", headers: Mapping[str, str] | None = None, *, method: str = "POST",
    query: str = "", chunk: int = 65536,
) -> Answer:  # fmt: skip
    """Make one request, its body in pieces."""
    pieces = [body[n : n + chunk] for n in range(0, len(body), chunk)] or [b""]
    sent: list[Mapping[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": "/", "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
    }  # fmt: skip
    await application(scope, receive, send)
    start, end = sent
    lines = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(status=start["status"], headers=lines, body=end["body"])
