"""How many messages a thread takes: people read them all, and Slack counts each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from handlers.sync.plan import batches, plan
from handlers.views.thread import thread
from tests.support.databases import migrated_file
from tests.support.dossiers import LEAD
from tests.support.services import World, world_at

MOST = 45
"""Of four iterations, eight questions and twenty gates: 55 before the documents stood once and outcomes opened what
follows them."""


async def _decide(world: World, option: str, evaluation_id: str) -> None:
    """Close the iteration by its approver."""
    dossier = await world.services.queries.dossier(evaluation_id)
    closer = (await world.gate(dossier.evaluation, "iteration_complete")).approvers[0]
    await world.vote(dossier.evaluation, "iteration_complete", closer, option, comment="On with it")
    await world.work_off()


async def test_four_iterations_are_few_messages(tmp_path: Path) -> None:
    """Everything that stands in the thread in the end, each message and each set of files counted once."""
    async with world_at(migrated_file(tmp_path / "w.db"), tmp_path) as world:
        evaluation = await world.to_closing()
        for _ in range(3):
            await _decide(world, "ready", evaluation.id)
            await world.vote(evaluation, "go", LEAD)
            await world.work_off()
            await world.review(evaluation)
        await _decide(world, "finish", evaluation.id)
        dossier = await world.dossier(evaluation)
        assert len(dossier.iterations) == 4
        sent = tuple(batches(plan(thread(dossier, world.role), {}, datetime.now(UTC), timedelta(0))))
        assert len(sent) <= MOST, [batch[0].item.key for batch in sent]
