"""A Python that has a service's packages, a PostgreSQL, and rendered services, for the slow tests."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.evidence.postgres import PostgresServer
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.service import render_service
from tests.service.samples import kennel

FUZZER = "schemathesis>=4.32,<5"


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python in which a service's dependencies are installed."""
    given = os.environ.get("EIPAS_SERVICE_PYTHON")
    if given:
        return Path(given)
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    project = tomllib.loads(render_service(kennel())["pyproject.toml"])["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"], FUZZER]
    subprocess.run([folder / "bin" / "pip", "install", "--quiet", *wanted], check=True)
    return folder / "bin" / "python"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL for the services' tests."""
    with PostgresServer(max_connections=60) as server:
        yield server


def laid_out(folder: Path, design: Callable[[], Blueprint]) -> Path:
    """Render a service into a folder."""
    for name, text in render_service(design()).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder
