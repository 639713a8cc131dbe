"""Questions made for an idea, and the clients of the providers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.agent.client import build, connect
from bot.agent.config import ClaudeConfig
from bot.devtools.local_model import Fault, Reply, Script, end
from bot.domain.design import Brief
from bot.domain.errors import ConfigurationError
from bot.domain.facts import Standing, Statement
from bot.roles.backend_developer.scripted_model import play
from bot.services.designer import DesignFailed, RunParked
from tests.agents.accounted import PROFILE, accounting, saying, shown
from tests.agents.samples import BRIEF, calling, config, session, stage, steady, thought

ASKED = {"question": "Who may cancel an order?", "why": "idea.json and the answers disagree."}


@dataclass
class Book:
    """A ledger of its own, for what is asked before there is a run."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def open_call(self, model: str, estimate_usd: float) -> str:
        self.rows[f"cl_{len(self.rows)}"] = {"model": model, "estimate": estimate_usd, "outcome": "sent"}
        return f"cl_{len(self.rows) - 1}"

    async def close_call(self, call: Mapping[str, Any]) -> None:
        self.rows[call["id"]].update(call)


async def test_questions_come_with_their_reason_and_their_price() -> None:
    """One call asks for up to five questions; it is booked in the ledger that was given."""
    book = Book()
    async with stage(lambda _: end({"questions": [ASKED]})) as (model, claude):
        questions = await claude.specific_questions(BRIEF, book)
        body = model.calls[0].body
    assert questions == (("specific-1", ASKED["question"], ASKED["why"]),)
    assert book.rows["cl_0"]["outcome"] == "end_turn" and book.rows["cl_0"]["usd"] > 0
    assert "tools" not in body and body["output_config"]["format"]["type"] == "json_schema"


async def test_questions_are_mended_and_limited() -> None:
    """Six questions, or one without a reason, are sent back; after two repairs it fails in words."""
    wrong = [end({"questions": [ASKED] * 6}), end({"questions": [{**ASKED, "why": ""}]})]
    async with stage(Script(lambda _: end({"questions": []}), {0: wrong[:1], 1: wrong[1:]})) as (_, claude):
        assert await claude.specific_questions(BRIEF, Book()) == ()
    async with stage(lambda _: end({"questions": [ASKED] * 6})) as (_, claude):
        with pytest.raises(DesignFailed, match="questions stay invalid"):
            await claude.specific_questions(BRIEF, Book())


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Fault(status=529, type="overloaded_error", retry_after="600"), RunParked),
        (Reply(content=(thought("No."),), stop="refusal"), DesignFailed),
        (Reply(content=(thought("Long."),), stop="max_tokens"), DesignFailed),
    ],
    ids=["busy", "refusal", "max_tokens"],
)
async def test_a_failure_is_told_and_booked(answer: Fault | Reply, error: type[Exception]) -> None:
    """The caller hears in words why there are no questions; the ledger row is closed."""
    book = Book()
    async with stage(lambda _: answer) as (_, claude):
        with pytest.raises(error):
            await claude.specific_questions(BRIEF, book)
    assert [row["outcome"] for row in book.rows.values()] != ["sent"] and len(book.rows) == 1


async def test_the_local_designer_asks_about_what_is_missing() -> None:
    """In a rehearsal the questions name the documents that nobody gave."""
    async with stage(play) as (_, claude):
        questions = await claude.specific_questions(BRIEF, Book())
    assert len(questions) == 1 and "phase1/cto-evaluation.json" in questions[0][1]


@pytest.mark.parametrize(
    ("provider", "settings", "kind"),
    [
        ("anthropic", {"api_key": "sk-none"}, "AsyncAnthropic"),
        ("anthropic", {"base_url": "http://127.0.0.1:9"}, "AsyncAnthropic"),
        ("bedrock", {"region": "eu-central-1"}, "AsyncAnthropicBedrock"),
        ("vertex", {"region": "europe-west1", "project": "p"}, "AsyncAnthropicVertex"),
        ("foundry", {"api_key": "k", "resource": "r"}, "AsyncAnthropicFoundry"),
        ("foundry", {"api_key": "k", "base_url": "http://127.0.0.1:9"}, "AsyncAnthropicFoundry"),
    ],
)
async def test_each_provider_has_its_client(provider: Any, settings: dict[str, str], kind: str) -> None:
    """The provider is a setting; none of the clients retries by itself."""
    client = build(replace(ClaudeConfig(), provider=provider, **settings))  # type: ignore[arg-type]
    assert type(client).__name__ == kind and client.max_retries == 0  # type: ignore[attr-defined]
    await client.close()


async def test_a_client_without_what_it_needs_is_a_matter_of_configuration() -> None:
    """A missing key or region is told as such, and the SDK is never left to look for profiles on the disk."""
    with pytest.raises(ConfigurationError, match="there is no key"):
        await connect(ClaudeConfig())
    with pytest.raises(ConfigurationError, match=r"client for “vertex” cannot be built"):
        await connect(replace(ClaudeConfig(), provider="vertex"))


async def test_the_key_is_in_no_words() -> None:
    """The key does not show where a configuration is printed."""
    async with stage(play) as (model, _):
        assert "sk-none" not in repr(config(model))


async def test_questions_are_made_of_what_is_unclear() -> None:
    """The model is shown contradictions, open questions and assumptions, each with what depends on it."""
    brief = saying(
        api_design="GET /locks lists locks.",
        database_schema="Lock: name, depth (decimal). We are not sure whether a lock has a keeper.",
    )
    async with accounting(play) as (model, claude):
        asked = await claude.specific_questions(brief, Book())
        lines = [json.loads(line) for line in shown(model.calls[0].body, "eipas:unclear").splitlines()]
    kinds = {line["kind"] for line in lines}
    assert {"left_open", "assumed"} <= kinds and all(line["depends"] for line in lines if line["kind"] == "assumed")
    assert any("keeper" in question for _, question, _ in asked)
    assert all("What depends on it" in why for _, question, why in asked if "keeper" in question)


async def settled(brief: Brief) -> Statement:
    assert PROFILE.reader is not None
    said = await PROFILE.reader.said(brief)
    return next(one for one in said.statements if one.standing is Standing.UNDERSTOOD)


async def test_a_question_that_a_statement_answers_is_sent_back() -> None:
    """Asking about what is said and undisputed costs people's time: the statement is quoted to the model instead."""
    brief = saying(api_design="GET /locks lists locks.")
    statement = await settled(brief)
    needless = {**ASKED, "about": [statement.id], "depends": "GET /locks"}
    script = Script(lambda _: end({"questions": []}), {0: [end({"questions": [needless]})]})
    async with accounting(script) as (model, claude):
        assert await claude.specific_questions(brief, Book()) == ()
        repair = model.calls[1].body["messages"][-1]["content"][0]["text"]
    assert "is answered" in repair and "GET /locks lists locks." in repair


async def test_the_agents_question_in_a_run_is_held_to_the_same() -> None:
    """`ask_user` refuses what a statement answers; what nobody said may be asked."""
    brief = saying(api_design="GET /locks lists locks.")
    statement = await settled(brief)
    needless = calling("ask_user", questions=[{**ASKED, "about": [statement.id], "depends": "GET /locks"}])
    fresh = calling("ask_user", questions=[{**ASKED, "about": [], "depends": "roles"}])
    run = session(brief)
    async with accounting(Script(steady, {0: [needless], 1: [fresh]}), critique=False) as (_, claude):
        with pytest.raises(RunParked, match="Who may cancel"):
            await claude.design(run)
    assert "is answered" in (await run.steps())[2]["content"][0]["content"]
    assert [why for _, why in run.asked.values()] == [f"{ASKED['why']} What depends on it: roles"]
