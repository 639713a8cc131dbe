"""What the model may do in a turn, what it gets back, and how often it may be wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.agent.script import Body, turn_of
from bot.devtools.local_model import Reply, Script, end
from bot.domain.design import Source
from bot.domain.evidence import Outcome
from bot.services.designer import DesignFailed, RunParked, TaskStatus
from tests.agents.memory_session import check, measured
from tests.agents.samples import (
    BRIEF,
    NOTE,
    calling,
    last_results,
    proposal,
    review,
    session,
    stage,
    steady,
    thought,
)  # fmt: skip
from tests.artefacts.blueprints import shop, tiny

PLAIN = tiny().model_dump(mode="json")
BAD = {**PLAIN, "operations": [{**PLAIN["operations"][0], "path": ""}]}
QUESTION = {"question": "Which payment provider?", "why": "It decides the integration."}


async def test_an_invalid_proposal_is_answered_with_its_problems() -> None:
    """Pydantic's findings go back as the tool's error, without the input; the corrected proposal is accepted."""
    run = session()
    async with stage(Script(steady, {0: [proposal(BAD)], 1: [proposal(tiny())]})) as (_, claude):
        await claude.design(run)
    result = (await run.steps())[2]["content"][0]
    assert result["is_error"] and "operations" in result["content"]
    assert run.outcomes == ["tool_use", "tool_use", "end_turn"]


async def test_proposals_that_stay_invalid_end_the_run() -> None:
    """After the allowed corrections the run fails in words that name the problem."""
    run = session()
    async with stage(lambda _: proposal(BAD), proposal_repairs=2) as (_, claude):
        with pytest.raises(DesignFailed, match="proposals stay invalid: operations"):
            await claude.design(run)
    assert run.outcomes == ["tool_use"] * 3 and run.assessed == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"strengths": ["One", "Two"]},
        {"improvements": ["One", "Two", "Three", "Four"]},
        {"recommendation": " "},
        {"backend_score": 100},
        {"addressed": [{"feedback_id": "nobody", "change": "", "parts": []}]},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
async def test_an_invalid_review_is_mended(wrong: dict[str, Any]) -> None:
    """Exactly three strengths and improvements, no scores, no invented feedback: the problems go back."""
    run = session()
    async with stage(Script(steady, {1: [end(review(**wrong))]})) as (_, claude):
        design = await claude.design(run)
    steps = await run.steps()
    assert [step.get("kind") for step in steps if step["role"] == "user"] == ["task", "results", "repair"]
    assert len(design.narrative.strengths) == 3


async def test_a_review_that_stays_invalid_ends_the_run_and_keeps_its_work() -> None:
    """After two repairs the problems are told; the transcript with all proposals is kept."""
    run = session()

    def stubborn(body: Body) -> Reply:
        return end(review(strengths=[])) if turn_of(body) else proposal(tiny())

    async with stage(stubborn) as (_, claude):
        with pytest.raises(DesignFailed, match=r"final answer stays invalid: strengths.*kept with the run"):
            await claude.design(run)
    assert run.outcomes == ["tool_use", *["end_turn"] * 3] and len(run.assessed) == 1


async def test_a_review_without_a_proposal_is_sent_back() -> None:
    """Words alone are no design."""
    run = session()
    async with stage(Script(steady, {0: [end(review())], 1: [proposal(tiny())]})) as (_, claude):
        await claude.design(run)
    assert "propose a blueprint first" in (await run.steps())[2]["content"][0]["text"]


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        (["Unicorn"], "has no Unicorn"),
        ([], "has no nothing"),
        (["stack"], "the same as in the previous iteration"),
    ],
)
async def test_a_claimed_change_must_be_real(parts: list[str], problem: str) -> None:
    """Code compares the named parts with the previous blueprint; a claim without a change is sent back."""
    brief = replace(BRIEF, iteration=2, previous=tiny(), feedback=(NOTE,))
    claim = {"feedback_id": "nt_1", "change": "Done.", "parts": parts}
    honest = review(addressed=[{**claim, "change": "", "parts": []}])
    run = session(brief)
    async with stage(Script(lambda _: end(honest), {0: [proposal(tiny())], 1: [end(review(addressed=[claim]))]})) as (
        _,
        claude,
    ):
        design = await claude.design(run)
    assert problem in (await run.steps())[4]["content"][0]["text"]
    assert design.narrative.addressed[0].change == ""


async def test_a_question_parks_the_run_until_it_is_answered() -> None:
    """ask_user puts the questions to the people and gives the worker back; their answers are the tool's result."""
    run = session()
    async with stage(Script(steady, {0: [calling("ask_user", questions=[QUESTION])], 1: [proposal(tiny())]})) as (
        model,
        claude,
    ):
        with pytest.raises(RunParked) as parked:
            await claude.design(run)
        assert parked.value.kind == "people" and parked.value.until is None
        with pytest.raises(RunParked):
            await claude.design(run)
        assert len(model.calls) == 1
        (key,) = run.asked
        run.answered[key] = "Stripe"
        await claude.design(run)
        assert last_results(model.calls[1].body)[0]["answers"] == [
            {"question": QUESTION["question"], "answer": "Stripe"}
        ]
    assert run.tasks[f"ask.{key.split('-')[0]}"][1] is TaskStatus.COMPLETE


async def test_questions_are_limited() -> None:
    """After the allowed number of times the model is told to decide by itself."""
    run = session()
    asking = calling("ask_user", questions=[QUESTION])
    async with stage(Script(steady, {0: [asking], 1: [proposal(tiny())]}), asks=0) as (_, claude):
        await claude.design(run)
    result = (await run.steps())[2]["content"][0]
    assert result["is_error"] and "Decide yourself" in result["content"] and not run.asked


async def test_inputs_are_read_by_their_path_and_page_only() -> None:
    """An input that is not shown can be read page by page; anything else, such as a path of this machine, cannot."""
    long = Source(path="phase2/market.json", sha256="c", body={"text": "word " * 200})
    brief = replace(BRIEF, sources=(*BRIEF.sources, long))
    run = session(brief)
    reads = [("phase2/market.json", 2), ("/etc/passwd", 1), ("../idea.json", 1), ("phase2/market.json", 99)]
    uses = tuple(calling("read_input", path=path, page=page).content[1] for path, page in reads)
    look = Reply(content=(thought("I read."), *uses), stop="tool_use")
    async with stage(Script(steady, {0: [look], 1: [proposal(tiny())]}), document_limit=500, page=300) as (
        model,
        claude,
    ):
        await claude.design(run)
        first = model.calls[0].body["messages"][0]["content"]
    shown = [block["title"] for block in first if block["type"] == "document"]
    assert "input:phase2/market.json" not in shown and "input:idea.json" in shown
    page, *refused = (await run.steps())[2]["content"]
    assert json.loads(page["content"])["page"] == 2
    assert [r["is_error"] for r in refused] == [True] * 3 and "root:" not in json.dumps(refused)


async def test_answers_and_findings_can_be_read() -> None:
    """The model sees the answers as they stand, and every failed check with how it may be mended."""
    run = session(assessor=lambda _: measured(check("mfa", Outcome.FAILED, "Ask for a second factor")), thread=[NOTE])
    note = {"feedback_id": "nt_1", "change": "", "parts": []}
    script = Script(
        lambda _: end(review(addressed=[note])),
        {
            0: [calling("read_findings")],
            1: [calling("read_answers")],
            2: [proposal(tiny())],
            3: [calling("read_findings")],
        },
    )
    async with stage(script) as (model, claude):
        await claude.design(run)
        early, answers, proposed, findings = (last_results(call.body)[0] for call in model.calls[1:5])
    assert early == "Nothing was proposed yet."
    assert [a["key"] for a in answers["answers"]] == ["opening-1", "opening-2"] and answers["notes"][0]["id"] == "nt_1"
    assert proposed["accepted"] and proposed["score"] == 91
    expected = {"check": "mfa", "detail": "mfa was looked at", "fix": "Ask for a second factor"}
    assert findings["findings"] == [expected]


async def test_proposals_are_limited() -> None:
    """When the rounds are used up, the last accepted proposal stands."""
    run = session()
    script = Script(steady, {0: [proposal(tiny())], 1: [proposal(shop())]})
    async with stage(script, proposals=1) as (_, claude):
        design = await claude.design(run)
    assert design.proposal == tiny() and len(run.assessed) == 1


async def test_a_model_that_comes_to_no_end_is_stopped() -> None:
    """The number of turns is bounded whatever the model does."""
    run = session()
    async with stage(lambda _: calling("read_answers"), turns=4) as (_, claude):
        with pytest.raises(DesignFailed, match="no end in 4 turns"):
            await claude.design(run)
    assert len(run.calls) == 4


async def test_an_unknown_tool_is_an_error_and_no_crash() -> None:
    """A call of a tool that does not exist is answered as an error."""
    run = session()
    async with stage(Script(steady, {0: [calling("approve_gate", gate="go")], 1: [proposal(tiny())]})) as (_, claude):
        await claude.design(run)
    assert (await run.steps())[2]["content"][0]["content"] == "There is no tool approve_gate."


async def test_results_are_kept_as_they_end() -> None:
    """A worker that dies between two tools of one turn runs only the missing one again."""
    run = session()
    two = Reply(content=(thought("Both."), *(calling("read_answers").content[1:] * 2)), stop="tool_use")
    async with stage(Script(steady, {0: [two], 1: [proposal(tiny())]})) as (_, claude):
        await claude.design(run)
    ids = [block["id"] for block in (await run.steps())[1]["content"] if block["type"] == "tool_use"]
    assert len(set(ids)) == 2 and all(f"tool:{one}" in run.memory for one in ids)
