"""The append-only audit log, each entry chained to the one before by its hash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.event import AuditEvent, chained
from storage import tables
from storage.types import decode, encode
from storage.unit_of_work import UnitOfWork
from storage.values import select_of, shallow

_ALL = (
    select(*select_of(AuditEvent, tables.event))
    .where(tables.event.c.evaluation_id == bindparam("of_id"))
    .order_by(tables.event.c.seq)
)
_HEAD = select(tables.audit_head.c.length, tables.audit_head.c.hash).where(
    tables.audit_head.c.evaluation_id == bindparam("of_id")
)
_APPEND = insert(tables.event)


class SqlEvents:
    """See `bot.services.repositories.Events`."""

    __slots__ = ("_session",)

    def __init__(self, session: UnitOfWork) -> None:
        self._session = session

    def append(self, entry: AuditEvent) -> None:
        """Append with the next number and the chained hash; what `entry` says of them is not used."""
        seq, previous = self._session.heads.get(entry.evaluation_id) or self._head(entry.evaluation_id)
        # Hashed as it will be read back, or a tuple or a lone surrogate in it would look like a forgery later.
        data = decode(Mapping[str, Any], encode(Mapping[str, Any], entry.data))
        row = {**shallow(entry, tables.event), "seq": seq + 1, "previous_hash": previous, "data": data}
        row["hash"] = chained(row)
        self._session.change(_APPEND, row)
        self._session.heads[entry.evaluation_id] = row["seq"], row["hash"]

    def all(self, evaluation_id: str) -> tuple[AuditEvent, ...]:
        """In order."""
        return tuple(AuditEvent(**row) for row in self._session.rows(_ALL, {"of_id": evaluation_id}))

    def _head(self, evaluation_id: str) -> tuple[int, str]:
        # Under the evaluation's lock, so that two machines do not give out the same number.
        self._session.lock(evaluation_id)
        row = self._session.row(_HEAD, {"of_id": evaluation_id})
        return (0, "") if row is None else (row["length"], row["hash"])
