"""Rendered services keep their own rules: their tests pass against a real PostgreSQL, lint and types are clean.

Slow, and in an environment of their own, which `EIPAS_SERVICE_PYTHON` names (or it is made once, with `pip`):
`python -m pytest tests/service -m slow_service -n 0`.
"""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from bot.evidence.postgres import PostgresServer
from bot.roles.backend_developer.blueprint import Blueprint
from tests.service.conftest import laid_out
from tests.service.samples import cases, kennel, named, register, shipped, workshop

pytestmark = pytest.mark.slow_service
DESIGNS: dict[str, Callable[[], Blueprint]] = {
    "sample": shipped,
    "kennel": kennel,
    "workshop": workshop,
    "traps": named,
    "register": register,
    **cases(),
}


@pytest.fixture(params=DESIGNS, scope="module")
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rendered service's folder."""
    return laid_out(tmp_path_factory.mktemp(request.param), DESIGNS[request.param])


def run(python: Path, folder: Path, *command: str, **more: str) -> None:
    environment = {**os.environ, **more, "PYTHONPATH": ""}
    done = subprocess.run(
        [python, "-m", *command], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=280
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


def test_its_types_and_lint_are_clean(python: Path, service: Path) -> None:
    """`make lint` passes: ruff, its formatter, and mypy with --strict."""
    run(python, service, "ruff", "check", ".")
    run(python, service, "ruff", "format", "--check", ".")
    run(python, service, "mypy")


def test_its_own_tests_pass(python: Path, service: Path, postgres: PostgresServer) -> None:
    """`make test` passes: contract, access, rules, states, and the migrations' way back."""
    run(python, service, "pytest", TEST_DATABASE_URL=postgres.url)


def test_it_starts_as_its_readme_says(python: Path, service: Path, postgres: PostgresServer) -> None:
    """The commands of the README, word for word but for the installing, bring up a service that is ready."""
    (said,) = re.findall(r"```sh\n(.*?)```", (service / "README.md").read_text(), re.DOTALL)
    first, *commands = said.splitlines()
    assert first.startswith("pip install")
    name = f"readme_{secrets.token_hex(4)}"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ, "PYTHONPATH": "", "PATH": f"{python.parent}:{os.environ['PATH']}", "PORT": str(port),
        "DATABASE_URL": make_conninfo(postgres.url, dbname=name),
    }  # fmt: skip
    log = service / "readme.log"
    with log.open("wb") as out:
        script = ["bash", "-ec", "\n".join(commands)]
        process = subprocess.Popen(script, cwd=service, env=environment, stdout=out, stderr=out, start_new_session=True)
    try:
        assert ready(f"http://127.0.0.1:{port}/readyz", process), log.read_text()[-3000:]
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
        log.unlink()


def ready(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Whether the address answers with 200 within a minute, the process living."""
    for _ in range(600):
        if process.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            time.sleep(0.1)
    return False
