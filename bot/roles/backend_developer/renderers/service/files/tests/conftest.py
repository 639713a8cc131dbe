"""A database of its own, the service on a free port, and the world around it.

`TEST_DATABASE_URL` is a PostgreSQL in which databases and roles may be made: `docker compose up -d database`.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from psycopg.conninfo import make_conninfo

from app.migrate import up
from tests.trials import TRIALS
from tests.world import CERTIFICATE_HEADER, SECRET, World

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A fresh database with the migrations in it."""
    admin = os.environ.get("TEST_DATABASE_URL", "postgresql://postgres:postgres@localhost:5432/postgres")
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = make_conninfo(admin, dbname=name)
    up(url)
    yield url
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The service, running."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    folder = tmp_path_factory.mktemp("service")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False)
    made = World(database_url, http, key)
    made.settle()
    (folder / "key.pem").write_bytes(made.public_key())
    (folder / "private.pem").write_bytes(made.private_key())
    signed = {trial.operation: {made.tenants[0] or "*": SECRET} for trial in TRIALS if trial.access == "signed"}
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "TOKEN_PUBLIC_KEY_FILE": str(folder / "key.pem"),
        "TOKEN_PRIVATE_KEY_FILE": str(folder / "private.pem"),
        "CLIENT_CERTIFICATE_HEADER": CERTIFICATE_HEADER,
        "RATE_LIMIT_PER_MINUTE": "1000000",
        "WEBHOOK_SECRETS": json.dumps(signed),
        "LOG_LEVEL": "WARNING",
        "WORKER": "false",
    }
    command = [sys.executable, "-m", "uvicorn", "--factory", "app.main:create_app", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        service = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _await(http, service, folder / "log")
        yield made
    finally:
        service.terminate()
        code = service.wait(20)
    print((folder / "log").read_text()[-4000:])
    assert code in (0, -15), "the service did not stop by itself"


def _await(http: httpx.Client, service: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if service.poll() is not None:
            pytest.fail(log.read_text()[-3000:])
        try:
            if http.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    pytest.fail("the service is not ready after 30 s")
