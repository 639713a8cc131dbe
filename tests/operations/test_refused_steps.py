"""What Slack refuses for good holds up nothing else, is tried again slowly, and its owner hears of it once."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.devtools.local_slack import CallFault
from tests.acceptance.looking import words
from tests.acceptance.stage import CHANNEL, Stage, Thread, eventually
from tests.operations.helpers import answer, has_problem, keys, notices, told

SLOW_S = 5.0
"""How soon a local bot tries again what only people can mend."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


def calls(stage: Stage, method: str, since: int) -> int:
    return sum(call.method == method for call in stage.local.calls[since:])


async def reviewed(stage: Stage) -> Thread:
    """An evaluation whose run has ended."""
    thread = await stage.start("eva", approvers=dict.fromkeys(("go", "api_review", "security_check"), ("ava",)))
    await thread.answer_everything()
    await thread.run("ava")
    return thread


@pytest.mark.parametrize("word", ["storage_limit_reached", "file_uploads_disabled"])
async def test_gates_stand_without_files(stage: Stage, word: str) -> None:
    """A workspace that takes no files still gets its review and its gates; the files follow once it takes them."""
    upload = "files.getUploadURLExternal"
    stage.local.faults.add(CallFault(method=upload, kind="error", error=word, times=1000))
    before, began = len(stage.local.calls), time.monotonic()
    thread = await reviewed(stage)
    await eventually(lambda: _has(thread, "gate.api_review"))
    await has_problem(thread, word)
    for _ in range(20):
        await thread.say("eva", "Where are the files?")
        await asyncio.sleep(0.05)
    in_turn = 1 + (time.monotonic() - began) / SLOW_S
    assert calls(stage, upload, before) <= in_turn, "however much people write, it is tried slowly"
    await told(thread, 1)
    assert "files" in words(dict((await notices(thread))[0]))
    stage.local.faults.clear()
    await has_problem(thread, "")
    await thread.is_the_projection()
    assert "mended" in words(dict((await notices(thread))[0]))


async def test_one_refused_message_holds_up_no_other(stage: Stage) -> None:
    """A message that Slack does not take is missing alone: the next ones stand, and it comes with its next words."""
    thread = await stage.start("eva")
    await thread.quiet()
    channel = stage["eva"].channels[CHANNEL]
    stage.local.faults.add(CallFault(method="chat.postMessage", kind="error", error="invalid_blocks", channel=channel))
    await answer(thread, "One")
    await has_problem(thread, "message_refused")
    assert "q.opening_2" not in await keys(thread)
    await answer(thread, "Two")
    await eventually(lambda: _has(thread, "q.opening_3"))
    await has_problem(thread, "")
    await thread.is_the_projection()


async def test_an_archived_channel_is_tried_slowly(stage: Stage) -> None:
    """However much happens, what Slack refuses in a whole channel is tried once in a while, by one timer."""
    thread = await stage.start("eva")
    await thread.quiet()
    channel = stage["eva"].channels[CHANNEL]
    stage.local.faults.add(
        CallFault(method="chat.update", kind="error", error="is_archived", channel=channel, times=99)
    )
    before = len(stage.local.calls)
    await answer(thread, "One")
    await has_problem(thread, "is_archived")
    for text in ("Two", "Three", "Four"):
        await answer(thread, text)
        await asyncio.sleep(0.2)
    assert calls(stage, "chat.update", before) == 1
    stage.local.faults.clear()
    await stage.app.reconciler.heal(stage.local.core.identity.team_id)
    await has_problem(thread, "")
    await thread.is_the_projection()


async def _has(thread: Thread, part: str) -> bool:
    return any(part in key for key in await keys(thread))
