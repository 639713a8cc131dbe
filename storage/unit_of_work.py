"""What the repositories of one transaction share: the connection, the time, the marks to report after the commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, case, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.evaluation import Evaluation
from bot.domain.surface import SurfaceId, SurfaceKind
from storage.content_store import Cache
from storage.dossier_cache import DossierCache
from storage.statements import CoreStatements, Row, Statements, Values
from storage.tables import audit_head, evaluation, involvement, surface

_LOCK = select(evaluation.c.id).where(evaluation.c.id == bindparam("evaluation_id")).with_for_update()

# The dialects' ON CONFLICT are written alike; PostgreSQL's construct compiles on SQLite, so one statement serves both.
_new = insert(surface).values(wanted=1, synced=0, problem="")
_since = case((surface.c.wanted > surface.c.synced, surface.c.wanted_at), else_=_new.excluded.wanted_at)
_WANT = _new.on_conflict_do_update(
    index_elements=[surface.c.kind, surface.c.team, surface.c.owner],
    set_={"wanted": surface.c.wanted + 1, "wanted_at": _since},
)
_ended = insert(audit_head)
_END_CHAIN = _ended.on_conflict_do_update(
    index_elements=[audit_head.c.evaluation_id],
    set_={"length": _ended.excluded.length, "hash": _ended.excluded.hash},
)
_HOMES = (
    update(surface)
    .where(surface.c.kind == SurfaceKind.HOME, surface.c.team == bindparam("of_team"))
    .values(
        wanted=surface.c.wanted + 1,
        wanted_at=case(
            (surface.c.wanted > surface.c.synced, surface.c.wanted_at),
            else_=bindparam("moment", type_=surface.c.wanted_at.type),
        ),
    )
    .returning(surface.c.owner)
)
_INVOLVED = select(involvement.c.user_id).where(involvement.c.evaluation_id == bindparam("of_id"))
_WANT_HOMES_OF = _HOMES.where(surface.c.owner.in_(_INVOLVED))


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process keeps from one transaction to the next, and how it runs statements."""

    contents: Cache = field(default_factory=Cache)
    dossiers: DossierCache = field(default_factory=DossierCache)
    statements: Callable[[Connection], Statements] = CoreStatements


class UnitOfWork:
    """One open transaction on one connection.

    `marks` are the surfaces that will be wanted by it: written once, at its end, however often they were marked.
    `heads` are the ends of the audit chains that it lengthened: number and hash of the last entry.
    `known` are evaluations read under a lock: nobody else can change them until the end.
    """

    __slots__ = (
        "_concerned",
        "_locked",
        "_statements",
        "_waiting",
        "cache",
        "connection",
        "dossiers",
        "heads",
        "known",
        "locks",
        "marks",
        "now",
    )

    def __init__(
        self, connection: Connection, now: datetime, memory: Memory, *, locks: bool = False, snapshot: bool = False
    ) -> None:
        self.connection = connection
        self.now = now
        self.cache = memory.contents
        self.dossiers = memory.dossiers if snapshot else None
        self.locks = locks
        self._statements = memory.statements(connection)
        self.known: dict[str, Evaluation] = {}
        self.heads: dict[str, tuple[int, str]] = {}
        self.marks: set[SurfaceId] = set()
        self._waiting: set[SurfaceId] = set()
        self._concerned: set[tuple[str, str]] = set()
        self._locked: set[str] = set()

    def rows(self, statement: Executable, values: Values | None = None) -> list[Row]:
        """Run a statement and return what it selects or returns."""
        return self._statements.rows(statement, values or {})

    def row(self, statement: Executable, values: Values | None = None) -> Row | None:
        """Run a statement and return its first row, None if it has none."""
        return next(iter(self.rows(statement, values)), None)

    def scalar(self, statement: Executable, values: Values | None = None) -> Any:
        """Run a statement and return the only column of its first row, None if it has none."""
        return next(iter(self.column(statement, values)), None)

    def column(self, statement: Executable, values: Values | None = None) -> list[Any]:
        """Run a statement and return its only column."""
        return [next(iter(row.values())) for row in self.rows(statement, values)]

    def change(self, statement: Executable, values: Values | Sequence[Values]) -> int:
        """Run a statement, once per mapping, and return how many rows it touched."""
        return self._statements.change(statement, values)

    def lock(self, evaluation_id: str) -> None:
        """Keep other transactions from changing an evaluation until this one ends; SQLite has one writer anyway."""
        if self.locks and evaluation_id not in self._locked:
            self.row(_LOCK, {"evaluation_id": evaluation_id})
            self._locked.add(evaluation_id)

    def want(self, place: SurfaceId) -> None:
        """Mark a surface, creating it if it is new."""
        self._waiting.add(place)

    def want_homes_of(self, team: str, evaluation_id: str) -> None:
        """Mark the Home tabs of those an evaluation involves, where they exist."""
        self._concerned.add((team, evaluation_id))

    def flush(self) -> None:
        """Write what was marked. Sorted, so that two transactions never wait for each other crosswise."""
        if self.heads:
            ends = sorted(self.heads.items())
            self.change(_END_CHAIN, [{"evaluation_id": of, "length": length, "hash": h} for of, (length, h) in ends])
        if self._waiting:
            places = sorted(self._waiting, key=lambda place: (place.kind, place.team, place.owner))
            self.change(
                _WANT, [{"kind": p.kind, "team": p.team, "owner": p.owner, "wanted_at": self.now} for p in places]
            )
            self.marks |= self._waiting
            self._waiting = set()
        for team, evaluation_id in sorted(self._concerned):
            found = self.column(_WANT_HOMES_OF, {"of_team": team, "moment": self.now, "of_id": evaluation_id})
            self.marks.update(SurfaceId(kind=SurfaceKind.HOME, team=team, owner=user) for user in found)
        self._concerned = set()
