"""The proposals in a brief and in a design, as what they are here: blueprints."""

from __future__ import annotations

from bot.domain.design import Brief, Design
from bot.roles.backend_developer.blueprint import Blueprint


def blueprint_of(design: Design) -> Blueprint:
    """Return a design's proposal. Raises TypeError for another trade's."""
    if not isinstance(design.proposal, Blueprint):
        raise TypeError(f"a {type(design.proposal).__name__} is no blueprint")
    return design.proposal


def previous_of(brief: Brief) -> Blueprint | None:
    """Return the previous iteration's blueprint, None in the first. Raises TypeError for another trade's."""
    if brief.previous is None or isinstance(brief.previous, Blueprint):
        return brief.previous
    raise TypeError(f"a {type(brief.previous).__name__} is no blueprint")
