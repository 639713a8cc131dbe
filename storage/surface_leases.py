"""Surfaces that a machine held when it ended: they are free again, and what it was just sending is in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, case, update

from bot.domain.surface import INTERRUPTED, SurfaceKind, unsure
from storage.tables import posted, surface

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


def free_surfaces(connection: Connection, settle_time: timedelta, names: Sequence[str] | None = None) -> None:
    """Let go of the surfaces that these machines, or any, were bringing in step.

    Which of their messages was just being updated, and what it shows now, nobody recorded: all are in doubt until
    `settle_time` has passed, in which what was sent may still take effect in Slack. A Home tab has no messages; its
    doubt is its problem.
    """
    held = surface.c.worker.is_not(None) if names is None else surface.c.worker.in_(names)
    doubt = unsure(datetime.now(UTC) + settle_time)
    freed = [{**row, "doubt": doubt} for row in connection.execute(_FREE.where(held)).mappings()]
    if freed:
        connection.execute(_DOUBT, freed)
