"""Released schemas stay as they were, and every one of them is brought up to date with all that is in it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from bot.domain.event import AuditEvent, first_broken
from bot.domain.gate import GateState
from bot.services.ports import Tx
from storage.audit_verification import chains
from storage.diagnostics import opened as opened_engine
from storage.engines import parse
from storage.schema_upgrade import VERSION_TABLE, migrate, scripts
from storage.tables import metadata
from tests.storage.conftest import Opener
from tests.storage.freezing import RELEASED

REVISIONS = sorted({file.name.split(".")[0] for file in RELEASED.glob("*.sql")})


@pytest.fixture(params=["fresh_sqlite_url", "fresh_postgres_url"])
def fresh_url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(request.param)
    return found


def load(url: str, revision: str) -> None:
    """Make an empty database what a released version left behind."""
    parsed = parse(url)
    dump = (RELEASED / f"{revision}.{parsed.get_backend_name()}.sql").read_text(encoding="utf-8")
    if parsed.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(parsed.database))) as connection:
            connection.executescript(dump)
        return
    with psycopg.connect(
        parsed.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
    ) as served:
        served.execute("SET timezone = 'UTC'")
        served.execute(dump)  # type: ignore[call-overload]  # ours, not somebody's words


def shape(engine: Engine) -> dict[str, Any]:
    """Tables with their columns, keys and indexes, as the database itself tells of them."""
    look = inspect(engine)
    return {
        table: (
            [{**column, "type": str(column["type"])} for column in look.get_columns(table)],
            look.get_pk_constraint(table)["constrained_columns"],
            *(sorted(_plain(found)) for found in (look.get_foreign_keys(table), look.get_indexes(table))),
            sorted(_plain(look.get_unique_constraints(table))),
        )
        for table in look.get_table_names()
    }


def _plain(found: Iterable[Any]) -> list[str]:
    """As text: the condition of a partial index is an object that equals none but itself."""
    return [json.dumps(one, sort_keys=True, default=str) for one in found]


def test_the_first_schema_is_frozen() -> None:
    """Each revision up to the last released one is frozen on both databases, and the first is among them."""
    assert REVISIONS[0] == "0001"
    known = [script.revision for script in scripts().walk_revisions()][::-1]
    assert known[: len(REVISIONS)] == REVISIONS
    for revision in REVISIONS:
        assert len(list(RELEASED.glob(f"{revision}.*.sql"))) == 2


@pytest.mark.parametrize("revision", REVISIONS)
def test_released_revisions_make_what_they_made(fresh_url: str, revision: str, tmp_path: Path) -> None:
    """Run from empty, the revisions up to a released one make its very tables still: nobody edited one afterwards."""
    with opened_engine(fresh_url) as made:
        migrate(made, revision)
        now = shape(made)
    if made.dialect.name == "sqlite":
        fresh_url = f"sqlite:///{tmp_path / 'released.db'}"
    else:
        with psycopg.connect(
            parse(fresh_url).set(drivername="postgresql").render_as_string(hide_password=False)
        ) as connection:
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    load(fresh_url, revision)
    with opened_engine(fresh_url) as released:
        assert shape(released) == now


@pytest.mark.parametrize("revision", REVISIONS)
async def test_released_databases_are_brought_up_to_date(fresh_url: str, revision: str, opened: Opener) -> None:
    """A database of a released version opens with today's tables; what was decided in it stands, its logs hold, and
    the evaluation that was under way goes on."""
    load(fresh_url, revision)
    database = await opened(fresh_url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, metadata) == []
    found = await database.read(lambda tx: tx.evaluations.listing("T0LOCAL001", open_only=False))
    ids = {evaluation.title: evaluation.id for evaluation in found}
    decided = await database.read(lambda tx: tx.dossier(ids["Decided"]))
    assert decided.evaluation.state == "done"
    assert {gate.state for gate in decided.gates} == {GateState.APPROVED}
    report = next(file for i in decided.iterations for file in i.files if file.name.endswith(".json"))
    assert (await database.read(lambda tx: tx.files.get(report.sha256))).startswith(b"{")
    begun = await database.read(lambda tx: tx.dossier(ids["Begun"]))
    assert begun.questions[0].answers[-1].text == "A reply with ümläuts, 'quotes' and 💡"
    assert [chain.broken_at for chain in chains(fresh_url)] == [None, None]
    await database.transaction(lambda tx: tx.events.append(upgraded(tx, ids["Begun"])))
    assert first_broken(await database.read(lambda tx: tx.events.all(ids["Begun"]))) is None
    assert [chain.broken_at for chain in chains(fresh_url)] == [None, None]


def upgraded(tx: Tx, evaluation_id: str) -> AuditEvent:
    return AuditEvent(evaluation_id=evaluation_id, kind="upgraded", actor="U1", at=tx.now)
