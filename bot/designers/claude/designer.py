"""Claude behind the designers' port."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

from bot.designers.claude.calls import Caller, Ledger
from bot.designers.claude.client import Client, connect
from bot.designers.claude.config import ClaudeConfig
from bot.designers.claude.cost import run_estimate, tokens_by_length
from bot.designers.claude.documents import brief_documents
from bot.designers.claude.frame import prompt
from bot.designers.claude.loop import NAME, drive
from bot.designers.claude.questions import specific_questions
from bot.domain.blueprint import Blueprint
from bot.domain.design import Brief, Design
from bot.services.designing import DesignSession

_USUAL_TURNS: Final = 7
"""Reading, a proposal, its findings, a better proposal, the review: what a run usually takes, with one repair."""


class ClaudeDesigner:
    """See `bot.services.designing.Designer`. The SDK is imported when the first run needs it, not before."""

    name = NAME

    def __init__(
        self,
        config: ClaudeConfig,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.config = config
        self.model: str | None = config.model
        self._caller = Caller(config, self._connected, clock, sleep)
        self._client: Client | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connecting = asyncio.Lock()

    async def design(self, session: DesignSession) -> Design:
        """Design, or raise RunParked / DesignFailed; called again with a session, go on where its record ends."""
        return await drive(session, self.config, self._caller)

    async def specific_questions(self, brief: Brief, ledger: Ledger) -> tuple[tuple[str, str, str], ...]:
        """Return (key, question, why) of up to five questions made for this idea. Raises RunParked, DesignFailed."""
        return await specific_questions(brief, ledger, self.config, self._caller)

    def estimate(self, brief: Brief) -> float:
        """Return what a run may cost, in US dollars: tokens by length, a usual number of turns, nobody asked."""
        own = tokens_by_length([Blueprint.model_json_schema(), prompt("designer"), prompt("task")])
        prefix = own + tokens_by_length(brief_documents(brief, self.config))
        price = self.config.prices.of(self.config.model)
        return run_estimate(prefix, self.config.expected_output, _USUAL_TURNS, price)

    async def close(self) -> None:
        """Close the connections; the next run opens new ones."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _connected(self) -> Client:
        loop = asyncio.get_running_loop()
        async with self._connecting:
            # Connections belong to the loop they were opened on.
            if self._client is None or self._loop is not loop:
                self._client, self._loop = await connect(self.config), loop
            return self._client
