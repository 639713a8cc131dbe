"""The product is stopped and started again on the same data while Slack goes on: nothing is lost or doubled."""

from __future__ import annotations

import pytest

from bot.devtools.local_slack.faults import CallFault
from bot.domain.lifecycle import State
from tests.acceptance.stage import RUN_PATIENCE, Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_buttons_of_before_work_after_a_restart(stage: Stage) -> None:
    """A restart posts nothing anew, and the gate card of before still takes its verdict."""
    thread = await stage.start(approvers={"go": ("dan",)})
    await thread.answer_everything()
    await thread.quiet()
    before = await thread.cards()
    await stage.end()
    await stage.begin()
    assert {key: card["ts"] for key, card in before.items()} == {
        key: card["ts"] for key, card in (await thread.cards()).items()
    }
    await thread.vote("dan", "go", "reject", comment="After the restart")
    await thread.state(State.COLLECTING)
    await thread.is_the_projection()


async def test_a_run_in_the_middle_is_finished_after_a_restart(stage: Stage) -> None:
    """Stopped in the middle of a run, the bot takes it up again by itself; there is one result and each file once."""
    thread = await stage.start(approvers={"go": ("dan",)})
    await thread.answer_everything(text="GET /orders lists orders.")
    await thread.vote("dan", "go", "approve")
    await thread.until(lambda d: d.runs and d.runs[0].tasks)
    await stage.end()
    await stage.begin()
    dossier = await thread.state(State.IN_REVIEW, State.FAILED, within=RUN_PATIENCE)
    assert dossier.evaluation.state is State.IN_REVIEW
    assert len(dossier.runs) == 1
    await thread.is_the_projection()


async def test_a_post_that_was_under_way_at_the_end_is_not_doubled(stage: Stage) -> None:
    """A message whose answer never came before the stop is found again after the start, not posted again."""
    thread = await stage.start()
    await thread.quiet()
    stage.local.faults.add(CallFault(method="chat.postMessage", kind="lost_answer"))
    await thread.say("ava", "Just before the end")
    await thread.until(lambda d: d.questions[0].settled)
    await stage.end()
    await stage.begin()
    await thread.is_the_projection()
    assert "q.opening_2" in await thread.cards()
