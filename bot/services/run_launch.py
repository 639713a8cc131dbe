"""Putting a run to work: the moves that answers, gates, buttons and the clock share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.design import Brief, Feedback, Reply, Source
from bot.domain.evaluation import Dossier, Evaluation, Note
from bot.domain.gate import Gate, Vote
from bot.domain.lifecycle import Event, State
from bot.domain.role import Role
from bot.domain.run import RUN_TRANSITIONS, Run, RunEvent, RunState
from bot.services.common import Actor, ServiceContext, move, new_id
from bot.services.past import past_of
from bot.services.ports import Tx, Work
from bot.services.resume_state import resume_state
from bot.services.run_fencing import locked


def work_of(run: Run) -> Work:
    """Return the engine's work for a run; its id differs for every start of a run, and is the same for a replay."""
    return Work(kind="run", id=f"{run.id}:{run.starts}", args={"run_id": run.id})


def enqueue(tx: Tx, run: Run) -> None:
    """Hand the run to the engine."""
    tx.enqueue(work_of(run))


def launch(tx: Tx, context: ServiceContext, evaluation: Evaluation) -> Run:
    """Create and enqueue a run for the evaluation's current iteration; it goes on from an earlier attempt if it can."""
    earlier = max(
        (run for run in tx.runs.all(evaluation.id) if run.iteration == evaluation.iteration),
        key=lambda run: run.attempt,
        default=None,
    )
    brief = brief_of(tx, context, evaluation)
    kit = context.kit(evaluation)
    designer = kit.designer
    taken = resume_state(tx, earlier, brief, designer, kit.proposal_type)
    run = Run(
        id=new_id("rn"),
        evaluation_id=evaluation.id,
        iteration=evaluation.iteration,
        attempt=earlier.attempt + 1 if earlier else 1,
        state=RunState.QUEUED,
        designer=designer.name,
        model=designer.model,
        created_at=tx.now,
        tasks=taken.tasks,
        starts=1,
    )
    tx.runs.add(run, taken.brief)
    taken.hand_to(tx, run)
    enqueue(tx, run)
    return run


def resume(tx: Tx, evaluation: Evaluation, run: Run, actor: Actor) -> Evaluation:
    """Take a parked run up again where its record ends."""
    tx.timers.cancel(evaluation.id, f"{run.id}:")
    state = RUN_TRANSITIONS.after(run.state, RunEvent.RESUMED)
    again = replace(run, state=state, wake_at=None, reason="", waits_for="", starts=run.starts + 1)
    tx.runs.save(again)
    enqueue(tx, again)
    if evaluation.state is State.PARKED:
        return move(tx, evaluation, Event.RUN_RESUMED, actor)
    return evaluation


def wake(tx: Tx, run_id: str, by: str) -> None:
    """Resume a parked run whose time has come; one that goes on or has ended already is left alone."""
    evaluation, run = locked(tx, run_id)
    if RUN_TRANSITIONS.allows(run.state, RunEvent.RESUMED) and evaluation.state is State.PARKED:
        resume(tx, evaluation, run, Actor(team=evaluation.team, user=by))


def brief_of(tx: Tx, context: ServiceContext, evaluation: Evaluation) -> Brief:
    """Freeze what the run designs from: documents, newest answers, feedback and the previous iteration's proposal.

    What people answered to the agent of an earlier run is among the answers, so that nobody is asked twice for it.
    """
    dossier = tx.dossier(evaluation.id)
    documents = dossier.context
    earlier = [i.number for i in dossier.iterations if i.number < evaluation.iteration and i.result is not None]
    kind = context.kit(evaluation).proposal_type
    kept = tx.iterations.design(evaluation.id, max(earlier), kind) if earlier else None
    before = dossier.iteration(max(earlier)) if earlier else None
    recap = dossier.recap(evaluation.iteration)
    known = (kept[1].readings if kept else (), recap.recap.readings if recap and recap.recap else ())
    return Brief(
        evaluation_id=evaluation.id,
        role=evaluation.role,
        title=evaluation.title,
        description=evaluation.description,
        iteration=evaluation.iteration,
        goal=dossier.current.goal,
        sources=tuple(Source(path=d.path, sha256=d.sha256, body=d.body) for d in documents.inputs),
        replies=tuple(
            Reply(key=q.key, question=q.text, text=q.answer.text, by=q.answer.by) for q in dossier.questions if q.answer
        ),
        feedback=heard_so_far(context.role(evaluation), dossier, tx.notes.all(evaluation.id)),
        previous=kept[0].proposal if kept else None,
        missing=tuple(m.path for m in documents.missing),
        readings=tuple({(one.statement, one.span): one for readings in known for one in readings}.values()),
        past=past_of(context.role(evaluation), dossier, before, kept[1]) if kept and before else None,
    )


def heard_so_far(role: Role, dossier: Dossier, notes: tuple[Note, ...]) -> tuple[Feedback, ...]:
    """What people said beside the answers in all iterations, the oldest first: what was asked for once still holds."""
    number = dossier.evaluation.iteration
    said = {
        item.id: item
        for iteration in sorted(dossier.iterations, key=lambda one: one.number)
        if iteration.number <= number
        for item in (*iteration.feedback, *said_before_go(role, dossier, notes, iteration.number))
    }
    return tuple(said.values())


def said_before_go(role: Role, dossier: Dossier, notes: Iterable[Note], number: int) -> tuple[Feedback, ...]:
    """What people said while an iteration was prepared: on its go gates, then the notes of its thread."""
    gates = (gate for gate in dossier.gates if gate.iteration == number and gate.key == role.go.key)
    return (
        *(
            Feedback(id=f"{gate.id}.{index}.v", origin=gate.key, text=text, by=vote.voter, iteration=number)
            for gate in gates
            for index, vote in enumerate(gate.votes)
            if (text := wish_of(role, gate, vote))
        ),
        *notes_of(notes, number),
    )


def wish_of(role: Role, gate: Gate, vote: Vote) -> str:
    """Return what a verdict's comment asks for: a reason does, an approver's note or a justification does not."""
    return vote.comment if role.gate(gate.key).option(vote.option).needs_reason else ""


def notes_of(notes: Iterable[Note], iteration: int) -> tuple[Feedback, ...]:
    """The notes of one iteration, as feedback; what was said aside reaches nobody."""
    return tuple(
        Feedback(id=n.id, origin=_origin(n), text=n.text, by=n.by, iteration=iteration, about=n.about)
        for n in notes
        if n.iteration == iteration and not n.aside
    )


def _origin(note: Note) -> str:
    if note.correction:
        return "correction"
    return "guest" if note.guest else "note"
