"""Gates, their votes, and who is still to decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import NotFound, Stale
from bot.domain.gate import Gate, GateState, Vote
from storage import tables
from storage.unit_of_work import UnitOfWork
from storage.values import grouped, select_of, shallow

_COLUMNS = select_of(Gate, tables.gate)
_VOTE_COLUMNS = select_of(Vote, tables.vote)
_GET = select(*_COLUMNS).where(tables.gate.c.id == bindparam("gate_id"))
_ALL = (
    select(*_COLUMNS)
    .where(tables.gate.c.evaluation_id == bindparam("of_id"))
    .order_by(tables.gate.c.opened_at, tables.gate.c.id)
)
_VOTES = select(tables.vote.c.gate_id, *_VOTE_COLUMNS).order_by(tables.vote.c.id)
_VOTES_OF_GATE = _VOTES.where(tables.vote.c.gate_id == bindparam("of_gate"))
_VOTES_OF_GATES = _VOTES.where(tables.vote.c.gate_id.in_(bindparam("gates", expanding=True)))
_VOTES_OF_EVALUATION = _VOTES.join(tables.gate, tables.gate.c.id == tables.vote.c.gate_id).where(
    tables.gate.c.evaluation_id == bindparam("of_id")
)
_LOCK = (
    select(tables.evaluation.c.id)
    .join(tables.gate, tables.gate.c.evaluation_id == tables.evaluation.c.id)
    .where(tables.gate.c.id == bindparam("of_gate"))
)
_ADD = insert(tables.gate)
_DECIDERS = insert(tables.decider).on_conflict_do_nothing()
_NO_DECIDERS = delete(tables.decider).where(tables.decider.c.gate_id == bindparam("of_gate"))
_VOTE = insert(tables.vote).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
_DECIDE = update(tables.gate).where(tables.gate.c.id == bindparam("of_gate"), tables.gate.c.state == GateState.PENDING)
_WAITING = (
    select(*_COLUMNS)
    .join(tables.decider, tables.decider.c.gate_id == tables.gate.c.id)
    .join(tables.evaluation, tables.evaluation.c.id == tables.gate.c.evaluation_id)
    .where(
        tables.decider.c.user_id == bindparam("of_user"),
        tables.evaluation.c.team == bindparam("of_team"),
        tables.gate.c.state == GateState.PENDING,
        ~exists().where(tables.vote.c.gate_id == tables.gate.c.id, tables.vote.c.voter == tables.decider.c.user_id),
    )
    .order_by(tables.gate.c.opened_at, tables.gate.c.id)
    .limit(bindparam("most"))
)
_DECIDED = (
    select(*_COLUMNS)
    .join(tables.vote, tables.vote.c.gate_id == tables.gate.c.id)
    .join(tables.evaluation, tables.evaluation.c.id == tables.gate.c.evaluation_id)
    .where(tables.vote.c.voter == bindparam("of_user"), tables.evaluation.c.team == bindparam("of_team"))
    .order_by(tables.vote.c.at.desc(), tables.vote.c.id.desc())
    .limit(bindparam("most"))
)


class SqlGates:
    """See `bot.services.repositories.Gates`."""

    __slots__ = ("_session",)

    def __init__(self, session: UnitOfWork) -> None:
        self._session = session

    def add(self, gate: Gate) -> None:
        """Store a new gate; votes it carries are stored, too."""
        self._session.change(_ADD, shallow(gate, tables.gate))
        if gate.state is GateState.PENDING:
            self._wait_for(gate)
        for vote in gate.votes:
            self.vote(gate.id, vote)

    def get(self, gate_id: str, *, lock: bool = True) -> Gate:
        """Return it with its votes, as it stands once its evaluation is locked (with `lock`). Raises NotFound."""
        if lock and self._session.locks:
            owner = self._session.scalar(_LOCK, {"of_gate": gate_id})
            if owner is not None:
                self._session.lock(owner)
        row = self._session.row(_GET, {"gate_id": gate_id})
        if row is None:
            raise NotFound(what="gate", name=gate_id, hint="The thread shows what is open now.")
        votes = self._session.rows(_VOTES_OF_GATE, {"of_gate": gate_id})
        return _gates([row], votes)[0]

    def all(self, evaluation_id: str) -> tuple[Gate, ...]:
        """All gates ever opened, the oldest first, with their votes."""
        votes = self._session.rows(_VOTES_OF_EVALUATION, {"of_id": evaluation_id})
        return _gates(self._session.rows(_ALL, {"of_id": evaluation_id}), votes)

    def vote(self, gate_id: str, vote: Vote) -> None:
        """Store a vote, or raise Stale if this voter's vote exists."""
        if not self._session.change(_VOTE, {"gate_id": gate_id, **shallow(vote, tables.vote)}):
            raise Stale(what="your verdict is recorded already")

    def decide(self, gate: Gate) -> None:
        """Store what changed about a pending gate; compare-and-set on its state. Raises Stale."""
        changed = {
            "state": gate.state,
            "outcome": gate.outcome,
            "decided_at": gate.decided_at,
            "due_at": gate.due_at,
            "reminders": gate.reminders,
            "escalated_to": gate.escalated_to,
        }
        if not self._session.change(_DECIDE, {"of_gate": gate.id, **changed}):
            raise Stale(what="the gate is decided")
        if gate.state is not GateState.PENDING:
            # A decided gate waits for nobody: without its rows the Home tab's query stays as short as its list.
            self._session.change(_NO_DECIDERS, {"of_gate": gate.id})
        elif gate.escalated_to:
            self._wait_for(gate)

    def reassign(self, gate: Gate) -> None:
        """Store who is asked at a pending gate, for it waits for nobody else any more. Raises Stale."""
        changed = {"approvers": gate.approvers, "escalated_to": gate.escalated_to}
        if not self._session.change(_DECIDE, {"of_gate": gate.id, **changed}):
            raise Stale(what="the gate is decided")
        self._session.change(_NO_DECIDERS, {"of_gate": gate.id})
        self._wait_for(gate)

    def waiting_for(self, team: str, user: str, limit: int = 20) -> tuple[Gate, ...]:
        """Pending gates that this person may decide and has not voted on, the oldest first."""
        return self._with_votes(_WAITING, team, user, limit)

    def decided_by(self, team: str, user: str, limit: int = 10) -> tuple[Gate, ...]:
        """Gates on which this person gave a verdict, their newest verdict first."""
        return self._with_votes(_DECIDED, team, user, limit)

    def _wait_for(self, gate: Gate) -> None:
        self._session.change(_DECIDERS, [{"gate_id": gate.id, "user_id": user} for user in gate.deciders])

    def _with_votes(self, query: Any, team: str, user: str, limit: int) -> tuple[Gate, ...]:
        rows = self._session.rows(query, {"of_team": team, "of_user": user, "most": limit})
        if not rows:
            return ()
        return _gates(rows, self._session.rows(_VOTES_OF_GATES, {"gates": [row["id"] for row in rows]}))


def _gates(rows: Iterable[Any], votes: Iterable[Any]) -> tuple[Gate, ...]:
    of = grouped(votes, "gate_id")
    return tuple(Gate(**row, votes=tuple(Vote(**v) for v in of.get(row["id"], ()))) for row in rows)
