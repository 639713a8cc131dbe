"""Putting a run to work: the moves that answers, gates, buttons and the clock share."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.design import Brief, Feedback, Reply, Source
from bot.domain.evaluation import Evaluation, Run, RunState
from bot.domain.lifecycle import Event, State
from bot.services.common import Actor, House, move, new_id
from bot.services.ports import Tx, Work


def enqueue(tx: Tx, run: Run) -> None:
    """Hand the run to the engine; the id differs for every start of the same run, and is the same for a replay."""
    tx.enqueue(Work(kind="run", id=f"{run.id}:{run.starts}", args={"run_id": run.id}))


def launch(tx: Tx, house: House, evaluation: Evaluation) -> Run:
    """Create and enqueue a run for the evaluation's current iteration."""
    earlier = [r for r in tx.runs.all(evaluation.id) if r.iteration == evaluation.iteration]
    run = Run(
        id=new_id("rn"),
        evaluation_id=evaluation.id,
        iteration=evaluation.iteration,
        attempt=max((r.attempt for r in earlier), default=0) + 1,
        state=RunState.QUEUED,
        designer=house.designer,
        model=house.model,
        created_at=tx.now,
        starts=1,
    )
    tx.runs.add(run, brief_of(tx, evaluation))
    enqueue(tx, run)
    return run


def resume(tx: Tx, evaluation: Evaluation, run: Run, actor: Actor) -> Evaluation:
    """Take a parked run up again where its record ends."""
    tx.timers.cancel(evaluation.id, f"{run.id}:")
    again = replace(run, state=RunState.QUEUED, wake_at=None, reason="", waits_for="", starts=run.starts + 1)
    tx.runs.save(again)
    enqueue(tx, again)
    if evaluation.state is State.PARKED:
        return move(tx, evaluation, Event.RUN_RESUMED, actor)
    return evaluation


def brief_of(tx: Tx, evaluation: Evaluation) -> Brief:
    """Freeze what the run designs from: documents, newest answers, feedback and the previous iteration's blueprint."""
    dossier = tx.dossier(evaluation.id)
    context = dossier.context
    earlier = [i.number for i in dossier.iterations if i.number < evaluation.iteration and i.result is not None]
    kept = tx.iterations.design(evaluation.id, max(earlier)) if earlier else None
    notes = tuple(
        Feedback(id=n.id, origin="note", text=n.text, by=n.by, iteration=n.iteration) for n in dossier.notes if n.iteration == evaluation.iteration
    )
    return Brief(
        evaluation_id=evaluation.id,
        role=evaluation.role,
        title=evaluation.title,
        description=evaluation.description,
        iteration=evaluation.iteration,
        goal=dossier.current.goal,
        sources=tuple(Source(path=d.path, sha256=d.sha256, body=d.body) for d in context.inputs),
        replies=tuple(
            Reply(key=q.key, question=q.text, text=q.answer.text, by=q.answer.by) for q in dossier.questions if q.answer and q.run_id is None
        ),
        feedback=(*dossier.current.feedback, *notes),
        previous=kept[0].blueprint if kept else None,
        missing=tuple(m.path for m in context.missing),
    )
