"""Evaluations, and what people say about them: answers, votes, notes."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.domain.evaluation import Cancellation
from bot.domain.gate import GateState
from bot.domain.lifecycle import State
from bot.domain.spending import Estimate
from storage.tables.base import PEOPLE, metadata, of_evaluation
from storage.types import Instant, Json, Named, Words

evaluation = Table(
    "evaluation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("team", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("title", Words, nullable=False),
    Column("description", Words, nullable=False),
    Column("owner", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("state", Named(State), nullable=False),
    Column("version", Integer, nullable=False),
    Column("iteration", Integer, nullable=False),
    Column("needed", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("approvers", Json(Mapping[str, tuple[str, ...]]), nullable=False),
    Column("thread_ts", Text),
    Column("stakeholder_channel", Text),
    Column("workspace", Words),
    Column("failure", Words, nullable=False),
    Column("goal", Words, nullable=False),
    Column("budget_usd", Float, nullable=False),
    Column("guests", Boolean, nullable=False, server_default=false()),
    Column("cancellations", Json(tuple[Cancellation, ...]), nullable=False, server_default="[]"),
    UniqueConstraint("team", "channel", "thread_ts"),
    Index(None, "team", "created_at"),
    Index(None, "workspace", "role", "iteration"),
)

involvement = Table(
    "involvement",
    metadata,
    Column("user_id", Text, primary_key=True),
    of_evaluation(primary_key=True),
    Index(None, "evaluation_id"),
)

question = Table(
    "question",
    metadata,
    of_evaluation(primary_key=True),
    Column("key", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("why", Words, nullable=False),
    Column("hint", Words, nullable=False),
    Column("iteration", Integer, nullable=False),
    Column("run_id", Text),
    Column("made", Boolean, nullable=False),
    Column("asked_at", Instant),
)

answer = Table(
    "answer",
    metadata,
    Column("evaluation_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("text", Words, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("via", Text, nullable=False),
    Column("skipped", Boolean, nullable=False),
    Column("messages", PEOPLE, nullable=False, server_default="[]"),
    ForeignKeyConstraint(["evaluation_id", "key"], ["question.evaluation_id", "question.key"]),
)

gate = Table(
    "gate",
    metadata,
    Column("id", Text, primary_key=True),
    of_evaluation(),
    Column("iteration", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("state", Named(GateState), nullable=False),
    Column("approvers", PEOPLE, nullable=False),
    Column("needed", Integer, nullable=False),
    Column("subject_sha256", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("decided_at", Instant),
    Column("outcome", Text),
    Column("reminders", Integer, nullable=False),
    Column("escalated_to", PEOPLE, nullable=False),
    Column("estimate", Json(Estimate)),
    Index(None, "evaluation_id"),
)

decider = Table(
    "decider",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("gate_id", Text, ForeignKey("gate.id"), primary_key=True),
    Index(None, "gate_id"),
)

vote = Table(
    "vote",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("gate_id", Text, ForeignKey("gate.id"), nullable=False),
    Column("voter", Text, nullable=False),
    Column("option", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("subject_sha256", Text, nullable=False),
    Column("comment", Words, nullable=False),
    Column("concerns", Words, nullable=False),
    Column("delivery", Text, nullable=False),
    UniqueConstraint("gate_id", "voter"),
    Index(None, "voter", "at"),
)

note = Table(
    "note",
    metadata,
    Column("id", Text, primary_key=True),
    of_evaluation(),
    Column("iteration", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("text", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Column("ts", Text, nullable=False),
    Column("guest", Boolean, nullable=False, server_default=false()),
    Column("correction", Boolean, nullable=False, server_default=false()),
    Column("about", Text, nullable=False, server_default=""),
    Column("aside", Boolean, nullable=False, server_default=false()),
    Index(None, "evaluation_id", "at", "id"),
    Index(None, "evaluation_id", "ts"),
)
