"""What time brings: reminders that grow, escalation, expiry, and two clocks at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.errors import GateNotOpen, ReasonRequired, SelfApproval
from bot.domain.gate import GateState, Policy
from bot.services.common import Rules
from bot.services.repositories import Due
from tests.services.conftest import MakeWorld
from tests.support.dossiers import ARCHITECT, LEAD, OWNER, SECURITY
from tests.support.services import REVIEWS, World

FALLBACK = "U0FALLBK01"


async def reminders(world: World, hours: float) -> int:
    world.time.passes(hours=hours)
    return await world.services.deadlines.tick()


async def test_reminders_come_at_growing_distances(world: World) -> None:
    """After 4, 24 and 72 hours, each once, and none after that."""
    evaluation = await world.to_go()
    seen = []
    for hours in (3.9, 0.2, 19.8, 0.2, 47.8, 0.2, 1000):
        await reminders(world, hours)
        seen.append((await world.gate(evaluation, "go")).reminders)
    assert seen == [0, 1, 1, 2, 2, 3, 3]
    assert (await world.kinds(evaluation)).count("reminded") == 3


async def test_two_clocks_remind_once(world: World) -> None:
    """A due row is claimed by whoever comes first, and done with its claim."""
    evaluation = await world.to_go()
    world.time.passes(hours=5)
    done = await asyncio.gather(*(world.services.deadlines.tick() for _ in range(4)))
    assert sum(done) == 1 and (await world.gate(evaluation, "go")).reminders == 1


async def test_what_came_due_while_down_is_done_at_once(world: World) -> None:
    """Nothing is lost by being late."""
    evaluation = await world.to_go()
    assert await reminders(world, 24 * 30) == 4
    assert (await world.gate(evaluation, "go")).reminders == 3


async def test_one_row_that_cannot_be_done_does_not_hold_up_the_others(world: World) -> None:
    """It is put off and logged; what came due after it is done."""
    evaluation = await world.to_go()
    stray = Due(key="stray", kind="reminder", evaluation_id="ev_gone", at=world.time.now, data={"gate_id": "gt_gone"})
    await world.database.transaction(lambda tx: tx.timers.set(stray))
    await reminders(world, 5)
    assert (await world.gate(evaluation, "go")).reminders == 1
    assert await world.database.read(lambda tx: tx.timers.next_at() or world.time.now) > world.time.now


async def test_escalation_adds_the_fallback(make: MakeWorld) -> None:
    """Whom it adds may decide, sees the gate among those waiting, and is named in the log; nobody loses the right."""
    world = await make(rules=Rules(fallback_approvers=(FALLBACK,)))
    evaluation = await world.to_go()
    await reminders(world, 49)
    gate = await world.gate(evaluation, "go")
    assert gate.escalated_to == (FALLBACK,) and gate.deciders == (LEAD, FALLBACK)
    desk = await world.services.queries.desk("T0LOCAL001", FALLBACK)
    assert [waiting.id for waiting, _ in desk.waiting] == [gate.id]
    assert (await world.vote(evaluation, "go", FALLBACK)).state is GateState.APPROVED


async def test_escalation_to_the_owner_is_none_where_the_owner_may_not_decide(make: MakeWorld) -> None:
    """The owner is not added to a gate of others, even as the fallback; the log says that nobody could be."""
    world = await make(rules=Rules(fallback_approvers=(OWNER,)))
    evaluation = await world.to_go()
    await reminders(world, 49)
    assert (await world.gate(evaluation, "go")).escalated_to == ()
    assert "nobody_to_escalate_to" in await world.kinds(evaluation)
    assert (await world.services.queries.desk("T0LOCAL001", OWNER)).waiting == ()


async def test_escalation_reaches_the_owner_where_self_approval_is_allowed(make: MakeWorld) -> None:
    """Then the owner is a way out of a gate that nobody decides."""
    world = await make(rules=Rules(policy=Policy(self_approval=True)))
    evaluation = await world.to_go()
    await reminders(world, 49)
    assert (await world.vote(evaluation, "go", OWNER)).state is GateState.APPROVED


async def test_escalation_does_not_lock_the_owner_out(make: MakeWorld) -> None:
    """A gate that was the owner's alone stays the owner's when a fallback is added."""
    world = await make(rules=Rules(fallback_approvers=(FALLBACK,)))
    evaluation = await world.to_go(approvers={})
    await reminders(world, 49)
    assert (await world.gate(evaluation, "go")).deciders == (OWNER, FALLBACK)
    assert (await world.vote(evaluation, "go", OWNER)).state is GateState.APPROVED


async def test_an_expired_go_returns_to_collecting(make: MakeWorld) -> None:
    """It is no denial: its state is its own, a late verdict is refused in words, and the go can be asked for again."""
    world = await make(rules=Rules(expire_after=timedelta(days=2)))
    evaluation = await world.to_go()
    gate = await world.gate(evaluation, "go")
    await reminders(world, 49)
    assert await world.state(evaluation) == "collecting"
    with pytest.raises(GateNotOpen, match="expired"):
        await world.vote(evaluation, "go", LEAD)
    await world.services.questions.ready(world.actor(), evaluation.id)
    assert await world.gates(evaluation, "go") == [GateState.EXPIRED, GateState.PENDING]
    assert (await world.gate(evaluation, "go")).id != gate.id


async def test_reviews_that_expire_lead_to_the_decision(make: MakeWorld) -> None:
    """The evaluation goes on when the last gate is decided or expired; accepting then needs a justification."""
    world = await make(rules=Rules(expire_after=timedelta(days=2)))
    evaluation = await world.to_review()
    await world.vote(evaluation, "implementation_approval", LEAD)
    await world.vote(evaluation, "api_review", ARCHITECT)
    await reminders(world, 49)
    assert await world.state(evaluation) == "deciding"
    with pytest.raises(ReasonRequired, match="“Security Check” was not decided in time"):
        await world.vote(evaluation, "iteration_complete", LEAD, "finish")
    await world.vote(evaluation, "iteration_complete", LEAD, "finish", "Security is on leave; reviewed by mail.")


async def test_the_closing_gate_waits_for_ever(make: MakeWorld) -> None:
    """Nothing could follow its expiry, so it has none; all reviews expiring at once opens one."""
    world = await make(rules=Rules(expire_after=timedelta(days=2)))
    evaluation = await world.to_review()
    await reminders(world, 49)
    assert [await world.gates(evaluation, key) for key in REVIEWS] == [[GateState.EXPIRED]] * 3
    await reminders(world, 24 * 365)
    gate = await world.gate(evaluation, "iteration_complete")
    assert gate.state is GateState.PENDING and gate.due_at is None and gate.reminders == 3


async def test_a_withdrawn_gate_does_not_remind(world: World) -> None:
    """When an answer changes only the new gate has timers."""
    evaluation = await world.to_go()
    world.time.passes(hours=3)
    await world.services.questions.answer(world.actor(), evaluation.id, {"opening_1": "Other words"})
    assert await reminders(world, 2) == 0
    assert await reminders(world, 2.1) == 1


async def test_the_owner_still_hears_why_not(make: MakeWorld) -> None:
    """After an escalation the refusal names everybody who may decide now."""
    world = await make(rules=Rules(fallback_approvers=(FALLBACK,)))
    evaluation = await world.to_review(approvers={"go": (LEAD,), "security_check": (OWNER, SECURITY)})
    await reminders(world, 49)
    with pytest.raises(SelfApproval, match=f"@{SECURITY}, @{FALLBACK}"):
        await world.vote(evaluation, "security_check", OWNER)
