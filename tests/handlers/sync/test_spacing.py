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
