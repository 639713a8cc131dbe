"""What all services share: who acts, the house rules, and the few moves that more than one of them makes."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.domain.errors import NotAllowed, NotFound
from bot.domain.evaluation import Dossier, Evaluation
from bot.domain.event import AuditEvent
from bot.domain.gate import GATE_TRANSITIONS, Gate, GateEvent, GateState, Policy
from bot.domain.lifecycle import Event, after
from bot.domain.phrase import people
from bot.domain.role import GateSpec, Role
from bot.domain.spending import Estimate
from bot.services.code_host import CodeHost
from bot.services.directory import Directory, NoDirectory
from bot.services.ports import Database, Kit, Sealer, Tx
from bot.services.repositories import Due

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who caused a change, and the dedupe key of the Slack delivery it came with (None for clock and engine).

    `foreign` says that Slack delivered it as the act of another company's person (Slack Connect).
    """

    team: str
    user: str
    delivery: str | None = None
    foreign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The house rules that settings decide.

    Durations are those after a gate opened; no expiry means that gates wait for ever.
    """

    policy: Policy = field(default_factory=Policy)
    reminders: tuple[timedelta, ...] = (timedelta(hours=4), timedelta(hours=24), timedelta(hours=72))
    escalate_after: timedelta | None = timedelta(hours=48)
    fallback_approvers: tuple[str, ...] = ()
    expire_after: timedelta | None = None
    budget_usd: float = 5.0
    max_run_starts: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceContext:
    """What the composition root hands to every service; roles and their kits are by the role's name.

    Without a `sealer` decided iterations have no bundle.
    """

    db: Database
    roles: Mapping[str, Role]
    kits: Mapping[str, Kit[Any]]
    rules: Rules
    workspaces: Path
    workspace_roots: tuple[Path, ...] = ()
    team_roots: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    directory: Directory = field(default_factory=NoDirectory)
    sealer: Sealer | None = None
    code_host: CodeHost | None = None

    def roots(self, team: str) -> tuple[Path, ...]:
        """The folders under which a team may name a workspace: its own, and those that are shared."""
        return (*self.team_roots.get(team, ()), *self.workspace_roots)

    def role(self, evaluation: Evaluation) -> Role:
        """The role an evaluation goes through."""
        return self.roles[evaluation.role]

    def kit(self, evaluation: Evaluation) -> Kit[Any]:
        """Designers, renderers and checks of that role."""
        return self.kits[evaluation.role]


def new_id(prefix: str) -> str:
    """Return a short id that people can read aloud: 50 random bits, no look-alike characters."""
    return f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(10))


def digest(value: object) -> str:
    """Hex sha256 of a JSON value's canonical form."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def audit(tx: Tx, evaluation_id: str, actor: Actor, kind: str, **data: Any) -> None:
    """Append to the audit log."""
    tx.events.append(
        AuditEvent(
            evaluation_id=evaluation_id,
            kind=kind,
            actor=actor.user,
            at=tx.now,
            delivery=actor.delivery or "",
            data=data,
        )
    )


def move(tx: Tx, evaluation: Evaluation, event: Event, actor: Actor, **changes: Any) -> Evaluation:
    """Take `evaluation` through `event` by the table, with `changes` to its other fields, and write it and the log.

    A move that ends where it began is not logged a second time: what caused it has an entry of its own.

    Raises:
        IllegalEvent: the table has no such transition.
        Stale: somebody else changed it first.
    """
    state = after(evaluation.state, event)
    if state is not evaluation.state:
        audit(tx, evaluation.id, actor, event.value, source=evaluation.state.value, target=state.value)
        changes["state"] = state
    return tx.evaluations.save(replace(evaluation, **changes) if changes else evaluation)


def evaluation_of(tx: Tx, actor: Actor, evaluation_id: str, *, lock: bool = True) -> Evaluation:
    """Return the evaluation, locked; one of another workspace is not there. Raises NotFound."""
    evaluation = tx.evaluations.get(evaluation_id, lock=lock)
    if evaluation.team != actor.team:
        raise NotFound(what="evaluation", name=evaluation_id, hint="The list command shows those there are.")
    return evaluation


def must_be_involved(evaluation: Evaluation, actor: Actor, what: str) -> None:
    """Raise NotAllowed unless the actor owns the evaluation or decides one of its gates."""
    if not evaluation.involves(actor.user):
        involved = (evaluation.owner, *(user for users in evaluation.approvers.values() for user in users))
        raise NotAllowed(what=what, who=people(dict.fromkeys(involved)))


def must_own(evaluation: Evaluation, actor: Actor, what: str, policy: Policy) -> None:
    """Raise NotAllowed unless the evaluation is the actor's to end: the owner's, and by policy its approvers'."""
    if policy.approvers_cancel:
        must_be_involved(evaluation, actor, what)
    elif actor.user != evaluation.owner:
        raise NotAllowed(what=what, who=people([evaluation.owner]))


def open_gate(
    tx: Tx,
    context: ServiceContext,
    evaluation: Evaluation,
    spec: GateSpec,
    subject: str,
    estimate: Estimate | None = None,
) -> Gate:
    """Open a gate on `subject` (the sha256 of what is judged) with its reminders, escalation and expiry as due rows.

    A closing gate does not expire: nothing but a decision can follow it, so the evaluation would have no way on.
    """
    rules = context.rules
    expire_after = None if spec.stage == "closing" else rules.expire_after
    deciders = evaluation.deciders(spec.key)
    gate = Gate(
        id=new_id("gt"),
        evaluation_id=evaluation.id,
        iteration=evaluation.iteration,
        key=spec.key,
        state=GateState.PENDING,
        approvers=deciders,
        needed=quorum(evaluation, spec, rules.policy),
        subject_sha256=subject,
        opened_at=tx.now,
        due_at=tx.now + expire_after if expire_after else None,
        estimate=estimate,
    )
    tx.gates.add(gate)
    for number, delay in enumerate(rules.reminders, 1):
        _set(tx, gate, f"reminder{number}", "reminder", tx.now + delay)
    if rules.escalate_after is not None:
        _set(tx, gate, "escalation", "escalation", tx.now + rules.escalate_after)
    if gate.due_at is not None:
        _set(tx, gate, "expiry", "expiry", gate.due_at)
    return gate


def quorum(evaluation: Evaluation, spec: GateSpec, policy: Policy) -> int:
    """How many must agree at a gate: what the evaluation or the role asks for, but never more than may vote."""
    asked = max(evaluation.needed, spec.needed)
    return max(1, min(asked, eligible(evaluation.deciders(spec.key), evaluation.owner, policy)))


def eligible(deciders: Sequence[str], owner: str, policy: Policy) -> int:
    """How many may really vote: a quorum that nobody can reach would be a gate without a door."""
    others = [user for user in deciders if user != owner]
    return len(deciders) if policy.self_approval or not others else len(others)


def _set(tx: Tx, gate: Gate, suffix: str, kind: str, at: datetime) -> None:
    tx.timers.set(
        Due(key=f"{gate.id}:{suffix}", kind=kind, evaluation_id=gate.evaluation_id, at=at, data={"gate_id": gate.id})
    )


def close_gate(tx: Tx, gate: Gate, event: GateEvent) -> Gate:
    """End a pending gate without a verdict (withdrawn or expired) and drop its timers."""
    closed = replace(gate, state=GATE_TRANSITIONS.after(gate.state, event), decided_at=tx.now)
    tx.gates.decide(closed)
    tx.timers.cancel(gate.evaluation_id, f"{gate.id}:")
    return closed


def pending(dossier: Dossier) -> tuple[Gate, ...]:
    """The gates that wait for a verdict."""
    return tuple(gate for gate in dossier.gates if gate.state is GateState.PENDING)
