"""Reads the YAML file beside a role's definition, which says what the Markdown does not."""

from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.domain.lifecycle import Event
from bot.domain.role import ButtonStyle, GateStage, RoleError, Verdict

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Place = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*:[\w.*-]+$")]
_T = TypeVar("_T")
_Many = Annotated[tuple[_T, ...], Field(min_length=1)]

LOADER: Final[type[yaml.CSafeLoader | yaml.SafeLoader]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, which PyYAML's wheels have: every start reads YAML, and the other is ten times slower."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Area(_Part):
    """What an area's question is used for, and what a good answer looks like."""

    key: Key
    why: Text
    hint: Text


class Opening(Area):
    """The same for an opening question, which has no name in the definition."""

    name: Text


class Option(_Part):
    """One verdict of a gate."""

    key: Key
    label: Text
    verdict: Verdict
    next: Event
    style: ButtonStyle | None = None
    needs_reason: bool = False


class Gate(_Part):
    """A gate by its name: a decision gate's, or with `step` that of a step of the process."""

    key: Key
    name: Text | None = None
    step: Text | None = None
    stage: GateStage
    evidence: tuple[Key, ...]
    options: _Many[Option]


class Score(_Part):
    """A sub-score and the gate whose card shows it."""

    key: Key
    name: Text
    gate: Key


class ObjectivePlace(_Part):
    """Where in a document an objective is found."""

    path: Annotated[str, StringConstraints(pattern=r"^[\w-]+(\.([\w-]+|\*))*$")]
    label: Text
    rank: int


class InputExtra(_Part):
    """A document that is read; `purpose` only where the definition gives none."""

    key: Key
    pattern: Text
    purpose: Text | None = None
    aliases: tuple[Text, ...] = ()
    required: bool = False
    lost: Text
    objective_keys: tuple[ObjectivePlace, ...] = ()


class Comparison(_Part):
    """Places that should agree, and the terms that are looked for in them."""

    name: Text
    places: Annotated[tuple[Place, ...], Field(min_length=2)]
    terms: _Many[Text]


class Extras(_Part):
    """The whole YAML file."""

    max_iterations: Annotated[int, Field(ge=1, le=99)]
    opening_questions: _Many[Opening]
    areas: dict[str, Area]
    gates: _Many[Gate]
    score_block: Key
    overall_score: Key
    scores: _Many[Score]
    inputs: _Many[InputExtra]
    comparisons: tuple[Comparison, ...] = ()


class ExtrasFile:
    """The parsed file together with its YAML nodes, so that a complaint can name the line."""

    def __init__(self, file: Path) -> None:
        self.file, self.name = file, f"{file.parent.name}/{file.name}"
        try:
            text = file.read_text("utf-8")
            self.node, values = _parse(text)
            self.extras = Extras.model_validate(values)
        except (OSError, UnicodeDecodeError) as error:
            raise RoleError(file=self.name, line=1, problem=f"it cannot be read ({error}).") from error
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise RoleError(file=self.name, line=mark.line + 1 if mark else 1, problem=f"{error}.") from error
        except ValidationError as error:
            fault = error.errors()[0]
            raise self.refuse(f"“{'.'.join(map(str, fault['loc']))}”: {fault['msg']}.", *fault["loc"]) from error

    def refuse(self, problem: str, *place: str | int) -> RoleError:
        """Return the error to raise about the value at `place`, given as keys and indexes from the top."""
        return RoleError(file=self.name, line=self._line(place), problem=problem)

    def _line(self, place: tuple[str | int, ...]) -> int:
        node = self.node
        for step in place:
            if isinstance(node, yaml.MappingNode):
                inner = next((value for key, value in node.value if key.value == str(step)), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                inner = node.value[step]
            else:
                inner = None
            if inner is None:
                break
            node = inner
        return node.start_mark.line + 1 if node else 1


def _parse(text: str) -> tuple[yaml.Node | None, Any]:
    """Return the document's node and its value."""
    try:
        return _loaded(LOADER(text))
    except yaml.YAMLError:
        # Read again by the slow one, whose complaint shows the line that it is about.
        return _loaded(yaml.SafeLoader(text))


def _loaded(loader: yaml.CSafeLoader | yaml.SafeLoader) -> tuple[yaml.Node | None, Any]:
    node = loader.get_single_node()
    return node, None if node is None else loader.construct_document(node)
