"""Reading across all evaluations, for those who run the bot: what waits, and whether the audit log is whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, or_, select
from sqlalchemy.exc import DBAPIError

from bot.domain.evaluation import RunState
from bot.domain.event import AuditEvent
from bot.domain.vitals import Vitals
from storage import tables
from storage.engines import parse, postgres_engine, sqlite_engine
from storage.errors import in_words
from storage.repositories.events import first_broken
from storage.values import select_of

_BEHIND = tables.surface.c.wanted > tables.surface.c.synced
_SPENT = select(func.coalesce(func.sum(func.coalesce(tables.ledger.c.usd, tables.ledger.c.estimate_usd)), 0.0))
_EVENTS = select(*select_of(AuditEvent, tables.event)).order_by(tables.event.c.evaluation_id, tables.event.c.seq)


def vitals(engine: Engine) -> Vitals:
    """Count what waits. Raises StorageUnavailable."""
    now = datetime.now(UTC)
    run, surface, timer = tables.run.c, tables.surface.c, tables.timer.c
    try:
        with engine.connect() as connection:
            return Vitals(
                at=now,
                behind=_counts(connection, surface.kind, _BEHIND),
                runs=_counts(connection, run.state),
                evaluations=_counts(connection, tables.evaluation.c.state),
                oldest={
                    "surfaces": connection.scalar(select(func.min(surface.wanted_at)).where(_BEHIND)),
                    "runs": connection.scalar(select(func.min(run.created_at)).where(run.state == RunState.QUEUED)),
                    "timers": connection.scalar(select(func.min(timer.at)).where(timer.at <= now)),
                },
                spent_usd=float(connection.scalar(_SPENT) or 0.0),
            )
    except DBAPIError as problem:
        raise in_words(problem) from problem


def _counts(connection: Connection, column: Any, *where: Any) -> dict[str, int]:
    rows = connection.execute(select(column, func.count()).where(*where).group_by(column))
    return {str(name): int(count) for name, count in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One evaluation's audit log: its length, its last hash, and the first entry that does not fit, if one does not."""

    evaluation_id: str
    length: int
    last_hash: str
    broken_at: int | None


def chains(url: str, prefix: str = "") -> Iterator[Chain]:
    """Check the audit log of every evaluation whose id begins with `prefix`, while the bot runs or not.

    Raises:
        ConfigurationError: the URL names no database of ours.
        StorageUnavailable: it cannot be read.
    """
    engine = _reader(url)
    try:
        with engine.connect() as connection:
            ids = connection.scalars(_ids(prefix)).all()
            for evaluation_id in ids:
                rows = connection.execute(_EVENTS.where(tables.event.c.evaluation_id == evaluation_id)).mappings()
                entries = [AuditEvent(**row) for row in rows]
                yield Chain(
                    evaluation_id=evaluation_id,
                    length=len(entries),
                    last_hash=entries[-1].hash if entries else "",
                    broken_at=first_broken(entries),
                )
    except DBAPIError as problem:
        raise in_words(problem) from problem
    finally:
        engine.dispose()


def _ids(prefix: str) -> Any:
    # Both tables are asked: entries without an evaluation, or an evaluation without entries, are findings, too.
    known = select(tables.evaluation.c.id).union(select(tables.event.c.evaluation_id)).subquery()
    begins = known.c.id.startswith(prefix, autoescape=True)
    return select(known.c.id).where(or_(begins, known.c.id == prefix)).order_by(known.c.id)


def _reader(url: str) -> Engine:
    parsed = parse(url)
    return sqlite_engine(parsed, read_only=True) if parsed.get_backend_name() == "sqlite" else postgres_engine(parsed)
