"""HTTP over a Unix socket, as callers speak it: no library stands between a probe and the bytes it means to send."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

SECONDS: Final = 15.0


class NoAnswer(Exception):
    """The service closed the connection, did not listen, or took too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. `headers` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The body as text, whatever is in it."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body's value, None if it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def __str__(self) -> str:
        """Status and the beginning of the body."""
        return f"{self.status} {self.text[:160]}".strip()


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: Path, seconds: float) -> None:
        super().__init__("service", timeout=seconds)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class Client:
    """One connection that is kept open, for one thread."""

    def __init__(self, path: Path, *, seconds: float = SECONDS) -> None:
        self._path, self._seconds = path, seconds
        self._connection: _Connection | None = None

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Send a request; a connection that the service had closed meanwhile is opened once more.

        Raises:
            NoAnswer: there was none.
        """
        fresh = self._connection is None
        try:
            return self._sent(method, target, headers, body)
        except (http.client.HTTPException, OSError) as problem:
            self.close()
            if fresh or isinstance(problem, TimeoutError):
                raise NoAnswer(f"{type(problem).__name__}: {problem}") from problem
        try:
            return self._sent(method, target, headers, body)
        except (http.client.HTTPException, OSError) as problem:
            self.close()
            raise NoAnswer(f"{type(problem).__name__}: {problem}") from problem

    def _sent(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        if self._connection is None:
            self._connection = _Connection(self._path, self._seconds)
        connection, began = self._connection, time.perf_counter()
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value.encode("utf-8"))
        if body is not None or method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(body or b"")))
        with contextlib.suppress(BrokenPipeError):  # the service may refuse a large body before it has read all of it
            connection.endheaders(body)
        response = connection.getresponse()
        content = response.read()
        found = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close:
            self.close()
        return Answer(status=response.status, headers=found, body=content, seconds=time.perf_counter() - began)
