"""A run by the rules: read, compose, check, all of it beside this process."""

from __future__ import annotations

import time
from contextlib import AbstractAsyncContextManager

from bot.domain.design import Design, Feedback
from bot.domain.evidence import Assessment
from bot.evidence.progress import repeating
from bot.reading.process import ReadingProcess
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.coverage import gaps_of, held_to
from bot.roles.backend_developer.designers.rules import worker_calls
from bot.roles.backend_developer.designers.rules.feedback import addressed_of, open_points
from bot.roles.backend_developer.designers.rules.narrative import narrate
from bot.roles.backend_developer.designers.rules.worker_calls import Composed, DoesNotFit
from bot.roles.backend_developer.understanding import sources_of
from bot.services.designer import DesignFailed, DesignSession, TaskStatus
from bot.workers.pool import WorkerPool

_QUOTED = 300


class RulesRun:
    """Reads in a process of its own, whatever people wrote; `reading` remembers what was read before the run."""

    def __init__(self, reading: ReadingProcess, workers: WorkerPool) -> None:
        self._reading, self._workers = reading, workers

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

    async def _compose(self, session: DesignSession, notes: tuple[Feedback, ...]) -> Composed:
        brief = session.brief
        await session.progress("inputs", "Read inputs and answers", TaskStatus.IN_PROGRESS)
        async with _showing(session, "inputs", "Read inputs and answers"):
            result = await self._reading.read(sources_of(brief, notes))
        read = f"{len(brief.sources)} documents, {len(result.statements)} statements, {len(result.facts)} facts"
        await session.progress("inputs", "Read inputs and answers", TaskStatus.COMPLETE, read)
        await session.progress("model", "Design data model and API", TaskStatus.IN_PROGRESS)
        async with _showing(session, "model", "Design data model and API"):
            made = await self._workers.run(worker_calls.compose, result, brief)
        if isinstance(made, DoesNotFit):
            # Rules brought together what does not fit: people can act on that by saying it otherwise.
            raise DesignFailed(
                reason=f"what was said does not fit together ({made.reason[:_QUOTED]}). Say it otherwise."
            )
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


def _showing(session: DesignSession, key: str, title: str) -> AbstractAsyncContextManager[None]:
    """Show again and again for how long a step has been going on."""
    began = time.monotonic()

    async def show() -> None:
        await session.progress(key, title, TaskStatus.IN_PROGRESS, f"{time.monotonic() - began:.0f} s")

    return repeating(show)
