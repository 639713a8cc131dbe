"""What computes does not do so on the loop: people are answered while a run is under way."""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path

import pytest

from bot.domain.lifecycle import State
from tests.acceptance.stage import CHANNEL, Stage
from tests.support.samples import SAMPLE

ATTEMPTS = 3
"""The machine is shared: what others take of it is not the product's, and differs from one try to the next."""


@pytest.mark.latency
async def test_a_command_is_answered_while_a_run_reads_designs_checks_and_renders(tmp_path: Path) -> None:
    """Asked again and again through a whole run, `/eipas status` is acknowledged within 50 ms at the 99th percentile.

    One process plays Slack, the people and the product, so the product's own share is less.
    """
    worst = []
    async with Stage(tmp_path) as stage:
        shutil.copytree(SAMPLE, stage.roots / "platform")
        for _ in range(ATTEMPTS):
            worst.append(await _p99(stage))
            if worst[-1] < 0.05:
                return
    raise AssertionError(f"answered within {[f'{seconds * 1e3:.0f} ms' for seconds in worst]}")


async def _p99(stage: Stage) -> float:
    thread = await stage.start(workspace="platform", approvers={"go": ("dan",)})
    await thread.answer_everything(text="POST /workflows creates a workflow, GET /workflows lists them.")
    await thread.vote("dan", "go", "approve")
    taken: list[float] = []
    reviewed = asyncio.create_task(thread.state(State.IN_REVIEW, within=120))
    while not reviewed.done():
        began = time.perf_counter()
        await stage["eva"].command(CHANNEL, "/eipas", f"status {thread.id}")
        taken.append(time.perf_counter() - began)
        await asyncio.sleep(0.01)
    await reviewed
    assert len(taken) > 50
    return sorted(taken)[int(len(taken) * 0.99)]
