"""Rendered services keep their own rules: their tests pass against a real PostgreSQL, lint and types are clean.

Slow, and in an environment of their own, which `EIPAS_SERVICE_PYTHON` names (or it is made once, with `pip`):
`python -m pytest tests/service -m slow_service -n 0`.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.evidence.postgres import PostgresServer
from bot.roles.backend_developer.blueprint import Blueprint
from tests.service.conftest import laid_out
from tests.service.samples import kennel, named, register, shipped, workshop

pytestmark = pytest.mark.slow_service
DESIGNS: dict[str, Callable[[], Blueprint]] = {
    "sample": shipped,
    "kennel": kennel,
    "workshop": workshop,
    "traps": named,
    "register": register,
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
