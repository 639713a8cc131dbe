"""Best of several first proposals: judged by our checks, the best goes on, none is paid twice."""

from __future__ import annotations

from typing import Any

import pytest

from bot.agent.script import Body, turn_of
from bot.devtools.local_model import Fault, Reply, end
from bot.domain.evidence import Assessment, Outcome
from bot.roles.backend_developer.blueprint import Blueprint
from bot.services.designer import RunParked
from tests.agents.memory_session import check, measured
from tests.agents.samples import calling, proposal, review, session, stage
from tests.artefacts.blueprints import shop, tiny

PLANS = (tiny(), shop(), shop(title="Third"))


def several(*first: Reply | Fault) -> Any:
    """Answer the first turn by each of these in turn, every later one by a review."""
    left = list(first)
    return lambda body: end(review()) if turn_of(body) else left.pop(0)


def by_size(blueprint: Blueprint) -> Assessment:
    return measured(check("x", Outcome.HELD), overall=10 * len(blueprint.entities))


async def test_the_best_by_the_checks_goes_on() -> None:
    """Each candidate is rendered and checked; the conversation goes on as if the best had been the only one."""
    run = session(assessor=by_size)
    async with stage(several(*map(proposal, PLANS)), candidates=3) as (model, claude):
        design = await claude.design(run)
        assert [call.outcome for call in model.calls] == ["tool_use", "tool_use", "tool_use", "end_turn"]
    assert design.proposal == shop() and len(await run.steps()) == 4
    assert run.tasks["candidates"][0] == "Proposal 2 of 3 is the best by the checks"
    assert all(call["usd"] > 0 for call in run.calls.values())


async def test_an_invalid_candidate_loses() -> None:
    """What cannot be rendered is worse than whatever can."""
    bad = {**tiny().model_dump(mode="json"), "base_path": "no path"}
    async with stage(several(proposal(bad), proposal(tiny())), candidates=2) as (_, claude):
        assert (await claude.design(session())).proposal == tiny()


async def test_only_the_first_proposal_is_made_several_times() -> None:
    """Looking something up is done once, and so is every mend."""

    def answer(body: Body) -> Reply:
        mend = calling("edit_blueprint", edits=[{"op": "change", "at": "title", "value": "Mended"}])
        return (calling("read_answers"), proposal(tiny()), mend, end(review()))[min(turn_of(body), 3)]

    async with stage(answer, candidates=2) as (model, claude):
        design = await claude.design(session())
        assert [call.turn for call in model.calls] == [0, 1, 1, 2, 3]
    assert design.proposal.title == "Mended"


async def test_they_stay_within_the_budget() -> None:
    """Where the money reaches for one, one it is; the run does not pause for more of the same."""
    run = session(assessor=by_size)

    def poor(body: Body) -> Reply:
        if not turn_of(body):
            run.budget = 0.0001
            return proposal(tiny())
        return end(review())

    async with stage(poor, candidates=3) as (model, claude):
        with pytest.raises(RunParked, match="used up"):
            await claude.design(run)
        assert len(model.calls) == 1 and len(await run.steps()) == 3
        run.budget = 5.0
        await claude.design(run)
        assert len(model.calls) == 2


async def test_an_interrupted_choice_goes_on_where_it_was() -> None:
    """Candidates are kept one by one: a busy service between two of them costs none again."""
    busy = Fault(status=529, type="overloaded_error", retry_after="900")
    run = session(assessor=by_size)
    async with stage(several(proposal(tiny()), busy, proposal(shop())), candidates=2) as (model, claude):
        with pytest.raises(RunParked, match="overloaded"):
            await claude.design(run)
        design = await claude.design(run)
        assert [call.outcome for call in model.calls] == ["tool_use", "529", "tool_use", "end_turn"]
    assert design.proposal == shop()


async def test_one_is_the_default() -> None:
    """Nobody pays for what was not asked for."""
    async with stage(several(*map(proposal, PLANS))) as (model, claude):
        await claude.design(session())
        assert len(model.calls) == 2
