"""What time brings: reminders, escalation and expiry of gates, and parked runs whose time has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.gate import GateState
from bot.domain.lifecycle import Event, State
from bot.services.common import Actor, House, audit, close_gate, move
from bot.services.ports import Due, Tx
from bot.services.runs import RunService

RETRY = timedelta(minutes=1)
CLOCK = "clock"
"""The actor's name for what time does by itself."""


class DeadlineService:
    """Claims due rows and does them; several machines may call `tick` at once."""

    def __init__(self, house: House, runs: RunService) -> None:
        self._house, self._runs = house, runs

    async def tick(self) -> int:
        """Do everything that is due. Returns how many rows were claimed."""

        def fn(tx: Tx) -> tuple[Due, ...]:
            claimed = tx.timers.claim()
            for due in claimed:
                if due.kind != "parked_run":
                    self._gate_due(tx, due)
                else:
                    # The run is woken in a transaction of its own; should we die between, the sweep finds it again.
                    tx.timers.set(replace(due, at=tx.now + RETRY))
            return claimed

        claimed = await self._house.db.transaction(fn)
        for due in claimed:
            if due.kind == "parked_run":
                await self._runs.wake(due.data["run_id"])
        return len(claimed)

    def _gate_due(self, tx: Tx, due: Due) -> None:
        evaluation = tx.evaluations.get(due.evaluation_id)
        gate = tx.gates.get(due.data["gate_id"])
        if gate.state is not GateState.PENDING:
            return
        actor = Actor(team=evaluation.team, user=CLOCK)
        if due.kind == "reminder":
            tx.gates.decide(replace(gate, reminders=gate.reminders + 1))
            audit(tx, evaluation.id, actor, "reminded", gate=gate.key, number=gate.reminders + 1)
        elif due.kind == "escalation":
            added = tuple(u for u in (*self._house.rules.fallback_approvers, evaluation.owner) if u not in gate.deciders)
            tx.gates.decide(replace(gate, escalated_to=(*gate.escalated_to, *added)))
            audit(tx, evaluation.id, actor, "escalated", gate=gate.key, to=list(added))
        else:
            close_gate(tx, gate, GateState.EXPIRED)
            audit(tx, evaluation.id, actor, "gate_expired", gate=gate.key)
            if evaluation.state is State.AWAITING_GO:
                move(tx, evaluation, Event.GO_EXPIRED, actor)
                return
        tx.evaluations.save(evaluation)
