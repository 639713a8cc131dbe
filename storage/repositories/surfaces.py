"""What should stand in Slack and what does: dirty marks, leases, and what is posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import Stale
from bot.domain.surface import Posted, Surface, SurfaceId, SurfaceKind
from storage import tables
from storage.unit_of_work import UnitOfWork
from storage.values import select_of, shallow

_MOMENT = bindparam("moment", type_=tables.surface.c.wanted_at.type)


def _passed(column: ColumnElement[datetime | None]) -> ColumnElement[bool]:
    return or_(column.is_(None), column <= _MOMENT)


_ONE = (
    tables.surface.c.kind == bindparam("of_kind"),
    tables.surface.c.team == bindparam("of_team"),
    tables.surface.c.owner == bindparam("of_owner"),
)
_DIRTY = tables.surface.c.wanted > tables.surface.c.synced
_CLAIM = (
    update(tables.surface)
    .where(*_ONE, _DIRTY, or_(_passed(tables.surface.c.lease_until), tables.surface.c.worker == bindparam("of_worker")))
    .returning(tables.surface.c.wanted, tables.surface.c.synced, tables.surface.c.problem, tables.surface.c.retry_at)
)
_RENEW = (
    update(tables.surface)
    .where(*_ONE, tables.surface.c.worker == bindparam("of_worker"))
    .values(lease_until=bindparam("until", type_=tables.surface.c.lease_until.type))
)
_RELEASE = (
    update(tables.surface)
    .where(*_ONE, tables.surface.c.worker == bindparam("of_worker"))
    .values(worker=None, lease_until=None, synced=func.coalesce(bindparam("up_to"), tables.surface.c.synced))
    .returning(tables.surface.c.wanted, tables.surface.c.synced)
)
_LIST_DIRTY = (
    select(tables.surface.c.kind, tables.surface.c.team, tables.surface.c.owner)
    .where(
        _DIRTY,
        or_(_passed(tables.surface.c.lease_until), tables.surface.c.worker == bindparam("of_worker")),
        _passed(tables.surface.c.retry_at),
    )
    .order_by(tables.surface.c.wanted_at)
    .limit(bindparam("most"))
)
_HURRY = (
    update(tables.surface)
    .where(tables.surface.c.team == bindparam("of_team"), _DIRTY, tables.surface.c.retry_at.is_not(None))
    .values(retry_at=None)
    .returning(tables.surface.c.kind, tables.surface.c.team, tables.surface.c.owner)
)
_BEHIND = select(tables.surface.c.owner).where(*_ONE, _DIRTY)
_OF_SURFACE = (
    tables.posted.c.surface == bindparam("of_kind"),
    tables.posted.c.team == bindparam("of_team"),
    tables.posted.c.owner == bindparam("of_owner"),
)
_SENT = ("channel", "digest", "ts", "file_id", "updated_at")
_POSTED_COLUMNS = [column for column in select_of(Posted, tables.posted) if column is not tables.posted.c.surface]
_POSTED = select(*_POSTED_COLUMNS).where(*_OF_SURFACE)
_POSTED_AT = select(*_POSTED_COLUMNS).where(*_OF_SURFACE, tables.posted.c.key == bindparam("of_key"))
_FORGET = delete(tables.posted).where(*_OF_SURFACE)
_OF_KEY = (*_OF_SURFACE, tables.posted.c.key == bindparam("of_key"))
_IS_SENDING = tables.posted.c.state == "sending"
_SETTLE = (
    update(tables.posted)
    .where(*_OF_KEY, _IS_SENDING)
    .values(state="posted", **{name: bindparam(f"its_{name}", type_=tables.posted.c[name].type) for name in _SENT})
)
_STANDS = select(tables.posted.c.ts, tables.posted.c.file_id).where(*_OF_KEY, tables.posted.c.state == "posted")
_REFUSE = (
    update(tables.posted)
    .where(*_OF_KEY, _IS_SENDING, tables.posted.c.updated_at == bindparam("at", type_=tables.posted.c.updated_at.type))
    .values(state="refused")
)
_REVISE = (
    update(tables.posted)
    .where(*_OF_KEY, tables.posted.c.state == "posted", tables.posted.c.ts == bindparam("of_ts"))
    .values(
        state=bindparam("to_state"),
        digest=bindparam("to_digest"),
        updated_at=bindparam("moment", type_=tables.posted.c.updated_at.type),
    )
)
_DROP = delete(tables.posted).where(*_OF_KEY)
_new = insert(tables.posted)
_PUT = _new.on_conflict_do_update(
    index_elements=list(tables.posted.primary_key),
    set_={name: _new.excluded[name] for name in ("kind", "state", "channel", "digest", "ts", "file_id", "updated_at")},
)


class SqlSurfaces:
    """See `bot.services.repositories.Surfaces`."""

    __slots__ = ("_session",)

    def __init__(self, session: UnitOfWork) -> None:
        self._session = session

    def want(self, surface: SurfaceId) -> None:
        """Mark it dirty (create it if new)."""
        self._session.want(surface)

    def claim(self, surface: SurfaceId, worker: str, lease_s: float) -> Surface | None:
        """Take the lease if it is dirty and free, or this worker's own; None otherwise.

        A thread that is taken marks the Home tabs of those whom its evaluation involves: here and not with the change
        itself, where people wait for every statement, and once for many changes.
        """
        self._session.flush()
        lease = {"worker": worker, "lease_until": self._session.now + timedelta(seconds=lease_s)}
        row = self._session.row(_CLAIM, {**_where(surface), "of_worker": worker, "moment": self._session.now, **lease})
        if row is None:
            return None
        if surface.kind is SurfaceKind.THREAD:
            self._session.want_homes_of(surface.team, surface.owner)
        return Surface(id=surface, **row)

    def renew(self, surface: SurfaceId, worker: str, lease_s: float) -> None:
        """Prolong the lease. Raises Stale if somebody else has taken the surface over."""
        until = self._session.now + timedelta(seconds=lease_s)
        if not self._session.change(_RENEW, {**_where(surface), "of_worker": worker, "until": until}):
            raise Stale(what=f"who brings the {surface.kind.value} in step")

    def release(
        self,
        surface: SurfaceId,
        worker: str,
        *,
        synced: int | None,
        problem: str = "",
        retry_at: datetime | None = None,
    ) -> None:
        """Give the lease back; None as `synced` leaves it as dirty as it was.

        What was wanted meanwhile is reported after the commit like a fresh mark, for its own report met the lease. Who
        lost the lease on the way may have sent something old after something new, so the surface is dirty again.
        """
        self._session.flush()
        values = {"of_worker": worker, "up_to": synced, "problem": problem, "retry_at": retry_at}
        row = self._session.row(_RELEASE, {**_where(surface), **values})
        if row is None:
            self._session.want(surface)
        elif synced is not None and row["wanted"] > row["synced"]:
            self._session.marks.add(surface)

    def dirty(self, limit: int = 100, *, worker: str = "") -> tuple[SurfaceId, ...]:
        """Those to look at now, the longest waiting first: wanted > synced, no other's live lease, retry_at passed.

        Those that `worker` holds are among them: a database that crashes may forget that it gave one back.
        """
        self._session.flush()
        values = {"moment": self._session.now, "most": limit, "of_worker": worker}
        return tuple(SurfaceId(**row) for row in self._session.rows(_LIST_DIRTY, values))

    def behind(self, surface: SurfaceId) -> bool:
        """Return whether it is dirty, leased or not."""
        self._session.flush()
        return self._session.row(_BEHIND, _where(surface)) is not None

    def hurry(self, team: str) -> tuple[SurfaceId, ...]:
        """Let those of a team that wait for their next try wait no more, and return them."""
        return tuple(SurfaceId(**row) for row in self._session.rows(_HURRY, {"of_team": team}))

    def posted(self, surface: SurfaceId) -> Mapping[str, Posted]:
        """Return what is known to stand there, by key."""
        rows = self._session.rows(_POSTED, _where(surface))
        return {row["key"]: Posted(surface=surface, **row) for row in rows}

    def at(self, surface: SurfaceId, key: str) -> Posted | None:
        """Return what is known to stand there under one key."""
        row = self._session.row(_POSTED_AT, {**_where(surface), "of_key": key})
        return None if row is None else Posted(surface=surface, **row)

    def put(self, posted: Posted) -> None:
        """Record what stands, or is about to stand, under a key."""
        surface = posted.surface
        row = {**shallow(posted, tables.posted), "surface": surface.kind, "team": surface.team, "owner": surface.owner}
        self._session.change(_PUT, row)

    def settle(self, posted: Posted) -> bool:
        """Record what a send came to, if it is the first to arrive under its key; return whether it stands.

        A machine that stood still may send what another one has sent meanwhile. The second to arrive is kept as
        surplus, for whoever brings the surface in step next to take it back.
        """
        sent = {f"its_{name}": getattr(posted, name) for name in _SENT}
        if self._session.change(_SETTLE, {**_which(posted), **sent}):
            return True
        stands = self._session.row(_STANDS, _which(posted))
        if stands is not None and (stands["ts"], stands["file_id"]) == (posted.ts, posted.file_id):
            return True
        self.put(replace(posted, key=f"{posted.key}~{posted.ts or posted.file_id}", state="surplus"))
        self._session.want(posted.surface)
        return False

    def refuse(self, posted: Posted) -> None:
        """Record that a send certainly had no effect, unless the key was taken up again since."""
        self._session.change(_REFUSE, {**_which(posted), "at": posted.updated_at})

    def revise(self, posted: Posted) -> bool:
        """Record state and digest of a message that stands; return False if another one stands there by now."""
        values = {"of_ts": posted.ts, "to_state": posted.state, "to_digest": posted.digest, "moment": self._session.now}
        return bool(self._session.change(_REVISE, {**_which(posted), **values}))

    def drop(self, posted: Posted) -> None:
        """Forget what was taken back."""
        self._session.change(_DROP, _which(posted))

    def forget(self, surface: SurfaceId) -> None:
        """Drop what is known to be posted and mark it, so that it is posted anew."""
        self._session.change(_FORGET, _where(surface))
        self._session.want(surface)


def _which(posted: Posted) -> dict[str, Any]:
    return {**_where(posted.surface), "of_key": posted.key}


def _where(surface: SurfaceId) -> dict[str, Any]:
    return {"of_kind": surface.kind, "of_team": surface.team, "of_owner": surface.owner}
