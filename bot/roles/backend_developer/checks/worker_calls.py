"""What a check runner has computed in worker processes. Light to import: checks are loaded where they are called."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.design import Brief
from bot.domain.evidence import Artefact, Check
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.typed import previous_of

if TYPE_CHECKING:
    from bot.evidence.postgres import PostgresClient, PostgresUnavailable
    from bot.evidence.progress import Tell
    from bot.reading.read import ReadingResult
    from bot.roles.backend_developer.checks.live.outcome import Live
    from bot.roles.backend_developer.checks.runner import CheckRunner


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFiles:
    """What was rendered and what its checks found; `not_rendered` says why there is no service, if there is none."""

    artefacts: tuple[Artefact, ...]
    checks: tuple[Check, ...]
    tools: dict[str, str]
    not_rendered: str


def check_files(
    blueprint: Blueprint, brief: Brief, reading: ReadingResult, server: PostgresClient | PostgresUnavailable,
    *, tell: Tell,
) -> CheckedFiles:  # fmt: skip
    """Render a design and run the checks of its files and of the database on it."""
    from bot.evidence.sharing import LentServer  # noqa: PLC0415 - see above, as all that follow
    from bot.roles.backend_developer.checks.registry import versions  # noqa: PLC0415
    from bot.roles.backend_developer.checks.runner import CheckRunner  # noqa: PLC0415
    from bot.roles.backend_developer.checks.subject import Subject  # noqa: PLC0415
    from bot.roles.backend_developer.renderers.render import render  # noqa: PLC0415
    from bot.roles.backend_developer.renderers.service import reason_not_rendered  # noqa: PLC0415

    tell("the files are rendered")
    artefacts = render(blueprint, previous_of(brief))
    subject = Subject(artefacts=artefacts, blueprint=blueprint, brief=brief, reading=reading)

    runner = CheckRunner(server=LentServer(server))
    checks = asyncio.run(_closing(runner, runner.assess_files(subject, tell=tell)))
    reason = reason_not_rendered(blueprint)
    return CheckedFiles(artefacts=artefacts, checks=checks, tools=versions(), not_rendered=reason)


def check_service(blueprint: Blueprint, brief: Brief, found: Live) -> tuple[Check, ...]:
    """Run the checks of the service on what was found of it."""
    from bot.roles.backend_developer.checks.runner import CheckRunner  # noqa: PLC0415
    from bot.roles.backend_developer.checks.subject import Subject  # noqa: PLC0415

    runner = CheckRunner()
    subject = Subject(artefacts=(), blueprint=blueprint, brief=brief)
    return asyncio.run(_closing(runner, runner.assess_service(subject, found)))


async def _closing(runner: CheckRunner, checks: Awaitable[tuple[Check, ...]]) -> tuple[Check, ...]:
    try:
        return await checks
    finally:
        await runner.close()
