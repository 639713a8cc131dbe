"""What to play, and how a performance may fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.errors import EipasError
from bot.roles.rehearsal import Rehearsal


class RehearsalFailed(EipasError):
    """The rehearsal could not be played to its end."""

    message_template = "The rehearsal failed: {problem}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to play: a role, by its rehearsal, on the documents of a workspace folder.

    `answers` stand in for those of the rehearsal, by question. `reject` names the gate that gets a no in the first
    iteration.
    """

    role: str
    rehearsal: Rehearsal
    workspace: Path
    out: Path
    answers: Mapping[str, str] = field(default_factory=dict)
    iterations: int = 2
    reject: str | None = None
    designer: str = "offline"

    def answer(self, question: str) -> str:
        """Return what is said to a question of the role; an empty text skips it."""
        given = self.answers.get(question)
        return self.rehearsal.answers[question].text if given is None else given
