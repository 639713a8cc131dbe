"""What a designer is given and what it gives back: the brief, the design and its narrative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field

from bot.domain.fact_json import Facts
from bot.domain.proposal import AnyProposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document the designer may read: an input of an earlier phase."""

    path: str
    sha256: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer of the people. `key` is a question's key; `text` empty means that it was explicitly skipped."""

    key: str
    question: str
    text: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What people said of an earlier iteration: a rejected gate's reason, a concern, or a note in the thread.

    `origin` is a gate's key, "concerns", "note", "guest" for the note of somebody who only follows, or "correction" of
    what was understood; `about` is the id of the statement that a correction replaces.
    """

    id: str
    origin: str
    text: str
    by: str
    iteration: int
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReading:
    """What a model read in a statement that no rule could read: the words it goes by, and what they say."""

    statement: str
    span: str
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVerdict:
    """What one person decided at a gate of an earlier iteration, in the words of gate and button, and why."""

    gate: str
    verdict: str
    comment: str = ""
    concerns: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastIteration:
    """How an earlier iteration came out: its scores, what failed, what people decided, which points were left open.

    `findings` are (check, detail, fix); `sources` the documents it designed from, by path with their digests.
    """

    number: int
    overall: int | None
    scores: tuple[tuple[str, int | None], ...] = ()
    findings: tuple[tuple[str, str, str], ...] = ()
    verdicts: tuple[PastVerdict, ...] = ()
    open_points: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Everything one run designs from. Frozen when the run starts, so that a resumed run sees the same.

    `readings` are what a model read of it, `past` how the last iteration with a result came out.
    """

    evaluation_id: str
    role: str
    title: str
    description: str
    iteration: int
    goal: str
    sources: tuple[Source, ...]
    replies: tuple[Reply, ...]
    feedback: tuple[Feedback, ...] = ()
    previous: AnyProposal | None = None
    missing: tuple[str, ...] = ()
    readings: tuple[ModelReading, ...] = ()
    past: PastIteration | None = None

    def reply(self, key: str) -> str:
        """Return the answer's text under `key`, or an empty string."""
        return next((r.text for r in self.replies if r.key == key), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """How one piece of feedback was answered by the design.

    `change` says what in the proposal changed, empty if it was not addressed.
    """

    feedback_id: str
    change: str


PointOutcome = Literal["done", "declined", "open", "not_done", "not_understood"]
"""What became of one point of feedback; the last three are open until it is done or waived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of a piece of feedback: what became of it, and by which parts, or why not.

    It is computed from what the parts of the design cite. `waived_by` took it back with a reason.
    """

    feedback_id: str
    number: int
    text: str
    outcome: PointOutcome
    detail: str = ""
    waived_by: str = ""
    waived_why: str = ""

    @property
    def open(self) -> bool:
        """Whether the next iteration has to answer it."""
        return self.outcome not in ("done", "declined") and not self.waived_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrative:
    """The words around the numbers.

    Exactly three strengths and three improvements (definition, "Decision Output Format").
    """

    strengths: tuple[str, str, str]
    improvements: tuple[str, str, str]
    recommendation: str
    next_steps: tuple[str, ...]
    next_focus: tuple[str, ...]
    addressed: tuple[Addressed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The outcome of a run. `model` is None where no model was used, and every surface says so."""

    # Designs stored before there was more than one role say `blueprint`.
    proposal: Annotated[AnyProposal, Field(validation_alias=AliasChoices("proposal", "blueprint"))]
    narrative: Narrative
    designer: str
    model: str | None
    usage: Mapping[str, float] = field(default_factory=dict)
