"""The backend's check runner: every check it has, on one embedded PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

import psycopg

from bot.evidence import runner
from bot.evidence.checks import CheckResult, CheckSpec, not_measured
from bot.evidence.sharing import SharedServer
from bot.roles.backend_developer.checks.context import CheckContext, Subject
from bot.roles.backend_developer.checks.registry import CHECKS, versions


class CheckRunner(runner.CheckRunner[Subject, CheckContext]):
    """Assesses designs. One per process: it owns the threads in which checks run and the embedded PostgreSQL.

    A `server` that is given stays its giver's: `close` leaves it running.
    """

    def __init__(
        self,
        *,
        checks: Sequence[CheckSpec[CheckContext]] = CHECKS,
        seconds: float = runner.SECONDS,
        server: SharedServer | None = None,
    ) -> None:
        self._server, self._lent = server or SharedServer(), server is not None
        guarded = [replace(spec, run=_guarded(spec.run)) for spec in checks]
        super().__init__(guarded, self._context, versions, seconds=seconds)

    async def close(self) -> None:
        """Stop the threads, and the server unless it was given."""
        if not self._lent:
            await asyncio.to_thread(self._server.close)
        await super().close()

    def _context(self, subject: Subject) -> CheckContext:
        return CheckContext(subject, self._server)


def _guarded(run: Callable[[CheckContext], CheckResult]) -> Callable[[CheckContext], CheckResult]:
    def guarded(context: CheckContext) -> CheckResult:
        try:
            return run(context)
        except psycopg.Error as problem:
            return not_measured(f"PostgreSQL went away: {problem}")

    return guarded
