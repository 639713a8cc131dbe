"""What answers in Slack's place is taken for no answer of Slack's."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError

from handlers.sync.poster import _had_no_effect
from handlers.sync.refusals import Refusal, classify
from handlers.transport.reach import word_of
from handlers.transport.workspaces import web_client
from tests.hostile.test_hostile import cases


@pytest.mark.parametrize("case", cases("answers"))
async def test_what_is_no_answer_of_slacks_is_tried_again(case: dict[str, Any]) -> None:
    """A post and a question end in an error of Slack's kind that passes by itself; whether it stands is not known."""
    body = bytes.fromhex(case["hex"]) if "hex" in case else case["body"].encode()

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=case["status"], body=body, headers={"Content-Type": case["type"]})

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        client = web_client(session, f"http://127.0.0.1:{runner.addresses[0][1]}/api/", "xoxb-ours")
        for call in (client.chat_postMessage(channel="C1", text="x"), client.users_info(user="U1")):
            with pytest.raises(SlackApiError) as refused:
                await call
            assert classify(refused.value) is Refusal.PASSING
            assert not _had_no_effect(refused.value)
            assert word_of(refused.value) == ""
    await runner.cleanup()
