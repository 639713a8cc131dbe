"""The rules of an iteration's end: which choices are open, and which of them have to be justified in writing."""

from __future__ import annotations

from bot.domain.basis import unsettled
from bot.domain.errors import InvalidInput
from bot.domain.evaluation import Dossier, Evaluation
from bot.domain.gate import GateState
from bot.domain.lifecycle import Event
from bot.domain.role import GateOption, Role

_GOES_ON = (Event.NEXT_READY, Event.NEXT_OPTIMISE, Event.NEXT_REFINE)
_ACCEPTS = (Event.NEXT_READY, Event.FINISHED)
_NOT_APPROVED = {GateState.REJECTED: "was rejected", GateState.EXPIRED: "was not decided in time"}


def needs_justification(role: Role, dossier: Dossier, option: GateOption) -> str:
    """Say why this choice needs a written justification; empty if it needs none.

    Accepting a result (ready, finish) below the role's threshold, unproven, against a gate that was rejected or never
    decided, with statements that were not understood or with open points of feedback is possible, but only in writing
    (definition: front matter `threshold`; docs/decisions.md).
    """
    if option.next not in _ACCEPTS:
        return ""
    number = dossier.evaluation.iteration
    states = {spec.name: gate.state for spec in role.review_gates if (gate := dossier.gate(number, spec.key))}
    result = dossier.current.result
    overall = result.scorecard.overall if result else None
    if overall is None:
        return "the score is unproven: too little could be measured"
    if overall < role.threshold_score:
        return f"the score of {overall} is below the threshold of {role.threshold_score}"
    against = [f"“{name}” {_NOT_APPROVED[state]}" for name, state in states.items() if state in _NOT_APPROVED]
    left = unsettled(result.checks, result.highlights.points) if result else ()
    return " and ".join((*against, *left))


def must_be_allowed(role: Role, evaluation: Evaluation, option: GateOption) -> None:
    """Raise InvalidInput if the role has no iteration left to go on with; numbers count over all of a workspace."""
    if option.next in _GOES_ON and evaluation.iteration >= role.max_iterations:
        finish = next((o.label for o in role.closing.options if o.next is Event.FINISHED), "")
        raise InvalidInput(
            problem=f"This role has {role.max_iterations} iterations, and this is number {evaluation.iteration}. "
            f"Choose “{finish}”."
        )
