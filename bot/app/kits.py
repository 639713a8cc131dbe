"""The renderers, checks and report that serve a role. A role names its kit; `build_kits` is where a new one goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bot.app.lazy import Lazy
from bot.domain.role import Role
from bot.roles.backend_developer.kit import BackendKit
from bot.services.ports import Kit

if TYPE_CHECKING:
    from bot.roles.backend_developer.checks import CheckRunner

__all__ = ["BackendKit", "Lazy", "build_kits"]


def build_kits(roles: Mapping[str, Role], check_runner: Callable[[], CheckRunner]) -> dict[str, Kit]:
    """Build the kit of each role; `check_runner` is asked for, in a thread, when the first check is to run."""
    makers = {"backend": BackendKit}
    return {role.kit: makers[role.kit](check_runner, [(s.key, s.name) for s in role.scores]) for role in roles.values()}
