"""What a role brings to the loop in which a model designs: its proposal, its prompts, and how parts are named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from bot.agent.definition import definition_of
from bot.agent.statements import StatementReader
from bot.domain.design import Brief
from bot.domain.proposal import Proposal
from bot.domain.role import Role

P = TypeVar("P", bound=Proposal)
_SHARED = Path(__file__).parent / "prompts"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Profile(Generic[P]):
    """A role's part of the conversation with a model.

    `noun` is what the role calls its proposal, in one lower-case word: the model proposes by the tool `propose_<noun>`.
    `prompts` is the folder with the role's own prompts: `designer`, `task`, `questions` and `tool_propose_<noun>`, and
    whichever of the shared ones it words otherwise. `size` says in a few words how much a proposal holds. `parts` gives
    everything in a proposal that has a name, by that name in lower case, as comparable text. `keys` say how the parts
    of a proposal are addressed; with them the model may also edit, by the tool `edit_<noun>`. `examples` are inputs of
    the tools, by the tool's name, and `worked` says of what the example of a proposal was made. `role` is told to the
    model with what the prompt `measured` says; `reader` reads the role's texts, without it nothing is accounted for.
    """

    noun: str
    proposal_type: type[P]
    prompts: Path
    size: Callable[[P], str]
    parts: Callable[[P], Mapping[str, str]]
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    examples: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    worked: str = ""
    role: Role | None = None
    reader: StatementReader | None = None

    @property
    def propose(self) -> str:
        """Name of the tool by which the model proposes."""
        return f"propose_{self.noun}"

    @property
    def edit(self) -> str:
        """Name of the tool by which the model edits its last proposal."""
        return f"edit_{self.noun}"

    @property
    def proposing(self) -> tuple[str, ...]:
        """Names of the tools that make a proposal."""
        return (self.propose, self.edit) if self.keys else (self.propose,)

    def prompt(self, name: str) -> str:
        """Return a prompt: the role's, else the shared one."""
        own = self.prompts / f"{name}.md"
        return _read(own if own.is_file() else _SHARED / f"{name}.md")

    def system(self) -> list[str]:
        """Return the system prompts of a run: who the model is and how it works, then the role's definition."""
        own = self.prompt("designer").replace("{example}", self.worked)
        return [own, definition_of(self.role, self.prompt("measured"))] if self.role else [own]

    def previous(self, brief: Brief) -> P | None:
        """Return the previous iteration's proposal, None in the first. Raises TypeError for another trade's."""
        if brief.previous is None or isinstance(brief.previous, self.proposal_type):
            return brief.previous
        raise TypeError(f"a {type(brief.previous).__name__} is no {self.noun}")


@cache
def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip()
