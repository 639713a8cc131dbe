"""Socket Mode's server side: tickets, hello, envelopes by turns over the connections, acknowledgements.

docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from bot.devtools.local_slack.event_delivery import Envelope, Unacked
from bot.devtools.local_slack.records import Json

MAX_CONNECTIONS = 10
PING_EVERY = 10.0
LAST_ACKS_S = 1.0


class SocketMode:
    """The app's open WebSocket connections; `served` counts those there ever were.

    The next `lose_acks` acknowledgements are lost, `acks_lost` were.
    """

    def __init__(self, app_id: str, on_change: Callable[[bool], None]) -> None:
        self._app_id = app_id
        self._on_change = on_change
        self._tickets: set[str] = set()
        self._open: dict[web.WebSocketResponse, asyncio.BaseTransport | None] = {}
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Json]]] = {}
        self._turn = 0
        self._warned: set[web.WebSocketResponse] = set()
        self._leaving: set[web.WebSocketResponse] = set()
        self.lose_acks = 0
        self.acks_lost = 0
        self.served = 0

    @property
    def connected(self) -> bool:
        """Whether the app has a connection."""
        return bool(self._open)

    @property
    def connections(self) -> int:
        """How many connections the app has."""
        return len(self._open)

    def ticket(self) -> str:
        """Hand out the right to one connection, as `apps.connections.open` does."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def accept(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="invalid ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=PING_EVERY)
        # An app that dies in the middle of its handshake leaves nobody to tell.
        try:
            await socket.prepare(request)
        except ConnectionResetError as gone:
            raise web.HTTPBadRequest(text="the connection is gone") from gone
        with suppress(ConnectionResetError):
            if len(self._open) >= MAX_CONNECTIONS:
                await self._say_goodbye(socket, "too_many_websockets")
            else:
                await self._serve(socket, request)
        return socket

    async def send(self, envelope: Envelope, *, within: float) -> Json:
        """Deliver over the next connection, and wait for the acknowledgement."""
        serving = [socket for socket in self._open if socket not in self._leaving]
        if not serving:
            raise Unacked("no_connection")
        self._turn += 1
        socket = serving[self._turn % len(serving)]
        answered: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope.id] = (socket, answered)
        try:
            await socket.send_json(_envelope(envelope))
            return await asyncio.wait_for(answered, within)
        except (TimeoutError, ConnectionError) as missed:
            raise Unacked("timeout") from missed
        finally:
            del self._waiting[envelope.id]

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the app to reconnect: `warning` announces it, `refresh_requested` closes what was warned, or all.

        A connection that is closed gets no more deliveries, and its acknowledgements under way a second.
        """
        warned = self._warned & set(self._open)
        for socket in list(warned if warned and reason == "refresh_requested" else self._open):
            await self._say_goodbye(socket, reason)

    def drop(self) -> None:
        """Break every connection without a word, as a failing network does."""
        for socket, transport in list(self._open.items()):
            self._forget(socket)
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()

    async def close(self) -> None:
        """Close every connection."""
        for socket in list(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    async def _serve(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        await socket.send_json(self._hello(len(self._open) + 1, request.host))
        self._open[socket] = request.transport
        self.served += 1
        self._on_change(True)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(message.data)
        finally:
            self._forget(socket)

    def _acknowledge(self, data: str) -> None:
        ack = _read(data)
        waiting = self._waiting.get(str(ack.get("envelope_id")))
        if waiting is None or waiting[1].done():
            return
        if self.lose_acks:
            self.lose_acks -= 1
            self.acks_lost += 1
            waiting[1].set_exception(TimeoutError("the acknowledgement was lost on request"))
            return
        payload = ack.get("payload")
        waiting[1].set_result(payload if isinstance(payload, dict) else {})

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket not in self._open:
            return
        del self._open[socket]
        self._warned.discard(socket)
        self._leaving.discard(socket)
        for owner, answered in self._waiting.values():
            if owner is socket and not answered.done():
                answered.set_exception(ConnectionResetError("the connection ended before the acknowledgement"))
        self._on_change(self.connected)

    def _hello(self, number: int, host: str) -> Json:
        return {
            "type": "hello",
            "num_connections": number,
            "debug_info": {"host": host, "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._app_id},
        }

    async def _say_goodbye(self, socket: web.WebSocketResponse, reason: str) -> None:
        with suppress(ConnectionResetError):  # it may have gone by itself
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "127.0.0.1"}})
        if reason == "warning":
            self._warned.add(socket)
            return
        self._leaving.add(socket)
        under_way = [answered for owner, answered in self._waiting.values() if owner is socket]
        if under_way:
            await asyncio.wait(under_way, timeout=LAST_ACKS_S)
        self._forget(socket)
        self._leaving.discard(socket)
        await socket.close()


def _envelope(envelope: Envelope) -> Json:
    body: Json = {
        "envelope_id": envelope.id,
        "payload": envelope.payload,
        "type": envelope.type,
        "accepts_response_payload": envelope.accepts_response,
    }
    if envelope.type == "events_api":
        body |= {"retry_attempt": envelope.attempt, "retry_reason": envelope.reason}
    return body


def _read(data: str) -> Json:
    """Read what the app sent; what is no JSON object acknowledges nothing."""
    try:
        read: Any = json.loads(data)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
