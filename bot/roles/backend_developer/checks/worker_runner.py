"""The backend's check runner as the bot has it: renders and checks in worker processes, and owns what they share.

Importing it loads neither renderers nor checks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bot.domain.design import Brief
from bot.domain.evidence import Assessment
from bot.evidence.postgres import PostgresClient, PostgresUnavailable
from bot.evidence.progress import Tell, telling
from bot.evidence.score import scorecard
from bot.evidence.sharing import SharedServer
from bot.reading.read import ReadingResult
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks import worker_calls
from bot.roles.backend_developer.checks.live.outcome import NOT_RUN, Live
from bot.roles.backend_developer.checks.service_runs import ServiceRuns, not_rendered
from bot.workers.pool import WorkerPool


class WorkerCheckRunner:
    """Assesses designs; `live` says whether the service is run as well.

    `workers` stay their giver's. A `server` that is given does, too: `close` leaves it.
    """

    def __init__(self, workers: WorkerPool, *, server: SharedServer | None = None, live: bool = False) -> None:
        self._workers, self._live = workers, live
        self._server, self._lent = server or SharedServer(), server is not None
        self._runs = ServiceRuns()

    async def assess_design(
        self, blueprint: Blueprint, brief: Brief, reading: ReadingResult, scores: Sequence[tuple[str, str]],
        *, thorough: bool, tell: Tell,
    ) -> Assessment:  # fmt: skip
        """Render a design and run every check on it; `scores` are keys and names, `tell` is told how far it is.

        Raises:
            WorkerFailed: the process that checks broke; a check that breaks is "not measured" instead.
        """
        async with self._postgres(tell) as client:
            files = await self._workers.run_telling(
                worker_calls.check_files, blueprint, brief, reading, client, tell=tell
            )
        found: Live = NOT_RUN
        if files.not_rendered:
            found = not_rendered(files.not_rendered)
        elif self._live:
            found = await self._runs.found(blueprint, thorough=thorough, tell=tell)
        checks = (*files.checks, *await self._workers.run(worker_calls.check_service, blueprint, brief, found))
        return Assessment(
            artefacts=files.artefacts, checks=checks, scorecard=scorecard(checks, scores), tools=files.tools,
            complete=thorough or not self._live or bool(files.not_rendered),
        )  # fmt: skip

    async def close(self) -> None:
        """Stop the server unless it was given."""
        if not self._lent:
            await asyncio.to_thread(self._server.close)

    @asynccontextmanager
    async def _postgres(self, tell: Tell) -> AsyncIterator[PostgresClient | PostgresUnavailable]:
        """Lend what connects to the PostgreSQL, or the reason why there is none."""
        lent = self._server.use()
        try:
            async with telling(tell, lambda: "the PostgreSQL of the checks starts", at_once=not self._server.running):
                client = (await asyncio.to_thread(lent.__enter__)).client()
        except PostgresUnavailable as reason:
            yield reason
            return
        try:
            yield client
        finally:
            lent.__exit__(None, None, None)
