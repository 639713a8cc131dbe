"""A workspace that does not take Slack's chart block yet."""

from __future__ import annotations

import json

import pytest

from bot.devtools.local_slack import CallFault
from bot.domain.surface import Message
from handlers.sync.budget import Budget
from handlers.sync.new_blocks import NewBlocks
from handlers.sync.poster import Poster
from handlers.views.blocks import message, section
from handlers.views.charts import CHART, chart
from tests.acceptance.stage import CHANNEL, Stage
from tests.operations.helpers import surface_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _card(key: str) -> Message:
    return message(key, [section("Iteration 2"), chart("Scores", ["1", "2"], [("Overall", [81, 92])], "of 100")])


def _kinds(stage: Stage, key: str) -> list[list[str]]:
    """The kinds of the blocks of each post under keys that begin so."""
    posts = [call.args for call in stage.local.calls if call.method == "chat.postMessage"]
    sent = [args["blocks"] for args in posts if f'"{key}.' in json.dumps(args).replace("\\", "")]
    return [[block["type"] for block in (json.loads(one) if isinstance(one, str) else one)] for one in sent]


async def test_a_refused_chart_is_sent_in_words_at_once_and_never_again(stage: Stage) -> None:
    """The message stands with the same content as text; the workspace is remembered, so it is asked once."""
    thread = await stage.start("eva")
    await thread.quiet()
    surface, channel, app = await surface_of(thread), stage["eva"].channels[CHANNEL], stage.app
    client = await app.transport.workspaces.client(surface.team)
    new = NewBlocks(charts=True)
    poster = Poster(app.database, client, surface, channel, Budget(app.database, minute_s=0, post_s=0), new_blocks=new)
    await poster.post(_card("x.taken"), thread.ts)
    assert _kinds(stage, "x") == [["section", CHART]], "this workspace takes it"
    stage.local.faults.add(
        CallFault(method="chat.postMessage", kind="error", error="invalid_blocks", channel=channel, times=1)
    )
    await poster.post(_card("x.refused"), thread.ts)
    await poster.post(_card("x.after"), thread.ts)
    assert _kinds(stage, "x")[1:] == [["section", CHART], ["section", "section"], ["section", "section"]]
    shown = [str(one) for one in await thread.shown() if "x.refused" in str(one) or "x.after" in str(one)]
    assert len(shown) == 2
    assert all("81 → 92" in one for one in shown)


async def test_what_is_refused_for_another_reason_is_not_sent_twice(stage: Stage) -> None:
    """Only `invalid_blocks` of a message with a chart is tried again, and only where charts are wanted."""
    thread = await stage.start("eva")
    await thread.quiet()
    surface, channel, app = await surface_of(thread), stage["eva"].channels[CHANNEL], stage.app
    client = await app.transport.workspaces.client(surface.team)
    poster = Poster(app.database, client, surface, channel, Budget(app.database, minute_s=0, post_s=0))
    await poster.post(_card("y.words"), thread.ts)
    assert _kinds(stage, "y") == [["section", "section"]]
