"""Signed deliveries as bytes, and a client that sends them over kept connections as fast as they are answered."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
PATH = "/slack/events"
PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One HTTP request, whole; `key` is the dedupe key under which an answer is owed, if there is one."""

    data: bytes
    key: str = ""


def form(fields: Mapping[str, str], key: str = "") -> Delivery:
    """A command, or an interaction with its JSON in `payload`."""
    return Delivery(_signed(urlencode(fields).encode(), "application/x-www-form-urlencoded"), key)


def interaction(payload: Mapping[str, Any], key: str = "") -> Delivery:
    return form({"payload": json.dumps(payload)}, key)


def event(payload: Mapping[str, Any], key: str = "") -> Delivery:
    return Delivery(_signed(json.dumps(payload).encode(), "application/json"), key)


def _signed(body: bytes, content_type: str) -> bytes:
    stamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={digest}\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\nAccept: application/json,*/*\r\n\r\n"
    )
    return head.encode() + body


@dataclass(slots=True)
class Outcome:
    """What came of a load: seconds per answer, how long it took altogether, keys that were acknowledged with 200."""

    seconds: list[float] = field(default_factory=list)
    took: float = 0.0
    refused: int = 0
    broken: int = 0
    acknowledged: list[str] = field(default_factory=list)
    last_body: bytes = b""

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.took if self.took else 0.0


class _Connection(asyncio.Protocol):
    """Sends one delivery, waits for its answer, sends the next."""

    def __init__(self, queue: Iterator[Delivery], until: float, outcome: Outcome) -> None:
        self._queue, self._until, self._outcome = queue, until, outcome
        self._buffer = b""
        self._sent_at = 0.0
        self._current: Delivery | None = None
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self._outcome.broken += 1
            self.done.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        if len(rest) < _length(head):
            return
        self._buffer = b""
        outcome, current = self._outcome, self._current
        outcome.seconds.append(time.perf_counter() - self._sent_at)
        outcome.last_body = rest
        if head.startswith(b"HTTP/1.1 200"):
            if current is not None and current.key:
                outcome.acknowledged.append(current.key)
        else:
            outcome.refused += 1
        self._next()

    def _next(self) -> None:
        self._sent_at = time.perf_counter()
        self._current = next(self._queue, None) if self._sent_at < self._until else None
        if self._current is None:
            if not self.done.done():
                self.done.set_result(None)
            self._transport.close()
            return
        self._transport.write(self._current.data)


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(b"content-length:")
    return int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


async def send(url: str, deliveries: Sequence[Delivery], connections: int, seconds: float) -> Outcome:
    """Send until the deliveries or the seconds are used up; each connection waits for its answer."""
    place = urlsplit(url)
    outcome, queue = Outcome(), iter(deliveries)
    loop, began = asyncio.get_running_loop(), time.perf_counter()
    opened = [
        await loop.create_connection(lambda: _Connection(queue, began + seconds, outcome), place.hostname, place.port)
        for _ in range(connections)
    ]
    await asyncio.wait([client.done for _, client in opened], timeout=seconds + PATIENCE_S)
    outcome.took = time.perf_counter() - began
    for transport, _ in opened:
        transport.close()
    return outcome
