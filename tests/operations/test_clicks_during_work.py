"""What computes does not do so on the loop: people are answered while a run is under way."""

from __future__ import annotations

import asyncio
import shutil
import time
from itertools import pairwise
from pathlib import Path

import pytest

from bot.domain.lifecycle import State
from bot.evidence.sandbox import proven
from tests.acceptance.looking import words
from tests.acceptance.stage import CHANNEL, Stage, Thread
from tests.support.samples import SAMPLE

SILENCE = 3.0
RUN_SECONDS = 240
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
            worst.append((await _through_a_run(stage))[0])
            print(f"{worst[-1] * 1e3:.1f} ms at the 99th percentile")
            if worst[-1] < 0.05:
                return
    raise AssertionError(f"answered within {[f'{seconds * 1e3:.0f} ms' for seconds in worst]}")


@pytest.mark.latency
async def test_people_are_answered_and_see_progress_while_the_service_is_run_and_attacked(tmp_path: Path) -> None:
    """Through a run with all evidence, `/eipas status` takes at most 50 ms at the 99th percentile, and the thread
    shows something new at least every three seconds.

    The service, its PostgreSQL and its probes run beside, in processes of their own.
    """
    proven()  # without a sandbox no service would be run
    tried = []
    async with Stage(tmp_path, evidence="all") as stage:
        shutil.copytree(SAMPLE, stage.roots / "platform")
        for _ in range(ATTEMPTS):
            taken, silences, shown = await _through_a_run(stage)
            assert all(phase in shown for phase in ("load:", "endurance:"))
            tried.append((taken, max(silences)))
            print(f"{taken * 1e3:.1f} ms at the 99th percentile, at most {max(silences):.2f} s silent")
            if taken < 0.05 and max(silences) < SILENCE:
                return
    said = [f"answered within {seconds * 1e3:.0f} ms, silent for {silence:.1f} s" for seconds, silence in tried]
    raise AssertionError(said)


async def _through_a_run(stage: Stage) -> tuple[float, list[float], str]:
    """Return the p99 of a command's time and how long the thread showed nothing new, in seconds, and what it showed."""
    thread = await stage.start(workspace="platform", approvers={"go": ("dan",)})
    await thread.answer_everything(text="POST /workflows creates a workflow, GET /workflows lists them.")
    await thread.vote("dan", "go", "approve")
    taken: list[float] = []
    news = [time.perf_counter()]
    seen = [""]
    reviewed = asyncio.create_task(thread.state(State.IN_REVIEW, within=RUN_SECONDS))
    while not reviewed.done():
        began = time.perf_counter()
        await stage["eva"].command(CHANNEL, "/eipas", f"status {thread.id}")
        taken.append(time.perf_counter() - began)
        if (shown := _shown(stage, thread)) != seen[-1]:
            seen.append(shown)
            news.append(time.perf_counter())
        await asyncio.sleep(0.01)
    await reviewed
    news.append(time.perf_counter())
    assert len(taken) > 50
    return (
        sorted(taken)[int(len(taken) * 0.99)],
        [later - earlier for earlier, later in pairwise(news)],
        "\n".join(seen),
    )


def _shown(stage: Stage, thread: Thread) -> str:
    """Return what stands in a thread: its messages as a page was told of them, and the line that says what is done."""
    person = stage["eva"]
    channel = person.channels[CHANNEL]
    messages = [words(m) for (c, _), m in person.messages.items() if c == channel and m.get("thread_ts") == thread.ts]
    return "\n".join((stage.local.core.statuses.get((channel, thread.ts), ""), *messages))
