"""Whether the gates of an iteration say what their verdicts say, and judged what they are said to have judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from bot.domain.errors import EipasError
from bot.domain.gate import Gate, GateState, Policy, cast
from bot.domain.role import GateSpec, Role
from bot.services.common import digest

_DECIDED: Final = (GateState.APPROVED, GateState.REJECTED)
ANYBODY: Final = Policy(self_approval=True)
"""Where nobody knows who the owner was."""


def gate_faults(
    role: Role,
    gates: Sequence[Gate],
    draft: str,
    *,
    owner: str = "",
    policy: Policy = ANYBODY,
    former: Iterable[str] = (),
) -> Iterator[str]:
    """Yield what is wrong with the gates of one decided iteration whose draft has the digest `draft`.

    `former` are people who decided before somebody was named in their place. The last review gate of each kind must be
    about the draft, the closing gate about the draft and how the reviews ended; verdicts must lead to the state and
    the outcome that each gate has, by people who may give them.
    """
    known = {spec.key: spec for spec in role.gates}
    for gate in gates:
        if gate.key not in known:
            yield f"gate “{gate.key}” is none of the role's"
            continue
        yield from _verdicts(known[gate.key], gate, owner, policy, frozenset(former))
    reviews = []
    for spec in role.review_gates:
        last = _last(gates, spec)
        if last is None:
            yield f"gate “{spec.name}” is missing"
            continue
        reviews.append(last)
        if last.subject_sha256 != draft:
            yield f"gate “{spec.name}” judged another draft ({last.subject_sha256[:12]}) than this one ({draft[:12]})"
        if last.state is GateState.PENDING:
            yield f"gate “{spec.name}” is not decided, though the iteration is"
    yield from _closing(role, _last(gates, role.closing), draft, reviews)


def _closing(role: Role, closing: Gate | None, draft: str, reviews: Sequence[Gate]) -> Iterator[str]:
    if closing is None:
        yield f"gate “{role.closing.name}” is missing"
        return
    if closing.state is not GateState.APPROVED:
        yield f"gate “{role.closing.name}” is {closing.state.value}, though the iteration is decided"
    if closing.subject_sha256 != digest([draft, [(gate.key, gate.state.value) for gate in reviews]]):
        yield f"gate “{role.closing.name}” was about another draft, or about reviews that ended otherwise"
    if any(gate.decided_at and gate.decided_at > closing.opened_at for gate in reviews):
        yield f"gate “{role.closing.name}” was opened before the reviews were decided"


def _verdicts(spec: GateSpec, gate: Gate, owner: str, policy: Policy, former: frozenset[str]) -> Iterator[str]:
    there = [vote.voter for vote in gate.votes if vote.voter in former and vote.voter not in gate.deciders]
    again = replace(
        gate, state=GateState.PENDING, outcome=None, decided_at=None, votes=(), approvers=(*gate.approvers, *there)
    )
    if gate.needed < 1:
        yield f"gate “{spec.name}” needs nobody"
    for vote in gate.votes:
        if vote.at < gate.opened_at or (gate.decided_at is not None and vote.at > gate.decided_at):
            yield f"gate “{spec.name}”: a verdict was given before it was opened or after it was decided"
        try:
            again = cast(again, spec, vote, owner=owner, policy=policy)
        except EipasError as refused:
            yield f"gate “{spec.name}”: a verdict in it cannot have been taken: {refused.message}"
            return
    ended = again.state in _DECIDED or gate.state in _DECIDED
    if ended and (again.state, again.outcome) != (gate.state, gate.outcome):
        yield (
            f"gate “{spec.name}” is {gate.state.value} ({gate.outcome or 'no outcome'}), "
            f"but its verdicts make it {again.state.value} ({again.outcome or 'no outcome'})"
        )
    if ended and gate.decided_at != again.decided_at:
        yield f"gate “{spec.name}” was not decided when its last verdict was given"


def _last(gates: Iterable[Gate], spec: GateSpec) -> Gate | None:
    found = [gate for gate in gates if gate.key == spec.key]
    # Of two that were opened at one instant the one that is not withdrawn stands.
    return max(found, key=lambda gate: (gate.opened_at, gate.state is not GateState.WITHDRAWN), default=None)
