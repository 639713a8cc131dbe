"""Reads how a role is rehearsed: what the people of a rehearsal say, and who of them plays which part."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.domain.role import Role
from bot.roles.extras import Many, Part, Text
from bot.roles.yaml_file import YamlFile

REHEARSAL, SAMPLE = "rehearsal.yaml", "sample_workspace"


class Said(Part):
    """An answer and who gives it. An empty text skips the question."""

    by: Text
    text: str


class Decided(Part):
    """Who decides a gate, and why they would reject it where a rehearsal asks for that."""

    by: Many[Text]
    rejection: Text | None = None


class _File(Part):
    owner: Text
    answers: dict[str, Said]
    gates: dict[str, Decided]
    unforeseen: Text
    wish: Text
    concerns: Text
    justification: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A role's part of a rehearsal. People are those of the local Slack, by the names that they have there.

    `answers` are by question and `gates` by gate, both by key. `unforeseen` answers what a designer asks of its own;
    `wish` says what the next iteration is for after a rejection; `concerns` and `justification` go with the decision
    on an iteration.
    """

    owner: str
    answers: Mapping[str, Said]
    gates: Mapping[str, Decided]
    unforeseen: str
    wish: str
    concerns: str
    justification: str

    @property
    def rejections(self) -> Mapping[str, str]:
        """Why a gate is rejected, by the gate's key; only of gates that a rehearsal may reject."""
        return {key: gate.rejection for key, gate in self.gates.items() if gate.rejection is not None}

    @property
    def people(self) -> frozenset[str]:
        """Everybody who plays a part."""
        deciders = (name for gate in self.gates.values() for name in gate.by)
        return frozenset((self.owner, *(said.by for said in self.answers.values()), *deciders))


def load_rehearsal(role: Role, folder: Path) -> Rehearsal:
    """Return how the role in `folder` is rehearsed.

    Raises:
        RoleError: there is no such file, it is malformed, or it names questions and gates that the role does not have
            or leaves some out; the error names the file and the line.
    """
    file = YamlFile(folder / REHEARSAL, _File)
    _same(file, "answers", file.content.answers, {question.key for question in role.questions}, "question")
    _same(file, "gates", file.content.gates, {gate.key for gate in role.gates}, "gate")
    for key, decided in file.content.gates.items():
        if len(set(decided.by)) < role.gate(key).needed:
            raise file.refuse(f"“{key}” needs {role.gate(key).needed} people.", "gates", key, "by")
    return Rehearsal(**{name: getattr(file.content, name) for name in _File.model_fields})


def _same(file: YamlFile[_File], place: str, here: Collection[str], wanted: set[str], what: str) -> None:
    for key in here:
        if key not in wanted:
            raise file.refuse(f"the role has no {what} “{key}”.", place, key)
    if missing := sorted(wanted - set(here)):
        raise file.refuse(f"the {what} “{missing[0]}” is left out.", place)
