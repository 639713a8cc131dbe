"""Votes on gates, by rule alone: every way of voting ends decided, open or refused, and never stuck."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import EipasError, GateNotOpen
from bot.domain.gate import Gate, GateState, Policy, Vote, cast, deadlocked, is_bare_verdict, voters
from bot.domain.role import GateSpec
from bot.roles import load_role

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ROLE = load_role("backend-developer")
SPECS = (ROLE.go, *ROLE.review_gates, ROLE.closing)
PEOPLE = ("U1", "U2", "U3", "U4")


def gate(approvers: tuple[str, ...] = PEOPLE[1:], *, needed: int = 1, escalated_to: tuple[str, ...] = ()) -> Gate:
    return Gate(
        id="gt_1", evaluation_id="ev_1", iteration=1, key="api_review", state=GateState.PENDING, approvers=approvers,
        needed=needed, subject_sha256="aa", opened_at=NOW, escalated_to=escalated_to,
    )  # fmt: skip


def vote(voter: str, option: str = "approve", comment: str = "because") -> Vote:
    return Vote(voter=voter, option=option, at=NOW, subject_sha256="aa", comment=comment)


ballots = st.lists(st.tuples(st.sampled_from((*PEOPLE, "U9")), st.integers(0, 3)), max_size=12)


@given(
    spec=st.sampled_from(SPECS),
    approvers=st.sets(st.sampled_from(PEOPLE), min_size=1),
    escalated_to=st.sets(st.sampled_from(PEOPLE)),
    self_approval=st.booleans(),
    wanted=st.integers(1, 5),
    votes=ballots,
)
def test_any_votes_leave_a_gate_that_makes_sense(
    spec: GateSpec,
    approvers: set[str],
    escalated_to: set[str],
    self_approval: bool,
    wanted: int,
    votes: list[tuple[str, int]],
) -> None:
    """Only those allowed are counted, each once; a decided gate takes no more, and a stuck one is told apart."""
    policy = Policy(self_approval=self_approval)
    opened = gate(tuple(sorted(approvers)), escalated_to=tuple(sorted(escalated_to)))
    allowed = voters(opened, "U1", policy)
    assert allowed
    now = opened = replace(opened, needed=min(wanted, len(allowed)))
    for voter, choice in votes:
        option = spec.options[choice % len(spec.options)]
        try:
            now = cast(now, spec, vote(voter, option.key), owner="U1", policy=policy)
        except EipasError:
            assert voter not in allowed or now.state is not GateState.PENDING or voter in {v.voter for v in now.votes}
    counted = [v.voter for v in now.votes]
    assert len(set(counted)) == len(counted) and set(counted) <= set(allowed)
    if now.state is GateState.PENDING:
        assert all(now.tally(option.key) < now.needed for option in spec.options)
        assert deadlocked(now, "U1", policy) or set(allowed) - set(counted)
    else:
        assert now.outcome is not None and now.decided_at == NOW


def test_a_gate_is_stuck_only_when_nobody_left_can_decide_it() -> None:
    """As long as somebody silent may bring one option to what is needed, it waits."""
    split = replace(gate(needed=2), votes=(vote("U2", "ready"), vote("U3", "finish")))
    assert not deadlocked(split, "U1", Policy())
    assert deadlocked(replace(split, votes=(*split.votes, vote("U4", "refine"))), "U1", Policy())
    assert not deadlocked(replace(split, needed=1, state=GateState.APPROVED), "U1", Policy())


@pytest.mark.parametrize("state", [GateState.EXPIRED, GateState.WITHDRAWN])
def test_an_ended_gate_says_how_it_ended(state: GateState) -> None:
    """Expired and withdrawn are not decided, and the words say which."""
    with pytest.raises(GateNotOpen, match=state.value):
        cast(replace(gate(), state=state), ROLE.gate("api_review"), vote("U2"), owner="U1", policy=Policy())


@pytest.mark.parametrize(
    "text",
    ["y", "Approve", "approved!", "LGTM", ":+1:", "👍👍", "I agree", " no. ", "-1", "LGTM :+1:", "Yes, ship it!"],
)
def test_a_bare_yes_or_no_is_known(text: str) -> None:
    """Words that say no more than yes or no are no wish and no verdict."""
    assert is_bare_verdict(text)


@pytest.mark.parametrize("text", ["", "approve once lists are paged", "no retries on POST", "Python", "200 ms", "🍞"])
def test_what_says_more_is_no_bare_verdict(text: str) -> None:
    """A wish that begins like a verdict is still a wish."""
    assert not is_bare_verdict(text)
