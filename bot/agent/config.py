"""What the composition root decides about the model: which, where, how much, at what price."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.domain.errors import ConfigurationError

Provider = Literal["anthropic", "bedrock", "vertex", "foundry"]
Effort = Literal["low", "medium", "high", "xhigh", "max"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """US dollars per million tokens of the models whose id contains `model`: providers put more words around it."""

    model: str
    input: float
    output: float
    cache_read: float
    cache_write_5m: float
    cache_write_1h: float


def priced(model: str, *, input: float, output: float, cache_read: float | None = None) -> Price:
    """Return a price with the cache at the makers' factors: a write costs 1.25 (5 min) or 2 times (1 h) the input.

    A read costs "far below the input price"; where nobody says how far, a tenth is booked, which is the cautious side.
    """
    read = input / 10 if cache_read is None else cache_read
    return Price(
        model=model, input=input, output=output, cache_read=read, cache_write_5m=input * 1.25, cache_write_1h=input * 2
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """Prices as they were on a day. Money booked is only as right as this list, so every surface can name its date."""

    as_of: date
    prices: tuple[Price, ...]

    def of(self, model: str) -> Price:
        """Return the price of a model, the longest match winning. Raises ConfigurationError if none is known."""
        matches = sorted((p for p in self.prices if p.model in model), key=lambda p: len(p.model))
        if not matches:
            raise ConfigurationError(
                problem=f"there is no price for the model “{model}” in the list of {self.as_of.isoformat()}",
                mend=f"Without one no budget could be kept. Set EIPAS_MODEL_PRICES={model}=INPUT/OUTPUT, in US dollars "
                "per million tokens, and EIPAS_MODEL_PRICES_OF to the day they are of, as 2026-10-21.",
            )
        return matches[-1]


PRICES = PriceList(
    as_of=date(2026, 10, 21),
    prices=(
        priced("claude-opus-5-5", input=4.0, output=20.0),
        priced("claude-sonnet-5-5", input=2.0, output=10.0),
        priced("claude-haiku-5-5", input=0.10, output=0.50),
    ),
)
"""The makers' list on the day of the API version that this code speaks."""


def price_list(lines: Iterable[str], as_of: date | None) -> PriceList:
    """Return the built-in list with prices as `model=input/output[/cache read]` in place of its own, or beside them.

    Raises:
        ConfigurationError: a line is no such price, or nobody says of which day they are.
    """
    own = [_parsed(line) for line in lines]
    if not own:
        return PRICES
    if as_of is None:
        raise ConfigurationError(
            problem="EIPAS_MODEL_PRICES has no date", mend="Set EIPAS_MODEL_PRICES_OF to the day they are of."
        )
    replaced = {price.model for price in own}
    return PriceList(as_of=as_of, prices=(*(p for p in PRICES.prices if p.model not in replaced), *own))


def _parsed(line: str) -> Price:
    name, _, amounts = line.partition("=")
    try:
        numbers = [float(amount) for amount in amounts.split("/")]
    except ValueError:
        numbers = []
    usable = len(numbers) in (2, 3) and all(math.isfinite(n) and n >= 0 for n in numbers)
    if not name.strip() or not usable:
        raise ConfigurationError(
            problem=f"“{line[:80]}” in EIPAS_MODEL_PRICES is no price", mend="Write it as model=4/20 or model=4/20/0.4."
        )
    return priced(name.strip(), input=numbers[0], output=numbers[1], cache_read=numbers[2] if numbers[2:] else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaudeConfig:
    """Everything the designer needs to know. Durations are in seconds, sizes of documents in characters.

    `max_tokens` is the room of the first try of a turn, doubled up to `max_tokens_ceiling` when an answer was cut.
    `expected_output` is what a turn is taken to write when money is estimated. `warn_share` of the budget used shows a
    warning. `attempts` tries are made before a run parks for `park_for`; no wait above `longest_wait` is slept through.
    A whole call may take `call_seconds`, however busily it streams.

    `reader` is the model that reads what rules could not, "" for `model`; it is given at most `reads` statements.
    `candidates` first proposals are written and the best goes on; with `critique` the result is read afresh once.
    """

    model: str = "claude-opus-5-5"
    provider: Provider = "anthropic"
    api_key: str = field(default="", repr=False)
    base_url: str = ""
    region: str = ""
    project: str = ""
    resource: str = ""
    effort: Effort = "medium"
    prices: PriceList = PRICES
    warn_share: float = 0.8
    max_tokens: int = 32_000
    max_tokens_ceiling: int = 128_000
    expected_output: int = 8_000
    connect_timeout: float = 5.0
    read_timeout: float = 120.0
    call_seconds: float = 1_800.0
    attempts: int = 5
    first_backoff: float = 0.5
    longest_wait: float = 60.0
    park_for: float = 600.0
    pulse: float = 1.0
    proposals: int = 6
    repairs: int = 2
    proposal_repairs: int = 4
    asks: int = 2
    turns: int = 40
    document_limit: int = 40_000
    documents_limit: int = 200_000
    statements_limit: int = 120_000
    page: int = 20_000
    reader: str = ""
    reads: int = 200
    candidates: int = 1
    critique: bool = True

    def __post_init__(self) -> None:
        for name in (self.model, self.reader or self.model):
            self.prices.of(name)
