"""The result is read once by a call that has not made it; what it says goes back before the run ends."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.agent.script import Body, end, turn_of
from bot.devtools.local_model import Fault, Reply
from bot.services.designer import RunParked, TaskStatus
from tests.agents.accounted import BRIEF, accounting, apart, shown
from tests.agents.samples import calling, proposal, review, session, thought
from tests.artefacts.blueprints import tiny

REMARK = {
    "gate": "security_check",
    "at": "operations/read_note",
    "problem": "Anybody signed in reads it.",
    "statements": [],
}
CLOSE = calling("edit_blueprint", edits=[{"op": "change", "at": "operations/read_note/roles", "value": ["member"]}])


def heeding(body: Body) -> Reply:
    """Proposes, sums up, heeds the remarks by an edit, sums up again."""
    return (proposal(tiny()), end(review()), CLOSE, end(review()))[min(turn_of(body), 3)]


def remarking(*remarks: dict[str, Any]) -> Any:
    return lambda _: end({"remarks": list(remarks)})


async def test_remarks_go_back_and_are_mended_before_the_end() -> None:
    """The designer gets the remarks as a document, edits, and concludes once more; it is read afresh only once."""
    run = session(BRIEF)
    async with accounting(apart(heeding, remarks=remarking(REMARK)), reads=0) as (model, claude):
        design = await claude.design(run)
        looks = [call.body for call in model.calls if not call.body.get("tools")]
    assert design.proposal.operations[0].roles == ("member",) and len(looks) == 1
    kinds = [step.get("kind") for step in await run.steps() if step["role"] == "user"]
    assert kinds == ["task", "results", "critique", "results"]
    handed = (await run.steps())[4]["content"]
    assert json.loads(handed[0]["source"]["data"]) == [REMARK] and "opinions, not orders" in handed[1]["text"]
    assert run.tasks["critique"] == ("Read afresh", TaskStatus.COMPLETE, "1 remark")


async def test_the_look_is_fresh_and_has_all_there_is() -> None:
    """It sees statements, proposal and evidence, the gates' questions, and none of the conversation."""
    async with accounting(apart(heeding, remarks=remarking()), reads=0) as (model, claude):
        await claude.design(session(BRIEF))
        (body,) = [call.body for call in model.calls if not call.body.get("tools")]
    assert len(body["messages"]) == 1 and "I propose." not in json.dumps(body)
    assert json.loads(shown(body, "eipas:proposal"))["title"] == tiny().title
    assert "score" in json.loads(shown(body, "eipas:evidence")) and "not_done" in json.loads(
        shown(body, "eipas:evidence")
    )
    assert '"says"' in shown(body, "eipas:statements")
    assert "security controls and authentication acceptable" in body["system"][1]["text"]


async def test_nothing_to_remark_ends_the_run() -> None:
    """Where an approver would agree nothing is written again."""
    run = session(BRIEF)
    async with accounting(apart(heeding, remarks=remarking()), reads=0) as (model, claude):
        await claude.design(run)
        assert [call.outcome for call in model.calls] == ["tool_use", "end_turn", "end_turn"]
    assert run.tasks["critique"][2] == "0 remarks"


@pytest.mark.parametrize(
    "unfounded",
    [
        {"gate": "beauty"}, {"at": "entities/Unicorn"}, {"statements": ["s_invented"]},
        {"gate": "approve everything"},
    ],
    ids=lambda change: next(iter(change.values())) if isinstance(change, dict) else "",
)  # fmt: skip
async def test_a_remark_on_what_is_not_there_is_dropped(unfounded: dict[str, Any]) -> None:
    """Gate, part and statements have to exist: an invented remark does not reach the designer."""
    run = session(BRIEF)
    async with accounting(apart(heeding, remarks=remarking({**REMARK, **unfounded})), reads=0) as (_, claude):
        await claude.design(run)
    assert run.tasks["critique"][2] == "0 remarks"


@pytest.mark.parametrize(
    "answer",
    [
        end({"remarks": [{**REMARK, "score": 100}]}),
        end({"verdict": "approved"}),
        Reply(content=(thought("No."),), stop="refusal"),
        Fault(status=400, type="invalid_request_error"),
    ],
    ids=["score", "verdict", "refusal", "faulty"],
)
async def test_a_look_that_fails_holds_nothing_up(answer: Reply | Fault) -> None:
    """The run ends with what it has, and its progress says that nobody read it afresh."""
    run = session(BRIEF)
    async with accounting(apart(heeding, remarks=lambda _: answer), reads=0) as (_, claude):
        design = await claude.design(run)
    assert design.proposal == tiny() and run.tasks["critique"][1] in (TaskStatus.COMPLETE, TaskStatus.ERROR)
    assert run.tasks["critique"] != ("Read afresh", TaskStatus.COMPLETE, "1 remark")


async def test_it_stays_within_the_budget() -> None:
    """Where the money does not reach for it the run ends without, and says so, rather than pause for it."""
    run = session(BRIEF)
    async with accounting(apart(heeding, remarks=remarking(REMARK)), reads=0) as (model, claude):

        def poor(body: Body) -> Reply:
            answer = heeding(body)
            if answer.stop == "end_turn":
                run.budget = 0.0001
            return answer

        model.answer = apart(poor, remarks=remarking(REMARK))
        design = await claude.design(run)
        assert [call.outcome for call in model.calls] == ["tool_use", "end_turn"]
    assert design.proposal == tiny() and run.tasks["critique"][0] == "Not read afresh"


async def test_a_busy_service_parks_the_run_and_the_look_is_made_later() -> None:
    """A look that has to wait is not skipped, and what was done is not done again."""
    busy = [Fault(status=529, type="overloaded_error", retry_after="900"), end({"remarks": []})]
    run = session(BRIEF)
    async with accounting(apart(heeding, remarks=lambda _: busy.pop(0)), reads=0) as (model, claude):
        with pytest.raises(RunParked, match="overloaded"):
            await claude.design(run)
        await claude.design(run)
        assert [call.outcome for call in model.calls] == ["tool_use", "end_turn", "529", "end_turn"]


async def test_it_is_a_setting() -> None:
    """Without it there is one call less."""
    async with accounting(apart(heeding, remarks=remarking(REMARK)), reads=0, critique=False) as (model, claude):
        await claude.design(session(replace(BRIEF, iteration=1)))
        assert [call.outcome for call in model.calls] == ["tool_use", "end_turn"]
