"""A stand-in Web API that answers at once, and remembers what was posted and when it was updated."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl

Json = dict[str, Any]
TEAM, BOT_USER = "T0LOCAL001", "U0EIPASBOT"
ME = {
    "ok": True, "url": "https://bench.example/", "team": "Bench", "user": "eipas", "team_id": TEAM, "user_id": BOT_USER,
    "bot_id": "B0EIPASBOT", "enterprise_id": None, "is_enterprise_install": False,
}  # fmt: skip


@dataclass(slots=True)
class Posts:
    """Messages that stand, in order; `listen` is told of every call as it arrives, before its answer."""

    posted: list[Json] = field(default_factory=list)
    listen: Callable[[str, Json, float], None] | None = None
    calls: int = 0


class StandIn:
    """Use it as an asynchronous context manager; `url` ends in a slash, as slack_sdk wants it."""

    def __init__(self) -> None:
        self.seen = Posts()
        self._numbers = itertools.count(1)

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Api(self), "127.0.0.1", 0, backlog=1024)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/api/"
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._server.close()

    def answer(self, method: str, sent: Json, at: float) -> Json:
        self.seen.calls += 1
        if self.seen.listen is not None:
            self.seen.listen(method, sent, at)
        if method == "chat.postMessage":
            sent["ts"] = f"{int(time.time())}.{next(self._numbers):06}"
            self.seen.posted.append(sent)
        if method == "files.getUploadURLExternal":
            return {**ME, "file_id": f"F{next(self._numbers):08}", "upload_url": f"{self.url}upload"}
        if method == "users.info":
            name = str(sent.get("user"))
            return {"ok": True, "user": {"id": name, "team_id": TEAM, "name": name.lower(), "real_name": name}}
        channel = {"id": sent.get("channel") or "D0BENCH", "is_member": True, "name": "bench"}
        named = {"ts": sent.get("ts"), "messages": [], "permalink": "https://bench.example/p"}
        return {**ME, **named, "channel": sent.get("channel") if method.startswith("chat.") else channel}


class _Api(asyncio.Protocol):
    def __init__(self, owner: StandIn) -> None:
        self._owner = owner
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        at = time.perf_counter()
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, rest = self._buffer.partition(b"\r\n\r\n")
            headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
            length = int(headers.get(b"content-length", b"0"))
            if len(rest) < length:
                return
            body, self._buffer = rest[:length], rest[length:]
            path, _, query = head.split(b" ", 2)[1].partition(b"?")
            sent = _read(headers.get(b"content-type", b""), body) if body else _form(query)
            self._reply(self._owner.answer(path.rsplit(b"/", 1)[-1].decode(), sent, at))
            if headers.get(b"connection") == b"close":
                self._transport.close()

    def _reply(self, answer: Json) -> None:
        body = json.dumps(answer).encode()
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._transport.write(head.encode() + body)


def _read(content_type: bytes, body: bytes) -> Json:
    if content_type.startswith(b"application/json"):
        found: Json = json.loads(body or b"{}")
        return found
    return _form(body)


def _form(text: bytes) -> Json:
    return dict(parse_qsl(text.decode(errors="replace")))
