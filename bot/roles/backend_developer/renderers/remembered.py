"""What is drawn of a blueprint is drawn once: documents, migrations and checks ask for the same tables many times."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Final, TypeVar

from bot.roles.backend_developer.blueprint import Blueprint

T = TypeVar("T")
_BLUEPRINTS: Final = 8
"""So many of them are kept for each function: a design, the last iteration's, and those of others at the same time."""


class _Same:
    """A blueprint by its identity: comparing the contents of two would cost as much as drawing them."""

    __slots__ = ("blueprint",)

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint

    def __hash__(self) -> int:
        return id(self.blueprint)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.blueprint is other.blueprint


def remembered(draw: Callable[[Blueprint], T]) -> Callable[[Blueprint], T]:
    """Let a function of a blueprint, which never changes, give what it gave before; callers leave it as it is."""

    @lru_cache(maxsize=_BLUEPRINTS)
    def known(same: _Same) -> T:
        return draw(same.blueprint)

    @wraps(draw)
    def asked(blueprint: Blueprint) -> T:
        return known(_Same(blueprint))

    return asked
