"""Holding on to a run: who may still write for it, how it ends, and how its work in this process is interrupted."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from bot.domain.evaluation import Evaluation
from bot.domain.run import LIVE, RUN_TRANSITIONS, Run, RunEvent, RunState
from bot.services.ports import Tx

T = TypeVar("T")


class RunFenced(Exception):
    """The run is not to go on here: it was stopped, cancelled or taken over. Ends the designer without a result."""


def locked(tx: Tx, run_id: str) -> tuple[Evaluation, Run]:
    """Return a run and its evaluation as they are once the evaluation is locked.

    The run is read again under the lock: what was read before it may be out of date on PostgreSQL, and writing it back
    would undo a stop. Raises NotFound.
    """
    evaluation = tx.evaluations.get(tx.runs.get(run_id).evaluation_id)
    return evaluation, tx.runs.get(run_id)


def hold(tx: Tx, held: Run) -> tuple[Evaluation, Run]:
    """Return the run as it is now, locked, if it is still the one that the worker took up as `held`.

    `starts` and `begins` are the fence: a worker thought dead that comes back finds that another one has taken over.

    Raises:
        RunFenced: it was stopped, it ended, or somebody else drives it.
    """
    evaluation = tx.evaluations.get(held.evaluation_id)
    run = tx.runs.get(held.id)
    if run.state is not RunState.RUNNING or (run.starts, run.begins) != (held.starts, held.begins):
        raise RunFenced(run.state.value)
    return evaluation, run


def end(tx: Tx, run: Run, event: RunEvent, reason: str = "") -> Run:
    """End a run for good: its reason, what it cost (calls without an answer at their estimate), no more timers."""
    state = RUN_TRANSITIONS.after(run.state, event)
    spent = tx.ledger.spent_usd(run.evaluation_id, payer=run.id)
    ended = replace(run, state=state, ended_at=tx.now, reason=reason, wake_at=None, waits_for="", spent_usd=spent)
    tx.runs.save(ended)
    tx.timers.cancel(run.evaluation_id, f"{run.id}:")
    return ended


def stop_live(tx: Tx, evaluation_id: str, reason: str) -> tuple[str, ...]:
    """Stop whatever runs for an evaluation; returns the ids, to be interrupted after the commit."""
    live = [run for run in tx.runs.all(evaluation_id) if run.state in LIVE]
    return tuple(end(tx, run, RunEvent.STOPPED, reason).id for run in live)


class Tasks:
    """The designers at work in this process, by run.

    Stopping a run is durable by its row; this only spares the wait (and the money) until the designer's next call.
    On another machine the row alone stops it.
    """

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[Any]] = {}

    async def do(self, run_id: str, work: Coroutine[Any, Any, T]) -> T:
        """Await `work` as a task that `interrupt` can cancel; a task already there for that run gives way to it.

        Raises:
            RunFenced: it was interrupted. A cancellation of the caller itself stays a cancellation.
        """
        self.interrupt([run_id])
        task = asyncio.ensure_future(work)
        self._tasks[run_id] = task
        try:
            return await task
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if caller is not None and caller.cancelling():
                raise
            raise RunFenced("interrupted") from None
        finally:
            if self._tasks.get(run_id) is task:
                del self._tasks[run_id]

    def interrupt(self, run_ids: Iterable[str]) -> None:
        """Cancel the designers of these runs at once, where they are at work here."""
        for run_id in run_ids:
            if (task := self._tasks.pop(run_id, None)) is not None:
                task.cancel()
