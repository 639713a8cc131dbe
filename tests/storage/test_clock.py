"""A SQLite on which DBOS would begin no work is refused at the start, and the doctor says so."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.diagnostic import Severity
from bot.domain.errors import ConfigurationError
from storage import open_database
from storage.diagnostics import examine_database
from storage.sqlite import clock
from tests.storage.conftest import Time

OLD = "SELECT NULL"


class Standin:
    """A connection whose SQLite answers the clock's question as it is told to."""

    def __init__(self, real: sqlite3.Connection, answer: str) -> None:
        self._real, self._answer = real, answer

    def execute(self, statement: str) -> sqlite3.Cursor:
        return self._real.execute(self._answer if "unixepoch" in statement else statement)


@pytest.fixture
def real() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        yield connection


@pytest.mark.parametrize("answer", [OLD, "SELECT no_such_function()"])
def test_milliseconds_are_needed_from_python_3_12_on(real: sqlite3.Connection, answer: str) -> None:
    """NULL (below SQLite 3.42) and an unknown function (below 3.38) are refused, by what it answers."""
    without: object = Standin(real, answer)
    clock.require_millisecond_clock(without, python=(3, 11))  # type: ignore[arg-type]
    for python in ((3, 12), (3, 14)):
        with pytest.raises(ConfigurationError, match=r"Python 3\.11, or SQLite 3\.42"):
            clock.require_millisecond_clock(without, python=python)  # type: ignore[arg-type]
        clock.require_millisecond_clock(Standin(real, "SELECT 1.5"), python=python)  # type: ignore[arg-type]


async def test_the_start_refuses_it_and_the_doctor_says_it(
    tmp_path: Path, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start names reason and mend before it makes a file, and gives the lock back; the doctor has both, too."""
    url = f"sqlite:///{tmp_path}/eipas.db"

    def old(_: sqlite3.Connection) -> None:
        with closing(sqlite3.connect(":memory:")) as memory:
            clock.require_millisecond_clock(Standin(memory, OLD), python=(3, 12))  # type: ignore[arg-type]

    for where in ("storage.sqlite.database", "storage.diagnostics"):
        monkeypatch.setattr(f"{where}.require_millisecond_clock", old)
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="begins no long work"):
            await open_database(url, clock=time).start()
    assert not (tmp_path / "eipas.db").exists()
    (found,) = [one for one in examine_database(url) if one.what == "SQLite"]
    assert found.severity is Severity.ERROR
    assert "begins no long work" in found.detail
    assert "SQLite 3.42" in found.mend
