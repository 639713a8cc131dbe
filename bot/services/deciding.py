"""The end of an iteration: its final document, and what it hands to the next one."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.design import Feedback
from bot.domain.errors import InvalidInput
from bot.domain.evaluation import Dossier, Evaluation, FileRef, Iteration
from bot.domain.evidence import Artefact
from bot.domain.gate import Gate, GateState
from bot.domain.lifecycle import Event
from bot.domain.role import GateOption, Role
from bot.services.common import Actor, House, move
from bot.services.ports import Tx, Work
from bot.services.questions import settle
from bot.services.resuming import launch
from bot.services.session import kept_assessment

_GOES_ON = (Event.NEXT_READY, Event.NEXT_OPTIMISE, Event.NEXT_REFINE)
_ACCEPTS = (Event.NEXT_READY, Event.FINISHED)


def needs_justification(role: Role, dossier: Dossier, option: GateOption) -> str:
    """Say why this choice needs a written justification; empty if it needs none.

    Accepting a result (ready, finish) below the role's threshold, unproven, or against a rejected gate is possible,
    but only in writing (definition: front matter `threshold`; docs/decisions.md).
    """
    if option.next not in _ACCEPTS:
        return ""
    number = dossier.evaluation.iteration
    rejected = [spec.name for spec in role.review_gates if (g := dossier.gate(number, spec.key)) and g.state is GateState.REJECTED]
    result = dossier.current.result
    overall = result.scorecard.overall if result else None
    if overall is None:
        return "the score is unproven: too little could be measured"
    if overall < role.threshold_score:
        return f"the score of {overall} is below the threshold of {role.threshold_score}"
    return f"{' and '.join(rejected)} was rejected" if rejected else ""


def must_be_allowed(role: Role, evaluation: Evaluation, option: GateOption) -> None:
    """Raise InvalidInput if the role has no iteration left to go on with."""
    if option.next in _GOES_ON and evaluation.iteration >= role.max_iterations:
        raise InvalidInput(
            problem=f"Iteration {evaluation.iteration} is the last of the {role.max_iterations} that this role has. Choose “Finish”."
        )


def proceed(tx: Tx, house: House, evaluation: Evaluation, gate: Gate, actor: Actor) -> Evaluation:
    """Write the iteration's final document and go on as the closing gate decided."""
    role = house.role(evaluation)
    event = Event(role.closing.option(gate.outcome or "").next)
    finalise(tx, house, evaluation, gate)
    if event is Event.FINISHED:
        return move(tx, evaluation, event, actor)
    number = max(evaluation.iteration, tx.evaluations.highest_iteration(evaluation.workspace or "", role.name)) + 1
    goal = role.ask(role.closing.option(gate.outcome or "").label, number)
    tx.iterations.add(
        evaluation.id, Iteration(number=number, goal=goal, started_at=tx.now, feedback=feedback_of(role, tx.dossier(evaluation.id)))
    )
    evaluation = move(tx, evaluation, event, actor, iteration=number)
    if event is Event.NEXT_OPTIMISE:
        launch(tx, house, evaluation)
        return evaluation
    return settle(tx, house, evaluation, actor)


def finalise(tx: Tx, house: House, evaluation: Evaluation, closing: Gate) -> FileRef:
    """Turn the draft into the iteration's final document and have it written to the workspace; never overwrites an earlier one."""
    dossier = tx.dossier(evaluation.id)
    artefact = _document(tx, house, dossier)
    ref = FileRef(name=artefact.name, sha256=tx.files.put(artefact), size=len(artefact.content), media_type=artefact.media_type)
    current = dossier.current
    tx.iterations.save(
        evaluation.id, replace(current, files=(*current.files, ref), outcome=closing.outcome, decided_at=closing.decided_at)
    )
    tx.enqueue(
        Work(kind="export", id=f"{evaluation.id}:{evaluation.iteration}", args={"evaluation_id": evaluation.id, "iteration": evaluation.iteration})
    )
    return ref


def _document(tx: Tx, house: House, dossier: Dossier) -> Artefact:
    evaluation = dossier.evaluation
    kept = tx.iterations.design(evaluation.id, evaluation.iteration)
    run = dossier.run(evaluation.iteration)
    if kept is None or run is None:
        raise InvalidInput(problem="This iteration has no result to finalise.")
    design, brief = kept
    assessment = kept_assessment(tx, run.id, design.blueprint)
    if assessment is None:
        raise InvalidInput(problem="The evidence of this iteration is missing.")
    gates = [gate for gate in dossier.gates if gate.iteration == evaluation.iteration]
    return house.kit(evaluation).report(
        role=house.role(evaluation), brief=brief, design=design, assessment=assessment, gates=gates, timestamp=tx.now, final=True
    )


def feedback_of(role: Role, dossier: Dossier) -> tuple[Feedback, ...]:
    """What people said of this iteration: reasons, comments and concerns of its gates, then the notes of its thread."""
    number = dossier.evaluation.iteration
    found: list[Feedback] = []
    stages = {spec.key: spec.stage for spec in role.gates}
    for gate in dossier.gates:
        if gate.iteration != number or stages.get(gate.key) == "go":
            continue
        for index, vote in enumerate(gate.votes):
            for origin, text in ((gate.key, vote.comment), ("concerns", vote.concerns)):
                if text:
                    key = f"{gate.id}.{index}.{'c' if origin == 'concerns' else 'v'}"
                    found.append(Feedback(id=key, origin=origin, text=text, by=vote.voter, iteration=number))
    found += [Feedback(id=n.id, origin="note", text=n.text, by=n.by, iteration=number) for n in dossier.notes if n.iteration == number]
    return tuple(found)
