"""How soon one message is updated again: Slack takes one update of a message in three seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.surface import Message, Posted, SurfaceId, SurfaceKind
from handlers.sync.plan import Do, plan

SURFACE = SurfaceId(kind=SurfaceKind.THREAD, team="T1", owner="ev_1")
NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
THREE = timedelta(seconds=3)


def _posted(*, posted_ago: float, updated_ago: float) -> dict[str, Posted]:
    at = NOW - timedelta(seconds=updated_ago)
    row = Posted(
        surface=SURFACE, key="q.one", kind="message", state="posted", channel="C1", digest="old",
        ts=f"{NOW.timestamp() - posted_ago:.6f}", updated_at=at,
    )  # fmt: skip
    return {"q.one": row}


@pytest.mark.parametrize(
    ("posted_ago", "updated_ago", "waits"),
    [
        (1.0, 0.9, None),  # posted a moment ago, and clicked at once
        (60.0, 1.0, 2.0),
        (60.0, 2.9, 0.1),
        (60.0, 3.0, None),
        (60.0, 59.8, None),
    ],
)
def test_a_message_is_updated_at_once_and_then_not_for_three_seconds(
    posted_ago: float, updated_ago: float, waits: float | None
) -> None:
    """The first click under a card shows at once; the next one's update waits for its turn and is not lost."""
    wanted: Any = Message(key="q.one", text="new", blocks=())
    (step,) = plan([wanted], _posted(posted_ago=posted_ago, updated_ago=updated_ago), NOW, THREE)
    assert (step.do, step.at) == ((Do.UPDATE, None) if waits is None else (Do.WAIT, NOW + timedelta(seconds=waits)))


def _card(key: str, *, since: float | None = None) -> Message:
    return Message(
        key=key, text="new", blocks=(), incomplete_since=None if since is None else NOW - timedelta(seconds=since)
    )


def _planned(*items: Message) -> list[tuple[str, Do, datetime | None]]:
    return [(step.item.key, step.do, step.at) for step in plan(items, {}, NOW, THREE, reading_interval=THREE)]


def test_what_is_being_read_is_posted_complete() -> None:
    """A card that is not complete waits for three seconds at most, and what is new below it waits as well."""
    cards = (_card("answers"), _card("recap", since=1), _card("gate", since=1), _card("run"))
    assert _planned(*cards) == [("answers", Do.POST, None), ("recap", Do.WAIT, NOW + timedelta(seconds=2))]


def test_nobody_waits_longer_than_that_for_what_is_being_read() -> None:
    """After three seconds it is posted as it is, so that a gate never hangs on a reading."""
    assert _planned(_card("recap", since=3), _card("gate", since=3)) == [
        ("recap", Do.POST, None), ("gate", Do.POST, None),
    ]  # fmt: skip


def test_what_stands_is_updated_whatever_is_being_read() -> None:
    """Only what is new waits: a card that somebody clicked shows it."""
    clicked: Any = Message(key="q.one", text="new", blocks=(), incomplete_since=NOW)
    (step,) = plan([clicked], _posted(posted_ago=60, updated_ago=59), NOW, THREE, reading_interval=THREE)
    assert step.do is Do.UPDATE
