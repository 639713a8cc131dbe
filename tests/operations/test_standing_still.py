"""A machine that stands still in the middle of a call and goes on after another one took its work over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.devtools.local_slack import CallFault
from bot.domain.errors import Stale
from bot.domain.surface import FilePost, Message, Posted
from handlers.sync import Reconciler, retry_policy
from handlers.sync.budget import Budget
from handlers.sync.poster import Poster
from storage import Machines
from tests.acceptance.stage import CHANNEL, Stage, Thread
from tests.operations.helpers import answer, has_problem, impatient, keys, root_of, surface_of, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Stopped:
    """A client that stands still before one of its calls leaves, until it is told to go on."""

    def __init__(self, client: AsyncWebClient, method: str) -> None:
        self.client, self.reached, self.go_on = copy(client), asyncio.Event(), asyncio.Event()
        call = getattr(client, method)

        async def stopped(**args: Any) -> Any:
            self.reached.set()
            await self.go_on.wait()
            return await call(**args)

        setattr(self.client, method, stopped)

    async def clients(self, _team: str) -> AsyncWebClient:
        return self.client


@asynccontextmanager
async def overtaken(stage: Stage, thread: Thread, method: str) -> AsyncIterator[Stopped]:
    """Let a second machine stand still in its first such call, and the product take its work over and end it."""
    app = stage.app
    surface = await surface_of(thread)
    await thread.quiet()
    await app.reconciler.stop()
    await answer(thread, "One")
    slow = Stopped(await app.transport.workspaces.client(surface.team), method)
    machine = Reconciler(
        app.database, app.services.queries, slow.clients, app.services.context.roles, app.reconciler._pace, "slow",
        app.reconciler._terms,
    )  # fmt: skip
    syncing = asyncio.create_task(machine._sync(surface))
    await slow.reached.wait()
    await asyncio.to_thread(Machines(app.database.engine, "reaper", 1.0).join)
    await app.reconciler.start()
    await thread.is_the_projection()
    yield slow
    slow.go_on.set()
    with pytest.raises(Stale):
        await syncing


async def test_a_post_that_leaves_late_is_taken_back(stage: Stage) -> None:
    """Two machines post one card; the first to arrive stays under its ts, the late one is deleted at once."""
    thread, calls = await stage.start("eva"), len(stage.local.calls)
    async with overtaken(stage, thread, "chat_postMessage"):
        before = {key: card["ts"] for key, card in (await thread.cards()).items()}
    await thread.is_the_projection()
    assert {key: card["ts"] for key, card in (await thread.cards()).items()} == before
    deleted = [call for call in stage.local.calls[calls:] if call.method == "chat.delete"]
    assert [call.answer["ok"] for call in deleted] == [True]
    assert deleted[0].args["ts"] not in before.values()


async def test_an_update_that_leaves_late_is_overwritten(stage: Stage) -> None:
    """What another machine wrote meanwhile stands at the end, although something older was sent after it."""
    thread = await stage.start("eva")
    async with overtaken(stage, thread, "chat_update"):
        await answer(thread, "Two")
        await thread.is_the_projection()
        calls = len(stage.local.calls)
    await thread.is_the_projection()
    late = [call for call in stage.local.calls[calls:] if call.method == "chat.update"]
    assert len(late) >= 2, "the late one and the one that mends it"


async def test_a_file_that_is_shared_late_is_taken_back(stage: Stage) -> None:
    """Two machines share one file; the second to arrive leaves the thread, its message and its bytes."""
    thread = await stage.start("eva")
    await thread.quiet()
    surface, app = await surface_of(thread), stage.app
    client = await app.transport.workspaces.client(surface.team)
    slow = Stopped(client, "files_completeUploadExternal")
    item = FilePost(key="i1.file.report", name="report.md", title="Report", sha256="0" * 64)
    channel = stage["eva"].channels[CHANNEL]
    late, quick = (
        Poster(app.database, c, surface, channel, Budget(app.database, minute_s=0, post_s=0))
        for c in (slow.client, client)
    )
    uploading = asyncio.create_task(late.upload([(item, b"# Report")], thread.ts))
    await slow.reached.wait()
    await quick.upload([(item, b"# Report")], thread.ts)
    slow.go_on.set()
    with pytest.raises(Stale):
        await uploading
    await thread.quiet()
    assert list(await thread.files()) == ["Report"]
    posted = await app.database.read(lambda tx: tx.surfaces.posted(surface))
    assert [row.state for row in posted.values() if row.kind == "file"] == ["posted"]


async def test_what_may_not_be_deleted_stays_and_blocks_nothing(stage: Stage) -> None:
    """Where Slack does not let us delete a surplus message it is forgotten, and the thread goes on."""
    thread = await stage.start("eva")
    await thread.quiet()
    surface, channel = await surface_of(thread), stage["eva"].channels[CHANNEL]
    surplus = Posted(
        surface=surface, key="q.x~9.9", kind="message", state="surplus", channel=channel, digest="", ts="9.9"
    )
    refusal = CallFault(method="chat.delete", kind="error", error="compliance_exports_prevent_deletion")
    stage.local.faults.add(refusal)
    await stage.app.database.transaction(lambda tx: tx.surfaces.put(surplus))
    await answer(thread, "One")
    await thread.is_the_projection()
    assert surplus.key not in await stage.app.database.read(lambda tx: tx.surfaces.posted(surface))
    assert not stage.local.faults.pending


async def test_a_call_that_takes_effect_late_is_waited_for(stage: Stage) -> None:
    """A post whose connection broke, and that Slack carries out half a second later, is not sent a second time."""
    thread = await stage.start("eva")
    await thread.quiet()
    before = stage.local.faults.suffered["late"]
    stage.local.faults.add(CallFault(method="chat.postMessage", kind="late", seconds=0.5))
    await answer(thread, "One")
    await thread.is_the_projection()
    assert stage.local.faults.suffered["late"] == before + 1


async def test_a_refusal_needs_no_look(stage: Stage) -> None:
    """After a 429 the post is sent again at its time without asking the thread whether the refused one stands."""
    thread = await stage.start("eva")
    await thread.quiet()
    calls = len(stage.local.calls)
    stage.local.faults.add(CallFault(method="chat.postMessage", kind="ratelimited"))
    await answer(thread, "One")
    await has_problem(thread, "ratelimited")
    await thread.is_the_projection()
    assert "conversations.replies" not in {call.method for call in stage.local.calls[calls:]}


async def test_silence_counts_as_lost(tmp_path: Any) -> None:
    """A call that Slack never answers is given up after the set time, looked up and found; nothing stands twice."""
    async with Stage(tmp_path, slack_timeout=0.5) as stage:
        thread = await stage.start("eva")
        await thread.quiet()
        stage.local.faults.add(CallFault(method="chat.postMessage", kind="silent", seconds=30))
        began = time.monotonic()
        await answer(thread, "One")
        await has_problem(thread, "TimeoutError")
        await thread.is_the_projection()
        assert time.monotonic() - began < 15
        assert len(set(await keys(thread))) == len(await keys(thread))


async def test_an_update_that_takes_effect_late_does_not_stand(stage: Stage) -> None:
    """An update whose connection broke arrives after a newer one; the newer one is done again when that is over."""
    thread = await stage.start("eva")
    await thread.quiet()
    surface, channel = await surface_of(thread), stage["eva"].channels[CHANNEL]
    poster = Poster(
        stage.app.database,
        await impatient(stage),
        surface,
        channel,
        Budget(stage.app.database, minute_s=0, post_s=0),
        settle_s=3.0,
    )
    root = await root_of(stage, surface)
    stage.local.faults.add(CallFault(method="chat.update", kind="late", seconds=1.5))
    with pytest.raises(retry_policy.LOST):
        await poster.update(Message(key="root", text="Older", blocks=()), root)
    await answer(thread, "One")
    await stage["eva"].wait_for(lambda page: "newest question" in text_of(page, root) or None)
    await stage["eva"].wait_for(lambda page: text_of(page, root) == "Older" or None)
    await thread.is_the_projection()
    assert (await root_of(stage, surface)).unsure_until is None
