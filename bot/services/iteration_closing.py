"""The end of an iteration: its final document, and what it hands to the next one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.design import Feedback
from bot.domain.errors import InvalidInput
from bot.domain.evaluation import Dossier, Evaluation, FileRef, Iteration, Note
from bot.domain.evidence import Artefact
from bot.domain.gate import Gate, GateState
from bot.domain.lifecycle import Event
from bot.domain.role import Role
from bot.services.common import Actor, ServiceContext, digest, move, open_gate
from bot.services.design_session import kept_assessment
from bot.services.ports import Tx, Work
from bot.services.questions import settle
from bot.services.results import keep_file
from bot.services.run_launch import launch, notes_of, wish_of


def settle_review(tx: Tx, context: ServiceContext, evaluation: Evaluation, actor: Actor) -> Evaluation:
    """Open the closing gate once no review gate is pending any more, by a verdict or because its time was over."""
    role = context.role(evaluation)
    dossier = tx.dossier(evaluation.id)
    reviews = [gate for spec in role.review_gates if (gate := dossier.gate(evaluation.iteration, spec.key))]
    if any(gate.state is GateState.PENDING for gate in reviews):
        return tx.evaluations.save(evaluation)
    result = dossier.current.result
    subject = digest([result.subject_sha256 if result else "", [(gate.key, gate.state.value) for gate in reviews]])
    open_gate(tx, context, evaluation, role.closing, subject)
    return move(tx, evaluation, Event.REVIEW_SETTLED, actor)


def proceed(tx: Tx, context: ServiceContext, evaluation: Evaluation, gate: Gate, actor: Actor) -> Evaluation:
    """Write the iteration's final document and go on as the closing gate decided."""
    role = context.role(evaluation)
    event = Event(role.closing.option(gate.outcome or "").next)
    finalise(tx, context, evaluation, gate)
    if event is Event.FINISHED:
        return move(tx, evaluation, event, actor)
    number = max(evaluation.iteration, tx.evaluations.highest_iteration(evaluation.workspace or "", role.name)) + 1
    goal = role.ask(role.closing.option(gate.outcome or "").label, number)
    tx.iterations.add(
        evaluation.id,
        Iteration(
            number=number,
            goal=goal,
            started_at=tx.now,
            feedback=feedback_of(role, tx.dossier(evaluation.id), tx.notes.all(evaluation.id)),
        ),
    )
    evaluation = move(tx, evaluation, event, actor, iteration=number)
    if event is Event.NEXT_OPTIMISE:
        launch(tx, context, evaluation)
        return evaluation
    return settle(tx, context, evaluation, actor)


def finalise(tx: Tx, context: ServiceContext, evaluation: Evaluation, closing: Gate) -> FileRef:
    """Turn the draft into the iteration's final document and have it written to the workspace."""
    dossier = tx.dossier(evaluation.id)
    ref = keep_file(tx, _document(tx, context, dossier))
    current = dossier.current
    tx.iterations.save(
        evaluation.id,
        replace(current, files=(*current.files, ref), outcome=closing.outcome, decided_at=closing.decided_at),
    )
    tx.enqueue(
        Work(
            kind="export",
            id=f"{evaluation.id}:{evaluation.iteration}",
            args={"evaluation_id": evaluation.id, "number": evaluation.iteration},
        )
    )
    return ref


def _document(tx: Tx, context: ServiceContext, dossier: Dossier) -> Artefact:
    evaluation = dossier.evaluation
    kit = context.kit(evaluation)
    kept = tx.iterations.design(evaluation.id, evaluation.iteration, kit.proposal_type)
    run = dossier.run(evaluation.iteration)
    if kept is None or run is None:
        raise InvalidInput(problem="This iteration has no result to finalise.")
    design, brief = kept
    assessment = kept_assessment(tx, run.id, design.proposal)
    if assessment is None:
        raise InvalidInput(problem="The evidence of this iteration is missing.")
    role = context.role(evaluation)
    return kit.report(
        role=role,
        brief=brief,
        design=design,
        assessment=assessment,
        gates=_in_order(role, dossier),
        timestamp=_drafted_at(dossier, tx.now),
        final=True,
    )


def _drafted_at(dossier: Dossier, now: datetime) -> datetime:
    """Return the time of the draft: the document is what was judged, and when that was decided stands at its gates."""
    result = dossier.current.result
    return result.finished_at if result is not None and result.finished_at is not None else now


def _in_order(role: Role, dossier: Dossier) -> list[Gate]:
    """Return this iteration's gates as the role has them; those that are opened together have no order of their own."""
    places = {spec.key: place for place, spec in enumerate(role.gates)}
    own = [gate for gate in dossier.gates if gate.iteration == dossier.evaluation.iteration]
    return sorted(own, key=lambda gate: (places.get(gate.key, len(places)), gate.opened_at))


def feedback_of(role: Role, dossier: Dossier, notes: Iterable[Note]) -> tuple[Feedback, ...]:
    """What people want otherwise: reasons and concerns of this iteration's gates, then the notes of its thread.

    A note beside an approval and a justification ask for nothing; they stand beside the verdict.
    """
    number = dossier.evaluation.iteration
    found: list[Feedback] = []
    stages = {spec.key: spec.stage for spec in role.gates}
    for gate in _in_order(role, dossier):
        if stages.get(gate.key) == "go":
            continue
        for index, vote in enumerate(gate.votes):
            for origin, text in ((gate.key, wish_of(role, gate, vote)), ("concerns", vote.concerns)):
                if text:
                    key = f"{gate.id}.{index}.{'c' if origin == 'concerns' else 'v'}"
                    found.append(Feedback(id=key, origin=origin, text=text, by=vote.voter, iteration=number))
    return (*carried(dossier), *found, *notes_of(notes, number))


def carried(dossier: Dossier) -> tuple[Feedback, ...]:
    """Return what the current iteration worked from and left open, a piece of feedback for each point.

    A point that stands alone in its piece keeps that piece's id, so that it is the same one in every iteration.
    """
    points = dossier.current.points
    said = {item.id: item for item in dossier.current.feedback}
    several = Counter(point.feedback_id for point in points)
    return tuple(
        item if several[item.id] == 1 else replace(item, id=f"{item.id}.p{point.number}", text=point.text, about="")
        for point in points
        if point.open and (item := said.get(point.feedback_id)) is not None
    )
