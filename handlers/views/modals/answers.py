"""The forms for answers: one question, all questions, and a message of the thread as an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import InvalidInput
from bot.domain.evaluation import FIELD_LIMIT, Dossier, Question
from handlers.ids import BlockId, CallbackId, qualified, suffix_of
from handlers.views.blocks import Block, context, section
from handlers.views.modals.form import FormRefused, Meta, Sent, box, choice, entry, fitting, modal, typed
from handlers.views.state import answerable, editable
from handlers.views.text import clip, clip_line, size

_LONGER = (
    f"A field holds {FIELD_LIMIT:,} characters. What is longer, a pasted schema say, goes into the thread: as a "
    "reply, as several in a row, or as a file."
)
_NOTHING = "Nothing to add: skip this question"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersForm:
    """Answers by question key; an empty text is an explicit skip, and a question left open is not in it."""

    evaluation_id: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PickForm:
    """A message's text as the answer to the question at `position`; empty where no field holds it: `ts` finds it."""

    evaluation_id: str
    position: int
    text: str
    ts: str = ""


def open_for_answers(dossier: Dossier) -> tuple[Question, ...]:
    """Return the questions that can be answered or edited now, in order."""
    role_open = editable(dossier)
    return tuple(q for q in dossier.questions if answerable(dossier, q) or (role_open and q.run_id is None))


def answer_form(dossier: Dossier, question: Question, text: str | None = None) -> dict[str, Any]:
    """Return the form for one question, prefilled with its newest answer, or with the `text` to take its place."""
    title = "Edit the answer" if question.settled else "Answer"
    meta = Meta(evaluation=dossier.evaluation.id)
    return modal(
        title,
        [context(_LONGER), *_fields(question, text)],
        callback=CallbackId.ANSWER,
        submit="Save",
        close="Cancel",
        meta=meta,
    )


def answers_form(dossier: Dossier, questions: Sequence[Question] | None = None) -> dict[str, Any]:
    """Return the form for all questions that can be answered now; those beyond what a view holds come next time."""
    asked = open_for_answers(dossier) if questions is None else tuple(questions)
    lead = context("What you leave empty stays open; nothing is lost when you send only a part.", _LONGER)
    parts = [_fields(question) for question in asked]
    if (fields := fitting(parts)) != [block for part in parts for block in part]:
        lead = context(
            "These are the first questions, the open ones before the others. The rest comes when you open this again.",
            _LONGER,
        )
        fields = fitting([_fields(question) for question in sorted(asked, key=lambda question: question.settled)])
    blocks = [lead, *fields]
    meta = Meta(evaluation=dossier.evaluation.id)
    return modal("All questions", blocks, callback=CallbackId.ANSWERS, submit="Save", close="Cancel", meta=meta)


def _fields(question: Question, text: str | None = None) -> list[Block]:
    newest = question.answer
    if text is None:
        text = newest.text if newest else ""
    why = f"*{clip_line(question.name, 150)}*" + (f" — {clip(question.why, 600)}" if question.why.strip() else "")
    initial = text if size(text) <= FIELD_LIMIT else ""
    answer_id, nothing_id = qualified(BlockId.ANSWER, question.key), qualified(BlockId.NOTHING, question.key)
    return [
        section(why),
        *_too_long(text),
        entry(
            answer_id,
            question.text,
            typed(initial, limit=FIELD_LIMIT),
            hint=question.hint,
            optional=True,
        ),
        entry(nothing_id, question.name, box(_NOTHING, ticked=bool(newest and newest.skipped)), optional=True),
    ]


def _too_long(text: str) -> list[Block]:
    """Say of an answer that no field holds that it stays: cut into the field, saving would cut it for good."""
    if size(text) <= FIELD_LIMIT:
        return []
    said = f"_The answer now, {size(text):,} characters, stays while the field below is empty:_\n{clip(text, 300)}"
    return [section(said)]


def parse_answers(view: Mapping[str, Any]) -> AnswersForm:
    """Read the form for one question or for all.

    Raises:
        FormRefused: a question has both an answer and a tick, or the form says nothing at all.
        InvalidInput: it is no such form.
    """
    sent = Sent(view)
    keys = [suffix_of(block) for block in sent.blocks() if block.startswith(f"{BlockId.ANSWER}/")]
    if not keys or not sent.meta.evaluation:
        raise InvalidInput(problem="This form asks nothing. Please open it again from the thread.")
    texts: dict[str, str] = {}
    errors: dict[str, str] = {}
    for key in keys:
        text, nothing = sent.text(qualified(BlockId.ANSWER, key)), sent.ticked(qualified(BlockId.NOTHING, key))
        if text and nothing:
            errors[qualified(BlockId.ANSWER, key)] = "Keep either the answer or the tick at “Nothing to add”, not both."
        elif text or nothing:
            texts[key] = text
    if not texts and not errors:
        errors[qualified(BlockId.ANSWER, keys[0])] = "Write an answer, or tick “Nothing to add”."
    if errors:
        raise FormRefused(errors=errors)
    return AnswersForm(evaluation_id=sent.meta.evaluation, texts=texts)


def pick_question_form(dossier: Dossier, text: str, ts: str = "") -> dict[str, Any]:
    """Return the form of the message shortcut: which question does this message answer?

    `text` is the message's, as it was typed. Raises InvalidInput if no question can be answered now.
    """
    asked = open_for_answers(dossier)
    if not asked:
        raise InvalidInput(problem="No question can be answered now; the thread says what the evaluation waits for.")
    options = [choice(question.name, str(question.position)) for question in asked[:100]]
    upcoming = dossier.next_question
    initial = next((o for o in options if upcoming and o["value"] == str(upcoming.position)), options[0])
    menu: Block = {"type": "static_select", "options": options, "initial_option": initial}
    blocks = [
        entry(BlockId.QUESTION, "Which question does it answer?", menu),
        _message_field(text),
    ]
    meta = Meta(evaluation=dossier.evaluation.id, target=ts)
    return modal(
        "Use as an answer", blocks, callback=CallbackId.PICK_QUESTION, submit="Save", close="Cancel", meta=meta
    )


def _message_field(text: str) -> Block:
    if size(text) > FIELD_LIMIT:
        said = f"_The whole message is taken, {size(text):,} characters; they are more than a field holds._"
        return section(f"{said}\n{clip(text, 600)}")
    return entry(qualified(BlockId.ANSWER, "message"), "The answer", typed(text, limit=FIELD_LIMIT))


def parse_pick(view: Mapping[str, Any]) -> PickForm:
    """Read the message shortcut's form; raises FormRefused or InvalidInput."""
    sent = Sent(view)
    answer_id = qualified(BlockId.ANSWER, "message")
    picked, text = sent.field(BlockId.QUESTION).selected_option, sent.text(answer_id)
    if picked is None or not picked.value.isdecimal() or not sent.meta.evaluation:
        raise InvalidInput(problem="This form cannot be read. Please open it again from the message.")
    if not text and (answer_id in sent.blocks() or not sent.meta.target):
        raise FormRefused(errors={answer_id: "Write the answer."})
    found, position = sent.meta.evaluation, int(picked.value)
    return PickForm(evaluation_id=found, position=position, text=text, ts=sent.meta.target)
