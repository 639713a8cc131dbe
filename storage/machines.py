"""Which processes work on a shared database: a row with a heartbeat for each, judged by the database's clock."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from storage.engines import transaction_on
from storage.surface_leases import free_surfaces
from storage.tables import machine

_NOW = func.clock_timestamp()
_BEAT = insert(machine).values(name=bindparam("of_name"), beat_at=_NOW)
_BEAT = _BEAT.on_conflict_do_update(index_elements=[machine.c.name], set_={"beat_at": _NOW})
_LEASE = func.make_interval(0, 0, 0, 0, 0, 0, bindparam("lease_s"))
_EXPIRE = delete(machine).where(machine.c.beat_at < _NOW - _LEASE).returning(machine.c.name)
_LEAVE = delete(machine).where(machine.c.name == bindparam("of_name"))
_ALIVE = select(machine.c.name)


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
                free_surfaces(connection, self._settle_time)
        else:
            self.beat()

    def beat(self) -> None:
        """Give a heartbeat."""
        if not self.alone:
            with transaction_on(self._engine) as connection:
                connection.execute(_BEAT, {"of_name": self.name})

    def alive(self) -> frozenset[str]:
        """Return the names of the machines alive; what the others held of Slack's surfaces is free again."""
        if self.alone:
            return frozenset({self.name})
        with transaction_on(self._engine) as connection:
            if expired := list(connection.scalars(_EXPIRE, {"lease_s": self.lease_s})):
                free_surfaces(connection, self._settle_time, expired)
            return frozenset(connection.scalars(_ALIVE))

    def leave(self) -> None:
        """Say that this machine is gone and holds nothing any more, so that nobody waits for its lease to end."""
        with transaction_on(self._engine) as connection:
            free_surfaces(connection, self._settle_time, [self.name])
            if not self.alone:
                connection.execute(_LEAVE, {"of_name": self.name})
