"""Taking back a point of feedback, so that it is not carried into the next iteration."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.errors import IllegalEvent, NotFound, ReasonRequired
from bot.domain.evaluation import Evaluation
from bot.domain.lifecycle import HINTS, State
from bot.services.common import Actor, ServiceContext, audit, evaluation_of, must_be_involved
from bot.services.ports import Tx

REASON_LIMIT = 600
_OPEN = (State.IN_REVIEW, State.DECIDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverForm:
    """Which point is waived, by its feedback and its number in it, and why."""

    evaluation_id: str
    feedback_id: str
    number: int
    why: str


class WaivingService:
    """Waives points of the current result while it is reviewed."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context

    async def waive(self, actor: Actor, form: WaiverForm) -> Evaluation:
        """Waive a point with a reason; the review says by whom.

        Raises:
            NotAllowed: the actor neither owns the evaluation nor decides one of its gates.
            ReasonRequired: nobody could tell afterwards why.
            IllegalEvent: there is no result in review.
            NotFound: there is no such open point.
        """
        return await self._context.db.transaction(lambda tx: _waive(tx, actor, form), delivery=actor.delivery)


def _waive(tx: Tx, actor: Actor, form: WaiverForm) -> Evaluation:
    evaluation = evaluation_of(tx, actor, form.evaluation_id)
    must_be_involved(evaluation, actor, "waive a point")
    why = form.why.strip()[:REASON_LIMIT]
    if not why:
        raise ReasonRequired(what="whoever asked for it reads the reason in the review.")
    current = tx.dossier(evaluation.id).current
    if evaluation.state not in _OPEN or current.result is None:
        raise IllegalEvent(state=evaluation.state.replace("_", " "), hint=HINTS[evaluation.state], event="waive")
    highlights = current.result.highlights
    points = tuple(
        replace(point, waived_by=actor.user, waived_why=why)
        if (point.feedback_id, point.number) == (form.feedback_id, form.number) and point.open
        else point
        for point in highlights.points
    )
    if points == highlights.points:
        raise NotFound(what="open point", name=form.feedback_id, hint="It is done or waived already.")
    result = replace(current.result, highlights=replace(highlights, points=points))
    tx.iterations.save(evaluation.id, replace(current, result=result))
    audit(tx, evaluation.id, actor, "waived", feedback=form.feedback_id, point=form.number, why=why)
    return tx.evaluations.save(evaluation)
