"""What a designer has computed in worker processes. Light to import: rules are loaded where they are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.design import Brief
from bot.roles.backend_developer.blueprint import Blueprint

if TYPE_CHECKING:
    from bot.reading.read import ReadingResult
    from bot.roles.backend_developer.coverage import Covered


@dataclass(frozen=True, slots=True)
class Composed:
    """A design by the rules and what became of each statement in it."""

    blueprint: Blueprint
    covered: tuple[Covered, ...]


@dataclass(frozen=True, slots=True)
class DoesNotFit:
    """Why rules could not make one design of what was said."""

    reason: str


def compose(reading: ReadingResult, brief: Brief) -> Composed | DoesNotFit:
    """Design by the rules what a brief says."""
    from bot.roles.backend_developer.coverage import coverage as covered_by  # noqa: PLC0415
    from bot.roles.backend_developer.designers.rules.compose import compose as composed  # noqa: PLC0415
    from bot.roles.backend_developer.understanding import replaced, understood  # noqa: PLC0415

    known = understood(reading, replaced(brief), brief.readings)
    try:
        blueprint = composed(known.understanding, known.facts, brief)
    except ValueError as error:
        return DoesNotFit(str(error))
    return Composed(blueprint, covered_by(known.understanding, blueprint))
