"""Live progress in the thread's own line: said once, again before Slack clears it, and silent where there is none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.devtools.local_slack import LocalSlack
from bot.domain.run import RunState
from bot.domain.surface import Message, Posted, SurfaceId, SurfaceKind
from handlers.sync.budget import Budget
from handlers.sync.plan import Do, plan
from handlers.sync.progress import AGAIN_S, METHOD, Progress
from handlers.views.thread import thread
from storage import open_database
from tests.support.databases import migrated_file
from tests.support.dossiers import STAGES, role
from tests.support.waiting import until

CHANNEL = "C0IDEAS001"
SURFACE = SurfaceId(kind=SurfaceKind.THREAD, team="T1", owner="ev_1")


class Line:
    """A thread in the local Slack, and what is said in its line."""

    def __init__(self, slack: LocalSlack, budget: Budget) -> None:
        self.slack, self.now = slack, 0.0
        self.client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        self.progress = Progress(budget, clock=lambda: self.now)
        self.ts = ""

    async def begin(self) -> None:
        self.ts = str((await self.client.chat_postMessage(channel=CHANNEL, text="Root"))["ts"])

    async def say(self, words: str, *, posted: bool = False) -> None:
        await self.progress.show(self.client, SURFACE, CHANNEL, self.ts, words, posted=posted)

    @property
    def calls(self) -> int:
        return sum(call.method == METHOD for call in self.slack.core.calls)

    @property
    def shown(self) -> str:
        return self.slack.core.statuses.get((CHANNEL, self.ts), "")


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    database = open_database(migrated_file(tmp_path / "p.db"), clock=lambda: datetime.now(UTC))
    await database.start()
    async with LocalSlack(manifest={}) as slack:
        made = Line(slack, Budget(database))
        await made.begin()
        yield made
    await database.close()


async def test_the_same_words_are_said_once(line: Line) -> None:
    """A status costs a call when it changes, and another before Slack would clear it; the end takes it away."""
    for _ in range(3):
        await line.say("works: 1 of 3 done")
    assert (line.calls, line.shown) == (1, "works: 1 of 3 done")
    line.now += AGAIN_S
    await line.say("works: 1 of 3 done")
    assert line.calls == 2
    await line.say("")
    await line.say("")
    assert (line.calls, line.shown) == (3, "")


async def test_what_was_posted_cleared_it(line: Line) -> None:
    """After a new message the same words are said again, and the end of a run that posts its result needs no call."""
    await line.say("works")
    await line.client.chat_postMessage(channel=CHANNEL, thread_ts=line.ts, text="Warning")
    assert line.shown == ""
    await line.say("works", posted=True)
    assert (line.calls, line.shown) == (2, "works")
    await line.say("", posted=True)
    assert line.calls == 2


async def test_a_workspace_without_it_is_asked_once(line: Line) -> None:
    """Where Slack refuses it nothing more is tried, and the run's card is updated as often as before."""
    assert line.progress.serves("T1")
    line.ts = "1.000001"
    await line.say("works")
    await line.say("works on")
    assert line.calls == 1
    assert not line.progress.serves("T1")


def test_only_a_run_that_goes_on_has_a_status() -> None:
    """A running run says what it does and how far it is; nothing else in a thread has a line of its own."""
    cards = [item for item in thread(STAGES["running"](), role()) if isinstance(item, Message)]
    said = [card.status for card in cards if card.status]
    assert len(said) == 1 and said[0].startswith("works on iteration 1: ")
    done = [item for item in thread(STAGES["done"](), role()) if isinstance(item, Message)]
    assert not any(card.status for card in done)
    assert STAGES["done"]().runs[0].state is RunState.FINISHED


def test_a_card_whose_news_is_told_is_updated_seldom() -> None:
    """Its updates are as far apart as asked; every other card's are not."""
    now = datetime(2026, 3, 2, tzinfo=UTC)
    told = Message(key="i1.run.r", text="new", blocks=(), volatile=True, status="works")
    row = Posted(
        surface=SURFACE, key=told.key, kind="message", state="posted", channel=CHANNEL, digest="old", ts="1.2",
        updated_at=now - timedelta(seconds=5),
    )  # fmt: skip
    pauses = timedelta(seconds=3), timedelta(0), timedelta(seconds=15)
    assert [step.do for step in plan([told], {told.key: row}, now, *pauses)] == [Do.WAIT]
    over = replace(told, status="", volatile=False)
    assert [step.do for step in plan([over], {told.key: row}, now, *pauses)] == [Do.UPDATE]


async def test_slack_clears_what_nobody_says_again(line: Line) -> None:
    """After two minutes, here a moment, what the bot said that it does stands no longer."""
    line.slack.core.status_s = 0.05
    await line.say("works: 1 of 3 done")
    await until(lambda: not line.shown, "the line is cleared", 5)
