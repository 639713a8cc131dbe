"""What is made: documents, iterations, runs, and the bytes of all three."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.domain.design import Feedback
from bot.domain.evaluation import FileRef
from bot.domain.recap import Recap, RecapState
from bot.domain.run import RunState, Task
from bot.domain.spending import InquiryState
from storage.tables.base import OBJECT, metadata, of_evaluation, of_run
from storage.types import Instant, Json, Named, Words
from storage.values import Findings

content = Table(
    "content",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True),
    of_evaluation(),
    Column("path", Words, nullable=False),
    Column("key", Text),
    Column("sha256", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("origin", Text, nullable=False),
    Column("warnings", Json(tuple[str, ...]), nullable=False),
    Column("body", Text, ForeignKey("content.sha256"), nullable=False),
    Column("current", Boolean, nullable=False),
    Index(
        "ix_document_current", "evaluation_id", "path", sqlite_where=text("current"), postgresql_where=text("current")
    ),
)

review = Table(
    "review",
    metadata,
    of_evaluation(primary_key=True),
    Column("findings", Json(Findings), nullable=False),
)

upload = Table(
    "upload",
    metadata,
    of_evaluation(primary_key=True),
    Column("file_id", Text, primary_key=True),
    Column("name", Words, nullable=False),
    Column("size", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("problem", Words, nullable=False),
    Column("path", Words, nullable=False),
    Column("ts", Text, nullable=False, server_default=""),
    Column("answers", Text, nullable=False, server_default=""),
)

iteration = Table(
    "iteration",
    metadata,
    of_evaluation(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("goal", Words, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("feedback", Json(tuple[Feedback, ...]), nullable=False),
    Column("result", Text, ForeignKey("content.sha256")),
    Column("files", Json(tuple[FileRef, ...]), nullable=False),
    Column("outcome", Text),
    Column("decided_at", Instant),
    Column("design", Text, ForeignKey("content.sha256")),
    Column("brief", Text, ForeignKey("content.sha256")),
)

run = Table(
    "run",
    metadata,
    Column("id", Text, primary_key=True),
    of_evaluation(),
    Column("iteration", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("state", Named(RunState), nullable=False),
    Column("designer", Text, nullable=False),
    Column("model", Text),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("wake_at", Instant),
    Column("reason", Words, nullable=False),
    Column("waits_for", Words, nullable=False),
    Column("tasks", Json(tuple[Task, ...]), nullable=False),
    Column("heard", Json(tuple[str, ...]), nullable=False),
    Column("spent_usd", Float, nullable=False),
    Column("starts", Integer, nullable=False),
    Column("begins", Integer, nullable=False),
    Column("brief", Text, ForeignKey("content.sha256"), nullable=False),
    UniqueConstraint("evaluation_id", "iteration", "attempt"),
    Index(None, "state"),
)

step = Table(
    "step",
    metadata,
    of_run(),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("body", OBJECT, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    # The id of a run, or of an inquiry, which has none.
    Column("payer", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    of_evaluation(),
    Column("iteration", Integer, nullable=False),
    Column("model", Text, nullable=False),
    Column("estimate_usd", Float, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("usd", Float),
    Column("closed_at", Instant),
    Column("call", OBJECT),
    Index(None, "evaluation_id"),
)

inquiry = Table(
    "inquiry",
    metadata,
    of_evaluation(primary_key=True),
    Column("iteration", Integer, primary_key=True, autoincrement=False),
    Column("cause", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("state", Named(InquiryState), nullable=False),
    Column("reason", Words, nullable=False),
    Column("spent_usd", Float, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

recap = Table(
    "recap",
    metadata,
    of_evaluation(primary_key=True),
    Column("iteration", Integer, primary_key=True, autoincrement=False),
    Column("subject", Text, nullable=False),
    Column("state", Named(RecapState), nullable=False),
    Column("recap", Json(Recap | None)),
    Column("file_sha256", Text, nullable=False),
    Column("reason", Words, nullable=False),
)

memory = Table(
    "memory",
    metadata,
    of_run(),
    Column("key", Text, primary_key=True),
    Column("value", OBJECT, nullable=False),
)
