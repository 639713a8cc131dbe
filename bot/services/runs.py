"""Runs, as people and the watchdog see them: try again, stop, reopen, pay more, wake, rescue."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace

from bot.domain.errors import IllegalEvent, InvalidInput
from bot.domain.evaluation import Evaluation
from bot.domain.lifecycle import CLOSED, HINTS, Event
from bot.domain.run import RUN_TRANSITIONS, Run, RunEvent, RunState, stopped_by
from bot.services.common import Actor, ServiceContext, audit, evaluation_of, move, must_be_involved
from bot.services.ports import Tx
from bot.services.run_executor import ENGINE, RunExecutor
from bot.services.run_fencing import Tasks, locked, stop_live
from bot.services.run_launch import enqueue, launch, resume, wake, work_of

UnderWay = Callable[[], Awaitable[Collection[str]]]
"""Asks the engine which work it still has, waiting or begun: `work_of(run).key` of each."""


class RunService:
    """What may be done with the run of an evaluation. `tasks` are the designers at work in this process."""

    def __init__(self, context: ServiceContext, tasks: Tasks) -> None:
        self._context, self._tasks = context, tasks
        self._driver = RunExecutor(context, tasks)

    async def drive(self, run_id: str) -> RunState:
        """Do the work of a run until it ends or parks; see `RunExecutor.drive`. For the engine."""
        return await self._driver.drive(run_id)

    async def retry(self, actor: Actor, evaluation_id: str) -> Evaluation:
        """Try a failed iteration again, from where the last attempt ended if that is sound. Owner and approvers may."""

        def fn(tx: Tx) -> Evaluation:
            evaluation = evaluation_of(tx, actor, evaluation_id)
            must_be_involved(evaluation, actor, "try this run again")
            moved = move(tx, evaluation, Event.RETRIED, actor, failure="")
            launch(tx, self._context, moved)
            return moved

        return await self._context.db.transaction(fn, delivery=actor.delivery)

    async def stop(self, actor: Actor, evaluation_id: str) -> Evaluation:
        """Stop the run at once; what was done and spent is kept. Owner and approvers may."""

        def fn(tx: Tx) -> tuple[Evaluation, tuple[str, ...]]:
            evaluation = evaluation_of(tx, actor, evaluation_id)
            must_be_involved(evaluation, actor, "stop this run")
            reason = stopped_by(actor.user)
            moved = move(tx, evaluation, Event.RUN_STOPPED, actor, failure=reason)
            return moved, stop_live(tx, evaluation_id, reason)

        moved, stopped = await self._context.db.transaction(fn, delivery=actor.delivery)
        self._tasks.interrupt(stopped)
        return moved

    async def reopen(self, actor: Actor, evaluation_id: str) -> Evaluation:
        """After a failed run, go back to the answers."""

        def fn(tx: Tx) -> Evaluation:
            evaluation = evaluation_of(tx, actor, evaluation_id)
            must_be_involved(evaluation, actor, "reopen the answers")
            return move(tx, evaluation, Event.REOPENED, actor, failure="")

        return await self._context.db.transaction(fn, delivery=actor.delivery)

    async def raise_budget(self, actor: Actor, evaluation_id: str, budget_usd: float) -> Evaluation:
        """Set a higher budget; a run that waits for it goes on. Approvers and the owner may.

        Raises:
            InvalidInput: it is no amount, or not more than the budget is now.
            IllegalEvent: the evaluation is over.
        """

        def fn(tx: Tx) -> Evaluation:
            evaluation = evaluation_of(tx, actor, evaluation_id)
            must_be_involved(evaluation, actor, "raise the budget")
            if evaluation.state in CLOSED:
                raise IllegalEvent(state=evaluation.state.value, hint=HINTS[evaluation.state], event="raise_budget")
            if not math.isfinite(budget_usd) or budget_usd <= evaluation.budget_usd:
                raise InvalidInput(problem=f"The budget is ${evaluation.budget_usd:.2f}; give an amount above it.")
            audit(tx, evaluation.id, actor, "budget_raised", budget_usd=budget_usd)
            saved = tx.evaluations.save(replace(evaluation, budget_usd=budget_usd))
            waiting = (r for r in tx.runs.all(evaluation_id) if r.state is RunState.PARKED and r.waits_for == "budget")
            run = next(waiting, None)
            return resume(tx, saved, run, actor) if run else saved

        return await self._context.db.transaction(fn, delivery=actor.delivery)

    async def wake(self, run_id: str) -> None:
        """A parked run's time has come."""
        await self._context.db.transaction(lambda tx: wake(tx, run_id, ENGINE))

    async def rescue(self, under_way: UnderWay) -> int:
        """Enqueue again the runs whose work the engine has lost, and return how many.

        A run is lost if it is to be worked on and the engine has no such work: its worker ended without being able to
        write, or was shut down. The rows are read first and the engine is asked second; a run's row and its work are
        committed together, so what the engine does not have then, it will never do. For the watchdog, at start and
        from time to time; several machines may call it at once.
        """
        seen = await self._context.db.read(lambda tx: [run for run in tx.runs.unfinished() if run.state in _AT_WORK])
        if not seen:
            return 0
        alive = await under_way()
        lost = [run for run in seen if work_of(run).key not in alive]
        return sum([await self._again(run) for run in lost])

    async def _again(self, seen: Run) -> bool:
        return await self._context.db.transaction(lambda tx: _enqueue_again(tx, seen))


_AT_WORK = tuple(state for state in RunState if RUN_TRANSITIONS.allows(state, RunEvent.RESCUED))


def _enqueue_again(tx: Tx, seen: Run) -> bool:
    """Enqueue the run anew unless it has moved on since it was seen."""
    evaluation, run = locked(tx, seen.id)
    if run.state not in _AT_WORK or (run.starts, run.begins) != (seen.starts, seen.begins):
        return False
    again = replace(run, state=RUN_TRANSITIONS.after(run.state, RunEvent.RESCUED), starts=run.starts + 1)
    tx.runs.save(again)
    enqueue(tx, again)
    audit(tx, evaluation.id, Actor(team=evaluation.team, user=ENGINE), "run_rescued", run=run.id, start=again.starts)
    return True
