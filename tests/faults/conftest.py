"""A private PostgreSQL, databases that nobody has opened yet, and the figures that are printed at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.evidence.postgres import PostgresServer, PostgresUnavailable
from tests.faults.crashing import make_durable

Figures = Callable[[str], None]
_FIGURE = "figure"


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Figures:
    """Takes a line about what was measured, for the end of the run."""
    return partial(record_property, _FIGURE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured, also where all went well, and where another process measured it."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, line in report.user_properties if report.when == "call" else ():
                if name == _FIGURE:
                    terminalreporter.write_line(f"figure: {line}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all that stands in this folder, so that `make test` leaves it to `make faults`."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("faults")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        server.start()
    except PostgresUnavailable as absent:
        pytest.skip(str(absent))
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    created = postgres.create_database()
    make_durable(postgres.url_of(created.name))
    yield postgres.url_of(created.name)
    postgres.drop_database(created.name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/eipas.db"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found
