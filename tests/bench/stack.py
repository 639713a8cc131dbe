"""Click to updated card through everything: a person's page, the local Slack, Socket Mode, the bot, and back."""

from __future__ import annotations

import time
from pathlib import Path

from handlers.ids import ActionId
from tests.acceptance.stage import Stage
from tests.bench.plan import Plan
from tests.bench.report import Goal, Section, Spread
from tests.bench.seed import Seeding

_CLICKS = 5
"""Per thread: the last question is left open."""


async def measure(_seeding: Seeding, plan: Plan, folder: Path) -> tuple[list[Goal], list[Section]]:
    """Skip question after question and wait until the person's own page shows the card as skipped."""
    taken: list[float] = []
    async with Stage(folder / "stack") as stage:
        while len(taken) < plan.clicks:
            thread = await stage.start()
            for question in (await thread.dossier()).questions[:_CLICKS]:
                taken.append(await _skip(stage, await thread.card(f"q.{question.key}")) * 1e3)
    rows = [["p50 ms", Spread(taken).words(1)]]
    note = "A person clicks on a page of the local Slack; measured until that page was told of the updated message."
    return [], [Section(title="Click to updated card, the whole stack", head=["what", "found"], rows=rows, note=note)]


async def _skip(stage: Stage, card: dict[str, object]) -> float:
    person, ts = stage["eva"], str(card["ts"])
    began = time.perf_counter()
    await person.click("product-ideas", card, ActionId.SKIP)
    await person.wait_for(
        lambda page: next((m for m in page.messages.values() if m["ts"] == ts and "Skipped" in m["text"]), None)
    )
    return time.perf_counter() - began
