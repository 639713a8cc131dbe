"""The rendered service on its feet: a PostgreSQL of its own, the migrations, and the service boxed beside it."""

from __future__ import annotations

import json
import secrets
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

import psycopg
from psycopg import sql

from bot.domain.errors import EipasError
from bot.evidence.postgres import PostgresServer
from bot.evidence.sandbox import Box, Boxed, Ended, Limits, Sandbox
from bot.roles.backend_developer.checks.live.client import Client, NoAnswer
from bot.roles.backend_developer.checks.live.people import AUDIENCE, CERTIFICATE_HEADER, ISSUER

OWNER: Final = "live_owner"
LOGIN: Final = "live_service"
_APP: Final = "service_app"
_READY_SECONDS: Final = 30.0
_SOCKET: Final = ".s.PGSQL.5432"
UNLIMITED: Final = 10_000_000


class DidNotStart(EipasError):
    """The rendered service could not be started."""

    message_template = "The service did not start: {reason}"


class Stand:
    """One service under probe. Use it as a context manager; nothing of it is left afterwards."""

    def __init__(self, files: Mapping[str, str], sandbox: Sandbox) -> None:
        self._files, self._sandbox = files, sandbox
        self._server = PostgresServer(max_connections=80)
        self._service: Boxed | None = None
        self._environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        self._server.start()
        try:
            self._box: Box = self._sandbox.box().__enter__()
            self._unpack()
            self._prepare()
        except BaseException:
            self._server.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._box.__exit__(None, None, None)
        self._server.stop()

    @property
    def conninfo(self) -> str:
        """How the owner of the service's tables connects, from outside."""
        return f"postgresql://{OWNER}@/{self._name}?host={self._server.sockets}"

    @property
    def has_loopback(self) -> bool:
        """Whether the box has a network of its own, in which nobody else is."""
        return self._sandbox.walls.namespaces

    @property
    def folder(self) -> Path:
        """Where the rendered files lie."""
        return self._box.given / "service"

    @property
    def socket(self) -> Path:
        """Where the service listens."""
        return self._box.work / "http"

    def client(self, *, seconds: float = 15.0) -> Client:
        """Return a new connection to the service."""
        return Client(self.socket, seconds=seconds)

    def log(self) -> str:
        """Return the end of what the service wrote."""
        return self._service.log() if self._service is not None else ""

    # -- before it starts ---------------------------------------------------------------------------------------------

    def _unpack(self) -> None:
        for name, text in self._files.items():
            place = self.folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")

    def _prepare(self) -> None:
        """Make the database and the roles: the service's own login owns nothing, as in production."""
        self._name = f"live_{secrets.token_hex(6)}"
        with self._server.connect() as admin:
            for role, rights in ((OWNER, "LOGIN CREATEROLE CREATEDB"), (LOGIN, "LOGIN"), (_APP, "NOLOGIN")):
                made = sql.SQL("CREATE ROLE {} {} NOSUPERUSER NOREPLICATION").format(
                    sql.Identifier(role), sql.SQL(rights)
                )
                admin.execute(made)
            admin.execute(sql.SQL("GRANT {} TO {}, {}").format(*map(sql.Identifier, (_APP, LOGIN, OWNER))))
            admin.execute(
                sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(sql.Identifier(OWNER))
            )
            names = sql.Identifier(self._name), sql.Identifier(OWNER)
            admin.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(*names))
            # What the service's own tests ask for first: a database to make others from.
            admin.execute(sql.SQL("GRANT CONNECT ON DATABASE postgres TO {}").format(sql.Identifier(OWNER)))

    def migrate(self) -> None:
        """Apply the service's migrations in order, as their owner. Raises DidNotStart."""
        for path in sorted((self.folder / "migrations").glob("[0-9]*.sql")):
            if path.name.endswith(".down.sql"):
                continue
            try:
                with psycopg.connect(self.conninfo, autocommit=True, connect_timeout=5) as connection:
                    connection.execute(path.read_bytes())
            except psycopg.Error as problem:
                raise DidNotStart(reason=f"{path.name}: {str(problem).splitlines()[0]}") from problem

    # -- its life -----------------------------------------------------------------------------------------------------

    def start(self, public_key: bytes, secrets_of: Mapping[str, Mapping[str, str]], *, rate: int = UNLIMITED) -> float:
        """Start the service; return the seconds until it was ready. Raises DidNotStart."""
        key = self._box.given / "key.pem"
        key.write_bytes(public_key)
        self.socket.unlink(missing_ok=True)
        environment = {
            "DATABASE_URL": f"postgresql://{LOGIN}@/{self._name}?host={self._server.sockets}",
            "TOKEN_PUBLIC_KEY_FILE": str(key), "TOKEN_ISSUER": ISSUER, "TOKEN_AUDIENCE": AUDIENCE,
            "CLIENT_CERTIFICATE_HEADER": CERTIFICATE_HEADER, "RATE_LIMIT_PER_MINUTE": str(rate),
            "WEBHOOK_SECRETS": json.dumps(secrets_of), "LOG_LEVEL": "WARNING", "WORKER": "false",
            "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0",
        }  # fmt: skip
        command = [sys.executable, "-m", "uvicorn", "--factory", "app.main:create_app", "--uds", str(self.socket),
                   "--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "20"]  # fmt: skip
        began = time.perf_counter()
        self._service = self._box.start(
            command, environment=environment, folder=self.folder, sockets=[self._server.sockets],
            limits=Limits(seconds=240, cpu_seconds=240),
        )  # fmt: skip
        self._await_ready(self._service)
        return time.perf_counter() - began

    def _await_ready(self, service: Boxed) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        client = self.client(seconds=3)
        try:
            while True:
                try:
                    if client.send("GET", "/readyz", {}).status == 200:
                        return
                except NoAnswer:
                    pass
                ended = service.wait(0.02)
                if ended is not None:
                    raise DidNotStart(reason=_last_words(service.log()) or f"it ended with {ended.code} {ended.why}")
                if time.monotonic() > deadline:
                    raise DidNotStart(
                        reason=f"it was not ready after {_READY_SECONDS:.0f} s. {_last_words(service.log())}"
                    )
        finally:
            client.close()

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the service."""
        if self._service is not None:
            self._service.terminate()

    def stopped(self, seconds: float) -> Ended | None:
        """Wait until the service ended; None if it did not."""
        return self._service.wait(seconds) if self._service is not None else None

    def kill(self) -> None:
        """End the service at once."""
        if self._service is not None:
            self._service.kill()

    @property
    def running(self) -> bool:
        """Whether the service runs."""
        return self._service is not None and self._service.running

    # -- its database -------------------------------------------------------------------------------------------------

    def take_database_away(self) -> None:
        """End the service's connections and let no new one come about."""
        (self._server.sockets / _SOCKET).rename(self._server.sockets / "hidden")
        with self._server.connect() as admin:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (LOGIN,))

    def give_database_back(self) -> None:
        """Let connections come about again."""
        hidden = self._server.sockets / "hidden"
        if hidden.exists():
            hidden.rename(self._server.sockets / _SOCKET)

    # -- its own tests ------------------------------------------------------------------------------------------------

    def own_tests(self, seconds: float) -> tuple[Ended | None, str]:
        """Run the service's own tests in the box; return how they ended and what they printed."""
        url = f"postgresql://{OWNER}@/postgres?host={self._server.sockets}"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=line", "-x"]
        tests = self._box.start(
            command, folder=self.folder, sockets=[self._server.sockets],
            environment={"TEST_DATABASE_URL": url, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                         "PYTHONDONTWRITEBYTECODE": "1"},
            limits=Limits(seconds=seconds),
        )  # fmt: skip
        ended = tests.wait(seconds + 5)
        return ended, tests.log()


def _last_words(log: str) -> str:
    lines = [line for line in log.strip().splitlines() if line.strip()]
    return " · ".join(lines[-2:])[:400]
