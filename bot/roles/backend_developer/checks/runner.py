"""The backend's check runner: every check it has, on one embedded PostgreSQL and on the service, run once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import psycopg

from bot.domain.evidence import Check
from bot.evidence import runner
from bot.evidence.checks import CheckResult, CheckSpec, Unmeasurable, not_measured
from bot.evidence.progress import Tell
from bot.evidence.sharing import SharedServer
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks.areas.running import LIVE
from bot.roles.backend_developer.checks.context import NOT_RUN, CheckContext, Live, Subject
from bot.roles.backend_developer.checks.live.outcome import Findings
from bot.roles.backend_developer.checks.live.play import ALL, QUICK
from bot.roles.backend_developer.checks.live.runs import run_service
from bot.roles.backend_developer.checks.registry import CHECKS, versions

_REMEMBERED: Final = 4
"""So many designs' quick probes are kept: the rest of the evidence is added to them, and nothing is tried twice."""

_ONLY_LIVE: Final = frozenset(spec.key for spec in LIVE)


class CheckRunner(runner.CheckRunner[Subject, CheckContext]):
    """Assesses designs. One per process: it owns the threads in which checks run and the embedded PostgreSQL.

    `live` says whether the service is run as well. A `server` that is given stays its giver's: `close` leaves it.
    """

    def __init__(
        self,
        *,
        checks: Sequence[CheckSpec[CheckContext]] = CHECKS,
        seconds: float = runner.SECONDS,
        server: SharedServer | None = None,
        live: bool = False,
    ) -> None:
        self._server, self._lent = server or SharedServer(), server is not None
        guarded = [replace(spec, run=_guarded(spec.run)) for spec in checks]
        super().__init__([s for s in guarded if s.key not in _ONLY_LIVE], self._context, versions, seconds=seconds)
        self._of_service = [spec for spec in guarded if spec.key in _ONLY_LIVE]
        self._live = live
        self._quick: OrderedDict[str, Findings] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()

    def complete(self, blueprint: Blueprint, *, thorough: bool) -> bool:
        """Whether nothing more would be measured of a design by being thorough."""
        return thorough or not self._live or not self._of_service or bool(_not_rendered(blueprint))

    async def assess(
        self, subject: Subject, *, thorough: bool = True, tell: Tell = lambda _words: None
    ) -> tuple[Check, ...]:
        """Run every check on a subject; the service is probed, and where `thorough` loaded, tested and stopped as well.

        Never raises for a check: one that cannot be tried is "not measured", with the reason.
        """
        checks = await super().assess(subject, tell=tell)
        if not self._of_service:
            return checks
        found = await self._of_running(subject.blueprint, thorough=thorough, tell=tell)
        judges: runner.CheckRunner[Subject, CheckContext] = runner.CheckRunner(
            self._of_service, lambda one: CheckContext(one, self._server, found), versions
        )
        try:
            return (*checks, *await judges.assess(subject))
        finally:
            await judges.close()

    async def close(self) -> None:
        """Stop the threads, and the server unless it was given."""
        if not self._lent:
            await asyncio.to_thread(self._server.close)
        await super().close()

    async def _of_running(self, blueprint: Blueprint, *, thorough: bool, tell: Tell) -> Live:
        reason = _not_rendered(blueprint)
        if reason:
            return Unmeasurable(reason=f"No service was rendered: {reason}")
        if not self._live:
            return NOT_RUN
        try:
            # Two at once would measure each other's load.
            async with self._one_at_a_time:
                known = self._quick.get(blueprint.digest)
                if not thorough or known is None:
                    fresh = await run_service(blueprint, ALL if thorough else QUICK, tell)
                    self._remember(blueprint.digest, fresh)
                    return fresh
                return known.joined(await run_service(blueprint, ALL - QUICK, tell))
        except Unmeasurable as reason_why:
            return reason_why

    def _remember(self, digest: str, findings: Findings) -> None:
        self._quick[digest] = findings
        while len(self._quick) > _REMEMBERED:
            self._quick.popitem(last=False)

    def _context(self, subject: Subject) -> CheckContext:
        return CheckContext(subject, self._server)


def _not_rendered(blueprint: Blueprint) -> str:
    from bot.roles.backend_developer.renderers.service import reason_not_rendered  # noqa: PLC0415 - heavy, see deliverables.py

    return reason_not_rendered(blueprint)


def _guarded(run: Callable[[CheckContext], CheckResult]) -> Callable[[CheckContext], CheckResult]:
    def guarded(context: CheckContext) -> CheckResult:
        try:
            return run(context)
        except psycopg.Error as problem:
            return not_measured(f"PostgreSQL went away: {problem}")

    return guarded
