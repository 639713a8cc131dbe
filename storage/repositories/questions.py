"""Questions and all versions of their answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import NotFound, Stale
from bot.domain.evaluation import Answer, Question
from storage import tables
from storage.unit_of_work import UnitOfWork
from storage.values import grouped, select_of, shallow

_ALL = (
    select(*select_of(Question, tables.question))
    .where(tables.question.c.evaluation_id == bindparam("of_id"))
    .order_by(tables.question.c.position, tables.question.c.key)
)
_ANSWERS = (
    select(tables.answer.c.key, *select_of(Answer, tables.answer))
    .where(tables.answer.c.evaluation_id == bindparam("of_id"))
    .order_by(tables.answer.c.version)
)
_ADD = insert(tables.question)
_ASKED = update(tables.question).where(
    tables.question.c.evaluation_id == bindparam("of_id"), tables.question.c.key == bindparam("of_key")
)
_WITHDRAW = delete(tables.answer).where(
    tables.answer.c.evaluation_id == bindparam("of_id"),
    tables.answer.c.key == bindparam("of_key"),
    tables.answer.c.version >= bindparam("first"),
)
_ANSWER = insert(tables.answer).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


class SqlQuestions:
    """See `bot.services.repositories.Questions`.

    Those of an evaluation that is locked are read once: nobody else can change them until the transaction ends.
    """

    __slots__ = ("_known", "_session")

    def __init__(self, session: UnitOfWork) -> None:
        self._session = session
        self._known: dict[str, tuple[Question, ...]] = {}

    def add(self, evaluation_id: str, questions: Sequence[Question]) -> None:
        """Store new questions; answers they carry are stored, too."""
        self._known.pop(evaluation_id, None)
        rows = [{"evaluation_id": evaluation_id, **shallow(q, tables.question)} for q in questions]
        if rows:
            self._session.change(_ADD, rows)
        for given in questions:
            for version in given.answers:
                self.answer(evaluation_id, given.key, version)

    def all(self, evaluation_id: str) -> tuple[Question, ...]:
        """In order of position."""
        known = self._known.get(evaluation_id)
        if known is not None:
            return known
        answers = grouped(self._session.rows(_ANSWERS, {"of_id": evaluation_id}), "key")
        rows = self._session.rows(_ALL, {"of_id": evaluation_id})
        found = tuple(Question(**row, answers=tuple(Answer(**a) for a in answers.get(row["key"], ()))) for row in rows)
        if evaluation_id in self._session.known:
            self._known[evaluation_id] = found
        return found

    def mark_asked(self, evaluation_id: str, key: str, at: datetime) -> None:
        """Record when it was put into the thread. Raises NotFound."""
        if not self._session.change(_ASKED, {"of_id": evaluation_id, "of_key": key, "asked_at": at}):
            raise NotFound(what="question", name=key, hint="The thread shows the questions there are.")
        self._change(evaluation_id, key, lambda question: replace(question, asked_at=at))

    def answer(self, evaluation_id: str, key: str, answer: Answer) -> None:
        """Append a version. Raises Stale if that version exists."""
        row = {"evaluation_id": evaluation_id, "key": key, **shallow(answer, tables.answer)}
        if not self._session.change(_ANSWER, row):
            raise Stale(what="the answer")
        self._change(evaluation_id, key, lambda question: replace(question, answers=(*question.answers, answer)))

    def withdraw(self, evaluation_id: str, key: str, first: int) -> None:
        """Drop an answer's versions from `first` on: they were none."""
        self._session.change(_WITHDRAW, {"of_id": evaluation_id, "of_key": key, "first": first})
        self._change(
            evaluation_id,
            key,
            lambda question: replace(question, answers=tuple(a for a in question.answers if a.version < first)),
        )

    def _change(self, evaluation_id: str, key: str, change: Callable[[Question], Question]) -> None:
        known = self._known.get(evaluation_id)
        if known is not None:
            self._known[evaluation_id] = tuple(change(q) if q.key == key else q for q in known)
