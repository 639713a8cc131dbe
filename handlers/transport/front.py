"""HTTP mode: a thin ASGI front that verifies, decodes and hands Bolt a dict.

Bolt's own adapter decodes forms with urllib and verifies the text again; that is 40 % of a click's CPU. The response
leaves after the handler returned, so a 200 means that the change is durable.
docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from yarl import URL

log = structlog.get_logger(__name__)
Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Json = dict[str, Any]

MAX_BODY = 1024 * 1024
"""Bytes: Slack's largest payloads, a modal's state, stay far below."""

MAX_AGE_S = 300
"""Slack's documentation asks to refuse what is older, so that a recorded request cannot be played again later."""


class SlackFront:
    """The ASGI application behind the Request URL."""

    def __init__(
        self,
        app: AsyncApp,
        signing_secret: str,
        clock: Callable[[], float] = time.time,
        on_refused: Callable[[str], None] | None = None,
    ) -> None:
        self._app, self._secret, self._clock = app, signing_secret.encode(), clock
        self._on_refused = on_refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            return await self._refuse(send, HTTPStatus.METHOD_NOT_ALLOWED, "method")
        body = await _read(receive)
        if body is None:
            return await self._refuse(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
        wanted = [(name, value) for name, value in scope["headers"] if name in _WANTED]
        headers = dict(wanted)
        if len(headers) < len(wanted) or not self._signed(headers, body):  # of two signatures none is Slack's
            log.warning("delivery_refused", bytes=len(body))
            return await self._refuse(send, HTTPStatus.UNAUTHORIZED, "signature")
        payload = decode(headers.get(b"content-type", b""), body)
        if payload is None:
            return await self._refuse(send, HTTPStatus.BAD_REQUEST, "malformed")
        return await self._deliver(payload, send)

    async def _refuse(self, send: Send, status: HTTPStatus, reason: str) -> None:
        if self._on_refused is not None:
            self._on_refused(reason)
        await _answer(send, status)

    async def _deliver(self, payload: Json, send: Send) -> None:
        if payload.get("ssl_check"):
            return await _answer(send, HTTPStatus.OK)
        if payload.get("type") == "url_verification":
            return await _answer(send, HTTPStatus.OK, str(payload.get("challenge", "")).encode(), b"text/plain")
        # As from a socket: Bolt takes a dict only then, and does not verify again.
        answer = await self._app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
        content_type = answer.headers.get("content-type", ["text/plain"])[0]
        return await _answer(send, answer.status, (answer.body or "").encode(), content_type.encode())

    def _signed(self, headers: Mapping[bytes, bytes], body: bytes) -> bool:
        """Whether Slack sent this, lately: version v0, over the raw bytes, compared in constant time."""
        stamp = headers.get(b"x-slack-request-timestamp", b"")
        if not stamp.isdigit() or len(stamp) > 12 or abs(self._clock() - int(stamp)) > MAX_AGE_S:
            return False
        expected = hmac.new(self._secret, b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(b"v0=" + expected.encode(), headers.get(b"x-slack-signature", b""))


_WANTED = frozenset({b"content-type", b"x-slack-request-timestamp", b"x-slack-signature"})


def decode(content_type: bytes, body: bytes) -> Json | None:
    """Return a payload: JSON, a form with JSON in `payload`, or a form of fields; None for anything else."""
    try:
        if content_type.startswith(b"application/json"):
            found = _loaded(body)
        elif content_type.startswith(b"application/x-www-form-urlencoded"):
            fields = URL.build(query_string=body.decode("ascii"), encoded=True).query
            found = _loaded(fields["payload"]) if "payload" in fields else dict(fields)
        else:
            return None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and readable(found) else None


def _loaded(text: str | bytes) -> Any:
    return json.loads(text, parse_constant=_no_number)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def readable(payload: Json) -> bool:
    """Whether an event, and who may hear of it, stand where Bolt's own middleware looks into them."""
    if payload.get("type") != "event_callback":
        return True
    heard = payload.get("authorizations") or []
    return (
        isinstance(payload.get("event"), dict)
        and isinstance(heard, list)
        and all(isinstance(installation, dict) for installation in heard)
    )


async def _read(receive: Receive) -> bytes | None:
    """Return the body, None if it is too large or its sender went away."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > MAX_BODY:
            return None
        if not message.get("more_body"):
            return body


async def _answer(send: Send, status: int, body: bytes = b"", content_type: bytes = b"text/plain") -> None:
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
