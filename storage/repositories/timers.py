"""What is due, as rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from bot.services.repositories import Due
from storage import tables
from storage.unit_of_work import UnitOfWork
from storage.values import select_of, shallow

_new = insert(tables.timer)
_SET = _new.on_conflict_do_update(
    index_elements=[tables.timer.c.key],
    set_={name: _new.excluded[name] for name in ("kind", "evaluation_id", "at", "data")},
)
_OF_EVALUATION = tables.timer.c.evaluation_id == bindparam("of_id")
_CANCEL = delete(tables.timer).where(
    _OF_EVALUATION, func.substr(tables.timer.c.key, 1, func.length(bindparam("prefix"))) == bindparam("prefix")
)
_DUE = (
    select(tables.timer.c.key)
    .where(tables.timer.c.at <= bindparam("moment", type_=tables.timer.c.at.type))
    .order_by(tables.timer.c.at, tables.timer.c.key)
    .limit(bindparam("most"))
    # Another machine's claim is stepped over, not waited for; SQLite has one writer and renders nothing here.
    .with_for_update(skip_locked=True)
)
_CLAIM = delete(tables.timer).where(tables.timer.c.key.in_(_DUE)).returning(*select_of(Due, tables.timer))
_NEXT = select(tables.timer.c.at).order_by(tables.timer.c.at).limit(1)


class SqlTimers:
    """See `bot.services.repositories.Timers`."""

    __slots__ = ("_session",)

    def __init__(self, session: UnitOfWork) -> None:
        self._session = session

    def set(self, due: Due) -> None:
        """Insert or move."""
        self._session.change(_SET, shallow(due, tables.timer))

    def cancel(self, evaluation_id: str, prefix: str = "") -> None:
        """Drop those whose key begins with `prefix`."""
        self._session.change(_CANCEL, {"of_id": evaluation_id, "prefix": prefix})

    def claim(self, limit: int = 50) -> tuple[Due, ...]:
        """Take due rows, the earliest first, by deleting them; whoever claims does them in the same transaction."""
        rows = self._session.rows(_CLAIM, {"moment": self._session.now, "most": limit})
        return tuple(sorted((Due(**row) for row in rows), key=lambda due: (due.at, due.key)))

    def next_at(self) -> datetime | None:
        """When the earliest is due."""
        found: datetime | None = self._session.scalar(_NEXT)
        return found
