"""Transactions: all or nothing, each alone, each delivery once, and the news of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, text

from bot.domain.errors import ConfigurationError, NotFound, Replayed, Stale
from bot.domain.evaluation import Note
from bot.domain.lifecycle import State
from bot.domain.surface import SurfaceId, SurfaceKind
from bot.services.ports import Tx, Work
from storage import DatabaseInUse, SqlDatabase, StorageUnavailable, open_database
from storage.sqlite.statements import driver
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import Opener, Reports, Time
from tests.support import dossiers
from tests.support.waiting import until

ID = dossiers.evaluation().id
HOME = SurfaceId(kind=SurfaceKind.HOME, team="T1", owner="U1")


def note(name: str) -> Note:
    return Note(id=name, iteration=1, by="U", text=name, at=dossiers.START, ts=name)


async def started(database: SqlDatabase) -> SqlDatabase:
    await database.transaction(lambda tx: tx.evaluations.add(dossiers.evaluation()))
    return database


async def test_failures_do_not_touch_their_neighbours(database: SqlDatabase) -> None:
    """Of 60 transactions at once, those that raise leave nothing behind and those beside them keep everything."""
    await started(database)

    def work(number: int) -> object:
        def fn(tx: Tx) -> int:
            tx.notes.add(ID, note(f"n{number:02}"))
            if number % 3 == 0:
                raise ValueError(number)
            return number

        return fn

    outcomes = await asyncio.gather(*(database.transaction(work(n)) for n in range(60)), return_exceptions=True)
    assert [o if isinstance(o, int) else None for o in outcomes] == [n if n % 3 else None for n in range(60)]
    assert all(isinstance(outcomes[n], ValueError) for n in range(0, 60, 3))
    kept = {found.id for found in await database.read(lambda tx: tx.notes.all(ID))}
    assert kept == {f"n{n:02}" for n in range(60) if n % 3}


async def test_a_delivery_counts_once(database: SqlDatabase) -> None:
    """Of twenty copies of one Slack delivery one is handled and the others are told so."""
    await started(database)

    def fn(tx: Tx) -> None:
        tx.evaluations.save(tx.evaluations.get(ID))

    copies = (database.transaction(fn, delivery="Ev1") for _ in range(20))
    outcomes = await asyncio.gather(*copies, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Replayed) for outcome in outcomes) == 19
    assert (await database.read(lambda tx: tx.evaluations.get(ID))).version == 2


async def test_a_failed_delivery_may_come_again(database: SqlDatabase) -> None:
    """A delivery whose transaction raised leaves no inbox row, so that Slack's retry is handled."""
    await started(database)

    def broken(tx: Tx) -> None:
        raise NotFound(what="gate", name="g", hint="")

    with pytest.raises(NotFound):
        await database.transaction(broken, delivery="Ev1")
    assert await database.transaction(lambda tx: 7, delivery="Ev1") == 7


async def test_old_deliveries_are_forgotten(database: SqlDatabase, time: Time) -> None:
    """Inbox rows older than asked go; younger ones still stop a replay."""
    await database.transaction(lambda tx: None, delivery="old")
    time.passes(days=2)
    await database.transaction(lambda tx: None, delivery="young")
    assert await database.forget_deliveries(dossiers.at(60)) == 1
    await database.transaction(lambda tx: None, delivery="old")
    with pytest.raises(Replayed):
        await database.transaction(lambda tx: None, delivery="young")


async def test_saving_is_a_compare_and_set(database: SqlDatabase, time: Time) -> None:
    """Of many who save the same version one wins; the saved value has the next version and the time of saving."""
    await started(database)
    seen = await database.read(lambda tx: tx.evaluations.get(ID))
    time.passes(minutes=5)
    moved = replace(seen, state=State.AWAITING_GO)
    outcomes = await asyncio.gather(
        *(database.transaction(lambda tx: tx.evaluations.save(moved)) for _ in range(20)), return_exceptions=True
    )
    winners = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    assert winners == [replace(moved, version=2, updated_at=dossiers.at(5))]
    assert all(isinstance(outcome, Stale) for outcome in outcomes if outcome is not winners[0])
    assert await database.read(lambda tx: tx.evaluations.get(ID)) == winners[0]


async def test_locked_readers_take_turns(database: SqlDatabase) -> None:
    """Thirty transactions that read with a lock and save all succeed, one after the other."""
    await started(database)
    await asyncio.gather(
        *(database.transaction(lambda tx: tx.evaluations.save(tx.evaluations.get(ID))) for _ in range(30))
    )
    assert (await database.read(lambda tx: tx.evaluations.get(ID))).version == 31


async def test_marks_are_reported_after_the_commit(database: SqlDatabase, reports: Reports) -> None:
    """A saved evaluation reports its thread and the stakeholders' message; a transaction that raises, nothing."""
    await started(database)
    await until(lambda: reports.kinds == {("thread", ID), ("stakeholders", ID)}, "both marks", 10)
    reports.all.clear()

    def broken(tx: Tx) -> None:
        tx.evaluations.save(tx.evaluations.get(ID))
        raise ValueError

    with pytest.raises(ValueError):
        await database.transaction(broken)
    await asyncio.sleep(0.01)
    assert reports.all == []


async def test_a_read_does_not_write(database: SqlDatabase) -> None:
    """Writing in a read is refused by the database itself."""
    await started(database)
    with pytest.raises(Exception, match="read"):
        await database.read(lambda tx: tx.notes.add(ID, note("n")))
    assert await database.read(lambda tx: tx.notes.all(ID)) == ()


async def test_work_is_enqueued_in_the_same_transaction(database: SqlDatabase) -> None:
    """What the engine writes when work is handed over is undone with the transaction, and kept with it."""
    await started(database)

    def enqueue(session: UnitOfWork, work: Work) -> None:
        session.connection.execute(
            text("INSERT INTO inbox (key, at) VALUES (:key, :at)"), {"key": work.id, "at": "2026-01-01 00:00:00"}
        )

    def broken(tx: Tx) -> None:
        tx.enqueue(Work(kind="run", id="w1"))
        raise ValueError

    with pytest.raises(ConfigurationError):
        await database.transaction(lambda tx: tx.enqueue(Work(kind="run", id="w1")))
    database.set_enqueue(enqueue)
    with pytest.raises(ValueError):
        await database.transaction(broken)
    await database.transaction(lambda tx: tx.enqueue(Work(kind="run", id="w1")))
    with pytest.raises(Replayed):
        await database.transaction(lambda tx: None, delivery="w1")


async def test_commits_reach_the_disk(sqlite: SqlDatabase) -> None:
    """The writer's connection syncs each commit (synchronous FULL = 2), in WAL mode, with foreign keys held."""

    def pragmas(tx: Tx) -> list[object]:
        connection: Connection = tx._session.connection
        return [
            connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("synchronous", "journal_mode", "foreign_keys")
        ]

    assert await sqlite.transaction(pragmas) == [2, "wal", 1]


async def test_other_loops_may_write(sqlite: SqlDatabase) -> None:
    """A caller on another thread's event loop, as the engine's workflows are, gets its answer there."""
    await started(sqlite)

    def elsewhere() -> int:
        return asyncio.run(sqlite.transaction(lambda tx: tx.evaluations.save(tx.evaluations.get(ID)))).version

    assert await asyncio.to_thread(elsewhere) == 2


async def test_one_process_per_file(sqlite: SqlDatabase, sqlite_url: str, time: Time, opened: Opener) -> None:
    """A second opening of a SQLite file is refused in words; after closing it works."""
    second = open_database(sqlite_url, clock=time)
    with pytest.raises(DatabaseInUse, match="in use by another process"):
        await second.start()
    await sqlite.close()
    await opened(sqlite_url)


async def test_a_full_disk_loses_nothing_acknowledged(sqlite: SqlDatabase) -> None:
    """When the file cannot grow, transactions fail in words; what was kept stays, and with room they work again."""
    await started(sqlite)
    await sqlite.transaction(lambda tx: tx.notes.add(ID, note("before")))
    pages = await limit_pages(sqlite, 1)
    big = replace(note("big"), text="x" * 2_000_000)
    outcomes = await asyncio.gather(
        *(sqlite.transaction(lambda tx, n=n: tx.notes.add(ID, replace(big, id=f"big{n}"))) for n in range(5)),
        return_exceptions=True,
    )
    assert all(isinstance(outcome, StorageUnavailable) for outcome in outcomes)
    assert "the disk is full" in str(outcomes[0])
    await limit_pages(sqlite, pages)
    await sqlite.transaction(lambda tx: tx.notes.add(ID, note("after")))
    assert {found.id for found in await sqlite.read(lambda tx: tx.notes.all(ID))} == {"before", "after"}


async def limit_pages(database: SqlDatabase, most: int) -> int:
    """Set how many pages the file may have, never below what it has; returns how many it was."""

    def fn(tx: Tx) -> int:
        connection: Connection = tx._session.connection
        before = connection.exec_driver_sql("PRAGMA max_page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")
        return int(before)

    return await database.transaction(fn)


async def test_a_lost_server_is_an_error_in_words(postgres_url: str, opened: Opener) -> None:
    """Connections that the server ended cost the caller at most words, and the next transactions work."""
    database = await started(await opened(postgres_url))
    await database.transaction(lambda tx: tx.notes.add(ID, note("a")))
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    with database.engine.connect() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
    for name in ("b", "c", "d"):
        try:
            await database.transaction(lambda tx, n=name: tx.notes.add(ID, note(n)))
        except StorageUnavailable:
            continue
    await database.transaction(lambda tx: tx.notes.add(ID, note("e")))
    assert "e" in {found.id for found in await database.read(lambda tx: tx.notes.all(ID))}


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/db", "no url"])
def test_unusable_urls_are_refused(url: str, time: Time) -> None:
    """Only a SQLite file or PostgreSQL is taken, and the refusal says so."""
    with pytest.raises(ConfigurationError, match="sqlite:///path"):
        open_database(url, clock=time)


async def test_a_caller_that_gave_up_harms_nobody(sqlite: SqlDatabase) -> None:
    """Cancelled callers do not disturb the writer, and those beside them are served."""
    await started(sqlite)
    tasks = [
        asyncio.create_task(sqlite.transaction(lambda tx, n=n: tx.notes.add(ID, note(f"n{n}")))) for n in range(20)
    ]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    kept = {found.id for found in await sqlite.read(lambda tx: tx.notes.all(ID))}
    assert kept >= {f"n{n}" for n in range(1, 20, 2)}


async def test_a_folder_that_cannot_be_made_is_an_error_in_words(time: Time) -> None:
    """A database that cannot be created is refused in words."""
    with pytest.raises(StorageUnavailable, match="No such file or directory"):
        await open_database("sqlite:////proc/nowhere/eipas.db", clock=time).start()


async def test_only_what_must_not_be_lost_waits_for_the_disk(opened: Opener, sqlite_url: str) -> None:
    """A transaction that need not be durable syncs nothing; one that must does, and takes others of its group along."""
    database: Any = await opened(sqlite_url)

    async def level(*durable: bool) -> int:
        """How far SQLite went at the last commit: 1 does not wait for the disk, 2 does."""
        await asyncio.gather(*(database.transaction(lambda tx: tx.surfaces.want(HOME), durable=d) for d in durable))
        found: int = driver(database._writer._connection).execute("PRAGMA synchronous").fetchone()[0]
        return found

    assert [await level(True), await level(False), await level(False), await level(True)] == [2, 1, 1, 2]
    assert await level(False, True, False) == 2


async def test_postgres_is_told_what_must_not_be_lost(opened: Opener, migrated_postgres_url: str) -> None:
    """The server answers a commit that need not be durable before its disk has it, and no other."""
    database = await opened(migrated_postgres_url)

    def asked(tx: Any) -> tuple[str, bool]:
        told = text("SELECT setting, source = 'session' FROM pg_settings WHERE name = 'synchronous_commit'")
        setting, by_us = tx._session.connection.execute(told).one()
        return setting, by_us

    before, without, after = [await database.transaction(asked, durable=durable) for durable in (True, False, True)]
    assert without == ("off", True)
    assert not before[1] and not after[1], "whether others wait is the server's own setting"
