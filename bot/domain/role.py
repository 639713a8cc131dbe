"""A role: the definition of an agent, as data.

A role is read from one Markdown file, the interface that people know, and one YAML file beside it that says what the
Markdown does not (see `bot.roles`). Whatever differs between roles is in these values; services, storage and Slack
handle any role alike.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Literal, Protocol, TypeAlias, TypeVar

from bot.domain.errors import EipasError
from bot.domain.lifecycle import Event

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""Any JSON value, as `json.loads` returns it."""

QuestionKind: TypeAlias = Literal["opening", "area"]
GateStage: TypeAlias = Literal["go", "review", "closing"]
Verdict: TypeAlias = Literal["approve", "reject", "choose"]
ButtonStyle: TypeAlias = Literal["primary", "danger"]


class RoleError(EipasError):
    """A role's definition cannot be used."""

    message_template = "The role file {file} cannot be used: line {line}: {problem}"


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


_K = TypeVar("_K", bound=_Keyed)

_YES_NO = re.compile(r"\s*\(y/n\)\s*$", re.IGNORECASE)
_ITERATION_X = re.compile(r"\biteration X\b")


def ask(sentence: str, iteration: int) -> str:
    """Return a definition's sentence as it is put to people.

    The definitions are written for a terminal: their "(y/n)" is answered by buttons here, and their "iteration X"
    stands for the number of the iteration that the sentence is about.
    """
    return _ITERATION_X.sub(f"iteration {iteration}", _YES_NO.sub("", sentence))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStep:
    """One numbered step of the role's process: its name and what the definition says about it."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSpec:
    """A question that the role asks: an opening question, or the opening sentence of one of its areas.

    `text` is the definition's own sentence. `why` says what the answer is used for, and `hint` what a good answer
    looks like, with an example.
    """

    key: str
    name: str
    text: str
    kind: QuestionKind
    why: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateOption:
    """One of the verdicts that a gate offers, as a button.

    `next` is the lifecycle event that the verdict fires once its stage is decided. `approve` and `reject` are
    verdicts of a quorum; `choose` picks one way on among several.
    """

    key: str
    label: str
    verdict: Verdict
    next: Event
    style: ButtonStyle | None = None
    needs_reason: bool = False

    def text(self, iteration: int) -> str:
        """Return the label as the button shows it, see `ask`; `iteration` is the one that it would lead to."""
        return ask(self.label, iteration)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSpec:
    """A gate that people decide: its question and what its card shows.

    `evidence` names what the gate is about: keys of `Role.scores` and top-level blocks of the output file. Definitions
    use some names for both; such a name stands for both. `needed` is how many people must agree at the least; an
    evaluation may ask for more.
    """

    key: str
    name: str
    question: str
    stage: GateStage
    evidence: tuple[str, ...]
    options: tuple[GateOption, ...]
    needed: int = 1

    def text(self, iteration: int) -> str:
        """Return the question as it is put to people, see `ask`."""
        return ask(self.question, iteration)

    def option(self, key: str) -> GateOption:
        """Return the option with this key; KeyError if the gate has none such."""
        return _by_key(self.options, key)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveKey:
    """Where in a document an objective is found, and how it is introduced.

    `path` is dotted, as `security_controls.authentication`; a `*` stands for every key or element at that place.
    `rank` orders objectives over all documents, the lowest first.
    """

    path: str
    label: str
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSpec:
    """A document of an earlier phase that the role reads.

    `pattern` is the path that the definition asks for, relative to the workspace, where `*` stands for any part of a
    name and a trailing `/` for every JSON file of that folder. `aliases` are patterns under which producers write the
    same document. `lost` says what the team does without when it is missing; `required` whether nothing can start
    without it.
    """

    key: str
    pattern: str
    purpose: str
    lost: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    objective_keys: tuple[ObjectiveKey, ...] = ()

    @property
    def patterns(self) -> tuple[str, ...]:
        """The asked-for pattern and its aliases, as globs over paths relative to the workspace."""
        return tuple(f"{p}*.json" if p.endswith("/") else p for p in (self.pattern, *self.aliases))


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonSpec:
    """Places in documents that speak of one thing and should agree.

    Each of `places` is an input's key and a dotted path, as `("cto_evaluation", "technology_stack.database")`.
    `terms` are what is looked for there, each as all the names it goes by: only what is named can contradict.
    """

    name: str
    places: tuple[tuple[str, str], ...]
    terms: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSpec:
    """One sub-score of the role's output, and the gate whose card shows it."""

    key: str
    name: str
    gate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSpec:
    """One line of the definition's decision output format: its name and what belongs there."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Icons:
    """The signs that open the parts of the role's interaction pattern."""

    title: str
    lens: str
    questions: str
    result: str
    recommendation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """The whole definition of one agent.

    `threshold` is a share of 1. `score_block` is the output's block that holds the scores and `overall_score` the key
    of the overall score in it. `output_pattern` is relative to the workspace and holds `{N}`. `example` is the
    definition's own output example.
    """

    name: str
    title: str
    description: str
    author: str
    version: str
    phase: str
    kind: str
    threshold: Decimal
    iterative: bool
    max_iterations: int
    interaction_mode: str
    summary: str
    icons: Icons
    heading: str
    lens: str
    bullets: tuple[str, ...]
    questions_lead: str
    result_lead: str
    result_hint: str
    recommendation_lead: str
    recommendation_hint: str
    closing_question: str
    process: tuple[ProcessStep, ...]
    questions: tuple[QuestionSpec, ...]
    gates: tuple[GateSpec, ...]
    outputs: tuple[OutputSpec, ...]
    inputs: tuple[InputSpec, ...]
    comparisons: tuple[ComparisonSpec, ...]
    scores: tuple[ScoreSpec, ...]
    score_block: str
    overall_score: str
    workspace_prefix: str
    output_pattern: str
    example: Mapping[str, Json] = field(hash=False)

    @property
    def headline(self) -> str:
        """The title line of the interaction pattern, with its icon."""
        return f"{self.icons.title} {self.heading}"

    @property
    def threshold_score(self) -> int:
        """The threshold on the scale of the scores, 0 to 100."""
        return int(self.threshold * 100)

    @property
    def opening(self) -> tuple[QuestionSpec, ...]:
        """The questions asked before the evaluation begins."""
        return tuple(q for q in self.questions if q.kind == "opening")

    @property
    def areas(self) -> tuple[QuestionSpec, ...]:
        """The core areas, each with its opening sentence as its question."""
        return tuple(q for q in self.questions if q.kind == "area")

    @property
    def go(self) -> GateSpec:
        """The gate that stands before the run."""
        return self._stage("go")[0]

    @property
    def review_gates(self) -> tuple[GateSpec, ...]:
        """The gates decided side by side on a run's result."""
        return self._stage("review")

    @property
    def closing(self) -> GateSpec:
        """The gate that closes an iteration."""
        return self._stage("closing")[0]

    def question(self, key: str) -> QuestionSpec:
        """Return the question with this key; KeyError if the role asks none such."""
        return _by_key(self.questions, key)

    def gate(self, key: str) -> GateSpec:
        """Return the gate with this key; KeyError if the role has none such."""
        return _by_key(self.gates, key)

    def score(self, key: str) -> ScoreSpec:
        """Return the sub-score with this key; KeyError if the role has none such."""
        return _by_key(self.scores, key)

    def input(self, key: str) -> InputSpec:
        """Return the input with this key; KeyError if the role reads none such."""
        return _by_key(self.inputs, key)

    def ask(self, sentence: str, iteration: int) -> str:
        """Return one of the role's sentences as it is put to people, see the function `ask`."""
        return ask(sentence, iteration)

    def output_path(self, iteration: int) -> str:
        """Return where an iteration's result belongs, relative to the workspace."""
        return self.output_pattern.replace("{N}", str(iteration))

    def output_name(self, iteration: int) -> str:
        """Return the file name of an iteration's result."""
        return PurePosixPath(self.output_path(iteration)).name

    def recorded(self, path: str) -> str:
        """Return a path relative to the workspace as outputs refer to it, with the workspace's prefix."""
        return f"{self.workspace_prefix}{path}"

    def _stage(self, stage: GateStage) -> tuple[GateSpec, ...]:
        return tuple(gate for gate in self.gates if gate.stage == stage)


def _by_key(items: Iterable[_K], key: str) -> _K:
    for item in items:
        if item.key == key:
            return item
    raise KeyError(key)
