"""An evaluation and what belongs to it, as frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from bot.domain.design import Feedback, Narrative, Point
from bot.domain.evidence import Check, Scorecard
from bot.domain.gate import Gate
from bot.domain.inputs import Contradiction, Input, Missing, Objective, Refusal
from bot.domain.lifecycle import State
from bot.domain.recap import StoredRecap
from bot.domain.run import LIVE, Run
from bot.domain.spending import Inquiry, exact

FIELD_LIMIT = 3000
"""Characters of a form's field: what Slack's plain_text_input holds."""

REPLY_LIMIT = 40_000
"""Characters of a reply: what one message of Slack's carries."""

ANSWER_LIMIT = 200_000
"""Characters of an answer, whatever number of replies it was written in; more belongs into a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """One time that an evaluation was cancelled, why, and who took it back."""

    by: str
    at: datetime
    reason: str
    reopened_by: str = ""
    reopened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One idea taken through one role in one Slack thread.

    `version` grows by one with every transition and is compared when saving. `iteration` is the number being worked on.
    `approvers` maps a gate's key to the Slack user ids that may decide it; `needed` is how many of them must agree.
    With `guests` those who are no full members of the workspace take part like everybody else.
    """

    id: str
    team: str
    role: str
    title: str
    description: str
    owner: str
    channel: str
    state: State
    version: int
    iteration: int
    needed: int
    created_at: datetime
    updated_at: datetime
    approvers: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    thread_ts: str | None = None
    stakeholder_channel: str | None = None
    workspace: str | None = None
    failure: str = ""
    goal: str = ""
    budget_usd: float = 0.0
    guests: bool = False
    cancellations: tuple[Cancellation, ...] = ()

    def deciders(self, gate: str) -> tuple[str, ...]:
        """The approvers of a gate; the owner where nobody was named."""
        return self.approvers.get(gate) or (self.owner,)

    def involves(self, user: str) -> bool:
        """Whether `user` owns this or may decide one of its gates."""
        return user == self.owner or any(user in users for users in self.approvers.values())


Via = Literal["form", "reply", "shortcut"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One version of an answer. `skipped` is an explicit "nothing to say", with empty text.

    `messages` are the replies that its text is made of, by Slack's ts.
    """

    version: int
    text: str
    by: str
    at: datetime
    via: Via
    skipped: bool = False
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question put to the people, by the role or, during a run, by the agent (`run_id` set).

    `made` says that the designer made it for this idea before the go; it is answered like the role's own. `asked_at` is
    set once it was put into the thread; `answers` are all versions, oldest first.
    """

    key: str
    position: int
    name: str
    text: str
    why: str = ""
    hint: str = ""
    iteration: int = 1
    run_id: str | None = None
    made: bool = False
    asked_at: datetime | None = None
    answers: tuple[Answer, ...] = ()

    @property
    def answer(self) -> Answer | None:
        """The newest version, or None while it is open."""
        return self.answers[-1] if self.answers else None

    @property
    def by_replies(self) -> bool:
        """Whether it was answered by replies in the thread, and by nothing else."""
        return bool(self.answers) and all(answer.via == "reply" for answer in self.answers)

    @property
    def settled(self) -> bool:
        """Answered or explicitly skipped."""
        return bool(self.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRef:
    """A file of an iteration; its bytes are kept by `sha256`. A draft's name and status say that it is one."""

    name: str
    sha256: str
    size: int
    media_type: str
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlights:
    """Numbers and lines of a design for the cards, so that a view needs no proposal."""

    summary: str
    facts: tuple[tuple[str, str], ...] = ()
    # Results stored before there was more than one role say `endpoints`.
    lines: Annotated[tuple[str, ...], Field(validation_alias=AliasChoices("lines", "endpoints"))] = ()
    per_gate: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run brought: all that the review shows. `subject_sha256` is what the gates judge: the draft's digest."""

    subject_sha256: str
    scorecard: Scorecard
    checks: tuple[Check, ...]
    narrative: Narrative
    highlights: Highlights
    changes: tuple[str, ...]
    designer: str
    model: str | None
    statement: str
    unproven: tuple[str, ...] = ()
    decisions: tuple[tuple[str, str], ...] = ()
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Iteration:
    """A numbered pass. `feedback` is what it works from; `outcome` the closing gate's option once decided."""

    number: int
    goal: str
    started_at: datetime
    feedback: tuple[Feedback, ...] = ()
    result: Result | None = None
    files: tuple[FileRef, ...] = ()
    outcome: str | None = None
    decided_at: datetime | None = None

    @property
    def points(self) -> tuple[Point, ...]:
        """What became of each point that this iteration worked from; older ones that still hold are not among them."""
        ids = {item.id for item in self.feedback}
        found = self.result.highlights.points if self.result else ()
        return tuple(point for point in found if point.feedback_id in ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A reply in the thread that answers no question: it reaches the agent and the next iteration. `ts` is Slack's.

    `guest` says that its writer only follows the evaluation. A `correction` was written into the form of what was
    understood; `about` is the id of the statement that it says otherwise, if it is about one. An `aside` was not taken
    as an answer and reaches nobody, unless somebody says that it is one.
    """

    id: str
    iteration: int
    by: str
    text: str
    at: datetime
    ts: str
    guest: bool = False
    correction: bool = False
    about: str = ""
    aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file given in Slack that is still to be fetched (`pending`) or could not be.

    `ts` is the message that brought it, "" where it came with a form; `answers` is the key of the question that it was
    given as the answer to.
    """

    file_id: str
    name: str
    size: int
    by: str
    at: datetime
    state: Literal["pending", "read", "refused"]
    problem: str = ""
    path: str = ""
    ts: str = ""
    answers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextReview:
    """What the documents tell: read, refused, missing, what they ask for and where they disagree."""

    inputs: tuple[Input, ...] = ()
    refused: tuple[Refusal, ...] = ()
    missing: tuple[Missing, ...] = ()
    objectives: tuple[Objective, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    uploads: tuple[Upload, ...] = ()


NOTES_IN_DOSSIER = 200
"""A thread's cards say how many notes reached a run; what a designer reads is all of them, once for each run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One consistent reading of an evaluation; the projections are pure functions of it.

    `notes` are the newest `NOTES_IN_DOSSIER`, so that a thread in which much is written costs no more than another.
    """

    evaluation: Evaluation
    context: ContextReview
    questions: tuple[Question, ...]
    gates: tuple[Gate, ...]
    iterations: tuple[Iteration, ...]
    runs: tuple[Run, ...]
    notes: tuple[Note, ...]
    inquiries: tuple[Inquiry, ...] = ()
    recaps: tuple[StoredRecap, ...] = ()

    @property
    def spent_usd(self) -> float:
        """Money booked for the whole evaluation, as its runs, inquiries and recaps last knew it."""
        read = sum(one.recap.spent_usd for one in self.recaps if one.recap is not None)
        return exact(sum(run.spent_usd for run in self.runs) + sum(one.spent_usd for one in self.inquiries) + read)

    def iteration(self, number: int) -> Iteration | None:
        """The iteration with that number."""
        return next((i for i in self.iterations if i.number == number), None)

    def recap(self, number: int) -> StoredRecap | None:
        """What was understood before the go of an iteration, None where its role tells nothing."""
        return next((r for r in self.recaps if r.iteration == number), None)

    @property
    def current(self) -> Iteration:
        """The iteration being worked on."""
        return next(i for i in self.iterations if i.number == self.evaluation.iteration)

    def run(self, iteration: int) -> Run | None:
        """The newest run of an iteration."""
        return max((r for r in self.runs if r.iteration == iteration), key=lambda r: r.attempt, default=None)

    def gate(self, iteration: int, key: str) -> Gate | None:
        """The newest gate of that kind in an iteration (a withdrawn or expired one is followed by another)."""
        found = (g for g in self.gates if g.iteration == iteration and g.key == key)
        return max(found, key=_newest, default=None)

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """Questions that wait for an answer, in the order they are asked."""
        return still_open(self.questions, self.run(self.evaluation.iteration))

    @property
    def next_question(self) -> Question | None:
        """The question a plain reply in the thread answers."""
        return next(iter(self.open_questions), None)


def still_open(questions: Iterable[Question], run: Run | None) -> tuple[Question, ...]:
    """Return the questions that somebody still waits for: the role's own, and those of `run` while it lives.

    What a run asked that then failed or was stopped is nobody's question any more; counting it would keep the go gate
    and every later run waiting for an answer that cannot be given.
    """
    asking = run.id if run is not None and run.state in LIVE else None
    return tuple(q for q in questions if not q.settled and q.run_id in (None, asking))


def _newest(gate: Gate) -> tuple[datetime, bool, datetime, str]:
    """Order gates by age; of those opened at one instant the open one is the newest."""
    return gate.opened_at, gate.decided_at is None, gate.decided_at or gate.opened_at, gate.id
