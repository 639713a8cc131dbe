"""Replies in a thread: what becomes of each of them, and how what was taken for an answer is undone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from bot.domain.errors import IllegalEvent, InvalidInput, NotFound, TooLong
from bot.domain.evaluation import REPLY_LIMIT, Answer, Evaluation, Note, Question
from bot.domain.gate import is_bare_verdict
from bot.domain.lifecycle import CLOSED, HINTS
from bot.domain.remarks import UNSPOKEN, Remark, is_in_brackets, remark_of
from bot.services.common import Actor, ServiceContext, audit, evaluation_of, new_id
from bot.services.ports import Tx
from bot.services.questions import (
    EDITABLE,
    after_answers,
    must_be_open,
    open_questions,
    record,
    say_where_verdicts_are_given,
)
from bot.services.recap_request import request_recap
from bot.services.reply_place import OnItsWay, Place, Said, joined

_LOOKS_S: Final = (0.05, 0.1, 0.2, 0.4, 0.8)
"""A card that is on its way: whether its reader could see it is known once Slack has answered, a moment later."""


class Became(StrEnum):
    """What became of a reply."""

    ANSWER = "answer"
    JOINED = "joined"
    NOTE = "note"
    NOT_TAKEN = "not_taken"
    PASSED_OVER = "passed_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a reply, and of which question; `note` is what it was kept as where it is no answer."""

    evaluation: Evaluation
    became: Became = Became.PASSED_OVER
    question: Question | None = None
    note: Note | None = None
    remark: Remark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a message of a thread had become: part of an answer, or a note. `whole`: the answer is nothing else."""

    evaluation: Evaluation
    question: Question | None = None
    note: Note | None = None
    whole: bool = False
    editable: bool = False


class ReplyService:
    """Takes what people write in a thread."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context

    async def take(self, actor: Actor, said: Said, *, guest: bool = False, thread_of: str = "") -> Taken | None:
        """Take a reply: the answer to the question that its writer saw, or a note for the designer.

        What a `guest` writes is a note that says whose it is, whatever is open. `thread_of` is the evaluation whose
        thread it is, where that is known already. Returns None when the thread is not an evaluation's. A message that
        was taken before changes nothing, and neither does a bare yes or no where nothing is asked.

        Raises:
            TooLong: it is longer than a reply or an answer may be; nothing of it is kept, rather than a part.
            WordsDecideNothing: a bare yes or no while a gate is pending.
        """
        db, place = self._context.db, (actor.team, said.channel, said.thread_ts)
        # Read first: a channel's other threads may be busy, and none of them shall cost a commit.
        found: str | None = thread_of
        if not thread_of:
            found = await db.read(lambda tx: tx.evaluations.in_thread(*place))
        if found is None:
            return None
        for pause in (*_LOOKS_S, None):
            try:
                return await db.transaction(
                    lambda tx, patient=pause is not None: self._take(tx, actor, found, said, guest, patient),  # type: ignore[misc]
                    delivery=actor.delivery,
                )
            except OnItsWay:
                await asyncio.sleep(pause or 0.0)
        raise AssertionError("the last look decides")

    async def retract(self, actor: Actor, evaluation_id: str, key: str) -> Question:
        """Undo what replies have answered: “Not an answer”. The words stay as a note; the question is as before.

        Raises:
            NotFound: there is no such question.
            InvalidInput: it is not answered by a reply, or not any more.
            IllegalEvent: the go is given.
        """
        return await self._context.db.transaction(
            lambda tx: self._retract(tx, actor, evaluation_id, key), delivery=actor.delivery
        )

    async def insist(self, actor: Actor, evaluation_id: str, note_id: str, key: str) -> Question:
        """Take as an answer what was not taken for one.

        Raises:
            NotFound: there is no such note or question.
            IllegalEvent: answers are closed.
            TooLong: the answer would become too long.
        """
        return await self._context.db.transaction(
            lambda tx: self._insist(tx, actor, evaluation_id, note_id, key), delivery=actor.delivery
        )

    async def seen(self, actor: Actor, said: Said) -> Question | None:
        """Return the question that whoever wrote this would have answered, None if none."""

        def fn(tx: Tx) -> Question | None:
            found = tx.evaluations.in_thread(actor.team, said.channel, said.thread_ts)
            if found is None:
                return None
            place = Place.of(tx, tx.evaluations.get(found, lock=False), actor, said, patient=False)
            return None if place is None else place.question

        return await self._context.db.read(fn)

    async def files_answer(self, actor: Actor, evaluation_id: str, key: str, ts: str) -> Question:
        """Take the documents that a message brought as the answer to a question; they stay documents.

        Raises:
            NotFound: no such question, or no document came with that message.
            IllegalEvent: answers are closed.
        """

        def fn(tx: Tx) -> Question:
            evaluation = evaluation_of(tx, actor, evaluation_id)
            question = _question(tx, evaluation, key)
            uploads = [one for one in tx.inputs.context(evaluation_id).uploads if ts and one.ts == ts]
            named = [one for one in uploads if one.state != "refused"]
            if not named:
                raise NotFound(what="document", name="in that message", hint="It was refused; the thread says why.")
            if _known_in(tx.questions.all(evaluation_id), ts):
                return question
            must_be_open(tx, evaluation, question)
            names = f"file{'s' if len(named) > 1 else ''} {', '.join(one.name for one in named)}"
            text, messages = joined(question.answer, f"See the attached {names}.", ts)
            by = replace(actor, user=named[0].by)
            if record(tx, by, evaluation, question, text, "reply", messages):
                after_answers(tx, self._context, evaluation, actor)
            return _question(tx, evaluation, key)

        return await self._context.db.transaction(fn, delivery=actor.delivery)

    async def follow_edit(self, actor: Actor, evaluation_id: str, key: str, text: str) -> Question:
        """Let an answer say what the one message that it is made of says now.

        Raises:
            NotFound, IllegalEvent, TooLong: see `insist`.
        """

        def fn(tx: Tx) -> Question:
            evaluation = evaluation_of(tx, actor, evaluation_id)
            question = _question(tx, evaluation, key)
            must_be_open(tx, evaluation, question)
            messages = question.answer.messages if question.answer else ()
            if record(tx, actor, evaluation, question, text, "reply", messages):
                after_answers(tx, self._context, evaluation, actor)
            return _question(tx, evaluation, key)

        return await self._context.db.transaction(fn, delivery=actor.delivery)

    async def source(self, team: str, channel: str, thread_ts: str, ts: str) -> Source | None:
        """Return what a message of a thread had become; None if it became nothing, or in another thread."""

        def fn(tx: Tx) -> Source | None:
            found = tx.evaluations.in_thread(team, channel, thread_ts)
            if found is None:
                return None
            evaluation = tx.evaluations.get(found, lock=False)
            question = _made_of(tx.questions.all(found), ts)
            if question is not None and question.answer is not None:
                whole = question.answer.messages == (ts,)
                return Source(
                    evaluation=evaluation, question=question, whole=whole,
                    editable=question.run_id is None and evaluation.state in EDITABLE,
                )  # fmt: skip
            note = tx.notes.at(found, ts)
            return None if note is None else Source(evaluation=evaluation, note=note)

        return await self._context.db.read(fn)

    def _take(self, tx: Tx, actor: Actor, evaluation_id: str, said: Said, guest: bool, patient: bool) -> Taken:
        evaluation = tx.evaluations.get(evaluation_id)
        said = replace(said, text=said.text.strip())
        if evaluation.state in CLOSED or not said.text or _known(tx, evaluation, said.ts):
            return Taken(evaluation=evaluation)
        remark = Remark.ADDRESSED if said.to_others else remark_of(said.text)
        if remark is Remark.ASIDE and is_in_brackets(said.text) and not guest:
            own = Place.beside_own(tx, evaluation, actor, said, patient)
            if own is not None:
                return self._answered(tx, actor, evaluation, said, own)
        if remark in UNSPOKEN:
            return Taken(evaluation=evaluation, remark=remark)
        if len(said.text) > REPLY_LIMIT:
            mend = "send it in parts, or as a file"
            raise TooLong(what="Your message", length=len(said.text), limit=REPLY_LIMIT, mend=mend)
        place = None if guest else Place.of(tx, evaluation, actor, said, patient)
        if place is None or (place.question.settled and is_bare_verdict(said.text)):
            return self._beside(tx, actor, evaluation, said, guest, remark)
        if remark is not None and remark_of(said.text, asked=place.question.text) is not None:
            note = _note(tx, actor, evaluation, said, aside=True)
            audit(tx, evaluation.id, actor, "not_taken", note=note.id, remark=remark.value)
            return Taken(
                evaluation=evaluation, became=Became.NOT_TAKEN, question=place.question, note=note, remark=remark
            )
        return self._answered(tx, actor, evaluation, said, place)

    def _answered(self, tx: Tx, actor: Actor, evaluation: Evaluation, said: Said, place: Place) -> Taken:
        text, messages = joined(place.question.answer, said.text, said.ts)
        record(tx, actor, evaluation, place.question, text, "reply", messages)
        became = Became.JOINED if place.question.settled else Became.ANSWER
        evaluation = after_answers(tx, self._context, evaluation, actor)
        return Taken(evaluation=evaluation, became=became, question=place.question)

    def _beside(
        self, tx: Tx, actor: Actor, evaluation: Evaluation, said: Said, guest: bool, remark: Remark | None
    ) -> Taken:
        """Keep what answers nothing: a note, unless it tells nobody anything."""
        if is_bare_verdict(said.text):
            if remark is not Remark.COURTESY:
                say_where_verdicts_are_given(tx, self._context, evaluation, said.text)
            return Taken(evaluation=evaluation, remark=remark)
        if remark in (Remark.COURTESY, Remark.AGREEMENT, Remark.SKIP):
            return Taken(evaluation=evaluation, remark=remark)
        note = _note(tx, actor, evaluation, said, guest=guest)
        audit(tx, evaluation.id, actor, "noted", note=note.id, guest=guest)
        if evaluation.state in EDITABLE and not open_questions(tx, evaluation):
            request_recap(tx, self._context, evaluation, said=note.id)
        return Taken(evaluation=tx.evaluations.save(evaluation), became=Became.NOTE, note=note)

    def _retract(self, tx: Tx, actor: Actor, evaluation_id: str, key: str) -> Question:
        evaluation = evaluation_of(tx, actor, evaluation_id)
        question = _question(tx, evaluation, key)
        replies = _newest_replies(question)
        if not replies:
            raise InvalidInput(
                problem=f"“{question.name}” is not answered by a reply (any more): use its card to edit it."
            )
        if question.run_id is not None or evaluation.state not in EDITABLE:
            hint = f"answers are closed; {HINTS[evaluation.state]}"
            raise IllegalEvent(state=evaluation.state.replace("_", " "), hint=hint, event="answer")
        before = next((a for a in reversed(question.answers) if a.version < replies[0].version), None)
        newest = replies[-1]
        text = newest.text.removeprefix(before.text).strip() if before else newest.text
        tx.questions.withdraw(evaluation.id, key, replies[0].version)
        said = Said(channel="", thread_ts="", ts=newest.messages[0] if newest.messages else "", text=text)
        note = _note(tx, replace(actor, user=replies[0].by), evaluation, said)
        audit(tx, evaluation.id, actor, "answer_retracted", question=key, note=note.id, replies=list(newest.messages))
        after_answers(tx, self._context, evaluation, actor)
        return _question(tx, evaluation, key)

    def _insist(self, tx: Tx, actor: Actor, evaluation_id: str, note_id: str, key: str) -> Question:
        evaluation = evaluation_of(tx, actor, evaluation_id)
        note, question = tx.notes.get(evaluation_id, note_id), _question(tx, evaluation, key)
        if _known_in(tx.questions.all(evaluation_id), note.ts):
            return question
        must_be_open(tx, evaluation, question)
        text, messages = joined(question.answer, note.text, note.ts)
        if record(tx, replace(actor, user=note.by), evaluation, question, text, "reply", messages):
            after_answers(tx, self._context, evaluation, actor)
        return _question(tx, evaluation, key)


def _note(
    tx: Tx, actor: Actor, evaluation: Evaluation, said: Said, *, guest: bool = False, aside: bool = False
) -> Note:
    note = Note(
        id=new_id("nt"), iteration=evaluation.iteration, by=actor.user, text=said.text, at=tx.now, ts=said.ts,
        guest=guest, aside=aside,
    )  # fmt: skip
    tx.notes.add(evaluation.id, note)
    return note


def _question(tx: Tx, evaluation: Evaluation, key: str) -> Question:
    found = next((question for question in tx.questions.all(evaluation.id) if question.key == key), None)
    if found is None:
        raise NotFound(what="question", name=key, hint="Use the newest message in the thread.")
    return found


def _newest_replies(question: Question) -> tuple[Answer, ...]:
    """Return the versions at the end that replies have made."""
    last_other = max((answer.version for answer in question.answers if answer.via != "reply"), default=0)
    return tuple(answer for answer in question.answers if answer.version > last_other)


def _made_of(questions: Iterable[Question], ts: str) -> Question | None:
    return next((q for q in questions if q.answer is not None and ts in q.answer.messages), None)


def _known_in(questions: Iterable[Question], ts: str) -> bool:
    return any(ts in answer.messages for question in questions for answer in question.answers)


def _known(tx: Tx, evaluation: Evaluation, ts: str) -> bool:
    return _known_in(tx.questions.all(evaluation.id), ts) or tx.notes.at(evaluation.id, ts) is not None
