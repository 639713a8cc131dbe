"""The audit log is chained: whoever edits, removes or puts in an entry is found, by the command, while the bot runs."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from bot.cli import app
from storage.looking import chains
from tests.support.databases import migrated_file
from tests.support.services import World, world_at


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with world_at(migrated_file(tmp_path / "eipas.db"), tmp_path) as made:
        yield made


def verify(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    monkeypatch.setenv("EIPAS_DATA_DIR", str(folder))
    result = CliRunner().invoke(app, ["audit", "verify", *arguments])
    return result.exit_code, result.output


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "eipas.db")) as connection:
        connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("UPDATE event SET actor = 'U0MALLORY1' WHERE seq = 2", 2),
        ("UPDATE event SET data = '{}' WHERE seq = 1", 1),
        ("DELETE FROM event WHERE seq = 2", 2),
        ("UPDATE event SET at = '2020-01-01 00:00:00.000000' WHERE seq = 3", 3),
    ],
)
async def test_changed_entry_is_found(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str, entry: int
) -> None:
    """An untouched log holds; one changed row is named by its evaluation and number, and the exit code is 1."""
    evaluation = await world.to_run()
    assert verify(tmp_path, monkeypatch)[0] == 0
    change(tmp_path, statement)
    code, output = verify(tmp_path, monkeypatch)
    assert (code, f"{evaluation.id}: entry {entry} " in output.replace("\n", " ")) == (1, True), output


async def test_one_of_many_is_verified_by_its_beginning(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in one evaluation's log does not touch another's; what is not there is said to be not there."""
    first, second = await world.start(), await world.start()
    change(tmp_path, f"UPDATE event SET kind = 'x' WHERE evaluation_id = '{first.id}' AND seq = 1")
    assert verify(tmp_path, monkeypatch, first.id[:8])[0] == 1
    assert verify(tmp_path, monkeypatch, second.id)[0] == 0
    assert verify(tmp_path, monkeypatch, "ev_nothing")[0] != 0


async def test_a_cut_end_shows_in_the_last_hash(world: World, tmp_path: Path) -> None:
    """The chain cannot know of entries cut from its end: its last hash, which the command prints, is another then."""
    evaluation = await world.to_run()
    url = f"sqlite:///{tmp_path / 'eipas.db'}"
    (before,) = chains(url, evaluation.id)
    change(tmp_path, f"DELETE FROM event WHERE evaluation_id = '{evaluation.id}' AND seq = {before.length}")
    (after,) = chains(url, evaluation.id)
    assert (after.broken_at, after.length) == (None, before.length - 1)
    assert after.last_hash != before.last_hash
