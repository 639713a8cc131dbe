"""The renderers, checks and report that serve a role. A role names its kit; `build_kits` is where a new one goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bot.app.lazy import Late
from bot.domain.role import Role
from bot.roles.backend_developer.kit import BackendKit
from bot.services.ports import Kit

if TYPE_CHECKING:
    from bot.roles.backend_developer.checks import Laboratory

__all__ = ["BackendKit", "Late", "build_kits"]


def build_kits(roles: Mapping[str, Role], laboratory: Callable[[], Laboratory]) -> dict[str, Kit]:
    """Build the kit of each role; `laboratory` is asked for, in a thread, when the first check is to run."""
    makers = {"backend": BackendKit}
    return {role.kit: makers[role.kit](laboratory, [(s.key, s.name) for s in role.scores]) for role in roles.values()}
