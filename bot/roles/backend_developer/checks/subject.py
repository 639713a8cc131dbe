"""What the backend's checks judge; apart from them, as it travels to the process that runs them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.design import Brief
from bot.domain.evidence import Artefact
from bot.reading.read import ReadingResult
from bot.roles.backend_developer.blueprint import Blueprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is judged: the rendered files, the blueprint they come from, and what the people had asked for.

    `reading` is what was read of the brief's texts, where that is known; else the checks read them in their thread.
    """

    artefacts: tuple[Artefact, ...]
    blueprint: Blueprint
    brief: Brief
    reading: ReadingResult | None = None
