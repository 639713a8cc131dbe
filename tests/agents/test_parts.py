"""The small parts that must hold for any input: waits, final answers, pages, transcripts, the heartbeat."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.agent.config import ClaudeConfig
from bot.agent.documents import brief_documents
from bot.agent.errors import retry_after
from bot.agent.heartbeat import with_heartbeat
from bot.agent.review import ReviewInvalid, narrate
from bot.agent.streaming import Pulse
from bot.agent.transcript import Move, next_move
from bot.domain.design import Brief, Source
from bot.roles.backend_developer.designers.claude import BACKEND, parts_of
from tests.agents.samples import BRIEF, NOW, review
from tests.artefacts.blueprints import shop, tiny

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.text(max_size=40), st.sampled_from(["retry-after", "retry-after-ms"]))
@example("nan", "retry-after")
@example("1e999", "retry-after")
@example("-5", "retry-after")
@example("Fri, 31 Dec 9999 23:59:59 GMT", "retry-after")
@example("Tue, 03 Nov 2026 10:00:00", "retry-after")
def test_any_wait_that_is_asked_for_is_sane(value: str, header: str) -> None:
    """Whatever a proxy writes into the header, the wait is nothing, or between now and tomorrow."""
    wait = retry_after({header: value}, NOW)
    assert wait is None or 0 <= wait <= 86_400


@given(JSON | st.text(max_size=200))
def test_any_final_answer_is_a_narrative_or_a_list_of_problems(answer: Any) -> None:
    """Nothing that a model may write does more than be sent back."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    with pytest.raises(ReviewInvalid) as invalid:
        narrate(text, feedback=(), profile=BACKEND, proposal=tiny(), previous=None)
    assert invalid.value.problems


@given(
    st.sets(st.text("abc", min_size=1, max_size=3), max_size=4),
    st.lists(st.text("abc", min_size=1, max_size=3), max_size=4),
)
def test_each_feedback_is_answered_exactly_once(given_ids: set[str], answered: list[str]) -> None:
    """The review has one entry for each feedback, and none for what nobody said."""
    text = json.dumps(review(addressed=[{"feedback_id": one, "change": "", "parts": []} for one in answered]))
    if sorted(answered) == sorted(given_ids):
        found = narrate(text, feedback=given_ids, profile=BACKEND, proposal=tiny(), previous=None)
        assert [a.feedback_id for a in found.addressed] == answered
    else:
        with pytest.raises(ReviewInvalid, match="addressed"):
            narrate(text, feedback=given_ids, profile=BACKEND, proposal=tiny(), previous=None)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=30), JSON), max_size=6, unique_by=lambda item: item[0]))
def test_documents_do_not_depend_on_their_order(pairs: list[tuple[str, Any]]) -> None:
    """However inputs arrive, the prefix is the same; each is in the index, and shown or left to be read, never both."""
    config = ClaudeConfig(documents_limit=60, document_limit=40, page=10)

    def blocks(order: list[tuple[str, Any]]) -> list[dict[str, Any]]:
        sources = tuple(Source(path=path, sha256="", body={"x": body}) for path, body in order)
        return brief_documents(_brief(sources), config, BACKEND.noun)

    found = blocks(pairs)
    assert found == blocks(list(reversed(pairs)))
    index = json.loads(next(b for b in found if b["title"] == "eipas:index")["source"]["data"])["inputs"]
    shown = sum(block["title"].startswith("input:") for block in found)
    assert len(index) == len(pairs) and sum(item["shown"] for item in index) == shown
    marked = [block["title"] for block in found if block.get("cache_control")]
    inputs = [block["title"] for block in found if block["title"].startswith("input:")]
    assert marked == [*inputs[-1:], found[-1]["title"]]


def test_every_named_part_of_a_blueprint_can_be_named() -> None:
    """A review can point at entities, operations, relations, roles, integrations, budgets, auth, stack and services."""
    names = parts_of(shop())
    assert {"auth", "stack", "services", "order", "user"} <= set(names)
    assert all(operation.id in names for operation in shop().operations)


@pytest.mark.parametrize(
    ("steps", "move"),
    [
        ([], Move.BEGIN),
        ([{"role": "user", "content": []}], Move.CALL),
        ([{"role": "assistant", "content": [], "stop": "tool_use"}], Move.TOOLS),
        ([{"role": "assistant", "content": [], "stop": "end_turn"}], Move.CONCLUDE),
        ([{"role": "assistant", "content": [], "stop": "pause_turn"}], Move.CALL),
    ],
)
def test_the_last_step_says_what_comes_next(steps: list[dict[str, Any]], move: Move) -> None:
    """Resuming is looking again."""
    assert next_move(steps) is move


def test_a_thought_is_shown_by_its_last_line() -> None:
    """The live progress shows a short end of the summary, without its markup."""
    pulse = Pulse()
    pulse.thought("First.\n\n**Then the orders**\n\n")
    assert pulse.detail == "Then the orders"
    pulse.thought("x" * 1000)
    assert len(pulse.detail) == 160
    pulse.thought("")
    assert pulse.detail == ""


async def test_a_heartbeat_goes_on_until_the_work_is_done() -> None:
    """It beats while the work takes its time and has ended when the work has."""
    beats: list[int] = []

    async def beat() -> None:
        beats.append(len(beats))

    assert await with_heartbeat(asyncio.sleep(0.2, "done"), beat, 0.02) == "done"
    count = len(beats)
    await asyncio.sleep(0.05)
    assert count >= 2 and len(beats) == count


async def test_a_heartbeat_that_fails_ends_the_work_first() -> None:
    """What the beat raises is raised once the work has cleaned up after itself."""
    cleaned: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(5)
        finally:
            cleaned.append("up")

    async def beat() -> None:
        raise LookupError("stopped")

    with pytest.raises(LookupError, match="stopped"):
        await with_heartbeat(work(), beat, 0.01)
    assert cleaned == ["up"]


async def test_an_error_of_the_work_is_its_own() -> None:
    """The heartbeat hides nothing."""

    async def work() -> None:
        raise ValueError("broken")

    async def beat() -> None:
        await asyncio.sleep(0)

    with pytest.raises(ValueError, match="broken"):
        await with_heartbeat(work(), beat, 1.0)


def _brief(sources: tuple[Source, ...]) -> Brief:
    return Brief(
        evaluation_id="ev",
        role=BRIEF.role,
        title="T",
        description="",
        iteration=1,
        goal="",
        sources=sources,
        replies=(),
    )
