"""What time brings: reminders, escalation and expiry of gates, and parked runs whose time has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.domain.errors import EipasError
from bot.domain.evaluation import Evaluation
from bot.domain.gate import Gate, GateEvent, GateState, voters
from bot.domain.lifecycle import Event, State
from bot.services.common import Actor, ServiceContext, audit, close_gate, move
from bot.services.iteration_closing import settle_review
from bot.services.ports import Tx
from bot.services.repositories import Due
from bot.services.run_launch import wake

log = structlog.get_logger(__name__)
RETRY = timedelta(minutes=10)
"""When a due row whose work was refused is looked at again."""

AT_ONCE = 500
"""Due rows done in one tick: after a long time down the clock must not keep everybody else from writing."""

CLOCK = "clock"
"""The actor's name for what time does by itself."""


class DeadlineService:
    """Claims due rows and does them; several machines may call `tick` at once."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context
        self._gates: dict[str, Callable[[Tx, Evaluation, Gate, Actor], Evaluation]] = {
            "reminder": self._remind,
            "escalation": self._escalate,
            "expiry": self._expire,
        }

    async def tick(self) -> int:
        """Do what is due, each row in a transaction of its own with what it brings. Returns how many were done."""
        for done in range(AT_ONCE):
            if not await self._next():
                return done
        return AT_ONCE

    async def _next(self) -> bool:
        claimed: list[Due] = []
        due_at, now = await self._context.db.read(lambda tx: (tx.timers.next_at(), tx.now))
        if due_at is None or due_at > now:
            return False

        def fn(tx: Tx) -> None:
            claimed[:] = tx.timers.claim(limit=1)
            for due in claimed:
                self._do(tx, due)

        try:
            await self._context.db.transaction(fn)
        except EipasError:
            if not claimed:
                raise
            # The row is back where it was, the earliest of all: put off, it cannot keep the others from being done.
            log.exception("due_refused", key=claimed[0].key, kind=claimed[0].kind)
            await self._context.db.transaction(lambda tx: tx.timers.set(replace(claimed[0], at=tx.now + RETRY)))
        return bool(claimed)

    def _do(self, tx: Tx, due: Due) -> None:
        if due.kind == "parked_run":
            wake(tx, due.data["run_id"], CLOCK)
            return
        evaluation = tx.evaluations.get(due.evaluation_id)
        gate = tx.gates.get(due.data["gate_id"])
        if gate.state is GateState.PENDING:
            self._gates[due.kind](tx, evaluation, gate, Actor(team=evaluation.team, user=CLOCK))

    def _remind(self, tx: Tx, evaluation: Evaluation, gate: Gate, actor: Actor) -> Evaluation:
        tx.gates.decide(replace(gate, reminders=gate.reminders + 1))
        audit(tx, evaluation.id, actor, "reminded", gate=gate.key, number=gate.reminders + 1)
        return tx.evaluations.save(evaluation)

    def _escalate(self, tx: Tx, evaluation: Evaluation, gate: Gate, actor: Actor) -> Evaluation:
        """Add those of the fallback approvers and the owner who may then really vote; with nobody to add, say so."""
        policy = self._context.rules.policy
        wanted = (*self._context.rules.fallback_approvers, evaluation.owner)
        asked = replace(gate, escalated_to=tuple(dict.fromkeys((*gate.escalated_to, *wanted))))
        added = tuple(u for u in voters(asked, evaluation.owner, policy) if u not in gate.deciders)
        if added:
            tx.gates.decide(replace(gate, escalated_to=(*gate.escalated_to, *added)))
        audit(
            tx, evaluation.id, actor, "escalated" if added else "nobody_to_escalate_to", gate=gate.key, to=list(added)
        )
        return tx.evaluations.save(evaluation)

    def _expire(self, tx: Tx, evaluation: Evaluation, gate: Gate, actor: Actor) -> Evaluation:
        """End the gate without a verdict: never a silent no. A review goes on once no other gate of it is pending."""
        close_gate(tx, gate, GateEvent.EXPIRED)
        audit(tx, evaluation.id, actor, "gate_expired", gate=gate.key)
        if evaluation.state is State.AWAITING_GO:
            return move(tx, evaluation, Event.GO_EXPIRED, actor)
        return settle_review(tx, self._context, evaluation, actor)
