"""What the kit has computed in worker processes. Light to import: what each call needs is loaded where it is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.domain.design import Brief
from bot.domain.evidence import Artefact, Check, Deliverables, HandedOver
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.typed import previous_of

if TYPE_CHECKING:
    from bot.reading.read import ReadingResult

HEAVY: Final = tuple(
    f"bot.roles.backend_developer.{module}"
    for module in ("checks.runner", "covering", "deliverables", "recap", "report.facts_file")
)
"""Modules that the calls need: two seconds to load, once for all workers."""


def render(blueprint: Blueprint, brief: Brief) -> tuple[Artefact, ...]:
    """Render the document, the migrations and the diagrams of a design."""
    from bot.roles.backend_developer.renderers.render import render as rendered  # noqa: PLC0415

    return rendered(blueprint, previous_of(brief))


def coverage(reading: ReadingResult, brief: Brief, blueprint: Blueprint, checks: Sequence[Check]) -> Artefact:
    """Account for every statement of a brief in a design, held to what `checks` compared."""
    from bot.roles.backend_developer.covering import covering  # noqa: PLC0415

    return covering(reading, brief, blueprint, checks)


def facts(reading: ReadingResult, brief: Brief) -> Artefact:
    """Return every statement of a brief with where it stands, and what was understood of it, as a file."""
    from bot.roles.backend_developer.report.facts_file import facts_file  # noqa: PLC0415
    from bot.roles.backend_developer.understanding import replaced, understood  # noqa: PLC0415

    return facts_file(understood(reading, replaced(brief), brief.readings))


def deliverables(blueprint: Blueprint, iteration: int, before: HandedOver, places: Sequence[Path]) -> Deliverables:
    """Render the service, merged into what the team made of it in one of `places`, and what people read beside it."""
    from bot.roles.backend_developer.deliverables import service_of, to_read  # noqa: PLC0415

    found = service_of(
        blueprint, iteration, earlier=before.earlier, copies=[place for place in places if place.is_dir()],
        repository=before.repository,
    )  # fmt: skip
    return replace(found, files=(*to_read(blueprint, iteration), *found.files))
