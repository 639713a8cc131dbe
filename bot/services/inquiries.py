"""Questions made for one idea: a designer with a model asks them while the role's own are being answered.

Nothing waits for them. What comes after the go gate opened is dropped, and a model that fails is only told of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from bot.domain.design import Brief
from bot.domain.errors import EipasError, Unavailable
from bot.domain.evaluation import Evaluation, Question
from bot.domain.lifecycle import State
from bot.domain.spending import Cause, Inquiry, InquiryState
from bot.services.book import Book
from bot.services.common import Actor, ServiceContext, audit, digest
from bot.services.ports import Tx, Work
from bot.services.questions import ask_next
from bot.services.run_launch import brief_of

log = structlog.get_logger(__name__)
Asked = tuple[str, str, str]
MOST = 5
DESIGNER = "designer"
"""The actor's name for what the designer does before a run."""

_LATE = "They came after the go gate had opened, so nobody was asked."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What came of it; `reason` says why there are no questions."""

    questions: tuple[Asked, ...] = ()
    reason: str = ""


class InquiryService:
    """Does the long work `questions`; safe to be asked again at any time."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context

    async def ask(self, evaluation_id: str, iteration: int, cause: Cause) -> None:
        """Have the designer look at the documents, and put what it asks. An inquiry that has ended is left alone.

        Raises:
            Unavailable: the database is not there; the engine asks again.
        """
        db = self._context.db
        begun = await db.transaction(lambda tx: self._begin(tx, evaluation_id, iteration, cause))
        if begun is None:
            return
        inquiry, brief = begun
        book = Book(
            context=self._context, evaluation_id=inquiry.evaluation_id, iteration=inquiry.iteration, payer=inquiry.id
        )
        try:
            outcome = await self._asked(brief, book)
        except BaseException:
            # Interrupted: what was billed until then is booked, and the engine does the work again.
            await db.transaction(book.write)
            raise
        await db.transaction(lambda tx: self._end(tx, inquiry, outcome, book))

    async def _asked(self, brief: Brief, book: Book) -> _Outcome:
        advisor = self._context.kits[brief.role].advisor
        if advisor is None:
            return _Outcome(reason="The designer with a model is not set up any more.")
        try:
            return _Outcome(questions=(await advisor.specific_questions(brief, book))[:MOST])
        except Unavailable:
            raise
        except EipasError as error:
            return _Outcome(reason=str(error.fields.get("reason", error.message)))
        except Exception as error:
            # A bug in a designer must not leave people waiting for questions: the log has the trace.
            log.exception("questions_crashed", inquiry=book.payer)
            return _Outcome(reason=f"An internal error kept them from being asked ({type(error).__name__}).")

    def _begin(self, tx: Tx, evaluation_id: str, iteration: int, cause: Cause) -> tuple[Inquiry, Brief] | None:
        evaluation = tx.evaluations.get(evaluation_id)
        inquiry = _find(tx, evaluation_id, iteration, cause)
        if inquiry is None or inquiry.state is not InquiryState.PENDING:
            return None
        if not _timely(tx, self._context, evaluation, iteration):
            _close(tx, evaluation, inquiry, InquiryState.DROPPED, _LATE)
            return None
        return inquiry, brief_of(tx, self._context, evaluation)

    def _end(self, tx: Tx, held: Inquiry, outcome: _Outcome, book: Book) -> None:
        evaluation = tx.evaluations.get(held.evaluation_id)
        book.write(tx)
        inquiry = _find(tx, held.evaluation_id, held.iteration, held.cause)
        if inquiry is None or inquiry.state is not InquiryState.PENDING:
            return
        if outcome.reason:
            _close(tx, evaluation, inquiry, InquiryState.FAILED, outcome.reason)
        elif not _timely(tx, self._context, evaluation, inquiry.iteration):
            _close(tx, evaluation, inquiry, InquiryState.DROPPED, _LATE, len(outcome.questions))
        else:
            _put(tx, evaluation, inquiry, outcome.questions)
            _close(tx, evaluation, inquiry, InquiryState.ASKED, "", len(outcome.questions))


def inquire(tx: Tx, context: ServiceContext, evaluation: Evaluation) -> None:
    """Have questions made for this idea, if a model is there to make them and the documents are new to it.

    At most once at the start of an evaluation, and once per iteration when documents were added; never while a file is
    still on its way, and never once the go gate opened.
    """
    documents = tx.inputs.context(evaluation.id)
    pending = any(upload.state == "pending" for upload in documents.uploads)
    if context.kit(evaluation).advisor is None or pending or not _timely(tx, context, evaluation, evaluation.iteration):
        return
    known = tx.inquiries.all(evaluation.id)
    cause: Cause = "documents" if known else "start"
    subject = digest(sorted((d.path, d.sha256) for d in documents.inputs))
    taken = any((one.iteration, one.cause) == (evaluation.iteration, cause) for one in known)
    if taken or (known and known[-1].subject == subject):
        return
    inquiry = Inquiry(
        evaluation_id=evaluation.id, iteration=evaluation.iteration, cause=cause, subject=subject,
        state=InquiryState.PENDING, created_at=tx.now,
    )  # fmt: skip
    tx.inquiries.add(inquiry)
    args = {"evaluation_id": evaluation.id, "iteration": inquiry.iteration, "cause": cause}
    tx.enqueue(Work(kind="questions", id=inquiry.id, args=args))


def drop_inquiries(tx: Tx, evaluation: Evaluation, reason: str) -> Evaluation:
    """Give up what was to be asked and is not asked yet, so that no call is paid for; returns the evaluation anew."""
    for inquiry in tx.inquiries.all(evaluation.id):
        if inquiry.state is InquiryState.PENDING:
            _close(tx, evaluation, inquiry, InquiryState.DROPPED, reason)
            evaluation = tx.evaluations.get(evaluation.id)
    return evaluation


def _timely(tx: Tx, context: ServiceContext, evaluation: Evaluation, iteration: int) -> bool:
    """Whether questions can still be put: the go gate of this iteration has never opened."""
    if evaluation.state is not State.COLLECTING or evaluation.iteration != iteration:
        return False
    go = context.role(evaluation).go.key
    return not any(gate.iteration == iteration and gate.key == go for gate in tx.gates.all(evaluation.id))


def _find(tx: Tx, evaluation_id: str, iteration: int, cause: Cause) -> Inquiry | None:
    found = tx.inquiries.all(evaluation_id)
    return next((one for one in found if (one.iteration, one.cause) == (iteration, cause)), None)


def _put(tx: Tx, evaluation: Evaluation, inquiry: Inquiry, asked: Sequence[Asked]) -> None:
    known = tx.questions.all(evaluation.id)
    first = max((question.position for question in known), default=-1) + 1
    made = sum(question.made for question in known)
    tx.questions.add(
        evaluation.id,
        [
            Question(
                key=f"{inquiry.cause}.{inquiry.iteration}.{key}", position=first + n, made=True,
                name=f"For this idea, {made + n + 1}", text=text[:1000], why=why[:500], iteration=inquiry.iteration,
            )
            for n, (key, text, why) in enumerate(asked)
        ],
    )  # fmt: skip
    ask_next(tx, evaluation)


def _close(tx: Tx, evaluation: Evaluation, inquiry: Inquiry, state: InquiryState, reason: str, count: int = 0) -> None:
    spent = tx.ledger.spent_usd(evaluation.id, payer=inquiry.id)
    ended = replace(inquiry, state=state, reason=reason[:1000], spent_usd=spent, ended_at=tx.now)
    tx.inquiries.save(ended)
    actor = Actor(team=evaluation.team, user=DESIGNER)
    audit(tx, evaluation.id, actor, f"questions_{state.value}", cause=inquiry.cause, count=count, reason=ended.reason)
    tx.evaluations.save(evaluation)
