"""What a user would build instead: a Bolt `AsyncApp` whose listeners commit three rows by SQLAlchemy's async ORM.

As their documentation shows it: one engine, one session per request, the delivery's own row (so that a repeated one is
refused), what was said, and an audit entry, in one transaction before `ack()`. SQLite in WAL mode with
`synchronous=FULL`, as the product has it, so that an answer means the same on both sides.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncApp
from sqlalchemy import ForeignKey, event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Json = dict[str, Any]


class Base(DeclarativeBase):
    """The application's tables."""


class Delivery(Base):
    """A delivery of Slack's, by what makes it one."""

    __tablename__ = "delivery"
    key: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[datetime]


class Said(Base):
    """What somebody clicked, submitted or wrote."""

    __tablename__ = "said"
    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_key: Mapped[str] = mapped_column(ForeignKey("delivery.key"), index=True)
    channel: Mapped[str]
    by: Mapped[str]
    text: Mapped[str]


class Audit(Base):
    """Who did what, and when."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    by: Mapped[str]
    action: Mapped[str]
    at: Mapped[datetime]


async def engine_of(folder: Path, stack: AsyncExitStack) -> AsyncEngine:
    """Create the database in `folder`; it is closed with `stack`."""
    folder.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(f"sqlite+aiosqlite:///{folder / 'app.db'}")
    stack.push_async_callback(engine.dispose)

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    return engine


def listen(app: AsyncApp, engine: AsyncEngine, *, answers: bool) -> None:
    """Register the listeners: commit, acknowledge and, with `answers`, update the message that was clicked."""
    session_of = async_sessionmaker(engine, expire_on_commit=False)

    async def clicked(ack: Any, body: Json, client: Any) -> None:
        action, channel = body["actions"][0], body["channel"]["id"]
        key = f"{action['action_ts']}:{action['value']}"
        await _keep(session_of, key, channel, body["user"]["id"], action["action_id"], action["value"])
        await ack()
        if answers:
            message = body["message"]
            await client.chat_update(channel=channel, ts=message["ts"], text=message["text"], blocks=message["blocks"])

    async def submitted(ack: Any, body: Json, view: Json) -> None:
        text = str(view["state"]["values"])
        await _keep(session_of, body["trigger_id"], "", body["user"]["id"], view["callback_id"], text)
        await ack()

    async def said(ack: Any, event: Json) -> None:
        await _keep(session_of, f"{event['channel']}:{event['ts']}", event["channel"], event["user"], "said",
                    event["text"])  # fmt: skip
        await ack()

    app.action("eipas:skip")(clicked)
    app.view("eipas:verdict_form")(submitted)
    app.event("message")(said)


async def _keep(
    session_of: async_sessionmaker[AsyncSession], key: str, channel: str, by: str, action: str, text: str
) -> None:
    now = datetime.now(UTC)
    async with session_of() as session, session.begin():
        session.add(Delivery(key=key, received_at=now))
        await session.flush()
        session.add_all([
            Said(delivery_key=key, channel=channel, by=by, text=text), Audit(by=by, action=action, at=now),
        ])  # fmt: skip
