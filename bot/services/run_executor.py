"""Driving a run: from the queue through its designer to a result, a wait, or a failure in words."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import structlog

from bot.domain.attempt import TranscriptHealth
from bot.domain.design import Brief
from bot.domain.errors import EipasError, Unavailable
from bot.domain.evaluation import Evaluation
from bot.domain.lifecycle import Event, State
from bot.domain.run import RUN_TRANSITIONS, Run, RunEvent, RunState
from bot.services.common import Actor, ServiceContext, move, open_gate
from bot.services.design_session import StoredDesignSession
from bot.services.designer import DesignFailed, RunParked
from bot.services.ports import Tx
from bot.services.repositories import Due
from bot.services.repository import Repository
from bot.services.results import FinishedRun, finished_run, standing
from bot.services.resume_state import judge
from bot.services.run_fencing import RunFenced, Tasks, end, hold, locked

log = structlog.get_logger(__name__)
ENGINE = "engine"
"""The actor's name for what the engine does by itself."""

REASON_LIMIT = 2000
"""Characters of a failure's reason that are kept: what a section of a card holds, with room for escapes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A run that this worker has taken up."""

    run: Run
    brief: Brief
    evaluation: Evaluation


class RunExecutor:
    """Does the work of runs; safe to be asked again at any time, by any number of workers."""

    def __init__(self, context: ServiceContext, tasks: Tasks) -> None:
        self._context, self._tasks = context, tasks
        self._repository = Repository(context.code_host)

    async def drive(self, run_id: str) -> RunState:
        """Do the work of a run until it ends or parks, and return how it then stands; an ended run is left alone.

        Raises:
            EipasError: the database took neither the result nor the failure; the watchdog finds the run again.
        """
        begun = await self._context.db.transaction(lambda tx: self._begin(tx, run_id))
        if isinstance(begun, RunState):
            return begun
        try:
            return await self._attempt(begun)
        except RunFenced:
            log.info("run_left", run=run_id)
            return await self._context.db.read(lambda tx: tx.runs.get(run_id).state)

    async def _attempt(self, begun: Begun) -> RunState:
        run, db = begun.run, self._context.db
        try:
            finished = await self._tasks.do(run.id, self._work(begun))
            return await db.transaction(lambda tx: self._finish(tx, run, finished))
        except RunFenced:
            raise
        except RunParked as wait:
            parked = wait
            return await db.transaction(lambda tx: self._park(tx, run, parked))
        except Unavailable:
            # Not the design's fault: the engine asks again, and the run goes on where its record ends.
            raise
        except DesignFailed as error:
            reason, record = error.reason, error.record
        except EipasError as error:
            reason, record = error.message, TranscriptHealth.DOUBTFUL
        except Exception as error:
            # A bug in a designer must not leave the thread waiting: the log has the trace, the thread the kind.
            log.exception("run_crashed", run=run.id)
            reason = f"An internal error ended the run ({type(error).__name__}). The log has the details."
            record = TranscriptHealth.DOUBTFUL
        return await db.transaction(lambda tx: self._failed(tx, *hold(tx, run), reason, record))

    async def _work(self, begun: Begun) -> FinishedRun:
        run, context = begun.run, self._context
        kit = context.kit(begun.evaluation)
        designer = kit.designers.get(run.designer)
        if designer is None:
            raise DesignFailed(
                reason=f"The designer “{run.designer}” is not set up any more. Try again with the one that is.",
                record=TranscriptHealth.SOUND,
            )
        session = StoredDesignSession(context, run, begun.brief, kit)
        design = await designer.design(session)
        assessment = await session.assess_thoroughly(design.proposal)
        workspace = begun.evaluation.workspace or str(context.workspaces / begun.evaluation.id)
        line = await self._repository.line(begun.evaluation)
        at = await context.db.read(lambda tx: standing(tx, run, workspace, line.files))
        # Rendered here and not in the transaction that stores it: on SQLite everybody waits for the one writer.
        role, brief = context.role(begun.evaluation), session.brief
        handed = await kit.deliverables(design.proposal, brief.iteration, at.before)
        finished = await asyncio.to_thread(finished_run, role, kit, brief, design, assessment, at, handed)
        return await self._repository.hand_over(finished, line, begun.evaluation.title)

    def _begin(self, tx: Tx, run_id: str) -> Begun | RunState:
        evaluation, run = locked(tx, run_id)
        if not RUN_TRANSITIONS.allows(run.state, RunEvent.BEGUN) or evaluation.state is not State.RUNNING:
            return run.state
        if run.begins >= self._context.rules.max_run_starts:
            reason = f"The run was taken up {run.begins} times and never came to an end. The log has the details."
            return self._failed(tx, evaluation, run, reason, TranscriptHealth.DOUBTFUL)
        state = RUN_TRANSITIONS.after(run.state, RunEvent.BEGUN)
        started = replace(run, state=state, started_at=run.started_at or tx.now, reason="", begins=run.begins + 1)
        tx.runs.save(started)
        brief = tx.runs.brief(run_id, self._context.kit(evaluation).proposal_type)
        return Begun(run=started, brief=brief, evaluation=evaluation)

    def _failed(self, tx: Tx, evaluation: Evaluation, run: Run, reason: str, record: TranscriptHealth) -> RunState:
        judge(tx, run.id, record)
        ended = end(tx, run, RunEvent.FAILED, reason[:REASON_LIMIT])
        move(tx, evaluation, Event.RUN_FAILED, _engine(evaluation), failure=ended.reason)
        return ended.state

    def _park(self, tx: Tx, held: Run, wait: RunParked) -> RunState:
        evaluation, run = hold(tx, held)
        parked = replace(
            run, state=RUN_TRANSITIONS.after(run.state, RunEvent.PARKED), wake_at=wait.until, reason=wait.reason,
            waits_for=wait.kind, begins=0, spent_usd=tx.ledger.spent_usd(run.evaluation_id, payer=run.id),
        )  # fmt: skip
        tx.runs.save(parked)
        if wait.until is not None:
            tx.timers.set(
                Due(
                    key=f"{run.id}:wake",
                    kind="parked_run",
                    evaluation_id=evaluation.id,
                    at=wait.until,
                    data={"run_id": run.id},
                )
            )
        move(tx, evaluation, Event.RUN_PARKED, _engine(evaluation))
        return parked.state

    def _finish(self, tx: Tx, held: Run, finished: FinishedRun) -> RunState:
        evaluation, run = hold(tx, held)
        files = tuple(finished.keep(tx))
        current = tx.dossier(evaluation.id).current
        tx.iterations.keep_design(evaluation.id, run.iteration, finished.design, finished.brief)
        tx.iterations.save(evaluation.id, replace(current, result=finished.result, files=files))
        ended = end(tx, run, RunEvent.FINISHED)
        for spec in self._context.role(evaluation).review_gates:
            open_gate(tx, self._context, evaluation, spec, finished.result.subject_sha256)
        move(tx, evaluation, Event.RUN_FINISHED, _engine(evaluation))
        return ended.state


def _engine(evaluation: Evaluation) -> Actor:
    return Actor(team=evaluation.team, user=ENGINE)
