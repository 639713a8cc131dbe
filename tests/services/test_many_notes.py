"""A thread in which much is written costs no more than another."""

from __future__ import annotations

import time
from datetime import timedelta
from statistics import median
from typing import Any

from bot.domain.design import Brief
from bot.domain.evaluation import Evaluation, Note
from bot.domain.recap import Recap, RecapSection
from tests.support.services import World

FEW, MANY = 10, 10_000


class Summarizer:
    """Tells nothing, so that only what surrounds it is measured."""

    async def recap(self, brief: Brief) -> Recap:
        nothing = RecapSection(title="Parts", lines=(), total=0)
        return Recap(statements=0, understood=0, sections=(), assumed=nothing)


async def _written(world: World, evaluation: Evaluation, count: int) -> None:
    """Have so many notes in the thread already."""

    def fn(tx: Any) -> None:
        for number in range(count):
            at = tx.now - timedelta(seconds=count - number)
            note = Note(
                id=f"nt_{evaluation.id}_{number}", iteration=1, by="U0EVAROSS1", text=f"Word {number}", at=at,
                ts=f"17.{number}",
            )  # fmt: skip
            tx.notes.add(evaluation.id, note)

    await world.database.transaction(fn)


async def _cost(world: World, count: int) -> float:
    """Seconds of the processor for one more note while the go is open and what was understood is shown."""
    evaluation = await world.to_go()
    await world.work_off()
    await _written(world, evaluation, count)
    await world.reply(evaluation, "The first is slower, for it fills what is remembered.")
    took = []
    for number in range(15):
        began = time.process_time()
        await world.reply(evaluation, f"One more, number {number}.")
        took.append(time.process_time() - began)
    assert (await world.dossier(evaluation)).notes[-1].text == "One more, number 14."
    return median(took)


async def test_a_note_costs_the_same_at_ten_and_at_ten_thousand(world: World) -> None:
    """While a go is open each note asks for another reading of all; asking costs no look at those before it."""
    world.kit.summarizer = Summarizer()
    few, many = await _cost(world, FEW), await _cost(world, MANY)
    assert many < 3 * few, f"{few * 1000:.1f} ms at {FEW}, {many * 1000:.1f} ms at {MANY:,}"


async def test_the_reading_that_is_done_is_the_newest(world: World) -> None:
    """Of many readings that were asked for only the last is done, and it knows every note."""
    seen: list[Brief] = []

    class Noting(Summarizer):
        async def recap(self, brief: Brief) -> Recap:
            seen.append(brief)
            return await super().recap(brief)

    world.kit.summarizer = Noting()
    evaluation = await world.to_go()
    for number in range(5):
        await world.reply(evaluation, f"Note {number}.")
    await world.work_off()
    assert [item.text for item in seen[-1].feedback] == [f"Note {number}." for number in range(5)]
    assert len(seen) == 1
