"""Workspaces see nothing of each other; one that removes the app is left in peace until it returns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.errors import NotFound
from bot.domain.run import RunState
from bot.services.app_uninstalled import REASON
from bot.services.common import Actor
from bot.services.gates import Verdict
from tests.support.services import CHANNEL, OWNER, TEAM, World

STRANGERS = Actor(team="T0FOREIGN1", user=OWNER)
"""The same user id in another workspace: ids are only unique within one."""


async def test_foreign_workspace_finds_nothing(world: World) -> None:
    """By id, by its beginning, by thread, in lists and at gates, another workspace's evaluation is not there."""
    evaluation = await world.to_go()
    gate, queries = await world.gate(evaluation, "go"), world.services.queries
    assert await queries.in_thread(STRANGERS.team, CHANNEL, evaluation.thread_ts or "") is None
    assert await queries.listing(STRANGERS.team, None, open_only=False) == ()
    desk = await queries.desk(STRANGERS.team, gate.approvers[0])
    assert (desk.waiting, desk.mine, desk.decided) == ((), (), ())
    for attempt in (
        queries.dossier(evaluation.id, STRANGERS.team),
        queries.find(STRANGERS.team, evaluation.id, OWNER),
        queries.find(STRANGERS.team, evaluation.id[:6], OWNER),
        world.services.gates.check(replace(STRANGERS, user=gate.approvers[0]), gate.id),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_foreign_workspace_changes_nothing(world: World) -> None:
    """Each change that another workspace tries by a known id is refused as not found, and nothing is written."""
    evaluation = await world.to_run()
    before, services = await world.dossier(evaluation), world.services
    gate = await world.gate(evaluation, "go")
    for attempt in (
        services.questions.answer(STRANGERS, evaluation.id, {before.questions[0].key: "forged"}),
        services.questions.ready(STRANGERS, evaluation.id),
        services.evaluations.cancel(STRANGERS, evaluation.id, "forged"),
        services.runs.stop(STRANGERS, evaluation.id),
        services.runs.retry(STRANGERS, evaluation.id),
        services.runs.reopen(STRANGERS, evaluation.id),
        services.runs.raise_budget(STRANGERS, evaluation.id, 100.0),
        services.gates.vote(STRANGERS, gate.id, Verdict(option="approve", subject_sha256=gate.subject_sha256)),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await world.dossier(evaluation) == before


async def test_removed_app_stops_its_runs_and_only_its_own(world: World) -> None:
    """Leaving ends every run of that workspace with a reason; it may be tried again after a return."""
    evaluation = await world.to_run()
    assert await world.services.leaving.leave("T0FOREIGN1") == 0
    assert await world.state(evaluation) == "running"
    assert await world.services.leaving.leave(TEAM) == 1
    assert await world.services.leaving.leave(TEAM) == 0, "safe to repeat"
    dossier = await world.dossier(evaluation)
    assert (dossier.evaluation.state.value, dossier.evaluation.failure) == ("failed", REASON)
    assert [run.state for run in dossier.runs] == [RunState.STOPPED]
    assert "app_removed" in await world.kinds(evaluation)
    await world.work_off()
    assert await world.state(evaluation) == "failed", "the engine finds nothing to do"
    await world.services.runs.retry(world.actor(), evaluation.id)
    assert await world.state(evaluation) == "running"
