"""What was understood before anything is designed, as the people are shown it before the go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from bot.domain.design import ModelReading

ASKED_AT_ONCE = 5
"""Questions that people are asked at a time."""

QuestionKind = Literal["contradiction", "not_understood", "left_open", "nothing_said"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecapSection:
    """One kind of thing that was understood, a line for each; `total` counts those that are not kept here, too."""

    title: str
    lines: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of two statements that disagree; if it holds, the statement with the id `replaces` does not."""

    text: str
    replaces: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecapQuestion:
    """What the texts leave unclear.

    An answer in words replaces the statement with the id `about`, "" for none; where there are `choices`, one of them
    is the answer.
    """

    kind: QuestionKind
    text: str
    about: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What somebody said after the questions, and what it came to: the parts that realise it, or that it was unread."""

    text: str
    by: str
    became: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    """What a role understood of a brief. All lines are plain text; nothing in it was said by a model unless it says so.

    `statements` counts those that ask for something, `understood` those of them that were read. `questions` are all
    that there are, the weightiest first. `readings` are what a model read where the rules could not, and `spent_usd` is
    what that has cost in this iteration.
    """

    statements: int
    understood: int
    sections: tuple[RecapSection, ...] = ()
    assumed: RecapSection
    corrections: tuple[Correction, ...] = ()
    questions: tuple[RecapQuestion, ...] = ()
    more_questions: int = 0
    readings: tuple[ModelReading, ...] = ()
    spent_usd: float = 0.0

    def bounded(self, lines: int, questions: int) -> Recap:
        """Return it with so many lines of each section and so many questions, the rest counted."""
        return replace(
            self,
            sections=tuple(replace(one, lines=one.lines[:lines]) for one in self.sections),
            assumed=replace(self.assumed, lines=self.assumed.lines[:lines]),
            questions=self.questions[:questions],
            more_questions=max(0, len(self.questions) - questions) + self.more_questions,
        )

    @property
    def whole(self) -> bool:
        """Whether nothing of it was left out."""
        return not self.more_questions and all(len(s.lines) == s.total for s in (*self.sections, self.assumed))


class RecapState(StrEnum):
    """Where the reading for a recap stands."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecap:
    """The recap of one iteration. `subject` is the digest of what was, or is being, read for it.

    While a newer reading is under way the recap before it stays. `file_sha256` names the bytes that have the whole of
    it, "" where `recap` leaves nothing out.
    """

    evaluation_id: str
    iteration: int
    subject: str
    state: RecapState
    recap: Recap | None = None
    file_sha256: str = ""
    reason: str = ""
