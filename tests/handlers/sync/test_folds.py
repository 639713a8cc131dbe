"""A workspace that does not take containers yet gets the same plain, and is asked once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.devtools.local_slack import LocalSlack
from handlers.sync.folds import Folds
from handlers.views.blocks import Block, header, section
from handlers.views.folding import fold

CHANNEL, TEAM = "C0IDEAS001", "T1"
BLOCKS = (header("Title"), *fold("Details", [section("Hidden words")]))


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with LocalSlack(manifest={}) as running:
        yield running


class Sender:
    """Posts blocks to the local Slack and counts the calls."""

    def __init__(self, slack: LocalSlack) -> None:
        self.client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        self.calls = 0

    async def __call__(self, blocks: list[Block]) -> AsyncSlackResponse:
        self.calls += 1
        return await self.client.chat_postMessage(channel=CHANNEL, text="Title", blocks=blocks)


async def test_a_workspace_with_containers_gets_one(slack: LocalSlack) -> None:
    """One call, and the container stands."""
    send = Sender(slack)
    answer = await Folds().send(TEAM, BLOCKS, send)
    assert [block["type"] for block in answer["message"]["blocks"]] == ["header", "container"]
    assert send.calls == 1


async def test_a_workspace_without_is_asked_once(slack: LocalSlack) -> None:
    """The first message costs two calls, the next ones one each; the words are all there."""
    slack.core.not_rolled_out = {"container"}
    send, folds = Sender(slack), Folds()
    for calls in (2, 3, 4):
        answer = await folds.send(TEAM, BLOCKS, send)
        assert [block["type"] for block in answer["message"]["blocks"]] == ["header", "section", "section"]
        assert send.calls == calls
    await folds.send("T2", BLOCKS[:1], send)
    assert send.calls == 5, "what folds nothing is sent as it is"


async def test_another_refusal_is_not_taken_for_that(slack: LocalSlack) -> None:
    """Blocks that are wrong in any form are refused as before, and the workspace is not remembered for it."""
    send, folds = Sender(slack), Folds()
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await folds.send(TEAM, [*BLOCKS, {"type": "header"}], send)
    answer = await folds.send(TEAM, BLOCKS, send)
    assert [block["type"] for block in answer["message"]["blocks"]] == ["header", "container"]
