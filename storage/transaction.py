"""One open transaction: the repositories over one connection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, and_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import ConfigurationError, Replayed
from bot.domain.evaluation import Dossier
from bot.domain.surface import SurfaceId, SurfaceKind
from bot.services import repositories
from bot.services.ports import Tx, Work
from storage.repositories.evaluations import SqlEvaluations
from storage.repositories.events import SqlEvents
from storage.repositories.files import SqlFiles, SqlNotes
from storage.repositories.gates import SqlGates
from storage.repositories.inputs import SqlInputs
from storage.repositories.iterations import SqlIterations
from storage.repositories.ledger import SqlInquiries, SqlLedger
from storage.repositories.questions import SqlQuestions
from storage.repositories.rates import SqlRates
from storage.repositories.recaps import SqlRecaps
from storage.repositories.runs import SqlRuns
from storage.repositories.surfaces import SqlSurfaces
from storage.repositories.timers import SqlTimers
from storage.tables import evaluation, inbox, slack_state, surface
from storage.unit_of_work import UnitOfWork

T = TypeVar("T")
Enqueue = Callable[[UnitOfWork, Work], None]

_MARK = (
    select(evaluation.c.version, evaluation.c.channel, evaluation.c.thread_ts, surface.c.wanted, surface.c.wanted_at)
    .join(
        surface,
        and_(
            surface.c.kind == SurfaceKind.THREAD, surface.c.team == evaluation.c.team,
            surface.c.owner == evaluation.c.id,
        ),
    )
    .where(evaluation.c.id == bindparam("of_id"))
)  # fmt: skip
"""Whatever shows in a thread marks it, and a dossier is what a thread shows; where it stands is set without a mark."""

_RECEIVE = insert(inbox).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
_FORGET = delete(inbox)
_FORGET_STATES = delete(slack_state)


class SqlTx:
    """See `bot.services.ports.Tx`."""

    __slots__ = (
        "_enqueue", "_session", "evaluations", "events", "files", "gates", "inputs", "inquiries", "iterations",
        "ledger", "notes", "now", "questions", "rates", "recaps", "runs", "surfaces", "timers",
    )  # fmt: skip

    def __init__(self, session: UnitOfWork, enqueue: Enqueue | None) -> None:
        self._session = session
        self._enqueue = enqueue
        self.now = session.now
        self.evaluations: repositories.Evaluations = SqlEvaluations(session)
        self.questions: repositories.Questions = SqlQuestions(session)
        self.gates: repositories.Gates = SqlGates(session)
        self.inputs: repositories.Inputs = SqlInputs(session)
        self.runs: repositories.Runs = SqlRuns(session)
        self.iterations: repositories.Iterations = SqlIterations(session)
        self.ledger: repositories.Ledger = SqlLedger(session)
        self.inquiries: repositories.Inquiries = SqlInquiries(session)
        self.recaps: repositories.Recaps = SqlRecaps(session)
        self.files: repositories.Files = SqlFiles(session)
        self.notes: repositories.Notes = SqlNotes(session)
        self.surfaces: repositories.Surfaces = SqlSurfaces(session)
        self.timers: repositories.Timers = SqlTimers(session)
        self.rates: repositories.Rates = SqlRates(session)
        self.events: repositories.Events = SqlEvents(session)

    def enqueue(self, work: Work) -> None:
        """Hand long work to the engine, in this transaction. Raises ConfigurationError where no engine is attached."""
        if self._enqueue is None:
            raise ConfigurationError(
                problem="no engine is attached to the database", mend="Start the bot with its engine"
            )
        self._enqueue(self._session, work)

    def dossier(self, evaluation_id: str) -> Dossier:
        """Read everything about an evaluation, anew only if its thread was marked since. Raises NotFound."""
        recent = self._session.dossiers
        if recent is None:  # our own changes are not marked before the end
            return self._dossier(evaluation_id)
        row = self._session.row(_MARK, {"of_id": evaluation_id})
        if row is None:  # it is not there, or its thread was never marked
            return self._dossier(evaluation_id)
        mark = tuple(row.values())
        found = recent.get(evaluation_id, mark)
        if found is None:
            found = self._dossier(evaluation_id)
            recent.put(found, mark)
        return found

    def _dossier(self, evaluation_id: str) -> Dossier:
        return Dossier(
            evaluation=self.evaluations.get(evaluation_id, lock=False),
            context=self.inputs.context(evaluation_id),
            questions=self.questions.all(evaluation_id),
            gates=self.gates.all(evaluation_id),
            iterations=self.iterations.all(evaluation_id),
            runs=self.runs.all(evaluation_id),
            notes=self.notes.newest(evaluation_id),
            inquiries=self.inquiries.all(evaluation_id),
            recaps=self.recaps.all(evaluation_id),
        )


def perform(
    session: UnitOfWork, fn: Callable[[Tx], T], *, delivery: str | None, enqueue: Enqueue | None
) -> tuple[T, frozenset[SurfaceId]]:
    """Run `fn` in an open transaction; returns its result and the surfaces it marked.

    Raises:
        Replayed: the delivery was there already; `fn` did not run.
    """
    if delivery is not None and not session.change(_RECEIVE, {"key": delivery, "at": session.now}):
        raise Replayed
    result = fn(SqlTx(session, enqueue))
    session.flush()
    return result, frozenset(session.marks)


def forget_deliveries(connection: Connection, before: datetime) -> int:
    """Drop inbox rows that are older than Slack ever retries, and return how many; with them installations given up."""
    connection.execute(_FORGET_STATES.where(slack_state.c.expire_at < before.replace(tzinfo=None)))
    return connection.execute(_FORGET.where(inbox.c.at < before)).rowcount
