"""Gates and votes: who may decide, what a verdict needs, and when a gate is decided."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.errors import (
    AlreadyDecided,
    AlreadyVoted,
    GateNotOpen,
    InvalidInput,
    NotAllowed,
    ReasonRequired,
    SelfApproval,
    Stale,
    TooLong,
)
from bot.domain.phrase import people
from bot.domain.role import GateOption, GateSpec
from bot.domain.spending import Estimate
from bot.domain.transitions import Transitions

COMMENT_LIMIT = 3000
"""Characters of a comment or reason: what Slack's plain_text_input holds."""


class GateState(StrEnum):
    """A gate's own state; expiry and withdrawal are states of their own, never a silent no."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class GateEvent(StrEnum):
    """What may happen to a gate."""

    VOTED = "voted"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


GATE_TRANSITIONS: Final = Transitions(
    "gate",
    {
        (GateState.PENDING, GateEvent.VOTED): GateState.PENDING,
        (GateState.PENDING, GateEvent.APPROVED): GateState.APPROVED,
        (GateState.PENDING, GateEvent.REJECTED): GateState.REJECTED,
        (GateState.PENDING, GateEvent.EXPIRED): GateState.EXPIRED,
        (GateState.PENDING, GateEvent.WITHDRAWN): GateState.WITHDRAWN,
    },
)
"""VOTED is a verdict that decides nothing yet, as others are needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One person's verdict on one gate.

    `subject_sha256` is what was judged; `concerns` is what the next iteration shall answer all the same.
    """

    voter: str
    option: str
    at: datetime
    subject_sha256: str
    comment: str = ""
    concerns: str = ""
    delivery: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A question that people decide. `outcome` is the key of the option that decided it.

    `estimate` is what a go gate says that the run may cost, None where no model would be used.
    """

    id: str
    evaluation_id: str
    iteration: int
    key: str
    state: GateState
    approvers: tuple[str, ...]
    needed: int
    subject_sha256: str
    opened_at: datetime
    due_at: datetime | None = None
    decided_at: datetime | None = None
    outcome: str | None = None
    votes: tuple[Vote, ...] = ()
    reminders: int = 0
    escalated_to: tuple[str, ...] = ()
    estimate: Estimate | None = None

    @property
    def deciders(self) -> tuple[str, ...]:
        """Everyone who may vote: the approvers, and whom an escalation added."""
        return tuple(dict.fromkeys((*self.approvers, *self.escalated_to)))

    def tally(self, option: str) -> int:
        """How many distinct people chose `option`."""
        return len({vote.voter for vote in self.votes if vote.option == option})


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the team allows. With `self_approval` off the owner decides only gates that have no other approver.

    With `approvers_cancel` off an evaluation is ended by its owner alone.
    """

    self_approval: bool = False
    approvers_cancel: bool = False


_WORD = (
    r"(?:(?:i )?(?:y|yes|yep|yeah|n|no|nope|ok|okay|k|go|go ahead|do it|ship it|approved?|accept(?:ed)?|confirm(?:ed)?|"
    r"agreed?|reject(?:ed)?|den(?:y|ied)|declined?|lgtm|sgtm|looks good(?: to me)?|fine(?: by me)?|done|thanks|"
    r"thank you|thx|ready|finish|[+-]1|thumbsup|white_check_mark|x|[👍👎✅❌🚀🎉]+))"
)
_WORDS = re.compile(rf"{_WORD}(?:[\s,.!?…]+{_WORD})*")


def is_bare_verdict(text: str) -> bool:
    """Whether words say no more than yes or no. They decide nothing, and tell a designer nothing either."""
    said = re.sub(r":([+\w-]+):", r"\1", text.casefold()).strip(" \n\t,.!?…")
    return _WORDS.fullmatch(said) is not None


def voters(gate: Gate, owner: str, policy: Policy) -> tuple[str, ...]:
    """Return the deciders who may really vote.

    The owner is barred by the gate's own approvers alone: whom an escalation adds must not lock out the one person
    who could decide before it.
    """
    others = any(user != owner for user in gate.approvers)
    barred = {owner} if others and not policy.self_approval else set()
    return tuple(user for user in gate.deciders if user not in barred)


def may_vote(gate: Gate, voter: str, owner: str, name: str, policy: Policy) -> None:
    """Raise NotAllowed or SelfApproval unless `voter` may decide `gate`."""
    allowed = voters(gate, owner, policy)
    if voter in allowed:
        return
    shown = people(allowed)
    if voter in gate.deciders:
        raise SelfApproval(gate=name, who=shown)
    raise NotAllowed(what=f"decide “{name}”", who=shown)


def must_take_vote(gate: Gate, spec: GateSpec, voter: str, owner: str, policy: Policy) -> None:
    """Refuse a verdict of `voter` before it is even given.

    Raises:
        AlreadyDecided, GateNotOpen: the gate takes no more verdicts.
        NotAllowed, SelfApproval, AlreadyVoted: not from this person.
    """
    _must_be_open(gate, spec)
    may_vote(gate, voter, owner, spec.name, policy)
    earlier = next((vote for vote in gate.votes if vote.voter == voter), None)
    if earlier is not None:
        pending = f"{gate.needed - gate.tally(earlier.option)} more needed"
        raise AlreadyVoted(gate=spec.name, verdict=spec.option(earlier.option).label, pending=pending)


def deadlocked(gate: Gate, owner: str, policy: Policy) -> bool:
    """Whether no option of a pending gate can reach `needed` any more, whatever those say who have not voted yet."""
    silent = set(voters(gate, owner, policy)) - {vote.voter for vote in gate.votes}
    best = max((gate.tally(vote.option) for vote in gate.votes), default=0)
    return gate.state is GateState.PENDING and best + len(silent) < gate.needed


def cast(gate: Gate, spec: GateSpec, vote: Vote, *, owner: str, policy: Policy) -> Gate:
    """Return the gate with the vote counted, decided if the vote decides it.

    A rejection decides at once; an approval or a choice decides when `needed` distinct people gave it.

    Raises:
        AlreadyDecided, GateNotOpen: the gate takes no more verdicts.
        Stale: what was judged is not what the gate is about any more.
        NotAllowed, SelfApproval, AlreadyVoted, ReasonRequired, TooLong: see their words.
        InvalidInput: the gate offers no such option.
    """
    must_take_vote(gate, spec, vote.voter, owner, policy)
    option = next((offered for offered in spec.options if offered.key == vote.option), None)
    if option is None:
        raise InvalidInput(problem=f"“{spec.name}” offers no such verdict. Use the buttons in the thread.")
    if vote.subject_sha256 and vote.subject_sha256 != gate.subject_sha256:
        raise Stale(what=f"what “{spec.name}” is about")
    _must_be_said(option, vote)
    voted = replace(gate, votes=(*gate.votes, replace(vote, subject_sha256=gate.subject_sha256)))
    event = _decided_by(voted, option)
    state = GATE_TRANSITIONS.after(gate.state, event)
    if event is GateEvent.VOTED:
        return voted
    return replace(voted, state=state, decided_at=vote.at, outcome=option.key)


def _decided_by(voted: Gate, option: GateOption) -> GateEvent:
    if option.verdict == "reject":
        return GateEvent.REJECTED
    return GateEvent.APPROVED if voted.tally(option.key) >= voted.needed else GateEvent.VOTED


def _must_be_open(gate: Gate, spec: GateSpec) -> None:
    if gate.state in (GateState.APPROVED, GateState.REJECTED):
        outcome = spec.option(gate.outcome).label if gate.outcome else gate.state
        who = people(v.voter for v in gate.votes if v.option == gate.outcome)
        raise AlreadyDecided(gate=spec.name, outcome=outcome, who=who)
    if gate.state is not GateState.PENDING:
        raise GateNotOpen(gate=spec.name, state=gate.state, hint="The thread shows what is open now.")


def _must_be_said(option: GateOption, vote: Vote) -> None:
    if option.needs_reason and not vote.comment.strip():
        raise ReasonRequired(what=f"“{option.label}” needs a reason, which the next iteration works from.")
    for what, text in (("The comment", vote.comment), ("The concerns", vote.concerns)):
        if len(text) > COMMENT_LIMIT:
            raise TooLong(what=what, length=len(text), limit=COMMENT_LIMIT)
