"""One card changed again and again, in a Slack that takes one update of a message in three seconds."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

from bot.app.application import read_manifest
from bot.devtools.local_slack import LocalSlack, Timing
from bot.devtools.local_slack.rates import Rates
from tests.acceptance.looking import words
from tests.acceptance.stage import Stage

MINUTE_S = 12.0
APART_S = 3.0 * MINUTE_S / 60


async def test_an_answer_changed_five_times_at_once_is_shown_and_never_refused(tmp_path: Path) -> None:
    """The first change shows at once, the last one in the end, and no update comes too soon after the one before."""
    slack = LocalSlack(manifest=read_manifest(), timing=Timing(), rates=Rates(enforced=True, minute_s=MINUTE_S))
    settings = {"post_interval": MINUTE_S / 60, "update_interval": APART_S, "rate_minute": MINUTE_S}
    async with Stage(tmp_path, local=slack, **settings) as stage:
        thread = await stage.start()
        card = await thread.card("q.opening_1")
        for number in range(5):
            await stage.app.services.questions.answer(stage.actor("eva"), thread.id, {"opening_1": f"answer {number}"})
            await asyncio.sleep(APART_S / 3)
        shown = await stage["eva"].wait_for(
            lambda p: next((m for m in p.messages.values() if m["ts"] == card["ts"] and "answer 4" in words(m)), None)
        )
        assert shown
        calls = [c for c in slack.core.calls if c.method == "chat.update" and c.args.get("ts") == card["ts"]]
        assert {c.status for c in calls} == {200}
        assert "answer 0" in str(calls[0].args)
        assert all(later.at - earlier.at >= APART_S * 0.98 for earlier, later in pairwise(calls))
