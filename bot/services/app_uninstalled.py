"""What happens to a workspace's evaluations when it removes the app."""

from __future__ import annotations

from functools import partial

from bot.domain.lifecycle import Event, State
from bot.services.common import Actor, ServiceContext, audit, move
from bot.services.inquiries import drop_inquiries
from bot.services.ports import Tx
from bot.services.run_fencing import Tasks, stop_live

SLACK = "slack"
"""The actor's name for what Slack tells about the app itself."""

REASON = "EIPAS was removed from this workspace. Use “Try again” once it is installed again."
_UNASKED = "EIPAS was removed from this workspace before they were asked."
_MOST = 10_000
_AT_WORK = (State.RUNNING, State.PARKED)


class LeavingService:
    """Stops all work for a workspace that is gone; its evaluations stay, for it may come back."""

    def __init__(self, context: ServiceContext, tasks: Tasks) -> None:
        self._context, self._tasks = context, tasks

    async def leave(self, team: str) -> int:
        """End every run of a workspace with a reason, and return how many evaluations that were. Safe to repeat.

        Questions that a model was to be asked for are given up, too.
        """
        found = await self._context.db.read(lambda tx: tx.evaluations.listing(team, limit=_MOST))
        # One transaction each: the first that cannot be written must not undo the others.
        for evaluation in found:
            if evaluation.state is State.COLLECTING:
                await self._context.db.transaction(partial(_ask_nothing, evaluation.id))
        ids = [evaluation.id for evaluation in found if evaluation.state in _AT_WORK]
        for evaluation_id in ids:
            self._tasks.interrupt(await self._context.db.transaction(partial(self._stop, evaluation_id)))
        return len(ids)

    def _stop(self, evaluation_id: str, tx: Tx) -> tuple[str, ...]:
        evaluation = tx.evaluations.get(evaluation_id)
        actor = Actor(team=evaluation.team, user=SLACK)
        if evaluation.state not in _AT_WORK:  # it came to an end by itself meanwhile
            return ()
        runs = stop_live(tx, evaluation_id, REASON)
        audit(tx, evaluation_id, actor, "app_removed")
        move(tx, evaluation, Event.RUN_STOPPED, actor, failure=REASON)
        return runs


def _ask_nothing(evaluation_id: str, tx: Tx) -> None:
    drop_inquiries(tx, tx.evaluations.get(evaluation_id), _UNASKED)
