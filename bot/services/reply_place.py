"""Where a reply belongs: the question that its writer could see, by the order in which Slack took card and reply.

What is written before the next card stands belongs to the same question, whoever writes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.evaluation import Answer, Evaluation, Question
from bot.domain.lifecycle import State
from bot.domain.second_message import carries_on
from bot.domain.surface import SurfaceId, SurfaceKind
from bot.services.common import Actor
from bot.services.ports import Tx
from bot.services.questions import EDITABLE, open_questions, parked_run

JOINED_S: Final = 60.0
"""For how long a person's next message may go on with the one before, though the next question stands already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A reply as it was parsed: where, when and what; `to_others`: it begins by speaking to somebody else."""

    channel: str
    thread_ts: str
    ts: str
    text: str
    to_others: bool = False


class OnItsWay(Exception):
    """A card is being posted: whether it stood when something was written cannot be told yet."""


@dataclass(frozen=True, slots=True)
class Place:
    """The question that a reply belongs to."""

    question: Question

    @staticmethod
    def of(tx: Tx, evaluation: Evaluation, actor: Actor, said: Said, patient: bool) -> Place | None:
        """Find it: the open question that stood, or the one before it where its writer could not see the next.

        Raises:
            OnItsWay: it cannot be told yet.
        """
        if evaluation.state not in (*EDITABLE, State.PARKED):
            return None
        stood = _Standing(tx, evaluation, said.ts, patient)
        upcoming = open_questions(tx, evaluation)
        shown = _shown(upcoming, stood)
        before = _before(tx, evaluation, shown, stood)
        if shown is not None:
            return Place(before if before is not None and _goes_on(before, actor, said, shown.text) else shown)
        if before is None:
            # Before the very first card stands there is nothing else that a reply could be about.
            first = upcoming[0] if upcoming and evaluation.state is State.COLLECTING else None
            return Place(first) if first is not None and first.asked_at and not any(_settled(tx, evaluation)) else None
        after = stood.saw(f"i{evaluation.iteration}.answers") if not upcoming else False
        return Place(before) if not after or _goes_on(before, actor, said) else None

    @staticmethod
    def beside_own(tx: Tx, evaluation: Evaluation, actor: Actor, said: Said, patient: bool) -> Place | None:
        """Find the question whose answer these words are put beside by who gave it a moment ago, None if there is none.

        Raises:
            OnItsWay: it cannot be told yet.
        """
        if evaluation.state not in (*EDITABLE, State.PARKED):
            return None
        stood = _Standing(tx, evaluation, said.ts, patient)
        before = _before(tx, evaluation, _shown(open_questions(tx, evaluation), stood), stood)
        return Place(before) if before is not None and _just_answered(before, actor, said) else None


def _shown(upcoming: Sequence[Question], stood: _Standing) -> Question | None:
    return next((q for q in upcoming if q.asked_at and stood.saw(f"q.{q.key}")), None)


def _before(tx: Tx, evaluation: Evaluation, shown: Question | None, stood: _Standing) -> Question | None:
    """The settled question that was asked last, of those whose answer may still change."""
    run = parked_run(tx, evaluation) if evaluation.state is State.PARKED else None
    asked = [
        question
        for question in tx.questions.all(evaluation.id)
        if question.settled and question.asked_at and question != shown and question.iteration == evaluation.iteration
        and (question.run_id is None if run is None else question.run_id == run.id)
    ]  # fmt: skip
    latest = max(asked, key=lambda one: (one.asked_at, one.position), default=None)
    if latest is None or (shown is None and not stood.saw(f"q.{latest.key}")):
        return None
    return latest


def _settled(tx: Tx, evaluation: Evaluation) -> list[bool]:
    return [question.settled for question in tx.questions.all(evaluation.id)]


def _goes_on(question: Question, actor: Actor, said: Said, asked: str = "") -> bool:
    """Whether a message goes on with its writer's reply to the question before, though the next one stands."""
    if question.answer is None or not _just_answered(question, actor, said):
        return False
    return carries_on(question.answer.text, said.text, asked=asked)


def _just_answered(question: Question, actor: Actor, said: Said) -> bool:
    """Whether the same person's reply was the last that this question was answered by, a moment ago."""
    newest = question.answer
    if newest is None or newest.by != actor.user or newest.via != "reply" or not newest.messages:
        return False
    return 0 <= _seconds(said.ts) - _seconds(newest.messages[-1]) <= JOINED_S


class _Standing:
    """What stood in a thread when a message was written, by Slack's own order of the two."""

    def __init__(self, tx: Tx, evaluation: Evaluation, ts: str, patient: bool) -> None:
        self._tx, self._ts, self._patient = tx, ts, patient
        self._surface = SurfaceId(kind=SurfaceKind.THREAD, team=evaluation.team, owner=evaluation.id)

    def saw(self, key: str) -> bool:
        """Whether the card stood. What Slack refuses to show is nothing that anybody waits for.

        Raises:
            OnItsWay: it is being posted.
        """
        row = self._tx.surfaces.at(self._surface, key)
        if row is None:
            # Where nothing at all is known to stand, what is asked is seen elsewhere.
            return self._tx.surfaces.at(self._surface, "root") is None
        if row.ts:
            return _order(row.ts) < _order(self._ts)
        if row.state != "sending" or row.updated_at is None:
            return True
        if self._patient:
            raise OnItsWay
        # Slack's answer is lost, and most likely it took the card when it was sent.
        return row.updated_at.timestamp() < _seconds(self._ts)


def is_open_for(tx: Tx, evaluation: Evaluation, question: Question) -> bool:
    """Whether a reply may answer a question, or be joined to its answer."""
    if question.run_id is None:
        return evaluation.state in EDITABLE
    run = parked_run(tx, evaluation) if evaluation.state is State.PARKED else None
    return run is not None and run.id == question.run_id


def joined(answer: Answer | None, text: str, ts: str) -> tuple[str, tuple[str, ...]]:
    """Return an answer's text with a reply's joined to it, and the messages it is made of, in the order of writing."""
    if answer is None or answer.skipped or not answer.text:
        return text, (ts,)
    if answer.messages and _order(ts) < _order(answer.messages[0]):
        return f"{text}\n\n{answer.text}", (ts, *answer.messages)
    return f"{answer.text}\n\n{text}", (*answer.messages, ts)


def _order(ts: str) -> tuple[int, int]:
    """Return a message's place among all, by Slack's `ts`: seconds, and what tells those of one second apart."""
    seconds, _, rest = ts.partition(".")
    digits = "".join(sign for sign in rest if sign.isdecimal())[:6]
    return (int(seconds) if seconds.isdecimal() else 0), int(digits.ljust(6, "0") or 0)


def _seconds(ts: str) -> float:
    seconds, micro = _order(ts)
    return seconds + micro / 1_000_000
