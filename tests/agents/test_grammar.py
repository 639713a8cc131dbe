"""Strict schemas that the service cannot compile: the conversation is begun without them, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.agent.script import Body, turn_of
from bot.devtools.local_model import Fault, Reply, Script, end
from bot.services.designer import DesignFailed
from tests.agents.samples import BRIEF, config, proposal, review, session, stage, steady
from tests.agents.test_questions import ASKED, Book
from tests.artefacts.blueprints import tiny

REFUSED = Fault(
    status=400,
    type="invalid_request_error",
    message="The compiled grammar is too large, which would cause performance issues. "
    "Simplify your tool schemas or reduce the number of strict tools.",
)


def picky(body: Body) -> Fault | Reply:
    """A service that compiles nothing at all."""
    compiled = any(tool.get("strict") for tool in body.get("tools", ())) or "format" in body["output_config"]
    return REFUSED if compiled else steady(body)


async def test_a_grammar_that_is_refused_is_done_without() -> None:
    """After the refusal the same conversation begins with plain tools and the answer's schema in words, and ends."""
    run = session()
    async with stage(picky) as (model, claude):
        design = await claude.design(run)
        bodies = [call.body for call in model.calls]
    assert design.proposal == tiny() and run.outcomes == ["invalid_request_error", "tool_use", "end_turn"]
    assert [turn_of(body) for body in bodies] == [0, 0, 1]
    assert not any(tool.get("strict") for tool in bodies[-1]["tools"])
    assert '"strengths"' in bodies[-1]["system"][0]["text"]
    assert run.calls["cl_0"]["usd"] == 0


async def test_the_next_run_does_not_ask_for_a_grammar_again() -> None:
    """What a service cannot do for one run it cannot do for another: the process remembers."""
    async with stage(picky) as (model, claude):
        await claude.design(session())
        await claude.design(session(run_id="rn_2"))
        assert [call.outcome for call in model.calls] == ["400", "tool_use", "end_turn", "tool_use", "end_turn"]


async def test_it_is_resumed_as_it_was_begun() -> None:
    """Another process goes on with the plain frame that the refusal led to, for the frame must not change."""
    run = session()
    async with stage(Script(picky, {1: [Fault(status=429, type="rate_limit_error", retry_after="3600")]})) as (
        model,
        claude,
    ):
        with pytest.raises(Exception, match="rate limit"):
            await claude.design(run)
        other = type(claude)(config(model), claude.profile)
        design = await other.design(run)
        await other.close()
    assert design.proposal == tiny()


async def test_in_the_middle_of_a_conversation_it_ends_the_run() -> None:
    """Tools cannot change once answers are there; the next attempt starts afresh, and without a grammar."""
    run = session()
    async with stage(Script(steady, {1: [REFUSED]})) as (_, claude):
        with pytest.raises(DesignFailed, match="too large to be compiled"):
            await claude.design(run)
        fresh = session(run_id="rn_2")
        await claude.design(fresh)
        assert not any(tool.get("strict") for tool in (await fresh.recall("frame") or {})["tools"])


async def test_an_answer_in_a_fence_is_read() -> None:
    """Without a format models put a fence around their JSON; it is taken off."""
    fenced = f"```json\n{end(review()).content[1]['text']}\n```"

    def answer(body: Body) -> Reply:
        return Reply(content=({"type": "text", "text": fenced},)) if turn_of(body) else proposal(tiny())

    async with stage(answer) as (_, claude):
        assert (await claude.design(session())).narrative.strengths == ("One", "Two", "Three")


async def test_questions_are_asked_without_a_grammar_as_well() -> None:
    """The call for questions falls back in the same way; both calls are in the ledger."""

    def answer(body: Body) -> Fault | Reply:
        return REFUSED if "format" in body["output_config"] else end({"questions": [ASKED]})

    book: Any = Book()
    async with stage(answer) as (_, claude):
        found = await claude.specific_questions(BRIEF, book)
    assert len(found) == 1 and [row["outcome"] for row in book.rows.values()] == ["invalid_request_error", "end_turn"]
