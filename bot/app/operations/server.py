"""One small web server: paths to ASGI applications, started and drained by us and not by signals."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.domain.errors import ConfigurationError

Asgi = Callable[[Any, Any, Any], Awaitable[None]]
Page = Callable[[], Awaitable[tuple[int, str, bytes]]]
"""Gives status, content type and body."""


class WebServer:
    """Serves `routes` (exact paths) on one address; port 0 takes a free one."""

    def __init__(
        self, routes: Mapping[str, Asgi], host: str, port: int, drain_s: float = 5.0, request_s: float = 10.0
    ) -> None:
        self._routes, self._host, self._port = routes, host, port
        config = uvicorn.Config(
            self._route, interface="asgi3", host=host, port=port, lifespan="off", ws="none", proxy_headers=False,
            http=bounded_by(request_s), h11_max_incomplete_event_size=MAX_HEAD, limit_concurrency=MAX_CONNECTIONS,
            access_log=False, log_config=None, server_header=False, date_header=False,
            timeout_graceful_shutdown=max(1, round(drain_s)),
        )  # fmt: skip
        self._server = _Server(config)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen.

        Raises:
            ConfigurationError: the port is taken.
        """
        self._task = asyncio.create_task(self._serve(), name="web")
        while not self._server.started:
            if self._task.done():
                await self._task
            await asyncio.sleep(0.01)
        self._port = self._server.servers[0].sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Take no more requests, answer those under way within the drain's time, and close."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self._host}:{self._port}"

    async def _serve(self) -> None:
        try:
            await self._server.serve()
        except SystemExit as refused:  # uvicorn's word for a port that is taken
            raise ConfigurationError(
                problem=f"port {self._port} on {self._host} is taken",
                mend="Set EIPAS_HTTP_PORT or EIPAS_OPS_PORT to a free one",
            ) from refused

    async def _route(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        application = self._routes.get(scope.get("path", ""), not_found)
        await (ambiguous if _of_two_lengths(scope) else application)(scope, receive, send)


MAX_HEAD = 16 * 1024
"""Bytes of a request's line and headers: Slack's are below one kilobyte."""
MAX_CONNECTIONS = 1024


_ARRIVED = (h11.DONE, h11.MUST_CLOSE, h11.CLOSED)


def bounded_by(request_s: float) -> type[asyncio.Protocol]:
    """Return uvicorn's protocol with one thing more: what has not wholly arrived after `request_s` seconds is cut.

    Uvicorn waits for ever for the rest of a head or a body, and each such connection costs a descriptor.
    """

    class Bounded(H11Protocol):
        """The clock runs from the first byte of a request to its last."""

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._deadline: asyncio.TimerHandle | None = self.loop.call_later(request_s, self._cut)

        def data_received(self, data: bytes) -> None:
            if self._deadline is None:
                self._deadline = self.loop.call_later(request_s, self._cut)
            super().data_received(data)
            if self._whole():
                self._stop_clock()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_clock()
            super().connection_lost(exc)

        def _whole(self) -> bool:
            return self.conn.their_state in _ARRIVED or bool(self.transport.is_closing())

        def _stop_clock(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

        def _cut(self) -> None:
            self._deadline = None
            if not self.transport.is_closing():
                self.transport.abort()

    return Bounded


class _Server(uvicorn.Server):
    """Uvicorn without its signal handlers: the bot's own drain everything in order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def page(give: Page) -> Asgi:
    """Make an ASGI application of a function that gives status, content type and body."""

    async def application(scope: Any, _receive: Any, send: Any) -> None:
        status, content_type, body = await give()
        headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    return application


async def _nothing() -> tuple[int, str, bytes]:
    return HTTPStatus.NOT_FOUND, "text/plain", b"not found\n"


not_found = page(_nothing)


async def ambiguous(scope: Any, receive: Any, send: Any) -> None:
    """Refuse a request with a length and pieces, and close its connection.

    A proxy in front may go by the one and we by the other: what is a body to it would be a request to us. RFC 9112, 6.1
    """
    body = b"A request has a length or comes in pieces."
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body)), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": int(HTTPStatus.BAD_REQUEST), "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _of_two_lengths(scope: Mapping[str, Any]) -> bool:
    return {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}
