"""Who may decide what, who is told why not, and what happens when people act at once."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.gate import GateState
from bot.domain.lifecycle import State
from handlers.ids import ActionId, BlockId, qualified
from tests.acceptance.looking import words
from tests.acceptance.stage import CHANNEL, REVIEWS, Stage, Thread

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _at_the_go(stage: Stage, **values: str) -> Thread:
    thread = await stage.start(approvers={"go": ("dan", "ben")}, **values)
    await thread.answer_everything()
    return thread


async def test_a_stranger_is_told_who_may_decide(stage: Stage) -> None:
    """A click by somebody who is no approver opens no form and names those who are; nothing changes."""
    thread = await _at_the_go(stage)
    await thread.press("farid", "go", "approve")
    said = await stage.whispered("farid", "You may not")
    assert all(user in said["text"] for user in stage.ids("dan", "ben"))
    assert not stage["farid"].views
    assert not (await thread.gate("go")).votes


async def test_the_owner_cannot_decide_what_others_were_named_for(stage: Stage) -> None:
    """Self-approval is refused in words of its own."""
    thread = await stage.start(approvers={"go": ("dan", "eva")})
    await thread.answer_everything()
    await thread.press("eva", "go", "approve")
    said = await stage.whispered("eva", "You started this evaluation")
    assert stage["dan"].user in said["text"]
    assert not (await thread.gate("go")).votes


async def test_a_form_opened_before_the_decision_comes_too_late(stage: Stage) -> None:
    """Two approvers open the form, both send it: the first stands and the second is told whose it was."""
    thread = await _at_the_go(stage)
    card = await thread.gate_card("go")
    for who in ("dan", "ben"):
        await thread.click(who, card, qualified(ActionId.VOTE, "reject"))
    views = {who: await stage[who].wait_for(lambda p: p.views[-1] if p.views else None) for who in ("dan", "ben")}
    await asyncio.gather(
        *(stage[who].submit(views[who], {BlockId.COMMENT: f"No, says {who}"}) for who in ("dan", "ben"))
    )
    dossier = await thread.state(State.COLLECTING)
    decided = next(g for g in dossier.gates if g.key == "go")
    assert decided.state is GateState.REJECTED
    assert len(decided.votes) == 1
    loser = "dan" if decided.votes[0].voter == stage["ben"].user else "ben"
    shown = await stage[loser].wait_for(lambda p: p.views[-1] if p.views else None)
    assert "already decided" in str(shown["blocks"])
    assert decided.votes[0].voter in str(shown["blocks"])
    await thread.is_the_projection()


async def test_a_rejected_go_needs_a_reason_and_shows_it(stage: Stage) -> None:
    """A no without a reason is refused under its field; with one it stands on the card; the go is asked for again."""
    thread = await _at_the_go(stage)
    await thread.press("dan", "go", "reject")
    view = await stage["dan"].wait_for(lambda p: p.views[-1] if p.views else None)
    assert (await stage["dan"].submit(view, {}))["response_action"] == "errors"
    assert await stage["dan"].submit(view, {BlockId.COMMENT: "Name the tenants first"}) == {"response_action": "clear"}
    dossier = await thread.state(State.COLLECTING)
    assert not dossier.runs
    gate = dossier.gates[0]
    assert "Name the tenants first" in await thread.said(f"i1.gate.go.{gate.id}")
    await thread.click("eva", await thread.card("i1.answers"), ActionId.READY)
    await thread.state(State.AWAITING_GO)
    assert (await thread.gate("go")).id != gate.id
    await thread.is_the_projection()


async def test_a_double_click_is_one_verdict(stage: Stage) -> None:
    """The form sent twice by an impatient hand is one vote; one of two needed approvals waits for another person's."""
    thread = await _at_the_go(stage, needed="2")
    await thread.press("dan", "go", "approve")
    view = await stage["dan"].wait_for(lambda p: p.views[-1] if p.views else None)
    await asyncio.gather(stage["dan"].submit(view, {}), stage["dan"].submit(view, {}), return_exceptions=True)
    await thread.until(lambda d: d.gates[0].votes)
    gate = await thread.gate("go")
    assert [vote.voter for vote in gate.votes] == [stage["dan"].user]
    assert "1 of 2" in words(await thread.gate_card("go"))
    await thread.press("dan", "go", "approve")
    await stage.whispered("dan", "already recorded")
    assert len((await thread.gate("go")).votes) == 1


async def test_a_run_is_stopped_tried_again_and_cancelled(stage: Stage) -> None:
    """A stranger cannot stop a run; the owner can, at once; it can be tried again, and the evaluation cancelled."""
    thread = await _at_the_go(stage)
    await thread.vote("dan", "go", "approve")
    await thread.state(State.RUNNING)
    run = (await thread.dossier()).runs[0]
    card = await thread.card(f"i1.run.{run.id}")
    await thread.click("farid", card, ActionId.STOP_RUN)
    await stage.whispered("farid", "You may not stop this run")
    await thread.click("eva", card, ActionId.STOP_RUN)
    await thread.state(State.FAILED)
    assert "Stopped by" in await thread.said(f"i1.run.{run.id}")
    await thread.is_the_projection()
    await thread.click("eva", await thread.card(f"i1.run.{run.id}"), ActionId.RETRY_RUN)
    dossier = await thread.until(lambda d: len(d.runs) == 2)
    assert dossier.evaluation.state is State.RUNNING
    await stage["eva"].command(CHANNEL, "/eipas", f"cancel {thread.id}")
    view = await stage["eva"].wait_for(lambda p: p.views[-1] if p.views else None)
    await stage["eva"].submit(view, {BlockId.REASON: "Enough"})
    await thread.state(State.CANCELLED)
    await thread.is_the_projection()
    assert not await thread.files()


async def test_the_home_tab_shows_what_waits_for_whom(stage: Stage) -> None:
    """The Home tab of an approver names the gate that waits for them, and forgets it once it is decided."""
    thread = await _at_the_go(stage, title="Home idea")
    gate = await thread.gate("go")
    await stage["dan"].open_home()
    button = f"{thread.id}|{gate.id}|approve"
    home = await stage["dan"].wait_for(lambda p: p.home if button in str(p.home) else None)
    assert "Home idea" in str(home["blocks"])
    ways = [block["accessory"]["url"] for block in home["blocks"] if "accessory" in block]
    assert ways and all("/archives/" in way for way in ways), "from what waits to its thread"
    await thread.vote("dan", "go", "reject", comment="Later")
    home = await stage["dan"].wait_for(lambda p: p.home if button not in str(p.home) else None)
    assert "Home idea" in str(home["blocks"])


async def test_reviewers_decide_side_by_side(stage: Stage) -> None:
    """Three gates stand side by side; a no of one leaves the others open; the closing gate comes last."""
    experts = dict(zip(REVIEWS, (("ben",), ("ava",), ("chloe",)), strict=True))
    thread = await stage.start(
        approvers={"go": ("dan",), **experts, "iteration_complete": ("dan",)},
        stakeholders=stage["eva"].channels["stakeholders"],
    )
    await thread.answer_everything()
    await thread.run("dan")
    await thread.press("ava", "security_check", "approve")
    assert stage["chloe"].user in (await stage.whispered("ava", "You may not"))["text"]
    await asyncio.gather(
        thread.vote("ben", "implementation_approval", "approve", comment="Fine <!here>"),
        thread.vote("ava", "api_review", "reject", comment="No bulk endpoint"),
        thread.vote("chloe", "security_check", "approve"),
    )
    dossier = await thread.state(State.DECIDING)
    assert {g.key: g.state for g in dossier.gates if g.key in REVIEWS} == {
        "implementation_approval": GateState.APPROVED,
        "api_review": GateState.REJECTED,
        "security_check": GateState.APPROVED,
    }
    await thread.press("dan", "iteration_complete", "ready")
    view = await stage["dan"].wait_for(lambda p: p.views[-1] if p.views else None)
    refused = await stage["dan"].submit(view, {})
    assert refused["response_action"] == "errors"
    await thread.is_the_projection()
    told = [m for m in await stage["eva"].history("stakeholders") if thread.id in str(m.get("metadata"))]
    assert len(told) == 1
    assert not stage.local.broadcasts
