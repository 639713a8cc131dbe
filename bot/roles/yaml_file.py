"""One YAML file of a role, read by a pydantic model; what is wrong with it is said with the file and the line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bot.domain.role import RoleError

M = TypeVar("M", bound=BaseModel)

LOADER: Final[type[yaml.CSafeLoader | yaml.SafeLoader]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, which PyYAML's wheels have: every start reads YAML, and the other is ten times slower."""


class YamlFile(Generic[M]):
    """The parsed file together with its YAML nodes, so that a complaint can name the line."""

    def __init__(self, file: Path, model: type[M]) -> None:
        self.file, self.name = file, f"{file.parent.name}/{file.name}"
        try:
            text = file.read_text("utf-8")
            self.node, values = _parse(text)
            self.content = model.model_validate(values)
        except (OSError, UnicodeDecodeError) as error:
            raise RoleError(file=self.name, line=1, problem=f"it cannot be read ({error}).") from error
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise RoleError(file=self.name, line=mark.line + 1 if mark else 1, problem=f"{error}.") from error
        except RecursionError as error:
            raise RoleError(file=self.name, line=1, problem="it is nested too deeply.") from error
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
