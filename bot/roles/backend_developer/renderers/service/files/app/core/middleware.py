"""The envelope of every request: its id, the bound of its size, headers of every response, a log line, metrics."""

from __future__ import annotations

import logging
import re
import time
from uuid import uuid4

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import deprecation, tracing
from app.core.problems import Problem, answer
from app.core.rate_limits import WINDOW_SECONDS
from app.core.settings import settings

log = logging.getLogger("access")
REQUESTS = Counter("http_requests", "Requests answered.", ("operation", "status"))
SECONDS = Histogram("http_request_seconds", "Time to answer.", ("operation",))
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,100}")
_SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"strict-transport-security", b"max-age=63072000; includeSubDomains"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]


class Envelope:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"")
        request_id = given.decode() if _REQUEST_ID.fullmatch(given) else uuid4().hex
        scope["request_id"] = request_id
        with tracing.span(f"{scope['method']} request", headers.get(b"traceparent", b"").decode("latin-1")):
            await self._answered(scope, receive, send, headers, request_id)

    async def _answered(
        self, scope: Scope, receive: Receive, send: Send, headers: dict[bytes, bytes], request_id: str
    ) -> None:
        began, status, started = time.perf_counter(), 500, False

        async def headed(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                message["headers"] = _with_ours(message["headers"], scope, request_id)
            await send(message)

        try:
            size = headers.get(b"content-length", b"0")
            if size.isdigit() and int(size) > settings().max_body_bytes:
                await answer(_too_large())(scope, receive, headed)
            else:
                await self._app(scope, _bounded(receive), headed)
        except Exception:  # the last resort: whatever was not foreseen becomes a problem without its inner words
            log.exception("unforeseen failure of request %s", request_id)
            if started:
                raise
            await answer(Problem(500, "The service failed; nothing was changed."))(scope, receive, headed)
        finally:
            took = time.perf_counter() - began
            operation = _operation(scope)
            REQUESTS.labels(operation, str(status)).inc()
            SECONDS.labels(operation).observe(took)
            log.info("%s %s %d %.1f ms %s", scope["method"], operation, status, took * 1000, request_id)


def _operation(scope: Scope) -> str:
    return getattr(scope.get("route"), "operation_id", None) or "none"


def _bounded(receive: Receive) -> Receive:
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > settings().max_body_bytes:
            raise _too_large()
        return message

    return bounded


def _too_large() -> Problem:
    return Problem(413, f"The body is larger than {settings().max_body_bytes} bytes.")


def _with_ours(headers: list[tuple[bytes, bytes]], scope: Scope, request_id: str) -> list[tuple[bytes, bytes]]:
    there = {name.lower() for name, _value in headers}
    left, reset = scope.get("rate") or (settings().rate_limit_per_minute, WINDOW_SECONDS)
    ours = [
        *_SECURITY_HEADERS,
        *deprecation.headers(_operation(scope)),
        (b"x-request-id", request_id.encode()),
        (b"ratelimit-limit", str(settings().rate_limit_per_minute).encode()),
        (b"ratelimit-remaining", str(left).encode()),
        (b"ratelimit-reset", str(reset).encode()),
    ]
    return [*headers, *((name, value) for name, value in ours if name not in there)]
