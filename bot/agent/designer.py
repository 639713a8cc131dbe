"""Claude behind the designers' port."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from bot.agent.calls import Caller
from bot.agent.client import Client, connect
from bot.agent.config import ClaudeConfig
from bot.agent.cost import run_estimate, tokens_by_length
from bot.agent.documents import brief_documents
from bot.agent.loop import NAME, drive
from bot.agent.preparing import read_for
from bot.agent.profile import Profile
from bot.agent.questions import specific_questions
from bot.domain.design import Brief, Design, ModelReading
from bot.domain.spending import Estimate
from bot.services.designer import DesignSession, Ledger

_USUAL_TURNS: Final = 7
"""Reading, a proposal, its findings, a better proposal, the review: what a run usually takes, with one repair."""


class ClaudeDesigner:
    """See `bot.services.designer.Designer`. The SDK is imported when the first run needs it, not before."""

    name = NAME

    def __init__(
        self,
        config: ClaudeConfig,
        profile: Profile[Any],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.config, self.profile = config, profile
        self.model: str | None = config.model
        self._caller = Caller(config, self._connected, clock, sleep)
        self._client: Client | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connecting = asyncio.Lock()

    async def design(self, session: DesignSession) -> Design:
        """Design, or raise RunParked / DesignFailed; called again with a session, go on where its record ends."""
        return await drive(session, self.config, self._caller, self.profile)

    async def specific_questions(self, brief: Brief, ledger: Ledger) -> tuple[tuple[str, str, str], ...]:
        """Return (key, question, why) of up to five questions made for this idea. Raises RunParked, DesignFailed."""
        return await specific_questions(brief, ledger, self.config, self._caller, self.profile)

    async def read_statements(self, brief: Brief, ledger: Ledger) -> tuple[ModelReading, ...]:
        """Return what a model reads in statements that no rule understood. Raises RunParked, DesignFailed."""
        return await read_for(brief, ledger, self.config, self._caller, self.profile)

    def estimate(self, brief: Brief) -> float:
        """Return what a run may cost, in US dollars: tokens by length, a usual number of turns, nobody asked."""
        shown = tokens_by_length(brief_documents(brief, self.config, self.profile.noun, self.profile.role))
        # Statements repeat what is shown, with their facts beside it; they are read when the run begins.
        prefix = _own_tokens(self.profile) + (shown if self.profile.reader is None else shown * 2)
        price = self.config.prices.of(self.config.model)
        turns = _USUAL_TURNS + self.config.candidates - 1 + bool(self.config.critique and self.profile.role)
        return run_estimate(prefix, self.config.expected_output, turns, price)

    def forecast(self, brief: Brief) -> Estimate:
        """Return the estimate with the model and the day of the prices that it is by."""
        return Estimate(model=self.config.model, usd=round(self.estimate(brief), 4), prices_of=self.config.prices.as_of)

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


@cache
def _own_tokens(profile: Profile[Any]) -> int:
    """Return the tokens of what every run begins with; building the schema takes longer than all else."""
    return tokens_by_length(
        [profile.proposal_type.model_json_schema(), profile.examples, profile.system(), profile.prompt("task")]
    )
