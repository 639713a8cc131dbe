"""Rendering a proposal and checking what was rendered: what a kit needs only while a run is under way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot.domain.design import Brief
from bot.domain.evidence import Assessment
from bot.evidence.score import scorecard
from bot.reading.read import ReadingResult
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks import CheckRunner, Subject, versions
from bot.roles.backend_developer.renderers.render import render
from bot.roles.backend_developer.typed import previous_of


async def prove(
    check_runner: CheckRunner,
    scores: Sequence[tuple[str, str]],
    blueprint: Blueprint,
    brief: Brief,
    reading: ReadingResult,
    *,
    thorough: bool,
    tell: Callable[[str], None],
) -> Assessment:
    """Render the proposal and run every check on it; `scores` are keys and names, `tell` is told how far it is.

    `reading` is of the brief's texts. The checks do not read them again: that would compute for a second and more in
    this process, and everybody's clicks would compete with it.
    """
    artefacts = await asyncio.to_thread(render, blueprint, previous_of(brief))
    subject = Subject(artefacts=artefacts, blueprint=blueprint, brief=brief, reading=reading)
    checks = await check_runner.assess(subject, thorough=thorough, tell=tell)
    return Assessment(
        artefacts=artefacts, checks=checks, scorecard=scorecard(checks, scores), tools=versions(),
        complete=check_runner.complete(blueprint, thorough=thorough),
    )  # fmt: skip
