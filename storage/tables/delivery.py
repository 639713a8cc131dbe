"""What comes from Slack, what stands there, what is due, and what happened."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, Table, Text, text

from bot.domain.surface import SurfaceKind
from storage.tables.base import OBJECT, metadata
from storage.types import Instant, Json, Named, Words

inbox = Table(
    "inbox",
    metadata,
    Column("key", Text, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)

_DIRTY = text("wanted > synced")

surface = Table(
    "surface",
    metadata,
    Column("kind", Named(SurfaceKind), primary_key=True),
    Column("team", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("wanted", Integer, nullable=False),
    Column("synced", Integer, nullable=False),
    Column("wanted_at", Instant, nullable=False),
    Column("worker", Text),
    Column("lease_until", Instant),
    Column("problem", Words, nullable=False),
    Column("retry_at", Instant),
    # Nearly all are clean at any moment: the index holds only the few that are not.
    Index("ix_surface_dirty", "wanted_at", sqlite_where=_DIRTY, postgresql_where=_DIRTY),
)

posted = Table(
    "posted",
    metadata,
    Column("surface", Named(SurfaceKind), primary_key=True),
    Column("team", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("ts", Text),
    Column("file_id", Text),
    Column("updated_at", Instant),
)

timer = Table(
    "timer",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("evaluation_id", Text, nullable=False, index=True),
    Column("at", Instant, nullable=False, index=True),
    Column("data", OBJECT, nullable=False),
)

machine = Table(
    "machine",
    metadata,
    Column("name", Text, primary_key=True),
    Column("beat_at", Instant, nullable=False),
)

# `method` is Slack's name of it, for posts with the channel behind it: there Slack counts per channel.
slack_rate = Table(
    "slack_rate",
    metadata,
    Column("team", Text, primary_key=True),
    Column("method", Text, primary_key=True),
    Column("calls", Json(tuple[float, ...]), nullable=False),
    Column("held_until", Float, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("evaluation_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("delivery", Text, nullable=False),
    Column("data", OBJECT, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

# Where each chain of `event` ends, kept apart from it: a log whose last entries were cut off still fits in itself.
audit_head = Table(
    "audit_head",
    metadata,
    Column("evaluation_id", Text, primary_key=True),
    Column("length", Integer, nullable=False),
    Column("hash", Text, nullable=False),
)
