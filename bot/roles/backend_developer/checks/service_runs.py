"""Runs of the rendered service for a check runner: one at a time, nothing tried twice."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Final

from bot.evidence.checks import Unmeasurable
from bot.evidence.progress import Tell
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks.live.outcome import Findings, Live
from bot.roles.backend_developer.checks.live.phases import ALL, QUICK
from bot.roles.backend_developer.checks.live.runs import run_service

_REMEMBERED: Final = 4
"""So many designs' quick probes are kept: the rest of the evidence is added to them, and nothing is tried twice."""


class ServiceRuns:
    """Runs services in processes of their own and remembers the quick probes of the last few designs."""

    def __init__(self) -> None:
        self._quick: OrderedDict[str, Findings] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()  # two at once would measure each other's load

    async def found(self, blueprint: Blueprint, *, thorough: bool, tell: Tell) -> Live:
        """Return what was found of a design's service, or why it could not be run."""
        try:
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


def not_rendered(reason: str) -> Unmeasurable:
    """Say that there is no service to run, and why."""
    return Unmeasurable(reason=f"No service was rendered: {reason}")
