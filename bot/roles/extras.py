"""Reads the YAML file beside a role's definition, which says what the Markdown does not."""

from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.domain.lifecycle import Event
from bot.domain.role import ButtonStyle, GateStage, Verdict
from bot.roles.yaml_file import YamlFile

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Place = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*:[\w.*-]+$")]
_T = TypeVar("_T")
Many = Annotated[tuple[_T, ...], Field(min_length=1)]


class Part(BaseModel):
    """Anything in a role's YAML: frozen, and no key but those that are known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Area(Part):
    """What an area's question is used for, and what a good answer looks like."""

    key: Key
    why: Text
    hint: Text


class Opening(Area):
    """The same for an opening question, which has no name in the definition."""

    name: Text


class Option(Part):
    """One verdict of a gate."""

    key: Key
    label: Text
    verdict: Verdict
    next: Event
    style: ButtonStyle | None = None
    needs_reason: bool = False


class Gate(Part):
    """A gate by its name: a decision gate's, or with `step` that of a step of the process; `needed` people agree."""

    key: Key
    name: Text | None = None
    step: Text | None = None
    stage: GateStage
    needed: Annotated[int, Field(ge=1, le=10)] = 1
    evidence: tuple[Key, ...]
    options: Many[Option]


class Score(Part):
    """A sub-score and the gate whose card shows it."""

    key: Key
    name: Text
    gate: Key


class ObjectivePlace(Part):
    """Where in a document an objective is found."""

    path: Annotated[str, StringConstraints(pattern=r"^[\w-]+(\.([\w-]+|\*))*$")]
    label: Text
    rank: int


class InputExtra(Part):
    """A document that is read; `purpose` only where the definition gives none."""

    key: Key
    pattern: Text
    purpose: Text | None = None
    aliases: tuple[Text, ...] = ()
    required: bool = False
    lost: Text
    objective_keys: tuple[ObjectivePlace, ...] = ()


class Comparison(Part):
    """Places that should agree, and the terms that are looked for in them."""

    name: Text
    places: Annotated[tuple[Place, ...], Field(min_length=2)]
    terms: Many[Text]


class Extras(Part):
    """The whole YAML file."""

    max_iterations: Annotated[int, Field(ge=1, le=99)]
    opening_questions: Many[Opening]
    areas: dict[str, Area]
    gates: Many[Gate]
    score_block: Key
    overall_score: Key
    scores: Many[Score]
    inputs: Many[InputExtra]
    comparisons: tuple[Comparison, ...] = ()


class ExtrasFile(YamlFile[Extras]):
    """The YAML file beside a definition, with its lines."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, Extras)

    @property
    def extras(self) -> Extras:
        """What the file says."""
        return self.content
