"""Runs with their transcript and small memories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.design import Brief
from bot.domain.errors import NotFound
from bot.domain.proposal import Proposal
from bot.domain.run import Run, RunState
from bot.domain.surface import SurfaceId, SurfaceKind
from storage import tables
from storage.content_store import keep, read
from storage.unit_of_work import UnitOfWork
from storage.values import select_of, shallow

_COLUMNS = select_of(Run, tables.run)
_GET = select(*_COLUMNS).where(tables.run.c.id == bindparam("run_id"))
_BRIEF = select(tables.run.c.brief).where(tables.run.c.id == bindparam("run_id"))
_ALL = (
    select(*_COLUMNS)
    .where(tables.run.c.evaluation_id == bindparam("of_id"))
    .order_by(tables.run.c.iteration, tables.run.c.attempt)
)
_UNFINISHED = (
    select(*_COLUMNS)
    .where(
        tables.run.c.state.in_([RunState.QUEUED, RunState.RUNNING, RunState.PARKED]),
        or_(tables.run.c.state != RunState.PARKED, tables.run.c.wake_at.is_not(None)),
    )
    .order_by(tables.run.c.created_at, tables.run.c.id)
)
_ADD = insert(tables.run)
_SAVE = update(tables.run).where(tables.run.c.id == bindparam("of_run"))
_TEAM = select(tables.evaluation.c.team).where(tables.evaluation.c.id == bindparam("of_id"))

_STEPS = select(tables.step.c.body).where(tables.step.c.run_id == bindparam("of_run")).order_by(tables.step.c.seq)
_LAST_STEP = select(func.max(tables.step.c.seq)).where(tables.step.c.run_id == bindparam("of_run"))
_APPEND = insert(tables.step)

_REMEMBER = insert(tables.memory).on_conflict_do_nothing()
_RECALL = select(tables.memory.c.value).where(
    tables.memory.c.run_id == bindparam("of_run"), tables.memory.c.key == bindparam("of_key")
)

_MEMORIES = (
    select(tables.memory.c.key, tables.memory.c.value)
    .where(tables.memory.c.run_id == bindparam("of_run"))
    .order_by(tables.memory.c.key)
)


class SqlRuns:
    """See `bot.services.repositories.Runs`."""

    __slots__ = ("_session",)

    def __init__(self, session: UnitOfWork) -> None:
        self._session = session

    def add(self, run: Run, brief: Brief) -> None:
        """Store a new run with what it designs from, and mark its thread."""
        self._session.change(_ADD, {**shallow(run, tables.run), "brief": keep(self._session, Brief, brief)})
        self._want(run)

    def get(self, run_id: str) -> Run:
        """Return it, or raise NotFound."""
        row = self._session.row(_GET, {"run_id": run_id})
        if row is None:
            raise _absent(run_id)
        return Run(**row)

    def save(self, run: Run) -> None:
        """Store it and mark its thread; the evaluation's version stays. Raises NotFound."""
        row = shallow(run, tables.run)
        del row["id"]
        if not self._session.change(_SAVE, {"of_run": run.id, **row}):
            raise _absent(run.id)
        self._want(run)

    def brief(self, run_id: str, proposal_type: type[Proposal]) -> Brief:
        """Return what it designs from, or raise NotFound."""
        digest = self._session.scalar(_BRIEF, {"run_id": run_id})
        if digest is None:
            raise _absent(run_id)
        found: Brief = read(self._session, Brief, digest, proposal_type)
        return found

    def all(self, evaluation_id: str) -> tuple[Run, ...]:
        """By iteration and attempt."""
        return tuple(Run(**row) for row in self._session.rows(_ALL, {"of_id": evaluation_id}))

    def unfinished(self) -> tuple[Run, ...]:
        """Queued, running or parked with a wake_at: for the watchdog."""
        return tuple(Run(**row) for row in self._session.rows(_UNFINISHED))

    def steps(self, run_id: str) -> tuple[Mapping[str, Any], ...]:
        """Return the transcript, the oldest first."""
        return tuple(self._session.column(_STEPS, {"of_run": run_id}))

    def append(self, run_id: str, steps: Sequence[Mapping[str, Any]]) -> None:
        """Append to the transcript. Two who append at once collide on the number, and one of them gets Stale."""
        first = (self._session.scalar(_LAST_STEP, {"of_run": run_id}) or 0) + 1
        rows = [{"run_id": run_id, "seq": seq, "body": body} for seq, body in enumerate(steps, first)]
        if rows:
            self._session.change(_APPEND, rows)

    def remember(self, run_id: str, key: str, value: Mapping[str, Any]) -> None:
        """First write wins."""
        self._session.change(_REMEMBER, {"run_id": run_id, "key": key, "value": value})

    def recall(self, run_id: str, key: str) -> Mapping[str, Any] | None:
        """Return what was remembered under that key."""
        found: Mapping[str, Any] | None = self._session.scalar(_RECALL, {"of_run": run_id, "of_key": key})
        return found

    def memories(self, run_id: str) -> Mapping[str, Mapping[str, Any]]:
        """Return everything that was remembered, by its key."""
        return {row["key"]: row["value"] for row in self._session.rows(_MEMORIES, {"of_run": run_id})}

    def _want(self, run: Run) -> None:
        team = self._session.scalar(_TEAM, {"of_id": run.evaluation_id})
        self._session.want(SurfaceId(kind=SurfaceKind.THREAD, team=team, owner=run.evaluation_id))


def _absent(run_id: str) -> NotFound:
    return NotFound(what="run", name=run_id, hint="The thread shows the runs there were.")
