"""Questions: one message each, and the summary once all are settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.evaluation import Answer, Dossier, Iteration, Question
from bot.domain.lifecycle import State
from bot.domain.surface import Message
from handlers.ids import ActionId, Ref
from handlers.views.blocks import Block, actions, button, context, header, message, quote, section
from handlers.views.state import answerable, editable, is_open
from handlers.views.text import clip, clip_line, people, person, plural, when

SUMMARY_ANSWERS = 40
_ASKS = {(True, False): "The agent asks · ", (False, True): "Asked by the designer for this idea · "}
_OR_REPLY = (
    "Or just reply in this thread, in as many messages as you like. What begins with somebody’s @name or stands in "
    "(brackets) is among yourselves."
)
_VIA = {"form": "by form", "reply": "by a reply in the thread", "shortcut": "by the message shortcut"}


def question_card(dossier: Dossier, question: Question) -> Message:
    """Return a question in the definition's own words, then its answer. Whoever is in the thread may answer.

    An answer that came by replies is receipted on the card of the next question, with “Not an answer” to undo it, and
    as long as answers may change its own card stays as it was asked: the reply stands right below it, its “Answer”
    changes the answer, and Slack allows fewer updates than people write answers.
    """
    same = [
        other
        for other in dossier.questions
        if other.run_id == question.run_id and other.iteration == question.iteration
    ]
    place = f"question {same.index(question) + 1} of {len(same)}"
    lead = f"{_ASKS.get((bool(question.run_id), question.made), '')}{place}"
    told_below = _told_below(dossier, question)
    settled = question.settled and not told_below
    icon = "☑️" if settled else "❓"
    blocks = [
        *_receipt(dossier, question, same),
        section(f"{icon} *{clip_line(question.name, 150)}* · {lead}\n{clip(question.text, 2500)}"),
    ]
    hints = [
        f"{title}: {clip(words, 1200)}"
        for title, words in (("Why", question.why), ("Hint", question.hint))
        if words.strip()
    ]
    if hints and not settled:
        blocks.append(context(*hints))
    return message(
        f"q.{question.key}",
        [*blocks, *(_answered(dossier, question) if settled else _open(dossier, question, same))],
        volatile=question.by_replies,
    )


def _told_below(dossier: Dossier, question: Question) -> bool:
    """Whether replies are the only answer, which may still change; the next message of the thread receipts them."""
    return not question.run_id and editable(dossier) and question.by_replies


def _receipt(dossier: Dossier, question: Question, same: Sequence[Question]) -> list[Block]:
    """Say what was taken from the reply that made this question the next one; what joined it later changes nothing."""
    asked = question.asked_at
    before = [one for one in same if one.key != question.key and one.answers and asked and one.answers[0].at <= asked]
    if not before:
        return []
    last = max(before, key=lambda one: (one.answers[0].at, one.position))
    answer = last.answers[0]
    if question.run_id or answer.via != "reply":
        return []
    said = "nothing to add" if answer.skipped else f"“{clip_line(answer.text, 200)}”"
    words = f"☑️ *{clip_line(last.name, 150)}* — answered by {person(answer.by)}: {said}"
    return [section(words, accessory=_undo(dossier, last)) if editable(dossier) else context(words)]


def _undo(dossier: Dossier, question: Question) -> Block:
    return button("Not an answer", ActionId.NOT_AN_ANSWER, Ref(dossier.evaluation.id, question.key))


def _open(dossier: Dossier, question: Question, same: Sequence[Question]) -> list[Block]:
    told_below = _told_below(dossier, question)
    if not told_below and not answerable(dossier, question):
        later = (
            "It can be answered once the run pauses for it."
            if is_open(dossier)
            else "The evaluation ended without an answer to it."
        )
        return [context(later)]
    ref = Ref(dossier.evaluation.id, question.key)
    several = not question.run_id and question != same[-1]
    answer_all = button("Answer all questions", ActionId.ANSWER_ALL, Ref(dossier.evaluation.id)) if several else None
    row = actions(
        button("Answer", ActionId.ANSWER, ref, style="primary"), button("Skip", ActionId.SKIP, ref), answer_all
    )
    is_next = told_below or (dossier.next_question is not None and dossier.next_question.key == question.key)
    return [row, context(_OR_REPLY)] if is_next else [row]


def _answered(dossier: Dossier, question: Question) -> list[Block]:
    answer = question.answers[-1]
    verb = "Skipped" if answer.skipped else "Answered"
    versions = f" · version {answer.version}, earlier ones are kept" if len(question.answers) > 1 else ""
    by = person(answer.by)
    if question.by_replies and len(answer.messages) > 1:
        by, versions = people(one.by for one in question.answers), f" · {plural(len(answer.messages), 'message')}"
    blocks = [section("Skipped: nothing to add.") if answer.skipped else quote(answer.text)]
    blocks.append(context(f"{verb} by {by} {when(answer.at)} {_VIA[answer.via]}{versions}"))
    if not question.run_id and editable(dossier):
        blocks.append(actions(button("Edit", ActionId.EDIT_ANSWER, Ref(dossier.evaluation.id, question.key))))
    return blocks


def answers_summary(dossier: Dossier, iteration: Iteration) -> Message | None:
    """All answers that an iteration works from, once every question of the role is settled; None before."""
    asked = [
        question for question in dossier.questions if question.run_id is None and question.iteration <= iteration.number
    ]
    current = iteration.number == dossier.evaluation.iteration
    if not asked or not (all(question.settled for question in asked) or _was_whole(dossier, iteration)):
        return None
    if _as_before(dossier, iteration, asked):
        return None
    before = None if current else _end(dossier, iteration)
    stood = [(question, _as_of(question, before)) for question in asked]
    known = [(question, answer) for question, answer in stood if answer]
    skipped = sum(answer.skipped for _, answer in known)
    blocks = [
        header(f"Answers · iteration {iteration.number}"),
        *(_line(question, answer) for question, answer in known[:SUMMARY_ANSWERS]),
        *(_reopened(question) for question in asked if not question.settled),
    ]
    if current and editable(dossier) and (last := _newest_reply(known)):
        blocks.append(
            section(f"The newest, *{clip_line(last.name, 150)}*, came as a reply.", accessory=_undo(dossier, last))
        )
    counted = f"{plural(len(known) - skipped, 'answer')}, {skipped} skipped."
    blocks.append(context(f"{counted} The iteration’s JSON keeps the whole text."))
    if current:
        blocks += what_now(dossier)
    return message(f"i{iteration.number}.answers", blocks)


def _was_whole(dossier: Dossier, iteration: Iteration) -> bool:
    """Whether all was settled once: the summary stands, and says what is open again since."""
    return iteration.number == dossier.evaluation.iteration and any(
        gate.iteration == iteration.number for gate in dossier.gates
    )


def _reopened(question: Question) -> Block:
    return section(f"❓ *{clip_line(question.name, 150)}* is open again.")


def _newest_reply(known: Sequence[tuple[Question, Answer]]) -> Question | None:
    """The question whose answer is the newest of all, if it came by replies."""
    last = max(known, key=lambda one: (one[1].at, one[0].position), default=None)
    return last[0] if last is not None and last[0].by_replies else None


def _as_before(dossier: Dossier, iteration: Iteration, asked: Sequence[Question]) -> bool:
    """Whether a later iteration works from the answers that stand in the thread already, none of them changed."""
    if iteration is dossier.iterations[0] or not all(question.settled for question in asked):
        return False
    before = _end(dossier, iteration)
    since = [one for question in asked for one in question.answers if one.at >= iteration.started_at]
    return not [one for one in since if before is None or one.at < before]


def _end(dossier: Dossier, iteration: Iteration) -> datetime | None:
    return min((i.started_at for i in dossier.iterations if i.number > iteration.number), default=None)


def _as_of(question: Question, before: datetime | None) -> Answer | None:
    return next((answer for answer in reversed(question.answers) if before is None or answer.at < before), None)


def _line(question: Question, answer: Answer) -> Block:
    said = "_Skipped: nothing to add_" if answer.skipped else clip_line(answer.text, 300)
    return section(f"*{clip_line(question.name, 150)}* — {person(answer.by)}\n{said}")


def what_now(dossier: Dossier) -> list[Block]:
    """Return the buttons for answers that are settled and may change, nothing for others."""
    if not editable(dossier) or dossier.open_questions:
        return []
    ref = Ref(dossier.evaluation.id)
    edit = button("Edit answers", ActionId.ANSWER_ALL, ref)
    if dossier.evaluation.state is not State.COLLECTING:
        return [actions(edit), context("An edit withdraws the pending go gate; it is opened anew on what you changed.")]
    return [actions(button("Ask for the go", ActionId.READY, ref, style="primary"), edit)]
