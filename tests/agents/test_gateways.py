"""Money and time hold behind any gateway: one that counts nothing, one that drips, one that is never free."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.agent.config import ClaudeConfig
from bot.devtools.local_model import Break, Fault, Reply, Script
from bot.domain.errors import ConfigurationError
from bot.services.designer import RunParked
from tests.agents.samples import NOW, proposal, session, stage, steady
from tests.artefacts.blueprints import shop, tiny


def uncounted(how: Any) -> Any:
    """A gateway that reports its usage so."""

    def answer(body: Any) -> Reply:
        told = steady(body)
        return Reply(content=told.content, stop=told.stop, usage=how)

    return answer


@pytest.mark.parametrize("how", ["zero", "missing"])
async def test_usage_that_is_not_reported_is_estimated_and_says_so(how: str) -> None:
    """Input and output are counted by their lengths, money is booked, and each such call is marked."""
    run, exact = session(), session()
    async with stage(uncounted(how)) as (_, claude):
        await claude.design(run)
    async with stage(steady) as (_, claude):
        await claude.design(exact)
    for call, other in zip(run.calls.values(), exact.calls.values(), strict=True):
        assert call["usage"]["estimated_calls"] == 1 and "estimated_calls" not in other["usage"]
        assert call["usage"]["input_tokens"] > 5_000
        assert call["usage"]["output_tokens"] == pytest.approx(other["usage"]["output_tokens"], rel=0.2)
        assert call["usd"] > 0


async def test_the_budget_is_met_although_nobody_counts() -> None:
    """A gateway without usage cannot spend without end: the estimate is money like any other."""
    run = session(budget=0.2)
    big = proposal(shop())
    answer = Reply(content=big.content * 1, stop="tool_use", usage="missing")
    async with stage(lambda _: answer, proposals=50) as (model, claude):
        with pytest.raises(RunParked) as parked:
            await claude.design(run)
        assert parked.value.kind == "budget" and 1 < len(model.calls) < 12
    assert 0.05 < await run.spent_usd() <= 0.2


async def test_a_part_of_an_uncounted_answer_is_booked() -> None:
    """What broke off before the end was written and paid for all the same."""
    whole = proposal(tiny())
    cut = Reply(content=whole.content, stop="tool_use", usage="missing", breaks=Break(how="reset", after=5))
    run = session()
    async with stage(Script(steady, {0: [cut]})) as (_, claude):
        await claude.design(run)
    assert run.calls["cl_0"]["usd"] > 0 and run.calls["cl_0"]["usage"]["estimated_calls"] == 1


async def test_an_answer_that_drips_is_cut_and_parks_the_run() -> None:
    """A character now and then keeps a connection alive for ever; a whole call has a limit, and another try a wait."""
    whole = proposal(tiny())
    drip = Reply(content=whole.content, stop="tool_use", pace=0.2, piece=1)
    run = session()
    async with stage(Script(steady, {0: [drip]}), call_seconds=1.0, read_timeout=20.0) as (_, claude):
        with pytest.raises(RunParked, match="longer than 1 s for one answer") as parked:
            await claude.design(run)
        assert parked.value.until == NOW + timedelta(seconds=600) and parked.value.kind == "busy"
        assert run.outcomes == ["TooSlow"] and run.calls["cl_0"]["usd"] > 0
        await claude.design(run)
    assert run.outcomes == ["TooSlow", "tool_use", "end_turn"]


async def test_a_storm_of_overload_parks_until_a_time_that_is_said() -> None:
    """Five tries, then a pause with its end; whatever was asked for, no worker is held."""
    naps: list[float] = []

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    storm = [Fault(status=529, type="overloaded_error")] * 5
    async with stage(Script(steady, {0: storm}), sleep=nap) as (_, claude):
        with pytest.raises(RunParked) as parked:
            await claude.design(session())
    assert parked.value.until == NOW + timedelta(seconds=600) and len(naps) == 4


@pytest.mark.parametrize("which", ["model", "reader"])
def test_a_model_without_a_price_names_the_setting(which: str) -> None:
    """At the start, not at the first call: what is missing, and how to write it."""
    with pytest.raises(ConfigurationError) as refused:
        ClaudeConfig(**{which: "house-model"})  # type: ignore[arg-type]
    for words in ("house-model", "EIPAS_MODEL_PRICES=house-model=INPUT/OUTPUT", "EIPAS_MODEL_PRICES_OF"):
        assert words in refused.value.message
