"""Runs the checks on one subject, side by side, each within its time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Generic, TypeVar

import structlog

from bot.domain.errors import EipasError
from bot.domain.evidence import Check, Outcome
from bot.evidence.checks import CheckResult, CheckSpec, not_measured
from bot.evidence.progress import Tell, telling

SECONDS: Final = 25.0
"""For each check, including the wait for what it shares with others (a server's first start, say)."""

_WORKERS: Final = 4
S = TypeVar("S")
C = TypeVar("C")

_log = structlog.get_logger(__name__)


class CheckRunner(Generic[S, C]):
    """Assesses what a kit rendered. One per kit and process: it owns the threads in which the checks run.

    `prepare` makes of a subject the context that its checks are given; `versions` are the tools' by name.
    """

    def __init__(
        self,
        checks: Sequence[CheckSpec[C]],
        prepare: Callable[[S], C],
        versions: Callable[[], Mapping[str, str]],
        *,
        seconds: float = SECONDS,
    ) -> None:
        self._checks, self._prepare, self._versions, self._seconds = tuple(checks), prepare, versions, seconds
        # Threads of its own: a check that hangs must not take away those that `asyncio.to_thread` shares with everyone.
        self._threads = ThreadPoolExecutor(max_workers=_WORKERS, thread_name_prefix="check")

    async def assess(self, subject: S, *, tell: Tell = lambda _words: None) -> tuple[Check, ...]:
        """Run every check and return its outcome, in the order of the checks.

        Never raises for a check: one that times out, breaks, or lacks its tool is "not measured", with the reason.
        """
        context, versions = self._prepare(subject), self._versions()
        running = [asyncio.create_task(self._run(spec, context)) for spec in self._checks]
        async with telling(tell, lambda: _progress(running), at_once=True):
            results = await asyncio.gather(*running)
        return tuple(_check(spec, result, versions) for spec, result in zip(self._checks, results, strict=True))

    async def close(self) -> None:
        """Stop the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, spec: CheckSpec[C], context: C) -> CheckResult:
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.get_running_loop().run_in_executor(self._threads, _judged, spec, context)
        except TimeoutError:
            return not_measured(f"Not finished within {self._seconds:g} s.")


def _progress(running: Sequence[asyncio.Task[CheckResult]]) -> str:
    return f"{sum(task.done() for task in running)} of {len(running)} checks of the files and the database"


def judged(spec: CheckSpec[Any], context: Any, versions: Mapping[str, str]) -> Check:
    """Run one check in this thread; like `CheckRunner.assess` it never raises for a check."""
    return _check(spec, _judged(spec, context), versions)


def _judged(spec: CheckSpec[Any], context: Any) -> CheckResult:
    try:
        return spec.run(context)
    except EipasError as reason:
        return not_measured(reason.message)
    except Exception as broken:
        # A document may hold anything. A check that breaks on it has proven nothing, and must not end the others.
        _log.exception("check_broke", check=spec.key)
        return not_measured(f"The check itself broke ({type(broken).__name__}); see the log.")


def _check(spec: CheckSpec[Any], result: CheckResult, versions: Mapping[str, str]) -> Check:
    return Check(
        key=spec.key,
        title=spec.title,
        score=spec.score,
        outcome=result.outcome,
        detail=result.detail,
        tool=spec.tool,
        tool_version=versions[spec.tool],
        command=spec.command.format(key=spec.key),
        weight=spec.weight,
        cap=spec.cap,
        fix=spec.fix if result.outcome is Outcome.FAILED else "",
        findings=result.findings,
        raw=result.raw,
        measures=spec.measures,
        share=result.share,
        compared=result.compared,
    )
