"""The three review gates side by side: who may decide, what decides, and what is refused."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.errors import (
    AlreadyDecided,
    AlreadyVoted,
    EipasError,
    InvalidInput,
    NotAllowed,
    NotFound,
    ReasonRequired,
    SelfApproval,
    Stale,
    TooLong,
)
from bot.domain.gate import GateState, Policy
from bot.services.common import Rules
from bot.services.gates import Verdict
from tests.services.conftest import MakeWorld
from tests.support.dossiers import ARCHITECT, LEAD, OWNER, SECURITY
from tests.support.services import REVIEWS, STRANGER, World


async def test_the_gates_are_decided_in_any_order(world: World) -> None:
    """Each is decided by itself; the last one opens the closing gate."""
    evaluation = await world.to_review()
    await world.vote(evaluation, "security_check", SECURITY)
    await world.vote(evaluation, "implementation_approval", ARCHITECT)
    assert await world.state(evaluation) == "in_review"
    await world.vote(evaluation, "api_review", LEAD)
    assert await world.state(evaluation) == "deciding"
    assert await world.gates(evaluation, "iteration_complete") == [GateState.PENDING]


async def test_two_of_three_decide(world: World) -> None:
    """A gate that needs two is decided by the second distinct person; the third comes too late, and is told by whom."""
    evaluation = await world.to_review(needed=2)
    gate = await world.vote(evaluation, "api_review", ARCHITECT)
    assert gate.state is GateState.PENDING and gate.tally("approve") == 1
    with pytest.raises(AlreadyVoted, match="1 more needed"):
        await world.vote(evaluation, "api_review", ARCHITECT)
    gate = await world.vote(evaluation, "api_review", SECURITY)
    assert gate.state is GateState.APPROVED
    with pytest.raises(AlreadyDecided, match=f"@{ARCHITECT}, @{SECURITY}"):
        await world.vote(evaluation, "api_review", LEAD)


async def test_a_quorum_never_asks_for_more_than_there_are(world: World) -> None:
    """With one approver one verdict decides, however many the form asked for."""
    evaluation = await world.to_review(needed=9)
    gate = await world.vote(evaluation, "security_check", SECURITY)
    assert gate.needed == 1 and gate.state is GateState.APPROVED


async def test_a_no_decides_at_once_and_says_why(world: World) -> None:
    """One rejection is enough, whatever the quorum, and it needs a reason that fits."""
    evaluation = await world.to_review(needed=2)
    with pytest.raises(ReasonRequired):
        await world.vote(evaluation, "api_review", ARCHITECT, "reject")
    with pytest.raises(TooLong):
        await world.vote(evaluation, "api_review", ARCHITECT, "reject", "x" * 3001)
    gate = await world.vote(evaluation, "api_review", ARCHITECT, "reject", "No paging")
    assert (gate.state, gate.outcome, gate.votes[0].comment) == (GateState.REJECTED, "reject", "No paging")


async def test_who_is_not_asked_may_not_decide(world: World) -> None:
    """The words name those who may; nothing is recorded."""
    evaluation = await world.to_review()
    with pytest.raises(NotAllowed, match=f"@{SECURITY} may"):
        await world.vote(evaluation, "security_check", STRANGER)
    assert (await world.gate(evaluation, "security_check")).votes == ()


async def test_the_owner_does_not_approve_the_own_idea(world: World) -> None:
    """With other approvers the owner is refused and told who may; it does not count for the quorum either."""
    evaluation = await world.to_review(approvers={"go": (LEAD,), "api_review": (OWNER, ARCHITECT)}, needed=2)
    with pytest.raises(SelfApproval, match=f"@{ARCHITECT}"):
        await world.vote(evaluation, "api_review", OWNER)
    assert (await world.vote(evaluation, "api_review", ARCHITECT)).state is GateState.APPROVED


async def test_a_team_may_allow_self_approval(make: MakeWorld) -> None:
    """Then the owner counts like every other approver."""
    world = await make(rules=Rules(policy=Policy(self_approval=True)))
    evaluation = await world.to_review(approvers={"go": (LEAD,), "api_review": (OWNER, ARCHITECT)}, needed=2)
    assert (await world.vote(evaluation, "api_review", OWNER)).state is GateState.PENDING
    assert (await world.vote(evaluation, "api_review", ARCHITECT)).state is GateState.APPROVED


async def test_where_nobody_was_named_the_owner_decides(world: World) -> None:
    """A gate without approvers is the owner's: there is nobody else to ask."""
    evaluation = await world.to_go(approvers={})
    assert (await world.vote(evaluation, "go", OWNER)).state is GateState.APPROVED


async def test_what_the_gate_does_not_offer_is_refused(world: World) -> None:
    """A forged option is an answer in words, not a crash."""
    evaluation = await world.to_review()
    with pytest.raises(InvalidInput, match="no such verdict"):
        await world.vote(evaluation, "security_check", SECURITY, "approve_all")


async def test_a_verdict_on_something_else_is_stale(world: World) -> None:
    """What the card showed must be what the gate is about."""
    evaluation = await world.to_review()
    gate = await world.gate(evaluation, "security_check")
    with pytest.raises(Stale):
        await world.services.gates.vote(
            world.actor(SECURITY), gate.id, Verdict(option="approve", subject_sha256="00" * 32)
        )


async def test_a_gate_that_is_not_there_is_not_found(world: World) -> None:
    """A made-up id is an answer in words."""
    with pytest.raises(NotFound):
        await world.services.gates.vote(world.actor(), "gt_nothing", Verdict(option="approve"))


async def test_a_click_is_checked_before_the_form_opens(world: World) -> None:
    """Who could not submit is refused at the click: strangers, those who voted, and on decided gates everybody."""
    evaluation = await world.to_review(needed=2)
    gate = await world.gate(evaluation, "api_review")
    check = world.services.gates.check
    shown, dossier = await check(world.actor(LEAD), gate.id)
    assert (shown.id, dossier.evaluation.id) == (gate.id, evaluation.id)
    with pytest.raises(NotAllowed):
        await check(world.actor(STRANGER), gate.id)
    await world.vote(evaluation, "api_review", LEAD)
    with pytest.raises(AlreadyVoted):
        await check(world.actor(LEAD), gate.id)
    await world.vote(evaluation, "api_review", ARCHITECT)
    with pytest.raises(AlreadyDecided):
        await check(world.actor(SECURITY), gate.id)


async def test_verdicts_at_the_same_moment_decide_once(world: World) -> None:
    """Of two who decide at once one decides and the other is told so; the closing gate is opened once."""
    evaluation = await world.to_review()
    for key, user in zip(REVIEWS[:2], (LEAD, ARCHITECT), strict=True):
        await world.vote(evaluation, key, user)
    gate = await world.gate(evaluation, "security_check")
    verdict = Verdict(option="approve")
    vote = world.services.gates.vote
    results = await asyncio.gather(
        *(vote(world.actor(SECURITY), gate.id, verdict) for _ in range(5)), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, EipasError)]
    assert len(refused) == 4 and all(isinstance(error, AlreadyDecided) for error in refused)
    assert await world.gates(evaluation, "iteration_complete") == [GateState.PENDING]
    assert len((await world.gate(evaluation, "security_check")).votes) == 1


async def test_a_decided_gate_leaves_no_timers(world: World) -> None:
    """Nobody is reminded of what is decided."""
    evaluation = await world.to_review()
    await world.vote(evaluation, "security_check", SECURITY)
    world.time.passes(hours=5)
    await world.services.deadlines.tick()
    assert [(await world.gate(evaluation, key)).reminders for key in REVIEWS] == [1, 1, 0]


async def test_every_verdict_is_in_the_log(world: World) -> None:
    """Who decided what, with which delivery, in order."""
    evaluation = await world.to_review()
    gate = await world.gate(evaluation, "security_check")
    await world.services.gates.vote(world.actor(SECURITY, "Ev77"), gate.id, Verdict(option="approve", comment="Fine"))
    events = await world.database.read(lambda tx: tx.events.all(evaluation.id))
    voted, decided = events[-2:]
    assert (voted.kind, voted.actor, voted.delivery, voted.data["comment"]) == ("voted", SECURITY, "Ev77", "Fine")
    assert (decided.kind, decided.data["outcome"]) == ("gate_decided", "approve")
