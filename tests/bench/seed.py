"""Databases full of evaluations: a few made by the real services, then copied row by row under other ids."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.app.jobs.dbos_runtime import DbosRuntime
from bot.domain.evaluation import Dossier
from tests.support.dossiers import ARCHITECT, LEAD, OWNER
from tests.support.services import REVIEWS, World, world_at

CHANNELS = 20
"""A team's: evaluations are spread over them, as Slack's rates are per channel."""

EACH = 25
"""Evaluations of a kind that one owner and the same approvers have: the more evaluations, the more people."""

VOTERS = (LEAD, ARCHITECT)
APPROVERS = dict.fromkeys(("go", *REVIEWS, "iteration_complete"), VOTERS)
_PEOPLE = (OWNER, *VOTERS)
_LEFT_OUT = ("alembic_version", "content", "inbox", "machine", "test_work")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """The evaluations that the copies were made of, as they stood."""

    collecting: Dossier
    in_review: Dossier


def copy_id(name: str, number: int) -> str:
    return f"{name}.{number}"


def channel(number: int) -> str:
    return f"C0BENCH{number % CHANNELS:03}"


def person(user: str, number: int) -> str:
    """Return who has this part in a copy."""
    return f"{user}{number // EACH}"


def thread_ts(number: int) -> str:
    return f"1772500000.{number:06}"


class Seeding:
    """Keeps one database with the originals; every other is a copy of its file, multiplied."""

    def __init__(self, folder: Path) -> None:
        self._origin = folder / "origin.db"
        self.seeds = asyncio.run(self._begin(folder))

    async def _begin(self, folder: Path) -> Seeds:
        async with world_at(f"sqlite:///{self._origin}", folder) as world:
            world.time.now = datetime.now(UTC)
            seeds = Seeds(collecting=await _collecting(world), in_review=await _in_review(world))
            # As in every database that a bot was started on before: only the first start makes DBOS's tables.
            await asyncio.to_thread(DbosRuntime(world.database.engine).migrate)
        with closing(sqlite3.connect(self._origin)) as raw:
            with raw:
                raw.execute("DROP TABLE test_work")
                raw.execute("UPDATE surface SET synced = wanted")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return seeds

    def database(self, data: Path, *, collecting: int = 0, in_review: int = 0) -> None:
        """Write `data`/eipas.db with that many copies of each; `copy_id` names them."""
        data.mkdir(parents=True, exist_ok=True)
        shutil.copy(self._origin, data / "eipas.db")
        with closing(sqlite3.connect(data / "eipas.db")) as raw:
            raw.execute("PRAGMA synchronous = OFF")
            with raw:
                if collecting:
                    _multiply(raw, self.seeds.collecting, collecting)
                if in_review:
                    _multiply(raw, self.seeds.in_review, in_review)
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def _collecting(world: World) -> Dossier:
    started = await world.start(approvers=APPROVERS, needed=2)
    return await world.dossier(started)


async def _in_review(world: World) -> Dossier:
    started = await world.answer_all(await world.start(approvers=APPROVERS, needed=2))
    for voter in VOTERS:
        await world.vote(started, "go", voter)
    await world.work_off()
    return await world.dossier(started)


def _multiply(raw: sqlite3.Connection, dossier: Dossier, count: int) -> None:
    of = dossier.evaluation
    ids = [of.id, *(gate.id for gate in dossier.gates), *(run.id for run in dossier.runs)]
    tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    raw.execute("CREATE TEMP TABLE number AS WITH RECURSIVE n(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n LIMIT ?) "
                "SELECT v FROM n", (count,))  # fmt: skip
    # The evaluation's own row comes first: others refer to it.
    for table in sorted(tables, key=lambda name: (name != "evaluation", name not in {"gate", "run", "question"})):
        if table not in _LEFT_OUT and not table.startswith("sqlite_"):
            _copy(raw, table, ids)
    raw.execute("DROP TABLE number")


def _copy(raw: sqlite3.Connection, table: str, ids: Sequence[str]) -> None:
    """Copy a table's rows of the original once per number, with the number put behind each of its ids."""
    described = raw.execute(f"PRAGMA table_info({table})").fetchall()
    numbered = {name for _, name, kind, _, _, key in described if key and kind == "INTEGER" and name == "id"}
    columns = [name for _, name, *_ in described if name not in numbered]
    texts = {name for _, name, kind, *_ in described if kind in {"TEXT", "VARCHAR"}}
    mine = " OR ".join(f"instr(\"{name}\", '{known}')" for name in columns if name in texts for known in ids)
    if not mine:
        return
    raw.execute(f"CREATE TEMP TABLE original AS SELECT * FROM main.{table} WHERE {mine}")
    found = raw.execute("SELECT * FROM original").fetchall()
    names = [name for _, name, *_ in described]
    values = [_value(table, name, [row[names.index(name)] for row in found], ids) for name in columns]
    listed = ", ".join(f'"{name}"' for name in columns)
    raw.execute(f"INSERT INTO main.{table} ({listed}) SELECT {', '.join(values)} FROM number, original")
    raw.execute("DROP TABLE original")


def _value(table: str, name: str, present: Sequence[object], ids: Sequence[str]) -> str:
    special: Mapping[tuple[str, str], str] = {
        ("evaluation", "channel"): f"printf('C0BENCH%03d', v % {CHANNELS})",
        ("evaluation", "thread_ts"): "printf('%d.%06d', iif(state = 'collecting', 1772500000, 1772400000), v)",
        ("note", "id"): "id || '.' || v",
    }
    if (table, name) in special:
        return special[table, name]
    value = f'"{name}"'
    for known, suffix in (*((name, "'.' || v") for name in ids), *((user, f"(v / {EACH})") for user in _PEOPLE)):
        if any(known in found for found in present if isinstance(found, str)):
            value = f"replace({value}, '{known}', '{known}' || {suffix})"
    return value
