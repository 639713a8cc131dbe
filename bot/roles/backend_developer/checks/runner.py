"""Runs the checks on one subject, side by side, each within its time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import psycopg
import structlog

from bot.domain.errors import EipasError
from bot.domain.evidence import Check, Outcome
from bot.evidence.postgres import PostgresUnavailable
from bot.evidence.sharing import SharedServer
from bot.roles.backend_developer.checks.context import CheckContext, CheckResult, Subject, not_measured
from bot.roles.backend_developer.checks.registry import CHECKS, CheckSpec, tool_versions

SECONDS: Final = 25.0
"""For each check, including the wait for what it shares with others (the trial on PostgreSQL, its first start)."""

_WORKERS: Final = 4

_log = structlog.get_logger(__name__)


class CheckRunner:
    """Assesses designs. One per process: it owns the threads in which checks run and the embedded PostgreSQL.

    A `server` that is given stays its giver's: `close` leaves it running.
    """

    def __init__(
        self, *, checks: Sequence[CheckSpec] = CHECKS, seconds: float = SECONDS, server: SharedServer | None = None
    ) -> None:
        self._checks = tuple(checks)
        self._seconds = seconds
        self._server, self._lent = server or SharedServer(), server is not None
        # Threads of its own: a check that hangs must not take away those that `asyncio.to_thread` shares with everyone.
        self._threads = ThreadPoolExecutor(max_workers=_WORKERS, thread_name_prefix="check")

    async def assess(self, subject: Subject) -> tuple[Check, ...]:
        """Run every check and return its outcome, in the registry's order.

        Never raises for a check: one that times out, breaks, or lacks its tool is "not measured", with the reason.
        """
        bench = CheckContext(subject, self._server)
        versions = tool_versions()
        verdicts = await asyncio.gather(*(self._run(spec, bench) for spec in self._checks))
        return tuple(_check(spec, verdict, versions) for spec, verdict in zip(self._checks, verdicts, strict=True))

    async def close(self) -> None:
        """Stop the threads, and the server unless it was given."""
        if not self._lent:
            await asyncio.to_thread(self._server.close)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, spec: CheckSpec, bench: CheckContext) -> CheckResult:
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.get_running_loop().run_in_executor(self._threads, _judged, spec, bench)
        except TimeoutError:
            return not_measured(f"Not finished within {self._seconds:g} s.")


def _judged(spec: CheckSpec, bench: CheckContext) -> CheckResult:
    try:
        return spec.run(bench)
    except PostgresUnavailable as absent:
        return not_measured(absent.message)
    except psycopg.Error as problem:
        return not_measured(f"PostgreSQL went away: {problem}")
    except EipasError as reason:
        return not_measured(reason.message)
    except Exception as broken:
        # A document may hold anything. A check that breaks on it has proven nothing, and must not end the others.
        _log.exception("check_broke", check=spec.key)
        return not_measured(f"The check itself broke ({type(broken).__name__}); see the log.")


def _check(spec: CheckSpec, verdict: CheckResult, versions: dict[str, str]) -> Check:
    return Check(
        key=spec.key,
        title=spec.title,
        score=spec.score,
        outcome=verdict.outcome,
        detail=verdict.detail,
        tool=spec.tool,
        tool_version=versions[spec.tool],
        command=spec.command,
        weight=spec.weight if verdict.applies else 0.0,
        cap=spec.cap,
        fix=spec.fix if verdict.outcome is Outcome.FAILED else "",
        findings=verdict.findings,
        raw=verdict.raw,
    )
