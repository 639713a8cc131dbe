"""The loop in which a model designs serves any role: what is the role's own comes as a profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from bot.agent.designer import ClaudeDesigner
from bot.agent.profile import Profile
from bot.agent.script import Body, end, turn_of, use
from bot.agent.script import Reply as Answer
from bot.devtools.local_model import LocalModel
from bot.domain.proposal import Proposal
from tests.agents.samples import BRIEF, NOW, config, review, session, thought


class Dish(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    price: float


class Menu(Proposal):
    dishes: tuple[Dish, ...]


def parts(menu: Menu) -> Mapping[str, str]:
    return {dish.name.lower(): dish.model_dump_json() for dish in menu.dishes}


@pytest.fixture
def profile(tmp_path: Path) -> Profile[Menu]:
    for name, words in {
        "designer": "You are a cook.", "task": "Iteration {iteration}: write the menu.",
        "questions": "Ask what a cook must know.", "tool_propose_menu": "Propose the whole menu.",
        "notes": "Guests wrote this.",
    }.items():  # fmt: skip
        (tmp_path / f"{name}.md").write_text(words)
    return Profile(
        noun="menu", proposal_type=Menu, prompts=tmp_path, size=lambda menu: f"{len(menu.dishes)} dishes", parts=parts
    )


def cook(body: Body) -> Answer:
    """Proposes a price that is none, then a menu, then sums up."""
    match turn_of(body):
        case 0:
            dishes = [{"name": "Soup", "price": "dear"}]
        case 1:
            dishes = [{"name": "Soup", "price": 4.5}]
        case _:
            return end(review())
    return Answer(content=(thought("I cook."), use("propose_menu", {"dishes": dishes})), stop="tool_use")


async def test_another_trade_designs_by_the_same_loop(profile: Profile[Menu]) -> None:
    """Tool, schema and prompts are the profile's; what is no menu is sent back; the design holds one."""
    run = session()
    async with LocalModel(cook) as model:
        claude = ClaudeDesigner(config(model), profile, clock=lambda: NOW)
        design = await claude.design(run)
        await claude.close()
    assert design.proposal == Menu(dishes=(Dish(name="Soup", price=4.5),))
    first = model.calls[0].body
    assert first["system"][0]["text"] == "You are a cook."
    assert "Iteration 1: write the menu." in str(first["messages"][0])
    tools = {tool["name"]: tool for tool in first["tools"]}
    assert sorted(tools) == ["ask_user", "propose_menu", "read_answers", "read_findings", "read_input"]
    assert "dishes" in tools["propose_menu"]["input_schema"]["properties"]
    assert any(detail.startswith("1 dishes") for _, _, detail in run.tasks.values())


async def test_a_role_words_what_it_wants_otherwise(profile: Profile[Menu]) -> None:
    """A prompt of the role's own stands before the shared one of that name."""
    assert profile.prompt("notes") == "Guests wrote this."
    assert "{problems}" in profile.prompt("repair")


def test_another_trades_proposal_is_refused(profile: Profile[Menu]) -> None:
    """The previous proposal has to be the role's own."""

    class Other(Proposal):
        pass

    assert profile.previous(BRIEF) is None
    with pytest.raises(TypeError, match="is no menu"):
        profile.previous(replace(BRIEF, previous=Other()))
