"""The budget: looked at before each call, warned about near its end, and never overrun knowingly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.agent.config import ClaudeConfig
from bot.agent.cost import call_estimate, tokens_by_length
from bot.services.designer import BUDGET_TASK, DesignSession, RunParked, TaskStatus

if TYPE_CHECKING:
    from bot.agent.client import Client


async def count_tokens(client: Client, request: Mapping[str, Any]) -> int:
    """Return the input tokens of a request as the service counts them; by length where it does not.

    Counting is free, so its failures are not worth a wait: the call itself will meet the same trouble.
    """
    import anthropic  # noqa: PLC0415 - loaded with the client
    import httpx2  # noqa: PLC0415

    countable = {key: value for key, value in request.items() if key != "max_tokens"}
    try:
        return (await client.messages.count_tokens(**countable)).input_tokens
    except (anthropic.AnthropicError, httpx2.TransportError, AttributeError):
        return tokens_by_length(countable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """The money of one evaluation, seen from one run."""

    session: DesignSession
    config: ClaudeConfig
    model: str

    async def clear(self, input_tokens: int) -> float:
        """Return the estimate of a call, in US dollars. Raises RunParked (kind "budget") if it does not fit."""
        estimate = call_estimate(input_tokens, self.config.expected_output, self.config.prices.of(self.model))
        spent, budget = await self.session.spent_usd(), await self.session.budget_usd()
        if spent + estimate > budget:
            raise RunParked(
                reason=f"The budget of ${budget:.2f} is used up: ${spent:.2f} spent, and the next call may "
                f"cost ${estimate:.2f}. An approver or the owner may raise it; everything done so far is kept.",
                kind="budget",
            )
        if spent >= budget * self.config.warn_share:
            share = f"{spent / budget:.0%} of the budget is used"
            await self.session.progress(BUDGET_TASK, share, TaskStatus.IN_PROGRESS, f"${spent:.2f} of ${budget:.2f}")
        return estimate
