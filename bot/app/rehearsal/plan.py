"""What to play, and how a performance may fail."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.app.rehearsal.script import Answers
from bot.domain.errors import EipasError


class RehearsalFailed(EipasError):
    """The rehearsal could not be played to its end."""

    message_template = "The rehearsal failed: {problem}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to play. `reject` names the gate that gets a no in the first iteration."""

    workspace: Path
    out: Path
    answers: Answers
    iterations: int = 2
    reject: str | None = None
    designer: str = "offline"
