"""Evaluations by id, thread and person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import NotFound, Stale
from bot.domain.evaluation import Evaluation
from bot.domain.lifecycle import CLOSED
from bot.domain.surface import SurfaceId, SurfaceKind
from storage import tables
from storage.unit_of_work import UnitOfWork
from storage.values import select_of, shallow

_ALL = select(*select_of(Evaluation, tables.evaluation))
_GET = _ALL.where(tables.evaluation.c.id == bindparam("evaluation_id"))
# Not by the index over teams: behind it stand all evaluations of a workspace, while an id and its beginning find one,
# and a person's involvement finds theirs.
_IN_TEAM = func.coalesce(tables.evaluation.c.team, "") == bindparam("of_team")
_BEGINNING = (
    _ALL.where(
        _IN_TEAM,
        tables.evaluation.c.id.between(bindparam("first"), bindparam("last")),
        tables.evaluation.c.id.startswith(bindparam("prefix"), escape="/"),
    )
    .order_by(tables.evaluation.c.id)
    .limit(bindparam("most"))
)
_IN_THREAD = select(tables.evaluation.c.id).where(
    tables.evaluation.c.team == bindparam("of_team"),
    tables.evaluation.c.channel == bindparam("of_channel"),
    tables.evaluation.c.thread_ts == bindparam("of_thread"),
)
_UNPLACED = (
    select(tables.evaluation.c.id)
    .where(
        tables.evaluation.c.team == bindparam("of_team"),
        tables.evaluation.c.channel == bindparam("of_channel"),
        tables.evaluation.c.thread_ts.is_(None),
        tables.evaluation.c.created_at > bindparam("since", type_=tables.evaluation.c.created_at.type),
    )
    .limit(1)
)
_NEWEST = _ALL.order_by(tables.evaluation.c.created_at.desc(), tables.evaluation.c.id.desc()).limit(bindparam("most"))
_OF_TEAM = _NEWEST.where(tables.evaluation.c.team == bindparam("of_team"))
_OF_USER = _NEWEST.join(tables.involvement, tables.involvement.c.evaluation_id == tables.evaluation.c.id).where(
    _IN_TEAM, tables.involvement.c.user_id == bindparam("of_user")
)
_OPEN = tables.evaluation.c.state.not_in(sorted(CLOSED))
_LISTINGS: dict[tuple[bool, bool], Select[tuple[object, ...]]] = {
    (False, False): _OF_TEAM,
    (False, True): _OF_TEAM.where(_OPEN),
    (True, False): _OF_USER,
    (True, True): _OF_USER.where(_OPEN),
}
_ADD = insert(tables.evaluation)
_SAVE = update(tables.evaluation).where(
    tables.evaluation.c.id == bindparam("of_id"), tables.evaluation.c.version == bindparam("of_version")
)
_SET_THREAD = update(tables.evaluation).where(tables.evaluation.c.id == bindparam("of_id"))
_OF_WORKSPACE = (
    tables.evaluation.c.workspace == bindparam("of_workspace"),
    tables.evaluation.c.role == bindparam("of_role"),
)
_HIGHEST = select(func.max(tables.evaluation.c.iteration)).where(*_OF_WORKSPACE)
_HIGHEST_KEPT = select(func.max(tables.iteration.c.number)).join(tables.evaluation).where(*_OF_WORKSPACE)
_ONE_AT_A_TIME = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name"), 0)))
_BEYOND = "z" * 32
"""Put behind a beginning, it sorts after all ids that begin so, in every collation: they are digits and letters."""

_INVOLVE = insert(tables.involvement).on_conflict_do_nothing()
_UNINVOLVE = delete(tables.involvement).where(tables.involvement.c.evaluation_id == bindparam("of_id"))


def involved(evaluation: Evaluation) -> list[str]:
    """Return the owner and everyone who may decide one of the gates, each once."""
    return sorted({evaluation.owner, *(user for users in evaluation.approvers.values() for user in users)})


class SqlEvaluations:
    """See `bot.services.repositories.Evaluations`."""

    __slots__ = ("_session",)

    def __init__(self, session: UnitOfWork) -> None:
        self._session = session

    def add(self, evaluation: Evaluation) -> None:
        """Store a new evaluation and mark its surfaces."""
        self._session.change(_ADD, shallow(evaluation, tables.evaluation))
        self._involve(evaluation)
        self._want(evaluation)

    def get(self, evaluation_id: str, *, lock: bool = True) -> Evaluation:
        """Return it, or raise NotFound. With `lock` no other transaction changes it until this one ends."""
        known = self._session.known.get(evaluation_id)
        if known is not None:
            return known
        if lock:
            self._session.lock(evaluation_id)
        row = self._session.row(_GET, {"evaluation_id": evaluation_id})
        if row is None:
            raise _absent(evaluation_id)
        found = Evaluation(**row)
        if lock:
            self._session.known[evaluation_id] = found
        return found

    def beginning(self, team: str, prefix: str, limit: int) -> tuple[Evaluation, ...]:
        """Return those whose id begins so, in the order of their ids; none for an empty beginning."""
        rows = self._session.rows(_BEGINNING, _begins(team, prefix) | {"most": limit}) if prefix else []
        return tuple(Evaluation(**row) for row in rows)

    def save(self, evaluation: Evaluation) -> Evaluation:
        """Compare-and-set: version + 1 and updated_at = now are stored and returned. Raises Stale."""
        saved = replace(evaluation, version=evaluation.version + 1, updated_at=self._session.now)
        known = self._session.known.get(evaluation.id)
        row = _changes(known, saved)
        if not self._session.change(_SAVE, {**row, "of_id": evaluation.id, "of_version": evaluation.version}):
            raise Stale(what="the evaluation moved on")
        if known is None or (known.owner, known.approvers) != (saved.owner, saved.approvers):
            self._session.change(_UNINVOLVE, {"of_id": evaluation.id})
            self._involve(saved)
        self._session.known[evaluation.id] = saved
        self._want(saved)
        return saved

    def in_thread(self, team: str, channel: str, thread_ts: str) -> str | None:
        """Return the id of the evaluation whose root message stands there."""
        values = {"of_team": team, "of_channel": channel, "of_thread": thread_ts}
        found: str | None = self._session.scalar(_IN_THREAD, values)
        return found

    def unplaced(self, team: str, channel: str, since: datetime) -> bool:
        """Whether an evaluation was started there since then whose root message is not known to stand yet."""
        values = {"of_team": team, "of_channel": channel, "since": since}
        return self._session.row(_UNPLACED, values) is not None

    def set_thread(self, evaluation_id: str, channel: str, thread_ts: str) -> None:
        """Record where the root message stands; no version change. Raises NotFound."""
        values = {"of_id": evaluation_id, "channel": channel, "thread_ts": thread_ts}
        if not self._session.change(_SET_THREAD, values):
            raise _absent(evaluation_id)
        self._session.known.pop(evaluation_id, None)

    def listing(
        self, team: str, *, user: str | None = None, open_only: bool = True, limit: int = 20
    ) -> tuple[Evaluation, ...]:
        """Newest first; with `user` those they own or may decide."""
        values = {"of_team": team, "most": limit} | ({} if user is None else {"of_user": user})
        rows = self._session.rows(_LISTINGS[user is not None, open_only], values)
        return tuple(Evaluation(**row) for row in rows)

    def highest_iteration(self, workspace: str, role: str) -> int:
        """Return the highest number that any evaluation of that workspace and role ever used, 0 if none.

        On PostgreSQL others that ask for the same wait until this transaction ends: whoever asks is about to take the
        next number, and two that start at once must not take the same.
        """
        values = {"of_workspace": workspace, "of_role": role}
        if self._session.locks:
            self._session.row(_ONE_AT_A_TIME, {"name": f"{workspace}\n{role}"})
        return max(self._session.scalar(query, values) or 0 for query in (_HIGHEST, _HIGHEST_KEPT))

    def _involve(self, evaluation: Evaluation) -> None:
        self._session.change(
            _INVOLVE, [{"user_id": user, "evaluation_id": evaluation.id} for user in involved(evaluation)]
        )

    def _want(self, evaluation: Evaluation) -> None:
        self._session.want(SurfaceId(kind=SurfaceKind.THREAD, team=evaluation.team, owner=evaluation.id))
        if evaluation.stakeholder_channel:
            self._session.want(SurfaceId(kind=SurfaceKind.STAKEHOLDERS, team=evaluation.team, owner=evaluation.id))


def _begins(team: str, prefix: str) -> dict[str, object]:
    escaped = prefix.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return {"of_team": team, "prefix": escaped, "first": prefix, "last": prefix + _BEYOND}


def _changes(known: Evaluation | None, saved: Evaluation) -> dict[str, object]:
    """Return the columns to write: of an evaluation that was read under the lock only those that differ."""
    row = shallow(saved, tables.evaluation)
    del row["id"]
    return row if known is None else {name: value for name, value in row.items() if value != getattr(known, name)}


def _absent(evaluation_id: str) -> NotFound:
    return NotFound(what="evaluation", name=evaluation_id, hint="The list command shows those there are.")
