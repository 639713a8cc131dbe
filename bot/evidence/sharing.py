"""One embedded PostgreSQL for a whole process, started when it is first needed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import psycopg

from bot.evidence.postgres import PostgresClient, PostgresServer, PostgresUnavailable


class ServerLender(Protocol):
    """Lends a PostgreSQL while it is used."""

    def use(self) -> AbstractContextManager[PostgresClient]:
        """Lend it. Raises PostgresUnavailable."""


class LentServer:
    """Lends on what another process keeps running meanwhile; `client` may be the reason why there is none."""

    def __init__(self, client: PostgresClient | PostgresUnavailable) -> None:
        self._client = client

    @contextmanager
    def use(self) -> Iterator[PostgresClient]:
        """Lend it on. Raises PostgresUnavailable."""
        if isinstance(self._client, PostgresUnavailable):
            raise self._client
        yield self._client


class SharedServer:
    """One server for a process: started at first use, stopped when nobody used it for a while or at `close`.

    A server that went away is replaced at the next use.
    """

    def __init__(self, *, idle_seconds: float = 300.0) -> None:
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._server: PostgresServer | None = None
        self._users = 0
        self._timer: threading.Timer | None = None

    @contextmanager
    def use(self) -> Iterator[PostgresServer]:
        """Lend the server; it is not stopped for idleness meanwhile.

        Raises:
            PostgresUnavailable: it cannot be started.
        """
        with self._lock:
            server = self._alive() or self._started()
            self._users += 1
            self._stop_timer()
        try:
            yield server
        finally:
            with self._lock:
                self._users -= 1
                if self._users == 0 and self._server is not None:
                    self._timer = threading.Timer(self._idle_seconds, self._retire)
                    self._timer.daemon = True
                    self._timer.start()

    @property
    def running(self) -> bool:
        """Whether a server is up now."""
        return self._server is not None

    def close(self) -> None:
        """Stop the server if there is one."""
        with self._lock:
            self._stop_timer()
            self._stop_server()

    def _alive(self) -> PostgresServer | None:
        if self._server is None:
            return None
        try:
            with self._server.connect():
                return self._server
        except (psycopg.OperationalError, PostgresUnavailable):
            self._stop_server()
            return None

    def _started(self) -> PostgresServer:
        server = PostgresServer()
        server.start()
        self._server = server
        return server

    def _retire(self) -> None:
        with self._lock:
            if self._users == 0:
                self._stop_server()

    def _stop_server(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.stop()

    def _stop_timer(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
