"""What the repositories of one transaction share: the connection, the time, the marks to report after the commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, case, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import CursorResult

from bot.domain.evaluation import Evaluation
from bot.domain.surface import SurfaceId, SurfaceKind
from storage.contents import Cache
from storage.tables import evaluation, surface

_LOCK = select(evaluation.c.id).where(evaluation.c.id == bindparam("evaluation_id")).with_for_update()

# The dialects' ON CONFLICT are written alike; PostgreSQL's construct compiles on SQLite, so one statement serves both.
_new = insert(surface).values(wanted=1, synced=0, problem="")
_since = case((surface.c.wanted > surface.c.synced, surface.c.wanted_at), else_=_new.excluded.wanted_at)
_WANT = _new.on_conflict_do_update(
    index_elements=[surface.c.kind, surface.c.team, surface.c.owner],
    set_={"wanted": surface.c.wanted + 1, "wanted_at": _since},
)
_WANT_HOMES = (
    update(surface)
    .where(
        surface.c.kind == SurfaceKind.HOME,
        surface.c.team == bindparam("of_team"),
        surface.c.owner.in_(bindparam("users", expanding=True)),
    )
    .values(
        wanted=surface.c.wanted + 1,
        wanted_at=case(
            (surface.c.wanted > surface.c.synced, surface.c.wanted_at),
            else_=bindparam("moment", type_=surface.c.wanted_at.type),
        ),
    )
    .returning(surface.c.owner)
)


class Session:
    """One open transaction on one connection.

    `marks` are the surfaces that will be wanted by it: written once, at its end, however often they were marked.
    `known` are evaluations read under a lock: nobody else can change them until the end.
    """

    __slots__ = ("_homes", "_locked", "_waiting", "cache", "connection", "known", "locks", "marks", "now")

    def __init__(self, connection: Connection, now: datetime, cache: Cache, *, locks: bool) -> None:
        self.connection = connection
        self.now = now
        self.cache = cache
        self.locks = locks
        self.known: dict[str, Evaluation] = {}
        self.marks: set[SurfaceId] = set()
        self._waiting: set[SurfaceId] = set()
        self._homes: dict[str, set[str]] = {}
        self._locked: set[str] = set()

    def execute(
        self, statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run one statement."""
        return self.connection.execute(statement, values)

    def lock(self, evaluation_id: str) -> None:
        """Keep other transactions from changing an evaluation until this one ends; SQLite has one writer anyway."""
        if self.locks and evaluation_id not in self._locked:
            self.execute(_LOCK, {"evaluation_id": evaluation_id})
            self._locked.add(evaluation_id)

    def want(self, place: SurfaceId) -> None:
        """Mark a surface, creating it if it is new."""
        self._waiting.add(place)

    def want_homes(self, team: str, users: Iterable[str]) -> None:
        """Mark the Home tabs that exist."""
        self._homes.setdefault(team, set()).update(users)

    def flush(self) -> None:
        """Write what was marked. Sorted, so that two transactions never wait for each other crosswise."""
        if self._waiting:
            places = sorted(self._waiting, key=lambda place: (place.kind, place.team, place.owner))
            self.execute(
                _WANT, [{"kind": p.kind, "team": p.team, "owner": p.owner, "wanted_at": self.now} for p in places]
            )
            self.marks |= self._waiting
            self._waiting = set()
        for team, users in sorted(self._homes.items()):
            found = self.execute(_WANT_HOMES, {"of_team": team, "users": sorted(users), "moment": self.now}).scalars()
            self.marks.update(SurfaceId(kind=SurfaceKind.HOME, team=team, owner=user) for user in found)
        self._homes = {}
