"""Typed edits: they do what they say at the place they name, all of them or none, and cost little."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agent.edits import Edits, EditsRefused, apply, between, look_up
from bot.agent.proposals import plain_of
from bot.agent.script import Body
from bot.devtools.local_model import Reply, Script, end
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.designers.claude import BACKEND
from bot.roles.backend_developer.scripted_model import play
from tests.agents.sample_brief import rejection, sample
from tests.agents.samples import BRIEF, calling, last_results, proposal, review, session, stage, steady
from tests.artefacts.blueprints import shop, tiny

KEYS = BACKEND.keys


def edited(plan: Blueprint, *edits: dict[str, Any]) -> Blueprint:
    made = apply(plain_of(plan), Edits.model_validate({"edits": list(edits)}).edits, KEYS)
    return Blueprint.model_validate(made)


def test_a_part_is_added_changed_removed_and_moved_by_its_address() -> None:
    """Each kind of edit reaches exactly the part that its address names."""
    plan = edited(
        shop(),
        {"op": "add", "at": "entities/Tag/fields", "value": {"name": "color", "type": "string"}},
        {"op": "change", "at": "entities/Order/fields/status", "value": {"values": ["draft", "paid", "sent"]}},
        {"op": "change", "at": "operations/read_line/roles", "value": ["member"]},
        {"op": "change", "at": "auth/multi_factor", "value": False},
        {"op": "remove", "at": "relations/User.badge"},
        {"op": "move", "at": "entities/Order/fields/due_on", "to": "entities/Line/fields"},
    )
    fields = {(e.name, f.name): f for e in plan.entities for f in e.fields}
    assert ("Tag", "color") in fields and fields["Order", "status"].values == ("draft", "paid", "sent")
    assert ("Order", "due_on") not in fields and ("Line", "due_on") in fields
    assert next(o for o in plan.operations if o.id == "read_line").roles == ("member",)
    assert not plan.auth.multi_factor and "badge" not in {r.name for r in plan.relations}


def test_null_takes_a_property_back_to_its_default() -> None:
    """A property that was set wrongly can be taken back without knowing what it is by default."""
    plan = edited(shop(), {"op": "change", "at": "entities/Order/fields/due_on", "value": {"required": None}})
    assert next(f for e in plan.entities for f in e.fields if f.name == "due_on").required


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({"op": "remove", "at": "entities/Ordr"}, "there is no Ordr; there is Order"),
        ({"op": "add", "at": "entities/Order", "value": {}}, "is no list"),
        ({"op": "remove", "at": "relations/Order"}, "there is no Order"),
        ({"op": "remove", "at": "budgets/latency_p95/value/x"}, "has no parts"),
        ({"op": "remove", "at": "operations/read_line/summary/x"}, "has no parts"),
        ({"op": "remove", "at": "tenant"}, "there is no such part"),
        ({"op": "change", "at": "nowhere/at/all", "value": 1}, "there is nothing at nowhere"),
    ],
)
def test_what_is_not_there_is_said_with_what_is_near(edit: dict[str, Any], words: str) -> None:
    """An address that leads nowhere is refused in words that help, and nothing is changed."""
    before = plain_of(shop())
    kept = json.dumps(before)
    with pytest.raises(EditsRefused, match=r"edit 2 \(") as refused:
        apply(before, Edits.model_validate({"edits": [{"op": "remove", "at": "stack/cache"}, edit]}).edits, KEYS)
    assert words in str(refused.value) and json.dumps(before) == kept


def test_two_parts_with_one_key_are_told_apart_by_their_places() -> None:
    """Where a key is not enough, the refusal names the places, and a place is taken as an address."""
    same = [{"entity": "Order", "kind": "other", "text": text} for text in ("One", "Two")]
    plan = shop(rules=same)
    with pytest.raises(EditsRefused, match="name one by its place, #1, #2"):
        edited(plan, {"op": "remove", "at": "rules/Order.other"})
    assert [rule.text for rule in edited(plan, {"op": "remove", "at": "rules/#1"}).rules] == ["Two"]


def test_a_key_may_hold_slashes() -> None:
    """Names of services and roles may hold what separates addresses; the longest name that fits is meant."""
    down = {"purpose": "P", "method": "REST", "on_failure": "Wait."}
    plan = shop(integrations=[{"service": "CI", **down}, {"service": "CI/CD", **down}])
    left = edited(plan, {"op": "remove", "at": "integrations/CI/CD"})
    assert [one.service for one in left.integrations] == ["CI"]


PLANS = (
    shop(),
    tiny(),
    shop(budgets=[], roles=[{"name": "admin", "description": "Other."}, {"name": "member", "description": "Uses it."}]),
)


@given(st.sampled_from(PLANS), st.sampled_from(PLANS), st.data())
@settings(max_examples=60, deadline=None)
def test_edits_between_two_blueprints_make_the_one_of_the_other(
    old: Blueprint, new: Blueprint, data: st.DataObject
) -> None:
    """Whatever differs, the edits lead there, but for the order of items; between equals there are none."""
    kept = data.draw(st.lists(st.sampled_from(new.entities[0].fields), unique_by=lambda f: f.name))
    goal = plain_of(new)
    goal["entities"][0]["fields"] = [plain_of(field) for field in kept]  # type: ignore[arg-type]
    edits = Edits.model_validate({"edits": found}).edits if (found := between(plain_of(old), goal, KEYS)) else ()
    made = apply(plain_of(old), edits, KEYS)
    assert between(made, goal, KEYS) == []


async def test_an_edit_makes_the_next_proposal() -> None:
    """The model sends what changes; what is checked and kept is the whole, also for a run that is resumed."""
    wanted = {"op": "add", "at": "entities/Note/fields", "value": {"name": "title", "type": "string"}}
    run = session()
    script = Script(steady, {0: [proposal(tiny())], 1: [calling("edit_blueprint", edits=[wanted])]})
    async with stage(Script(lambda _: end(review()), script.before)) as (model, claude):
        design = await claude.design(run)
        told = last_results(model.calls[2].body)[0]
    assert [f.name for f in design.proposal.entities[0].fields] == ["body", "title"]
    assert told["accepted"] and len(run.assessed) == 2
    async with stage(steady) as (_, again):
        assert (await again.design(run)).proposal == design.proposal


async def test_two_edits_in_one_turn_follow_upon_each_other() -> None:
    """The second is made to what the first one made, although both stand in one answer."""
    uses = tuple(
        calling(
            "edit_blueprint", edits=[{"op": "add", "at": "entities/Note/fields", "value": {"name": n, "type": "text"}}]
        ).content[1]
        for n in ("a", "b")
    )
    both = Reply(content=uses, stop="tool_use")
    async with stage(Script(lambda _: end(review()), {0: [proposal(tiny())], 1: [both]})) as (_, claude):
        design = await claude.design(session())
    assert [f.name for f in design.proposal.entities[0].fields] == ["body", "a", "b"]


async def test_an_edit_before_any_proposal_is_of_the_previous_iteration() -> None:
    """In a second iteration what nobody objected to is not written again; in the first there is nothing to edit."""
    change = calling("edit_blueprint", edits=[{"op": "change", "at": "title", "value": "Notes"}])
    async with stage(Script(lambda _: end(review()), {0: [change]})) as (_, claude):
        design = await claude.design(session(replace(BRIEF, iteration=2, previous=tiny())))
    assert design.proposal == tiny().model_copy(update={"title": "Notes"})
    run = session()
    async with stage(Script(steady, {0: [change], 1: [proposal(tiny())]})) as (_, claude):
        await claude.design(run)
    assert "no blueprint to edit yet" in (await run.steps())[2]["content"][0]["content"]


async def test_what_an_edit_breaks_is_said_beside_the_value() -> None:
    """The problem names the address, what stands there and why it cannot; nothing of the edit is kept."""
    wrong = calling("edit_blueprint", edits=[{"op": "change", "at": "entities/Note/fields/body/type", "value": "txt"}])
    run = session()
    async with stage(Script(lambda _: end(review()), {0: [proposal(tiny())], 1: [wrong]})) as (_, claude):
        design = await claude.design(run)
    said = (await run.steps())[4]["content"][0]["content"]
    assert said.startswith("entities/Note/fields/body/type is 'txt': Input should be") and design.proposal == tiny()


async def test_a_mend_of_the_sample_costs_a_tenth_of_a_proposal() -> None:
    """Measured on the stand-in: the call that edits writes at most a tenth of what the whole proposal took."""
    first = session(sample())
    async with stage(play, pulse=0.02) as (model, claude):
        design = await claude.design(first)
        whole = max(call.usage["output_tokens"] for call in model.calls)
    wish = replace(sample(), iteration=2, previous=design.proposal, feedback=(rejection(),))
    async with stage(play) as (model, claude):
        again = await claude.design(session(wish))
        sizes = {kind_of(call.body, call.reply): call.usage["output_tokens"] for call in model.calls if call.reply}
    assert again.proposal != design.proposal
    assert sizes["edit_blueprint"] * 10 <= whole, (sizes, whole)
    assert "propose_blueprint" not in sizes


async def test_two_iterations_of_the_sample_cost_less_than_half() -> None:
    """Against a designer that writes every property of the whole blueprint in each iteration, as ours once did."""
    before = written = 0
    brief = sample()
    for number in (1, 2):
        async with stage(play) as (model, claude):
            design = await claude.design(session(brief))
            written += sum(call.usage["output_tokens"] for call in model.calls)
        before += len(json.dumps(design.proposal.model_dump(mode="json"), ensure_ascii=False)) // 4
        brief = replace(brief, iteration=number + 1, previous=design.proposal, feedback=(rejection(),))
    assert written * 2 <= before, (written, before)


def kind_of(_: Body, reply: Reply) -> str:
    return next((block["name"] for block in reply.content if block["type"] == "tool_use"), reply.stop)


def test_an_address_is_looked_up_as_it_is_edited() -> None:
    """What findings are written beside is found by the same addresses."""
    data = plain_of(shop())
    assert look_up(data, "entities/Order/fields/status/values", KEYS) == ["draft", "paid"]
    with pytest.raises(KeyError):
        look_up(data, "entities/Order/fields/nothing", KEYS)
