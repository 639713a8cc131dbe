"""One real PostgreSQL per test process; it is started by the first test that needs it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.evidence import SharedServer


@pytest.fixture(scope="session")
def server() -> Iterator[SharedServer]:
    """A server that all tests of the process share; each check makes a database of its own on it."""
    shared = SharedServer()
    yield shared
    shared.close()
