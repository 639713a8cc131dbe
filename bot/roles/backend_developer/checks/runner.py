"""The backend's check runner in this process: every check it has, on one embedded PostgreSQL and on the service.

The bot has `worker_runner` in its place; this is what a worker, a command and whoever verifies run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import psycopg

from bot.domain.design import Brief
from bot.domain.evidence import Assessment, Check
from bot.evidence import runner
from bot.evidence.checks import CheckResult, CheckSpec, not_measured
from bot.evidence.progress import Tell
from bot.evidence.score import scorecard
from bot.evidence.sharing import ServerLender, SharedServer
from bot.reading.read import ReadingResult
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks.areas.running import LIVE
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.live.outcome import NOT_RUN, Live
from bot.roles.backend_developer.checks.registry import CHECKS, versions
from bot.roles.backend_developer.checks.service_runs import ServiceRuns, not_rendered
from bot.roles.backend_developer.checks.subject import Subject
from bot.roles.backend_developer.renderers.render import render
from bot.roles.backend_developer.renderers.service import reason_not_rendered
from bot.roles.backend_developer.typed import previous_of

_ONLY_LIVE: Final = frozenset(spec.key for spec in LIVE)


class CheckRunner:
    """Assesses designs. One per process: it owns the threads in which checks run and the embedded PostgreSQL.

    `live` says whether the service is run as well. A `server` that is given stays its giver's: `close` leaves it.
    """

    def __init__(
        self,
        *,
        checks: Sequence[CheckSpec[CheckContext]] = CHECKS,
        seconds: float = runner.SECONDS,
        server: ServerLender | None = None,
        live: bool = False,
    ) -> None:
        own = SharedServer()
        self._own = own if server is None else None
        self._lender = lender = server or own
        guarded = [replace(spec, run=_guarded(spec.run)) for spec in checks]
        self._of_files: runner.CheckRunner[Subject, CheckContext] = runner.CheckRunner(
            [spec for spec in guarded if spec.key not in _ONLY_LIVE],
            lambda subject: CheckContext(subject, lender), versions, seconds=seconds,
        )  # fmt: skip
        self._of_service = [spec for spec in guarded if spec.key in _ONLY_LIVE]
        self._live = live
        self._runs = ServiceRuns()

    async def assess_design(
        self, blueprint: Blueprint, brief: Brief, reading: ReadingResult, scores: Sequence[tuple[str, str]],
        *, thorough: bool, tell: Tell,
    ) -> Assessment:  # fmt: skip
        """Render a design and run every check on it; `scores` are keys and names, `tell` is told how far it is.

        `reading` is of the brief's texts; the checks do not read them again.
        """
        artefacts = await asyncio.to_thread(render, blueprint, previous_of(brief))
        subject = Subject(artefacts=artefacts, blueprint=blueprint, brief=brief, reading=reading)
        checks = await self.assess(subject, thorough=thorough, tell=tell)
        return Assessment(
            artefacts=artefacts, checks=checks, scorecard=scorecard(checks, scores), tools=versions(),
            complete=self.complete(blueprint, thorough=thorough),
        )  # fmt: skip

    def complete(self, blueprint: Blueprint, *, thorough: bool) -> bool:
        """Whether nothing more would be measured of a design by being thorough."""
        return thorough or not self._live or not self._of_service or bool(reason_not_rendered(blueprint))

    async def assess(
        self, subject: Subject, *, thorough: bool = True, tell: Tell = lambda _words: None
    ) -> tuple[Check, ...]:
        """Run every check on a subject; the service is probed, and where `thorough` loaded, tested and stopped as well.

        Never raises for a check: one that cannot be tried is "not measured", with the reason.
        """
        checks = await self.assess_files(subject, tell=tell)
        if not self._of_service:
            return checks
        found: Live = NOT_RUN
        if reason := reason_not_rendered(subject.blueprint):
            found = not_rendered(reason)
        elif self._live:
            found = await self._runs.found(subject.blueprint, thorough=thorough, tell=tell)
        return (*checks, *await self.assess_service(subject, found))

    async def assess_files(self, subject: Subject, *, tell: Tell = lambda _words: None) -> tuple[Check, ...]:
        """Run the checks of the files and the database on a subject."""
        return await self._of_files.assess(subject, tell=tell)

    async def assess_service(self, subject: Subject, found: Live) -> tuple[Check, ...]:
        """Run the checks of the service on what was found of it."""
        judges: runner.CheckRunner[Subject, CheckContext] = runner.CheckRunner(
            self._of_service, lambda one: CheckContext(one, self._lender, found), versions
        )
        try:
            return await judges.assess(subject)
        finally:
            await judges.close()

    async def close(self) -> None:
        """Stop the threads, and the server unless it was given."""
        if self._own is not None:
            await asyncio.to_thread(self._own.close)
        await self._of_files.close()


def _guarded(run: Callable[[CheckContext], CheckResult]) -> Callable[[CheckContext], CheckResult]:
    def guarded(context: CheckContext) -> CheckResult:
        try:
            return run(context)
        except psycopg.Error as problem:
            return not_measured(f"PostgreSQL went away: {problem}")

    return guarded
