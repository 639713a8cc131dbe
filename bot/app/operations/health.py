"""Whether the process lives, and whether it can do its work: for the platform that runs it."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import structlog

from bot.domain.errors import EipasError, Replayed
from bot.services.ports import Database

log = structlog.get_logger(__name__)
Probe = Callable[[], Awaitable[str]]
"""Says what is wrong, in words; empty if nothing."""

FRESH_S = 10.0
"""How long an answer about readiness is given again: probes are cheap, and several may ask."""


class Health:
    """Answers `/healthz` and `/readyz`. `probes` are asked for readiness; while `draining` it is never ready."""

    def __init__(self, probes: Mapping[str, Probe], clock: Callable[[], float] = time.monotonic) -> None:
        self._probes, self._clock = probes, clock
        self._found: dict[str, str] = {}
        self._until = 0.0
        self.draining = False

    async def alive(self) -> tuple[int, str, bytes]:
        """Answered at all means that the event loop turns."""
        return HTTPStatus.OK, "text/plain", b"alive\n"

    async def ready(self) -> tuple[int, str, bytes]:
        """200 if every part can work, else 503 with what cannot."""
        if self._clock() >= self._until:
            self._found = {name: await _ask(name, probe) for name, probe in self._probes.items()}
            self._until = self._clock() + FRESH_S
        found = {**self._found, "shutdown": "the bot is stopping"} if self.draining else self._found
        ready = not any(found.values())
        body = {"ready": ready, "parts": {name: words or "ok" for name, words in found.items()}}
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        return status, "application/json", json.dumps(body).encode()


async def _ask(name: str, probe: Probe) -> str:
    try:
        return await probe()
    except EipasError as error:
        return error.message
    except Exception as error:
        # A probe that breaks is an answer: not ready. The log has the trace.
        log.exception("probe_failed", part=name)
        return type(error).__name__


def writable(database: Database, clock: Callable[[], float] = time.time) -> Probe:
    """Probe that really writes, for an empty commit succeeds on a full disk: a row in the inbox per ten seconds."""

    async def probe() -> str:
        try:
            await database.transaction(lambda _tx: None, delivery=f"ready:{int(clock() // FRESH_S)}")
        except Replayed:
            return ""
        return ""

    return probe
