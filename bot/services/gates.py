"""Votes on gates, and what a decided gate leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.errors import GateNotOpen, ReasonRequired
from bot.domain.evaluation import Dossier, Evaluation
from bot.domain.gate import Gate, GateState, Vote, cast, may_vote
from bot.domain.lifecycle import Event
from bot.domain.role import GateSpec
from bot.services.common import Actor, House, audit, digest, move, open_gate
from bot.services.deciding import must_be_allowed, needs_justification, proceed
from bot.services.ports import Tx
from bot.services.resuming import launch


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a person chose in a gate's modal or by its button."""

    option: str
    comment: str = ""
    concerns: str = ""
    subject_sha256: str = ""


class GateService:
    """Records verdicts. The only place where a gate is decided."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._after: Mapping[str, Callable[[Tx, Evaluation, Gate, Actor], Evaluation]] = {
            "go": self._after_go,
            "review": self._after_review,
            "closing": self._after_closing,
        }

    async def vote(self, actor: Actor, gate_id: str, verdict: Verdict) -> Gate:
        """Record one person's verdict and, if it decides the gate, everything that follows, in one transaction.

        Raises:
            NotAllowed, SelfApproval, AlreadyVoted, AlreadyDecided, GateNotOpen, Stale, ReasonRequired, TooLong: see `gate.cast`.
            InvalidInput: the closing choice is not possible (the role's iterations are used up).
        """
        return await self._house.db.transaction(lambda tx: self._vote(tx, actor, gate_id, verdict), delivery=actor.delivery)

    async def check(self, actor: Actor, gate_id: str) -> tuple[Gate, Dossier]:
        """Refuse at the click who could not submit either; return the gate and its evaluation's dossier for the modal."""

        def fn(tx: Tx) -> tuple[Gate, Dossier]:
            gate = tx.gates.get(gate_id, lock=False)
            dossier = tx.dossier(gate.evaluation_id)
            spec = self._house.role(dossier.evaluation).gate(gate.key)
            if gate.state is GateState.PENDING:
                may_vote(gate, actor.user, dossier.evaluation.owner, spec.name, self._house.rules.policy)
            else:
                cast(gate, spec, Vote(voter=actor.user, option="", at=tx.now, subject_sha256=""), owner="", policy=self._house.rules.policy)
            return gate, dossier

        return await self._house.db.read(fn)

    def _vote(self, tx: Tx, actor: Actor, gate_id: str, verdict: Verdict) -> Gate:
        evaluation = tx.evaluations.get(tx.gates.get(gate_id, lock=False).evaluation_id)
        gate = tx.gates.get(gate_id)
        if evaluation.team != actor.team:
            raise GateNotOpen(gate=gate.key, state="not in this workspace", hint="")
        spec = self._house.role(evaluation).gate(gate.key)
        vote = Vote(
            voter=actor.user, option=verdict.option, at=tx.now, subject_sha256=verdict.subject_sha256,
            comment=verdict.comment.strip(), concerns=verdict.concerns.strip(), delivery=actor.delivery or "",
        )  # fmt: skip
        decided = cast(gate, spec, vote, owner=evaluation.owner, policy=self._house.rules.policy)
        if spec.stage == "closing":
            self._must_be_justified(tx, evaluation, spec, vote)
        tx.gates.vote(gate.id, decided.votes[-1])
        audit(tx, evaluation.id, actor, "voted", gate=gate.key, gate_id=gate.id, option=vote.option, comment=vote.comment)
        if decided.state is GateState.PENDING:
            tx.evaluations.save(evaluation)
            return decided
        tx.gates.decide(decided)
        tx.timers.cancel(evaluation.id, f"{gate.id}:")
        audit(tx, evaluation.id, actor, "gate_decided", gate=gate.key, gate_id=gate.id, outcome=decided.outcome)
        self._after[spec.stage](tx, evaluation, decided, actor)
        return decided

    def _must_be_justified(self, tx: Tx, evaluation: Evaluation, spec: GateSpec, vote: Vote) -> None:
        role = self._house.role(evaluation)
        option = spec.option(vote.option)
        must_be_allowed(role, evaluation, option)
        why = needs_justification(role, tx.dossier(evaluation.id), option)
        if why and not vote.comment:
            raise ReasonRequired(what=f"“{role.ask(option.label, evaluation.iteration + 1)}” needs a written justification, since {why}.")

    def _after_go(self, tx: Tx, evaluation: Evaluation, gate: Gate, actor: Actor) -> Evaluation:
        if gate.state is GateState.REJECTED:
            return move(tx, evaluation, Event.GO_REJECTED, actor)
        launch(tx, self._house, evaluation)
        return move(tx, evaluation, Event.GO_APPROVED, actor)

    def _after_review(self, tx: Tx, evaluation: Evaluation, gate: Gate, actor: Actor) -> Evaluation:
        role = self._house.role(evaluation)
        dossier = tx.dossier(evaluation.id)
        reviews = [dossier.gate(evaluation.iteration, spec.key) for spec in role.review_gates]
        if any(review is None or review.state is GateState.PENDING for review in reviews):
            return tx.evaluations.save(evaluation)
        subject = digest([gate.subject_sha256, [(r.key, r.outcome) for r in reviews if r]])
        open_gate(tx, self._house, evaluation, role.closing, subject)
        return move(tx, evaluation, Event.REVIEW_SETTLED, actor)

    def _after_closing(self, tx: Tx, evaluation: Evaluation, gate: Gate, actor: Actor) -> Evaluation:
        return proceed(tx, self._house, evaluation, gate, actor)
