"""The happy path of a run, and what people add to it on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.agent.script import Body
from bot.devtools.local_model import Reply, Script
from bot.domain.evidence import Assessment, Outcome
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.scripted_model import play
from bot.services.designer import TaskStatus
from tests.agents.memory_session import check, measured
from tests.agents.samples import BRIEF, NOTE, calling, last_results, proposal, session, stage, steady
from tests.artefacts.blueprints import shop, tiny


async def test_a_run_ends_with_a_design_and_a_closed_ledger() -> None:
    """A run reads, proposes and reviews; each call is booked as the service reported it."""
    async with stage(play) as (_, claude):
        run = session()
        design = await claude.design(run)
    assert design.designer == "claude" and design.model == "claude-sonnet-5-5"
    assert {entity.name for entity in design.proposal.entities} >= {"Order", "Product"}
    assert len(design.narrative.strengths) == len(design.narrative.improvements) == 3
    assert run.outcomes == ["tool_use", "tool_use", "end_turn"]
    assert design.usage["usd"] == pytest.approx(sum(call["usd"] for call in run.calls.values()), abs=1e-5)
    assert run.tasks["model"][1] is TaskStatus.COMPLETE and run.tasks["proposal.1"][1] is TaskStatus.COMPLETE


async def test_findings_are_mended_in_a_second_proposal() -> None:
    """What the checks find goes back to the model, and the design is the last proposal that was accepted."""

    def strict(blueprint: Blueprint) -> Assessment:
        small = len(blueprint.entities) == 1
        return measured(check("entities", Outcome.FAILED if small else Outcome.HELD, "Name the other entities"))

    script = Script(steady, {0: [proposal(tiny())], 1: [calling("read_findings")], 2: [proposal(shop())]})
    async with stage(script) as (model, claude):
        run = session(assessor=strict)
        design = await claude.design(run)
        findings = last_results(model.calls[2].body)[0]["findings"]
    assert [finding["fix"] for finding in findings] == ["Name the other entities"]
    assert design.proposal == shop() and len(run.assessed) == 2


async def test_a_finished_run_asked_again_pays_nothing() -> None:
    """A run whose record is complete gives the same design again without a call."""
    async with stage(play) as (model, claude):
        run = session()
        first = await claude.design(run)
        calls = len(model.calls)
        again = await claude.design(run)
    assert len(model.calls) == calls
    assert (again.proposal, again.narrative) == (first.proposal, first.narrative)


async def test_thread_notes_reach_the_model_once_and_are_answered() -> None:
    """A note written during the run is handed over with the next results, once, and the review answers it."""
    async with stage(Script(play)) as (model, claude):
        run = session(thread=[NOTE])
        design = await claude.design(run)
        handed = [b for m in model.calls[-1].body["messages"] for b in m["content"] if b.get("title") == "note:nt_1"]
    assert len(handed) == 1
    assert [a.feedback_id for a in design.narrative.addressed] == ["nt_1"]
    assert "auditor" in {role.name for role in design.proposal.roles}


async def test_a_note_that_comes_with_the_review_gets_one_more_turn() -> None:
    """Words that arrive while the last answer is written are not lost: the model answers once more."""
    run = session()

    def late(body: Body) -> Reply:
        answer = play(body)
        if answer.stop == "end_turn" and not run.thread:
            run.thread.append(NOTE)
        return answer

    async with stage(late) as (_, claude):
        design = await claude.design(run)
    assert [a.feedback_id for a in design.narrative.addressed] == ["nt_1"]


async def test_a_second_iteration_maps_feedback_to_what_changed() -> None:
    """A rejected gate's reason is answered by a change that names parts of the blueprint which really differ."""
    async with stage(play) as (_, claude):
        first = await claude.design(session())
        reason = replace(NOTE, id="gt_1", origin="security-check", text="We need a role auditor.")
        brief = replace(BRIEF, iteration=2, previous=first.proposal, feedback=(reason,))
        second = await claude.design(session(brief))
    (addressed,) = second.narrative.addressed
    assert addressed.feedback_id == "gt_1" and "auditor" in addressed.change
