"""Answers by form or by a message's shortcut, and what follows when all questions are settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from bot.domain.errors import IllegalEvent, InvalidInput, NotFound, TooLong, WordsDecideNothing
from bot.domain.evaluation import ANSWER_LIMIT, FIELD_LIMIT, Answer, Evaluation, Question, Via, still_open
from bot.domain.gate import GateEvent, GateState, voters
from bot.domain.lifecycle import HINTS, Event, State
from bot.domain.phrase import joined, people, phrase
from bot.domain.run import Run, RunState
from bot.services.common import Actor, ServiceContext, audit, close_gate, digest, evaluation_of, move, open_gate
from bot.services.ports import Tx
from bot.services.recap_request import request_recap
from bot.services.run_launch import brief_of, resume

SKIP: Literal[""] = ""
"""An empty text is an explicit skip; leaving a question open is not sending it at all."""

EDITABLE = (State.COLLECTING, State.AWAITING_GO)


class QuestionService:
    """Collects answers and opens the go gate once nothing is open any more."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context

    async def answer(
        self,
        actor: Actor,
        evaluation_id: str,
        texts: Mapping[str, str],
        via: Via = "form",
        messages: tuple[str, ...] = (),
    ) -> Evaluation:
        """Record answers by question key (an empty text skips explicitly). All or nothing.

        `messages` are those of the thread that the texts were taken from.

        Raises:
            NotFound: a key is no question of this evaluation.
            TooLong: a text is longer than a field of a form.
            IllegalEvent: answers are closed (after the go gate), unless the agent asked.
        """
        return await self._context.db.transaction(
            lambda tx: self._answer(tx, actor, evaluation_id, texts, via, messages), delivery=actor.delivery
        )

    async def skip(self, actor: Actor, evaluation_id: str, key: str) -> Question | None:
        """Skip one question; one that somebody has answered stays as it is, and is returned.

        Raises:
            NotFound, IllegalEvent: see `answer`.
        """

        def fn(tx: Tx) -> Question | None:
            evaluation = evaluation_of(tx, actor, evaluation_id)
            question = _named({q.key: q for q in tx.questions.all(evaluation_id)}, key)
            if question.answer is not None and not question.answer.skipped:
                return question
            must_be_open(tx, evaluation, question)
            if record(tx, actor, evaluation, question, SKIP, "form"):
                after_answers(tx, self._context, evaluation, actor)
            return None

        return await self._context.db.transaction(fn, delivery=actor.delivery)

    async def ready(self, actor: Actor, evaluation_id: str) -> Evaluation:
        """Ask for the go again, after a no whose reason needed no other answer.

        Raises:
            InvalidInput: a question is still open.
            IllegalEvent: it is not collecting answers.
        """

        def fn(tx: Tx) -> Evaluation:
            evaluation = evaluation_of(tx, actor, evaluation_id)
            upcoming = open_questions(tx, evaluation)
            if evaluation.state is State.COLLECTING and upcoming:
                raise InvalidInput(problem=f"“{upcoming[0].name}” is still open. Answer it or skip it first.")
            return settle(tx, self._context, evaluation, actor)

        return await self._context.db.transaction(fn, delivery=actor.delivery)

    def _answer(
        self,
        tx: Tx,
        actor: Actor,
        evaluation_id: str,
        texts: Mapping[str, str],
        via: Via,
        messages: tuple[str, ...],
    ) -> Evaluation:
        evaluation = evaluation_of(tx, actor, evaluation_id)
        questions = {q.key: q for q in tx.questions.all(evaluation_id)}
        changed = []
        for key, text in texts.items():
            question = _named(questions, key)
            must_be_open(tx, evaluation, question)
            changed.append(record(tx, actor, evaluation, question, text, via, messages))
        return after_answers(tx, self._context, evaluation, actor) if any(changed) else evaluation


def _named(questions: Mapping[str, Question], key: str) -> Question:
    if key not in questions:
        raise NotFound(what="question", name=key, hint="Use the buttons in the thread.")
    return questions[key]


def record(
    tx: Tx,
    actor: Actor,
    evaluation: Evaluation,
    question: Question,
    text: str,
    via: Via,
    messages: tuple[str, ...] = (),
) -> bool:
    """Keep a text as the newest version of an answer; False where it says what the newest one says already.

    Raises:
        TooLong: the text is longer than a field, or than any answer may be.
    """
    said, limit = text.strip(), FIELD_LIMIT if via == "form" else ANSWER_LIMIT
    if len(said) > limit:
        mend = (
            "write it in the thread, or give it there as a file" if via == "form" else "give it as a file in the thread"
        )
        raise TooLong(what=f"The answer to “{question.name}”", length=len(said), limit=limit, mend=mend)
    newest = question.answer
    if newest is not None and newest.text == said and newest.skipped == (not said):
        return False
    version = newest.version + 1 if newest else 1
    answer = Answer(
        version=version, text=said, by=actor.user, at=tx.now, via=via, skipped=not said, messages=messages
    )  # fmt: skip
    tx.questions.answer(evaluation.id, question.key, answer)
    kind = "answered" if said else "skipped"
    audit(tx, evaluation.id, actor, kind, question=question.key, version=version, via=via)
    return True


def after_answers(tx: Tx, context: ServiceContext, evaluation: Evaluation, actor: Actor) -> Evaluation:
    """Go on once an answer has changed: a paused run is taken up, or the go gate is opened anew."""
    if evaluation.state is State.PARKED:
        run = parked_run(tx, evaluation)
        if run is None or run.waits_for == "budget" or open_questions(tx, evaluation):
            return tx.evaluations.save(evaluation)
        return resume(tx, evaluation, run, actor)
    if evaluation.state is State.AWAITING_GO:
        withdraw_go(tx, evaluation)
    return settle(tx, context, move(tx, evaluation, Event.ANSWERS_CHANGED, actor), actor)


def must_be_open(tx: Tx, evaluation: Evaluation, question: Question) -> None:
    """Raise IllegalEvent unless the question may be answered now."""
    if question.run_id is None:
        editable = evaluation.state in EDITABLE
    else:
        run = parked_run(tx, evaluation) if evaluation.state is State.PARKED else None
        editable = run is not None and run.id == question.run_id and not question.settled
    if not editable:
        hint = f"answers are closed; {HINTS[evaluation.state]}"
        raise IllegalEvent(state=evaluation.state.replace("_", " "), hint=hint, event="answer")


def say_where_verdicts_are_given(tx: Tx, context: ServiceContext, evaluation: Evaluation, text: str) -> None:
    """Raise WordsDecideNothing while a gate is pending: whoever writes "approve" must not believe to have approved."""
    role, policy = context.role(evaluation), context.rules.policy
    pending = [
        phrase(
            f"“{role.gate(gate.key).name}” is decided by the buttons on its card, by ",
            people(voters(gate, evaluation.owner, policy)),
        )
        for gate in tx.gates.all(evaluation.id)
        if gate.state is GateState.PENDING
    ]
    if pending:
        raise WordsDecideNothing(word=text, gates=phrase(joined("; ", pending), "."))


def newest_run(tx: Tx, evaluation: Evaluation) -> Run | None:
    """The newest run of the evaluation's iteration: the only one that may still be alive."""
    runs = (run for run in tx.runs.all(evaluation.id) if run.iteration == evaluation.iteration)
    return max(runs, key=lambda run: run.attempt, default=None)


def parked_run(tx: Tx, evaluation: Evaluation) -> Run | None:
    """The run that waits, if one does."""
    run = newest_run(tx, evaluation)
    return run if run is not None and run.state is RunState.PARKED else None


def open_questions(tx: Tx, evaluation: Evaluation) -> tuple[Question, ...]:
    """The questions that wait for an answer, in the order they are asked; see `still_open`."""
    questions = tx.questions.all(evaluation.id)
    asked_by_a_run = any(q.run_id is not None and not q.settled for q in questions)
    return still_open(questions, newest_run(tx, evaluation) if asked_by_a_run else None)


def ask_next(tx: Tx, evaluation: Evaluation) -> Question | None:
    """Mark the next open question as put into the thread, and return it."""
    upcoming = next(iter(open_questions(tx, evaluation)), None)
    if upcoming is not None and upcoming.asked_at is None:
        tx.questions.mark_asked(evaluation.id, upcoming.key, tx.now)
    return upcoming


def settle(tx: Tx, context: ServiceContext, evaluation: Evaluation, actor: Actor) -> Evaluation:
    """Open the go gate if every question is settled, else see that the next one is asked.

    The gate judges the inputs and answers as they are now: its subject is their digest.
    """
    if evaluation.state is not State.COLLECTING:
        raise IllegalEvent(
            state=evaluation.state.replace("_", " "), hint=HINTS[evaluation.state], event=Event.QUESTIONS_SETTLED
        )
    if ask_next(tx, evaluation) is not None:
        return evaluation
    advisor = context.kit(evaluation).advisor
    estimate = advisor.forecast(brief_of(tx, context, evaluation)) if advisor else None
    request_recap(tx, context, evaluation)
    open_gate(tx, context, evaluation, context.role(evaluation).go, subject_of_go(tx, evaluation), estimate)
    return move(tx, evaluation, Event.QUESTIONS_SETTLED, actor)


def subject_of_go(tx: Tx, evaluation: Evaluation) -> str:
    """Digest of what the go gate judges: the documents, the newest answers, and what was corrected since."""
    questions: Sequence[Question] = tx.questions.all(evaluation.id)
    documents = sorted((d.path, d.sha256) for d in tx.inputs.context(evaluation.id).inputs)
    answers = [(q.key, q.answer.text if q.answer else None) for q in questions]
    notes = (note for note in tx.notes.all(evaluation.id) if note.iteration == evaluation.iteration)
    return digest([documents, answers, evaluation.iteration, [note.text for note in notes if note.correction]])


def withdraw_go(tx: Tx, evaluation: Evaluation) -> None:
    """Withdraw the pending go gate because what it judged has changed."""
    for gate in tx.gates.all(evaluation.id):
        if gate.state is GateState.PENDING:
            close_gate(tx, gate, GateEvent.WITHDRAWN)
