"""A run by the rules: read, compose, check. Importing this loads the readers; a start does not need them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.domain.design import Brief, Design, Feedback
from bot.domain.evidence import Assessment
from bot.reading.process import ReadingProcess
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.coverage import Covered, coverage, gaps_of, held_to
from bot.roles.backend_developer.designers.rules.compose import compose
from bot.roles.backend_developer.designers.rules.feedback import addressed_of, open_points
from bot.roles.backend_developer.designers.rules.narrative import narrate
from bot.roles.backend_developer.understanding import Understood, replaced, sources_of, understood
from bot.services.designer import DesignFailed, DesignSession, TaskStatus

_QUOTED = 300


@dataclass(frozen=True, slots=True)
class _Composed:
    blueprint: Blueprint
    covered: tuple[Covered, ...]


class RulesRun:
    """Reads in a process of its own, whatever people wrote; `reading` remembers what was read before the run."""

    def __init__(self, reading: ReadingProcess) -> None:
        self._reading = reading

    async def design(self, session: DesignSession, designer: str) -> Design:
        """Design from the session's brief, in the name of a designer.

        Raises:
            DesignFailed: what was said cannot be one valid design.
        """
        notes = await session.notes()
        composed = await self._compose(session, notes)
        assessment = await self._check(session, composed.blueprint, 1)
        if (later := await session.notes()) != notes:  # people went on writing while it was checked
            notes, before = later, composed.blueprint
            composed = await self._compose(session, notes)
            if composed.blueprint != before:
                assessment = await self._check(session, composed.blueprint, 2)
        heard = (*session.brief.feedback, *notes)
        covered = held_to(composed.covered, gaps_of(assessment.checks))
        await session.progress("write", "Write it up", TaskStatus.IN_PROGRESS)
        narrative = narrate(
            composed.blueprint,
            assessment,
            covered,
            addressed_of(heard, covered),
            open_points(heard, covered),
        )
        await session.progress("write", "Write it up", TaskStatus.COMPLETE)
        return Design(proposal=composed.blueprint, narrative=narrative, designer=designer, model=None)

    async def _compose(self, session: DesignSession, notes: tuple[Feedback, ...]) -> _Composed:
        brief = session.brief
        await session.progress("inputs", "Read inputs and answers", TaskStatus.IN_PROGRESS)
        result = await self._reading.read(sources_of(brief, notes))
        known = await asyncio.to_thread(understood, result, replaced(brief), brief.readings)
        said = known.understanding
        read = f"{len(brief.sources)} documents, {len(said.statements)} statements, {len(said.facts)} facts"
        await session.progress("inputs", "Read inputs and answers", TaskStatus.COMPLETE, read)
        await session.progress("model", "Design data model and API", TaskStatus.IN_PROGRESS)
        try:
            made = await asyncio.to_thread(_composed, known, brief)
        except ValueError as error:
            # Rules brought together what does not fit: people can act on that by saying it otherwise.
            reason = f"what was said does not fit together ({str(error)[:_QUOTED]}). Say it otherwise."
            raise DesignFailed(reason=reason) from error
        parts = made.blueprint
        shown = f"{len(parts.entities)} entities, {len(parts.relations)} relations, {len(parts.operations)} operations"
        await session.progress("model", "Design data model and API", TaskStatus.COMPLETE, shown)
        return made

    async def _check(self, session: DesignSession, blueprint: Blueprint, number: int) -> Assessment:
        key, title = f"check_{number}", f"Check, round {number}"
        await session.progress(key, title, TaskStatus.IN_PROGRESS)
        assessment = await session.assess(blueprint)
        card, failed = assessment.scorecard, len(assessment.findings)
        score = "unproven" if card.overall is None else f"{card.overall}/100"
        status = TaskStatus.COMPLETE if not failed else TaskStatus.ERROR
        await session.progress(key, title, status, f"{score}, {failed} of {len(assessment.checks)} checks failed")
        return assessment


def _composed(known: Understood, brief: Brief) -> _Composed:
    blueprint = compose(known.understanding, known.facts, brief)
    return _Composed(blueprint, coverage(known.understanding, blueprint))
