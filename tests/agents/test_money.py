"""What a run costs, what it is expected to cost, and where it stops."""

from __future__ import annotations

from datetime import date

import pytest

from bot.agent.config import PRICES, PriceList, priced
from bot.agent.cost import cost
from bot.agent.designer import ClaudeDesigner
from bot.devtools.local_model import LocalModel
from bot.domain.errors import ConfigurationError
from bot.roles.backend_developer.designers.claude import BACKEND
from bot.services.designer import RunParked
from tests.agents.samples import BRIEF, config, session, stage, steady


async def test_a_used_up_budget_parks_the_run_until_people_raise_it() -> None:
    """No call is made that does not fit; the run says so and goes on where it was once the budget is raised."""
    run = session(budget=0.0001)
    async with stage(steady) as (model, claude):
        with pytest.raises(RunParked) as parked:
            await claude.design(run)
        assert parked.value.kind == "budget" and parked.value.until is None
        assert "$0.00 is used up" in parked.value.reason and "may raise it" in parked.value.reason
        assert model.calls == [] and run.calls == {}
        run.budget = 5.0
        await claude.design(run)
    assert run.outcomes == ["tool_use", "end_turn"]


async def test_people_are_warned_near_the_end_of_the_budget() -> None:
    """From 80 % on the live progress says how much is used."""
    run = session(budget=1.0)
    run.calls["cl_earlier"] = {"outcome": "end_turn", "estimate": 0.0, "usd": 0.81}
    async with stage(steady) as (_, claude):
        await claude.design(run)
    title, _, detail = run.tasks["budget"]
    assert title.endswith("% of the budget is used") and detail.startswith("$0.8") and detail.endswith("of $1.00")


def test_money_follows_the_dated_list() -> None:
    """Each kind of token has its price; the cache's writes cost 1.25 and 2 times the input."""
    price = PRICES.of("anthropic.claude-sonnet-5-5-v1:0")
    usage = {"input_tokens": 1_000_000, "output_tokens": 1_000_000}
    assert cost(usage, price) == pytest.approx(12.0)
    written = {"cache_write_5m_tokens": 1_000_000, "cache_write_1h_tokens": 1_000_000}
    assert cost(written, price) == pytest.approx(2.5 + 4.0)
    assert cost({"cache_read_input_tokens": 1_000_000}, price) < 0.5


def test_the_longest_name_in_the_price_list_wins() -> None:
    """A family's price and that of one of its models can stand side by side; an unknown model has none."""
    prices = PriceList(
        as_of=date(2026, 1, 1), prices=(priced("m", input=1, output=1), priced("m-2", input=2, output=2))
    )
    assert prices.of("m-2-latest").input == 2
    with pytest.raises(ConfigurationError, match="2026-01-01"):
        prices.of("other")


async def test_the_estimate_before_the_go_is_of_the_right_size() -> None:
    """The estimate asks nobody and is cautious: a short run costs less, and none of the usual ones twice as much."""
    async with LocalModel(steady) as model:
        claude = ClaudeDesigner(config(model), BACKEND)
        estimate = claude.estimate(BRIEF)
        assert model.calls == []
        design = await claude.design(session())
        await claude.close()
    assert 0.01 < estimate < 5
    assert 0 < design.usage["usd"] < estimate * 2
