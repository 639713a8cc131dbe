"""Reading across all evaluations, for those who run the bot: what waits, and whether the audit log is whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, or_, select
from sqlalchemy.exc import DBAPIError

from bot.domain.event import AuditEvent, first_broken
from bot.domain.queue_statistics import QueueStatistics
from bot.domain.run import RunState
from storage import tables
from storage.engines import parse, postgres_engine, sqlite_engine, transaction_on
from storage.errors import in_words
from storage.values import select_of
from storage.workflows import oldest_enqueued

_BEHIND = tables.surface.c.wanted > tables.surface.c.synced
_OLDEST = select(func.min(tables.surface.c.wanted_at)).where(_BEHIND)
_SPENT = select(func.coalesce(func.sum(func.coalesce(tables.ledger.c.usd, tables.ledger.c.estimate_usd)), 0.0))
_MACHINES = select(func.count()).select_from(tables.machine)
_EVENTS = (
    select(*select_of(AuditEvent, tables.event))
    .where(tables.event.c.evaluation_id == bindparam("of_id"))
    .order_by(tables.event.c.seq)
)
_HEAD = select(tables.audit_head).where(tables.audit_head.c.evaluation_id == bindparam("of_id"))


def queue_statistics(engine: Engine) -> QueueStatistics:
    """Count what waits. Raises StorageUnavailable."""
    now = datetime.now(UTC)
    run, surface, timer = tables.run.c, tables.surface.c, tables.timer.c
    with transaction_on(engine) as connection:
        return QueueStatistics(
            at=now,
            behind=_counts(connection, [surface.kind, surface.problem], _BEHIND),
            runs=_counts(connection, [run.state]),
            evaluations=_counts(connection, [tables.evaluation.c.state]),
            oldest={
                "surfaces": connection.scalar(_OLDEST.where(surface.problem == "")),
                "surfaces_in_trouble": connection.scalar(_OLDEST.where(surface.problem != "")),
                "runs": connection.scalar(select(func.min(run.created_at)).where(run.state == RunState.QUEUED)),
                "work": oldest_enqueued(connection),
                "timers": connection.scalar(select(func.min(timer.at)).where(timer.at <= now)),
            },
            spent_usd=float(connection.scalar(_SPENT) or 0.0),
            # A SQLite file has one process, which keeps no row of itself.
            machines=int(connection.scalar(_MACHINES) or 1),
        )


def _counts(connection: Connection, columns: Sequence[Any], *where: Any) -> dict[tuple[str, ...], int]:
    rows = connection.execute(select(*columns, func.count()).where(*where).group_by(*columns))
    return {tuple(map(str, names)): int(count) for *names, count in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One evaluation's audit log: its length, its last hash, and the first entry that does not fit, if one does not."""

    evaluation_id: str
    length: int
    last_hash: str
    broken_at: int | None


Noted = Mapping[str, tuple[int, str]]
"""Length and last hash of each evaluation's log, as they were noted outside the database."""


def chains(url: str, prefix: str = "", noted: Noted | None = None) -> Iterator[Chain]:
    """Check the audit log of every evaluation whose id begins with `prefix`, while the bot runs or not.

    A log must end where `audit_head` says, and must still hold the entries that were `noted`.

    Raises:
        ConfigurationError: the URL names no database of ours.
        StorageUnavailable: it cannot be read.
    """
    engine, before = _reader(url), noted or {}
    try:
        with engine.connect() as connection:
            known = set(connection.scalars(_ids(prefix)).all())
            connection.rollback()
            for evaluation_id in sorted(known | {one for one in before if one.startswith(prefix)}):
                yield _chain(connection, evaluation_id, before.get(evaluation_id))
    except DBAPIError as problem:
        raise in_words(problem) from problem
    finally:
        engine.dispose()


def entries(url: str, evaluation_id: str) -> tuple[AuditEvent, ...]:
    """Return one evaluation's audit log in order, empty where there is none. Raises as `chains` does."""
    engine = _reader(url)
    try:
        with engine.connect() as connection:
            rows = connection.execute(_EVENTS, {"of_id": evaluation_id}).mappings()
            return tuple(AuditEvent(**row) for row in rows)
    except DBAPIError as problem:
        raise in_words(problem) from problem
    finally:
        engine.dispose()


def _chain(connection: Connection, evaluation_id: str, noted: tuple[int, str] | None) -> Chain:
    # Of one moment: the bot may append between two looks.
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
    rows = connection.execute(_EVENTS, {"of_id": evaluation_id}).mappings()
    entries = [AuditEvent(**row) for row in rows]
    head = connection.execute(_HEAD, {"of_id": evaluation_id}).one_or_none()
    connection.rollback()
    ends = [(int(head.length), str(head.hash)) if head is not None else (0, ""), *([noted] if noted else [])]
    return Chain(
        evaluation_id=evaluation_id,
        length=len(entries),
        last_hash=entries[-1].hash if entries else "",
        broken_at=first_broken(entries) or _missed(entries, ends[0], exact=True) or _missed(entries, ends[-1]),
    )


def _missed(entries: list[AuditEvent], end: tuple[int, str], *, exact: bool = False) -> int | None:
    """Return the first entry that is not what an end says: cut off, put on behind it, or another one in its place."""
    length, last = end
    if len(entries) < length or (exact and len(entries) > length):
        return min(len(entries), length) + 1
    return length if length and entries[length - 1].hash != last else None


def _ids(prefix: str) -> Any:
    # All three are asked: entries without an evaluation, or an evaluation without entries, are findings, too.
    logged = select(tables.event.c.evaluation_id), select(tables.audit_head.c.evaluation_id)
    known = select(tables.evaluation.c.id).union(*logged).subquery()
    begins = known.c.id.startswith(prefix, autoescape=True)
    return select(known.c.id).where(or_(begins, known.c.id == prefix)).order_by(known.c.id)


def _reader(url: str) -> Engine:
    parsed = parse(url)
    if parsed.get_backend_name() == "sqlite":
        return sqlite_engine(parsed, read_only=True)
    return postgres_engine(parsed).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
