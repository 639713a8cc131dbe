"""Tokens into money. Prices are dated configuration; usage is what the API reported, estimates say that they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from bot.agent.config import Price

if TYPE_CHECKING:
    from anthropic.types import Usage

CHARACTERS_PER_TOKEN = 4
"""English and JSON come out near four; used only where no count was or can be had."""

_MILLION = 1_000_000


INPUT_KINDS: Final = ("input_tokens", "cache_read_input_tokens", "cache_write_1h_tokens", "cache_write_5m_tokens")
"""What a usage says of the input; a service that says none of them does not count."""


def usage_of(usage: Usage | None) -> dict[str, int]:
    """Return the billed token counts of a message's usage, the cache's writes by lifetime; none where there is none."""
    if usage is None:
        return {}
    written = getattr(usage, "cache_creation_input_tokens", None) or 0
    lives = getattr(usage, "cache_creation", None)
    long = lives.ephemeral_1h_input_tokens if lives else 0
    return {
        "input_tokens": getattr(usage, "input_tokens", None) or 0,
        "output_tokens": getattr(usage, "output_tokens", None) or 0,
        "cache_read_input_tokens": getattr(usage, "cache_read_input_tokens", None) or 0,
        "cache_write_1h_tokens": long,
        "cache_write_5m_tokens": max(0, written - long),
    }


def cost(usage: Mapping[str, int], price: Price) -> float:
    """Return what `usage` (as by `usage_of`) costs, in US dollars."""
    total = (
        usage.get("input_tokens", 0) * price.input
        + usage.get("output_tokens", 0) * price.output
        + usage.get("cache_read_input_tokens", 0) * price.cache_read
        + usage.get("cache_write_5m_tokens", 0) * price.cache_write_5m
        + usage.get("cache_write_1h_tokens", 0) * price.cache_write_1h
    )
    return total / _MILLION


def tokens_by_length(value: Any) -> int:
    """Return a rough count of the tokens of a JSON value."""
    return len(json.dumps(value, ensure_ascii=False)) // CHARACTERS_PER_TOKEN


def call_estimate(input_tokens: int, output_tokens: int, price: Price) -> float:
    """Return what one call may cost if nothing of its input is cached: the cautious side."""
    return (input_tokens * price.input + output_tokens * price.output) / _MILLION


def run_estimate(prefix_tokens: int, output_tokens: int, turns: int, price: Price) -> float:
    """Return what a run of `turns` may cost: its documents are written to the cache once and read back each turn.

    What the model wrote in earlier turns is read back, too; half of it on average.
    """
    reads = prefix_tokens * (turns - 1) + output_tokens * turns * (turns - 1) / 2
    written = prefix_tokens * price.cache_write_1h + output_tokens * turns * price.cache_write_5m
    return (written + reads * price.cache_read + output_tokens * turns * price.output) / _MILLION
