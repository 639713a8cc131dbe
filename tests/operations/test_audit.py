"""The audit log: whoever edits, removes, puts in or cuts off entries is found by the command, while the bot runs."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from bot.app.cli import app
from bot.domain.event import AuditEvent
from bot.services.ports import Tx
from storage.audit_verification import chains
from tests.support.databases import migrated_file
from tests.support.services import World, world_at


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with world_at(migrated_file(tmp_path / "eipas.db"), tmp_path) as made:
        yield made


def command(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    monkeypatch.setenv("EIPAS_DATA_DIR", str(folder))
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.output.replace("\n", " ")


def verify(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    return command(folder, monkeypatch, "audit", "verify", *arguments)


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "eipas.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("UPDATE event SET actor = 'U0MALLORY1' WHERE seq = 2", 2),
        ("UPDATE event SET data = '{}' WHERE seq = 1", 1),
        ("DELETE FROM event WHERE seq = 2", 2),
        ("UPDATE event SET seq = -1 WHERE seq = 1", 1),
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
    assert (code, f"{evaluation.id}: entry {entry} " in output) == (1, True), output


async def test_one_of_many_is_verified_by_its_beginning(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in one evaluation's log does not touch another's; what is not there is said to be not there."""
    first, second = await world.start(), await world.start()
    change(tmp_path, f"UPDATE event SET kind = 'x' WHERE evaluation_id = '{first.id}' AND seq = 1")
    assert verify(tmp_path, monkeypatch, first.id[:8])[0] == 1
    assert verify(tmp_path, monkeypatch, second.id)[0] == 0
    assert verify(tmp_path, monkeypatch, "ev_nothing")[0] != 0


async def test_a_cut_end_is_found(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries cut off the end are missed, also if all are gone, and also after more was written behind the cut."""
    evaluation, other = await world.to_run(), await world.start()
    (whole,) = chains(f"sqlite:///{tmp_path / 'eipas.db'}", evaluation.id)
    change(tmp_path, f"DELETE FROM event WHERE evaluation_id = '{evaluation.id}' AND seq >= {whole.length - 1}")
    code, output = verify(tmp_path, monkeypatch)
    assert (code, f"entry {whole.length - 1} is gone, and all after it" in output) == (1, True), output
    await world.services.runs.stop(world.actor(), evaluation.id)
    code, output = verify(tmp_path, monkeypatch, evaluation.id)
    assert (code, f"entry {whole.length - 1} is not what was written" in output) == (1, True), output
    change(tmp_path, f"DELETE FROM event WHERE evaluation_id = '{other.id}'")
    code, output = verify(tmp_path, monkeypatch, other.id)
    assert (code, "entry 1 is gone" in output) == (1, True), output


async def test_a_log_written_anew_is_found_by_a_note(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who can write the database can make a log that holds in itself; a note kept elsewhere gives the forgery away."""
    evaluation, note = await world.to_run(), tmp_path / "elsewhere.json"
    command(tmp_path, monkeypatch, "audit", "note", str(note))
    await world.services.runs.stop(world.actor(), evaluation.id)
    assert verify(tmp_path, monkeypatch, "--noted", str(note))[0] == 0, "what was appended since does no harm"
    events = await world.database.read(lambda tx: tx.events.all(evaluation.id))
    change(tmp_path, "DELETE FROM event", "DELETE FROM audit_head")
    for event in events:
        forged = replace(event, actor="U0MALLORY1") if event.seq == 2 else event
        await world.database.transaction(partial(append, forged))
    assert verify(tmp_path, monkeypatch)[0] == 0, "the forged chain holds in itself"
    code, output = verify(tmp_path, monkeypatch, "--noted", str(note))
    assert (code, evaluation.id in output) == (1, True), output
    change(
        tmp_path, "DELETE FROM event", "DELETE FROM audit_head", "PRAGMA foreign_keys = OFF", "DELETE FROM evaluation"
    )
    code, output = verify(tmp_path, monkeypatch, "--noted", str(note))
    assert (code, "entry 1 is gone" in output) == (1, True), output


def append(entry: AuditEvent, tx: Tx) -> None:
    tx.events.append(entry)
