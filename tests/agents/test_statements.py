"""Every statement is accounted for: by what parts cite, and by what the checks found in what was rendered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.agent.statements import Shortcoming, beside
from bot.devtools.local_model import Script, end
from bot.domain.evidence import Assessment, Check, Compared, Fulfilment, Measure, Outcome
from bot.domain.facts import Standing
from bot.roles.backend_developer.blueprint import Blueprint
from tests.agents.accounted import PROFILE, accounting, saying, shown
from tests.agents.memory_session import check, measured
from tests.agents.samples import last_results, proposal, review, session
from tests.artefacts.blueprints import shop

BRIEF = saying(
    database_schema="Order has a status (draft, paid or sent). No Stripe.", api_design="GET /refunds lists refunds."
)


def compared(statement: str, gap: str) -> Assessment:
    one = Compared(statement=statement, text="…", outcome=Fulfilment.NOT_DONE, gap=gap)
    fit: Check = replace(check("database.fit", Outcome.FAILED), measures=Measure.FIT, share=0.0, compared=(one,))
    return measured(fit, overall=40)


async def ids() -> dict[str, str]:
    assert PROFILE.reader is not None
    said = await PROFILE.reader.said(BRIEF)
    return {" ".join(one.text.split())[:12]: one.id for one in said.statements if one.standing is Standing.UNDERSTOOD}


async def left(plan: Blueprint, assessment: Assessment) -> dict[str, Shortcoming]:
    assert PROFILE.reader is not None
    return {one.statement: one for one in await PROFILE.reader.account(BRIEF, plan, assessment)}


def citing(statement: str, **changes: Any) -> Blueprint:
    """A shop whose status cites a statement."""
    plan = shop(**changes).model_dump(mode="json")
    status = plan["entities"][2]["fields"][0]
    status["cites"] = [statement]
    return Blueprint.model_validate(plan)


async def test_what_no_part_cites_and_nothing_declines_is_left() -> None:
    """A statement that the design does not speak of is named with the place where its part would be."""
    known = await ids()
    found = await left(shop(), measured(check("x")))
    refunds = found[known["GET /refunds"]]
    assert refunds.at == "operations" and "no part cites it" in refunds.problem


async def test_a_part_that_cites_has_to_do_what_was_said() -> None:
    """Citing is a claim; what the checks compared decides, and the finding stands beside the value."""
    statement = (await ids())["Order has a "]
    gap = "Order.status takes draft, paid and not draft, paid, sent"
    found = await left(citing(statement), compared(statement, gap))
    assert found[statement].problem == gap and found[statement].at == "entities/Order/fields/status"
    told = beside(found[statement], shop().model_dump(mode="json"), PROFILE.keys)
    assert told["at"] == "entities/Order/fields/status" and '"values": ["draft", "paid"]' in told["is"]
    assert statement not in await left(citing(statement), measured(check("x")))


async def test_what_is_declined_needs_a_reason() -> None:
    """Leaving something out is an answer only with its why."""
    refunds = (await ids())["GET /refunds"]
    bare = shop(declined=[{"what": "Refunds", "cites": [refunds]}])
    reasoned = shop(declined=[{"what": "Refunds", "why": "Next year.", "cites": [refunds]}])
    assert "without a reason" in (await left(bare, measured(check("x"))))[refunds].problem
    assert refunds not in await left(reasoned, measured(check("x")))


async def test_an_invented_citation_is_found() -> None:
    """A statement that nobody made cannot be cited."""
    assert (
        "there is no such statement" in (await left(citing("s_invented"), measured(check("x"))))["s_invented"].problem
    )


async def test_the_model_is_told_beside_the_wrong_value() -> None:
    """The result of a proposal has each statement that is not done, with address, value and problem."""
    statement = (await ids())["Order has a "]
    run = session(BRIEF, assessor=lambda _: compared(statement, "Order.status takes no sent"))
    script = Script(lambda _: end(review()), {0: [proposal(citing(statement))]})
    async with accounting(script, critique=False, reads=0) as (model, claude):
        await claude.design(run)
        told = last_results(model.calls[1].body)[0]
        assert statement in shown(model.calls[0].body, "eipas:statements")
    (wrong,) = [one for one in told["not_done"] if one["statement"] == statement]
    assert wrong["at"] == "entities/Order/fields/status" and wrong["problem"] == "Order.status takes no sent"
    assert wrong["is"].startswith("{") and told["statements_not_done"] == len(told["not_done"])


@pytest.mark.parametrize("at", ["entities/Nothing/fields", "no/such/place"])
async def test_where_nothing_is_that_is_said(at: str) -> None:
    """A part that is missing has no value to stand beside."""
    one = Shortcoming(statement="s1", text="T", problem="P", at=at)
    assert beside(one, shop().model_dump(mode="json"), PROFILE.keys)["is"] == "nothing is there"
