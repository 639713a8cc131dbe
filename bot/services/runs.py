"""Runs: driving a designer to a result, and everything that may stop it on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import structlog

from bot.domain.design import Brief, Design
from bot.domain.errors import EipasError
from bot.domain.evaluation import Evaluation, FileRef, Result, Run, RunState
from bot.domain.evidence import Assessment
from bot.domain.lifecycle import Event, State
from bot.services.common import Actor, House, audit, move, must_be_involved, open_gate
from bot.services.designing import DesignFailed, Designer, RunParked
from bot.services.ports import Due, Tx
from bot.services.resuming import enqueue, launch, resume
from bot.services.session import RunStopped, Session

log = structlog.get_logger(__name__)
ENGINE = "engine"
"""The actor's name for what the engine does by itself."""

_ENDED = (RunState.FINISHED, RunState.FAILED, RunState.STOPPED)


class RunService:
    """Takes a run from the queue to its result, a wait, or a failure with words."""

    def __init__(self, house: House, designers: Mapping[str, Designer]) -> None:
        self._house, self._designers = house, designers

    async def drive(self, run_id: str) -> RunState:
        """Do the work of a run until it ends or parks. Safe to call again at any time: an ended run is left alone."""
        begun = await self._house.db.transaction(lambda tx: self._begin(tx, run_id))
        if begun is None:
            return RunState.STOPPED
        run, brief, evaluation = begun
        kit = self._house.kit(evaluation)
        session = Session(self._house, run, brief, kit)
        try:
            design = await self._designers[run.designer].design(session)
            assessment = await session.assess(design.blueprint)
            return await self._house.db.transaction(lambda tx: self._finish(tx, run_id, design, assessment))
        except RunStopped:
            return RunState.STOPPED
        except RunParked as wait:
            parked = wait
            return await self._house.db.transaction(lambda tx: self._park(tx, run_id, parked))
        except EipasError as error:
            reason = error.fields.get("reason", error.message) if isinstance(error, DesignFailed) else error.message
            return await self._fail(run_id, str(reason))
        except Exception as error:
            # A bug in a designer must not leave the thread waiting for ever; the log has the trace, the thread the kind.
            log.exception("run_crashed", run=run_id)
            return await self._fail(run_id, f"An internal error ended the run ({type(error).__name__}). The log has the details.")

    async def retry(self, actor: Actor, evaluation_id: str) -> Evaluation:
        """Try a failed iteration again with a fresh run. Owner and approvers may."""

        def fn(tx: Tx) -> Evaluation:
            evaluation = tx.evaluations.get(evaluation_id)
            must_be_involved(evaluation, actor, "try this run again")
            moved = move(tx, evaluation, Event.RETRIED, actor, failure="")
            launch(tx, self._house, moved)
            return moved

        return await self._house.db.transaction(fn, delivery=actor.delivery)

    async def stop(self, actor: Actor, evaluation_id: str) -> Evaluation:
        """Stop the run at its next step; what was done is kept. Owner and approvers may."""

        def fn(tx: Tx) -> Evaluation:
            evaluation = tx.evaluations.get(evaluation_id)
            must_be_involved(evaluation, actor, "stop this run")
            reason = f"Stopped by <@{actor.user}>."
            moved = move(tx, evaluation, Event.RUN_STOPPED, actor, failure=reason)
            for run in tx.runs.all(evaluation_id):
                if run.state not in _ENDED:
                    tx.runs.save(replace(run, state=RunState.STOPPED, ended_at=tx.now, reason=reason))
                    tx.timers.cancel(evaluation_id, f"{run.id}:")
            return moved

        return await self._house.db.transaction(fn, delivery=actor.delivery)

    async def reopen(self, actor: Actor, evaluation_id: str) -> Evaluation:
        """After a failed run, go back to the answers."""

        def fn(tx: Tx) -> Evaluation:
            evaluation = tx.evaluations.get(evaluation_id)
            must_be_involved(evaluation, actor, "reopen the answers")
            return move(tx, evaluation, Event.REOPENED, actor, failure="")

        return await self._house.db.transaction(fn, delivery=actor.delivery)

    async def raise_budget(self, actor: Actor, evaluation_id: str, budget_usd: float) -> Evaluation:
        """Set a higher budget; a run that waits for it goes on. Approvers and the owner may."""

        def fn(tx: Tx) -> Evaluation:
            evaluation = tx.evaluations.get(evaluation_id)
            must_be_involved(evaluation, actor, "raise the budget")
            evaluation = replace(evaluation, budget_usd=max(evaluation.budget_usd, budget_usd))
            audit(tx, evaluation.id, actor, "budget_raised", budget_usd=evaluation.budget_usd)
            run = next((r for r in tx.runs.all(evaluation_id) if r.state is RunState.PARKED and r.waits_for == "budget"), None)
            saved = tx.evaluations.save(evaluation)
            return resume(tx, saved, run, actor) if run else saved

        return await self._house.db.transaction(fn, delivery=actor.delivery)

    async def wake(self, run_id: str) -> None:
        """A parked run's time has come."""

        def fn(tx: Tx) -> None:
            run = tx.runs.get(run_id)
            evaluation = tx.evaluations.get(run.evaluation_id)
            if run.state is RunState.PARKED and evaluation.state is State.PARKED:
                resume(tx, evaluation, run, Actor(team=evaluation.team, user=ENGINE))

        await self._house.db.transaction(fn)

    async def rescue(self) -> int:
        """Enqueue again what a dead engine left unfinished; the watchdog calls this at start. Returns how many."""

        def fn(tx: Tx) -> int:
            lost = [run for run in tx.runs.unfinished() if run.state in (RunState.QUEUED, RunState.RUNNING)]
            for run in lost:
                again = replace(run, starts=run.starts + 1)
                tx.runs.save(again)
                enqueue(tx, again)
            return len(lost)

        return await self._house.db.transaction(fn)

    def _begin(self, tx: Tx, run_id: str) -> tuple[Run, Brief, Evaluation] | None:
        run = tx.runs.get(run_id)
        evaluation = tx.evaluations.get(run.evaluation_id)
        if run.state in (*_ENDED, RunState.PARKED) or evaluation.state is not State.RUNNING:
            return None
        if run.begins >= self._house.rules.max_run_starts:
            self._failed(tx, run_id, f"The run was taken up {run.begins} times and never came to an end. The log has the details.")
            return None
        started = replace(run, state=RunState.RUNNING, started_at=run.started_at or tx.now, reason="", begins=run.begins + 1)
        tx.runs.save(started)
        return started, tx.runs.brief(run_id), evaluation

    async def _fail(self, run_id: str, reason: str) -> RunState:
        return await self._house.db.transaction(lambda tx: self._failed(tx, run_id, reason))

    def _failed(self, tx: Tx, run_id: str, reason: str) -> RunState:
        run = tx.runs.get(run_id)
        evaluation = tx.evaluations.get(run.evaluation_id)
        if run.state in _ENDED:
            return run.state
        tx.runs.save(replace(run, state=RunState.FAILED, ended_at=tx.now, reason=reason[:2000]))
        move(tx, evaluation, Event.RUN_FAILED, Actor(team=evaluation.team, user=ENGINE), failure=reason[:2000])
        return RunState.FAILED

    def _park(self, tx: Tx, run_id: str, wait: RunParked) -> RunState:
        run = tx.runs.get(run_id)
        evaluation = tx.evaluations.get(run.evaluation_id)
        if run.state in _ENDED:
            return run.state
        tx.runs.save(replace(run, state=RunState.PARKED, wake_at=wait.until, reason=wait.reason, waits_for=wait.kind, begins=0))
        if wait.until is not None:
            tx.timers.set(Due(key=f"{run.id}:wake", kind="parked_run", evaluation_id=run.evaluation_id, at=wait.until, data={"run_id": run.id}))
        move(tx, evaluation, Event.RUN_PARKED, Actor(team=evaluation.team, user=ENGINE))
        return RunState.PARKED

    def _finish(self, tx: Tx, run_id: str, design: Design, assessment: Assessment) -> RunState:
        run = tx.runs.get(run_id)
        evaluation = tx.evaluations.get(run.evaluation_id)
        if run.state is not RunState.RUNNING or evaluation.state is not State.RUNNING:
            return run.state
        brief = tx.runs.brief(run_id)
        actor = Actor(team=evaluation.team, user=ENGINE)
        result, files = self._result(tx, evaluation, brief, design, assessment)
        current = tx.dossier(evaluation.id).current
        tx.iterations.keep_design(evaluation.id, run.iteration, design, brief)
        tx.iterations.save(evaluation.id, replace(current, result=result, files=files))
        tx.runs.save(replace(run, state=RunState.FINISHED, ended_at=tx.now))
        for spec in self._house.role(evaluation).review_gates:
            open_gate(tx, self._house, evaluation, spec, result.subject_sha256)
        move(tx, evaluation, Event.RUN_FINISHED, actor)
        return RunState.FINISHED

    def _result(
        self, tx: Tx, evaluation: Evaluation, brief: Brief, design: Design, assessment: Assessment
    ) -> tuple[Result, tuple[FileRef, ...]]:
        role, kit = self._house.role(evaluation), self._house.kit(evaluation)
        draft = kit.report(role=role, brief=brief, design=design, assessment=assessment, gates=(), timestamp=tx.now, final=False)
        artefacts = (*assessment.artefacts, draft)
        files = tuple(
            FileRef(name=a.name, sha256=tx.files.put(a), size=len(a.content), media_type=a.media_type, draft=a is draft) for a in artefacts
        )
        result = Result(
            subject_sha256=draft.sha256,
            scorecard=assessment.scorecard,
            checks=tuple(replace(check, raw="") for check in assessment.checks),
            narrative=design.narrative,
            highlights=kit.highlights(design, assessment, role),
            changes=kit.changes(brief.previous, design.blueprint) if brief.previous else (),
            designer=design.designer,
            model=design.model,
            statement=_statement(design),
            unproven=tuple(p.key for p in assessment.scorecard.parts if p.value is None),
            decisions=tuple((d.what, d.why) for d in design.blueprint.decisions),
            finished_at=tx.now,
        )
        return result, files


def _statement(design: Design) -> str:
    if design.model is None:
        return "Designed by rules from your documents and answers. No model was used."
    cost = design.usage.get("usd")
    return f"Designed by {design.model}." + (f" Cost of this run: ${cost:.2f}." if cost is not None else "")
