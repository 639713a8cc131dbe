"""What was understood before the go of each iteration."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.recap import StoredRecap
from storage import tables
from storage.unit_of_work import UnitOfWork
from storage.values import select_of, shallow

_ALL = (
    select(*select_of(StoredRecap, tables.recap))
    .where(tables.recap.c.evaluation_id == bindparam("of_id"))
    .order_by(tables.recap.c.iteration)
)
_new = insert(tables.recap)
_PUT = _new.on_conflict_do_update(
    index_elements=[tables.recap.c.evaluation_id, tables.recap.c.iteration],
    set_={name: _new.excluded[name] for name in ("subject", "state", "recap", "file_sha256", "reason")},
)


class SqlRecaps:
    """See `bot.services.repositories.Recaps`."""

    __slots__ = ("_session",)

    def __init__(self, session: UnitOfWork) -> None:
        self._session = session

    def put(self, recap: StoredRecap) -> None:
        """Store how the recap of an iteration stands, in place of the one before."""
        self._session.change(_PUT, shallow(recap, tables.recap))

    def all(self, evaluation_id: str) -> tuple[StoredRecap, ...]:
        """By iteration."""
        return tuple(StoredRecap(**row) for row in self._session.rows(_ALL, {"of_id": evaluation_id}))
