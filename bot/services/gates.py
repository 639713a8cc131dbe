"""Votes on gates, and what a decided gate leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.closing import must_be_allowed, needs_justification
from bot.domain.errors import NotFound, ReasonRequired
from bot.domain.evaluation import Dossier, Evaluation
from bot.domain.gate import Gate, GateEvent, GateState, Vote, cast, deadlocked, must_take_vote
from bot.domain.lifecycle import Event
from bot.domain.role import GateSpec
from bot.services.common import Actor, ServiceContext, audit, close_gate, move, open_gate
from bot.services.iteration_closing import proceed, settle_review
from bot.services.ports import Tx
from bot.services.run_launch import launch


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a person chose in a gate's modal or by its button."""

    option: str
    comment: str = ""
    concerns: str = ""
    subject_sha256: str = ""


class GateService:
    """Records verdicts. The only place where a gate is decided."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context
        self._after: Mapping[str, Callable[[Tx, Evaluation, Gate, Actor], Evaluation]] = {
            "go": self._after_go,
            "review": self._after_review,
            "closing": self._after_closing,
        }

    async def vote(self, actor: Actor, gate_id: str, verdict: Verdict, evaluation_id: str = "") -> Gate:
        """Record one person's verdict and, if it decides the gate, everything that follows, in one transaction.

        Raises:
            NotAllowed, SelfApproval, AlreadyVoted, AlreadyDecided, GateNotOpen, Stale, ReasonRequired, TooLong: see
                `gate.cast`.
            InvalidInput: no such option, or the closing choice is not possible (the role's iterations are used up).
            NotFound: this workspace, or the evaluation where one is named, has no such gate.
        """
        return await self._context.db.transaction(
            lambda tx: self._vote(tx, actor, gate_id, verdict, evaluation_id), delivery=actor.delivery
        )

    async def check(self, actor: Actor, gate_id: str, evaluation_id: str = "") -> tuple[Gate, Dossier]:
        """Refuse at the click who could not submit either; return the gate and its dossier for the modal."""

        def fn(tx: Tx) -> tuple[Gate, Dossier]:
            gate = tx.gates.get(gate_id, lock=False)
            dossier = tx.dossier(gate.evaluation_id)
            _must_be_of(dossier.evaluation, gate, actor, evaluation_id)
            spec = self._context.role(dossier.evaluation).gate(gate.key)
            must_take_vote(gate, spec, actor.user, dossier.evaluation.owner, self._context.rules.policy)
            return gate, dossier

        return await self._context.db.read(fn)

    def _vote(self, tx: Tx, actor: Actor, gate_id: str, verdict: Verdict, evaluation_id: str) -> Gate:
        # The evaluation first: whoever holds it keeps its gates from changing. A button names it; else the gate does.
        evaluation = tx.evaluations.get(evaluation_id or tx.gates.get(gate_id, lock=False).evaluation_id)
        gate = tx.gates.get(gate_id)
        _must_be_of(evaluation, gate, actor, evaluation_id)
        spec = self._context.role(evaluation).gate(gate.key)
        vote = Vote(
            voter=actor.user, option=verdict.option, at=tx.now, subject_sha256=verdict.subject_sha256,
            comment=verdict.comment.strip(), concerns=verdict.concerns.strip(), delivery=actor.delivery or "",
        )  # fmt: skip
        decided = cast(gate, spec, vote, owner=evaluation.owner, policy=self._context.rules.policy)
        if spec.stage == "closing":
            self._must_be_justified(tx, evaluation, spec, vote)
        tx.gates.vote(gate.id, decided.votes[-1])
        audit(
            tx, evaluation.id, actor, "voted", gate=gate.key, gate_id=gate.id, option=vote.option, comment=vote.comment
        )
        if decided.state is GateState.PENDING:
            return self._undecided(tx, evaluation, spec, decided, actor)
        tx.gates.decide(decided)
        tx.timers.cancel(evaluation.id, f"{gate.id}:")
        audit(tx, evaluation.id, actor, "gate_decided", gate=gate.key, gate_id=gate.id, outcome=decided.outcome)
        self._after[spec.stage](tx, evaluation, decided, actor)
        return decided

    def _undecided(self, tx: Tx, evaluation: Evaluation, spec: GateSpec, gate: Gate, actor: Actor) -> Gate:
        """Wait for more verdicts; where none can decide it any more, withdraw the gate and put the question anew."""
        if deadlocked(gate, evaluation.owner, self._context.rules.policy):
            gate = close_gate(tx, gate, GateEvent.WITHDRAWN)
            audit(tx, evaluation.id, actor, "gate_split", gate=gate.key, gate_id=gate.id)
            open_gate(tx, self._context, evaluation, spec, gate.subject_sha256, gate.estimate)
        tx.evaluations.save(evaluation)
        return gate

    def _must_be_justified(self, tx: Tx, evaluation: Evaluation, spec: GateSpec, vote: Vote) -> None:
        role = self._context.role(evaluation)
        option = spec.option(vote.option)
        must_be_allowed(role, evaluation, option)
        why = needs_justification(role, tx.dossier(evaluation.id), option)
        if why and not vote.comment:
            raise ReasonRequired(
                what=f"“{role.ask(option.label, evaluation.iteration + 1)}” needs a written justification, since {why}."
            )

    def _after_go(self, tx: Tx, evaluation: Evaluation, gate: Gate, actor: Actor) -> Evaluation:
        if gate.state is GateState.REJECTED:
            return move(tx, evaluation, Event.GO_REJECTED, actor)
        launch(tx, self._context, evaluation)
        return move(tx, evaluation, Event.GO_APPROVED, actor)

    def _after_review(self, tx: Tx, evaluation: Evaluation, gate: Gate, actor: Actor) -> Evaluation:
        return settle_review(tx, self._context, evaluation, actor)

    def _after_closing(self, tx: Tx, evaluation: Evaluation, gate: Gate, actor: Actor) -> Evaluation:
        return proceed(tx, self._context, evaluation, gate, actor)


def _must_be_of(evaluation: Evaluation, gate: Gate, actor: Actor, named: str) -> None:
    """Raise NotFound unless the gate is of the actor's team, and of the evaluation that they were asked about."""
    if evaluation.team != actor.team or gate.evaluation_id != evaluation.id or named not in ("", evaluation.id):
        raise NotFound(what="gate", name=gate.id, hint="The thread shows what is open now.")
