"""Which processes work on a shared database: a row with a sign of life for each, judged by the database's clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, and_, bindparam, case, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.surface import INTERRUPTED, SurfaceKind, unsure
from storage.engines import transaction_on
from storage.tables import machine, posted, surface

_REAPER_LOCK = 0x65697061_74
"""Any number, as long as it is ours and not the migration's: of several machines one reaps at a time."""

_NOW = func.clock_timestamp()
_BEAT = insert(machine).values(name=bindparam("of_name"), beat_at=_NOW)
_BEAT = _BEAT.on_conflict_do_update(index_elements=[machine.c.name], set_={"beat_at": _NOW})
_LEASE = func.make_interval(0, 0, 0, 0, 0, 0, bindparam("lease_s"))
_BURY = delete(machine).where(machine.c.beat_at < _NOW - _LEASE).returning(machine.c.name)
_LEAVE = delete(machine).where(machine.c.name == bindparam("of_name"))
_ALIVE = select(machine.c.name)
_PLACE = (surface.c.kind, surface.c.team, surface.c.owner)
_IS_SOUND_HOME = and_(surface.c.kind == SurfaceKind.HOME, surface.c.problem == "")
_FREE = (
    update(surface)
    .values(worker=None, lease_until=None, problem=case((_IS_SOUND_HOME, INTERRUPTED), else_=surface.c.problem))
    .returning(*(column.label(f"of_{column.name}") for column in _PLACE))
)
_DOUBT = (
    update(posted)
    .where(
        posted.c.surface == bindparam("of_kind"), posted.c.team == bindparam("of_team"),
        posted.c.owner == bindparam("of_owner"), posted.c.kind == "message", posted.c.state == "posted",
    )
    .values(digest=bindparam("doubt"))
)  # fmt: skip


class Machines:
    """This machine among those that share the database.

    All methods block, are safe from any thread, and raise StorageUnavailable.

    A SQLite file has one process, which the file's lock makes sure of: there every other name is one of the past.
    `settle_s` is how long after a machine's end what it had sent may still take effect in Slack.
    """

    def __init__(self, engine: Engine, name: str, lease_s: float, settle_s: float = 10.0) -> None:
        self._engine = engine
        self.alone = engine.dialect.name == "sqlite"
        self.name, self.lease_s, self._settle_time = name, lease_s, timedelta(seconds=settle_s)

    def join(self) -> None:
        """Become known as alive, before any work is taken."""
        if self.alone:
            with transaction_on(self._engine) as connection:
                self._free(connection)
        else:
            self.beat()

    def beat(self) -> None:
        """Give a sign of life."""
        if not self.alone:
            with transaction_on(self._engine) as connection:
                connection.execute(_BEAT, {"of_name": self.name})

    @contextmanager
    def reaping(self) -> Iterator[frozenset[str] | None]:
        """Yield the names of the machines alive once the dead are gone; None if another machine is just at it.

        What the dead held of Slack's surfaces is free again. If the body raises they count as dead still, so that the
        next one tries again.
        """
        if self.alone:
            yield frozenset({self.name})
            return
        with transaction_on(self._engine) as connection:
            if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(:id)"), {"id": _REAPER_LOCK}):
                yield None
                return
            dead = list(connection.scalars(_BURY, {"lease_s": self.lease_s}))
            if dead:
                self._free(connection, dead)
            yield frozenset(connection.scalars(_ALIVE))

    def leave(self) -> None:
        """Say that this machine is gone and holds nothing any more, so that nobody waits for its lease to end."""
        with transaction_on(self._engine) as connection:
            self._free(connection, [self.name])
            if not self.alone:
                connection.execute(_LEAVE, {"of_name": self.name})

    def _free(self, connection: Connection, names: Sequence[str] | None = None) -> None:
        """Let go of the surfaces that these machines, or any, were bringing in step.

        Which of their messages was just being updated, and what it shows now, nobody recorded: all are in doubt. A Home
        tab has no messages; its doubt is its problem.
        """
        held = surface.c.worker.is_not(None) if names is None else surface.c.worker.in_(names)
        doubt = unsure(datetime.now(UTC) + self._settle_time)
        freed = [{**row, "doubt": doubt} for row in connection.execute(_FREE.where(held)).mappings()]
        if freed:
            connection.execute(_DOUBT, freed)
