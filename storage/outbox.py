"""The transactional outbox: long work, written with the change that calls for it and kept until it has ended.

The workflow engine takes it from here, and is not asked before: what people wait for after a click costs one row, and a
process in which nothing waits need not even load the engine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, bindparam, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.services.ports import Work
from storage.engines import transaction_on
from storage.tables import outbox
from storage.types import Instant
from storage.unit_of_work import UnitOfWork

_MOMENT = bindparam("moment", type_=Instant())
_ADD = insert(outbox).on_conflict_do_nothing()
_ENDED = outbox.c.ended_at.is_not(None)
_OPEN = outbox.c.ended_at.is_(None)
_TAKEN = outbox.c.taken_at.is_not(None)
_ANY_OPEN = select(exists().where(_OPEN))
_HAS_ENDED = select(exists().where(_ENDED, outbox.c.key == bindparam("of_key")))
_KEYS = select(outbox.c.key).where(_OPEN)
_WAITING = (
    select(outbox.c.key, outbox.c.kind, outbox.c.args)
    .where(_OPEN, outbox.c.taken_at.is_(None))
    .order_by(outbox.c.queued_at)
    .with_for_update(skip_locked=True)
)
_OF_KEYS = outbox.c.key.in_(bindparam("keys", expanding=True))
_TAKE = update(outbox).where(_OF_KEYS).values(taken_at=_MOMENT)
_END = update(outbox).where(_OPEN, _OF_KEYS).values(ended_at=_MOMENT).returning(outbox.c.key)
_PRUNE = delete(outbox).where(_ENDED, outbox.c.ended_at < _MOMENT)


class Outbox:
    """All methods block, are safe from any thread, and raise StorageUnavailable; `add` is part of its caller's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @staticmethod
    def add(session: UnitOfWork, work: Work) -> None:
        """Write the work in the caller's open transaction. The same key is never written twice."""
        session.change(_ADD, {"key": work.key, "kind": work.kind, "args": dict(work.args), "queued_at": session.now})

    @contextmanager
    def taking(self) -> Iterator[tuple[Connection, list[Work]]]:
        """Yield what nobody has taken yet, oldest first, and the transaction in which it is taken if the body ends."""
        with transaction_on(self._engine) as connection:
            rows = connection.execute(_WAITING).all()
            yield connection, [Work(kind=kind, id=key.removeprefix(f"{kind}:"), args=args) for key, kind, args in rows]
            if rows:
                connection.execute(_TAKE, {"keys": [row.key for row in rows], "moment": datetime.now(UTC)})

    def any_open(self) -> bool:
        """Whether anything has not ended."""
        with transaction_on(self._engine) as connection:
            return bool(connection.scalar(_ANY_OPEN))

    def has_ended(self, key: str) -> bool:
        """Whether it is recorded that this has ended."""
        with transaction_on(self._engine) as connection:
            return bool(connection.scalar(_HAS_ENDED, {"of_key": key}))

    def open_keys(self, *, taken: bool = False) -> frozenset[str]:
        """Return all that has not ended, or what of it was taken."""
        with transaction_on(self._engine) as connection:
            return frozenset(connection.scalars(_KEYS.where(_TAKEN) if taken else _KEYS))

    def end(self, keys: Collection[str]) -> frozenset[str]:
        """Record that these have ended; return those that were open until now."""
        with transaction_on(self._engine) as connection:
            return frozenset(connection.scalars(_END, {"keys": sorted(keys), "moment": datetime.now(UTC)}))

    def prune(self, older_than: timedelta) -> int:
        """Forget what ended so long ago, and return how much."""
        with transaction_on(self._engine) as connection:
            return connection.execute(_PRUNE, {"moment": datetime.now(UTC) - older_than}).rowcount
