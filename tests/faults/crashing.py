"""A PostgreSQL that crashes: what it had acknowledged without waiting for its disk is gone, all else comes back."""

from __future__ import annotations

import os
import signal
from contextlib import suppress

import psycopg
from psycopg import sql


class Crashing:
    """One database of a server on this machine. `count` is how often its server crashed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.count = 0

    def crash(self) -> bool:
        """Kill one of its processes: the server ends all sessions, forgets its memory and recovers from its log.

        Returns False if it is not up again yet.
        """
        before = self.count
        with suppress(psycopg.OperationalError), psycopg.connect(self._url, connect_timeout=5) as connection:
            os.kill(connection.info.backend_pid, signal.SIGKILL)
            self.count += 1
        return self.count > before


def make_durable(url: str) -> None:
    """Let commits wait for the log, as an ordinary server's do: the one for tests leaves that off."""
    with psycopg.connect(url, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = on").format(name))
