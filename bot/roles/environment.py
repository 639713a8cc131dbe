"""What a role's kit is built from: its role, and what the settings say of designers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.role import Role

if TYPE_CHECKING:  # a bot that designs by rules needs nothing of the model
    from bot.agent.config import ClaudeConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class KitEnvironment:
    """What `build_kit(environment)` in a role's `kit.py` is given.

    `folder` is the role's own. `designer` is the name of the designer that the settings ask for; a kit that has none of
    that name takes its rules. `model` says how a model is asked, None where none is to be. `check_runner` is one that
    somebody else owns and closes, in place of the kit's own. `live` says whether what is rendered is run to be judged.
    """

    role: Role
    folder: Path
    designer: str = "offline"
    model: ClaudeConfig | None = None
    check_runner: Any = None
    live: bool = True
