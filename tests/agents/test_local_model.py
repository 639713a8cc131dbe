"""The local Messages API refuses what the real one refuses, so that what passes here is worth something."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import anthropic
import httpx2
import pytest

from bot.agent.script import thinking, use
from bot.devtools.local_model import LocalModel
from bot.devtools.local_model.prefix import PromptCache
from bot.devtools.local_model.refusals import VERSION, body_refusal
from bot.devtools.local_model.sse import finished

USER: Any = {"role": "user", "content": [{"type": "text", "text": "Hello"}]}
PLAIN: dict[str, Any] = {"model": "claude-sonnet-5-5", "max_tokens": 100, "stream": True, "messages": [USER]}


def answered(body: dict[str, Any]) -> dict[str, Any]:
    """The body after a turn in which the model called a tool, its result given."""
    blocks = finished((thinking("Let me look."), use("look")), body)
    result = {"type": "tool_result", "tool_use_id": blocks[1]["id"], "content": "seen"}
    messages = [*body["messages"], {"role": "assistant", "content": blocks}, {"role": "user", "content": [result]}]
    return {**body, "messages": messages}


def test_a_plain_request_and_its_continuation_are_taken() -> None:
    """What the agent sends is not refused."""
    assert body_refusal(PLAIN) is None and body_refusal(answered(PLAIN)) is None


def _with(**changes: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda body: {**body, **changes}


def _mend_last(change: Callable[[list[dict[str, Any]]], None]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def fn(body: dict[str, Any]) -> dict[str, Any]:
        fresh = copy.deepcopy(answered(body))
        change(fresh["messages"])
        return fresh

    return fn


SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}


def _tool(schema: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return _with(tools=[{"name": "look", "description": "Look", "strict": True, "input_schema": schema}])


def _tools(count: int) -> list[dict[str, Any]]:
    return [{"name": f"t{n}", "description": "T", "strict": True, "input_schema": SCHEMA} for n in range(count)]


NAMES = [f"property_{n}" for n in range(120)]
WIDE = {
    "type": "object",
    "additionalProperties": False,
    "required": NAMES,
    "properties": {name: {"type": "array", "items": {"type": "string"}} for name in NAMES},
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_with(temperature=0.2), "temperature: extra inputs"),
        (_with(top_p=0.9), "top_p: extra inputs"),
        (_with(max_tokens="many"), "max_tokens"),
        (_with(max_tokens=200_000), "the most this model can write"),
        (_with(messages=[{"role": "user", "content": [{"type": "nonsense"}]}]), "Field required"),
        (_with(messages=[]), "first message"),
        (_with(messages=[USER, {"role": "assistant", "content": "The answer is ("}]), "prefill"),
        (_with(messages=[{"role": "user", "content": [{"type": "text", "text": " "}]}]), "non-empty"),
        (_with(tool_choice={"type": "any"}), "forced tool use"),
        (_with(thinking={"type": "enabled", "budget_tokens": 2000}), "budgets are not supported"),
        (_mend_last(lambda messages: messages[2]["content"].clear()), "need tool_result"),
        (_mend_last(lambda messages: messages[2].update(content=[USER["content"][0]])), "need tool_result"),
        (_mend_last(lambda messages: messages[2]["content"].insert(0, USER["content"][0])), "must come first"),
        (_mend_last(lambda messages: messages[0]["content"][0].update(text="Goodbye")), "signature does not hold"),
        (_mend_last(lambda messages: messages[1]["content"][0].update(thinking="Other")), "signature does not hold"),
        (_tool({**SCHEMA, "additionalProperties": True}), "additionalProperties"),
        (_tool({**SCHEMA, "properties": {"a": {"type": "string", "maxLength": 3}}}), "maxLength is not supported"),
        (_tool({**SCHEMA, "required": [], "properties": {f"p{n}": {"type": "string"} for n in range(25)}}), "optional"),
        (_tool(WIDE), "compiled grammar is too large"),
        (_with(tools=_tools(7)), "compiled grammar is too large"),
        (_with(output_config={"format": {"type": "json_schema", "schema": WIDE}}), "compiled grammar is too large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_bad_request_is_refused(change: Callable[[dict[str, Any]], dict[str, Any]], words: str) -> None:
    """Each rule of the service has a request that breaks it."""
    refusal = body_refusal(change(PLAIN))
    assert refusal is not None and refusal.status == 400 and words in refusal.message


def test_a_large_schema_that_is_not_compiled_is_taken() -> None:
    """Only strict tools and the output format count: a plain tool may be of any size, and have examples."""
    example = {f"property_{n}": [] for n in range(120)}
    plain = {"name": "t", "description": "T", "input_schema": WIDE, "input_examples": [example]}
    assert body_refusal({**PLAIN, "tools": [plain]}) is None


def test_a_changed_frame_breaks_the_seal() -> None:
    """System and tools may not change within a conversation; the place of a cache breakpoint may."""
    body = answered({**PLAIN, "system": [{"type": "text", "text": "Be brief."}]})
    moved = {**body, "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]}
    changed = {**body, "system": [{"type": "text", "text": "Be long."}]}
    assert body_refusal(moved) is None
    refusal = body_refusal(changed)
    assert refusal is not None and "signature does not hold" in refusal.message


def test_breakpoints_are_few_and_the_long_ones_come_first() -> None:
    """At most four, and none of an hour after one of five minutes."""
    block = {"type": "text", "text": "x"}
    short, long = {"type": "ephemeral"}, {"type": "ephemeral", "ttl": "1h"}
    five = {**PLAIN, "system": [{**block, "cache_control": short}] * 5}
    late = {**PLAIN, "system": [{**block, "cache_control": short}, {**block, "cache_control": long}]}
    assert "at most 4" in str(body_refusal(five)) and "must not come after" in str(body_refusal(late))


def test_the_cache_bills_a_prefix_once() -> None:
    """The first request writes up to its breakpoints, the next one reads as far as nothing changed."""
    cache = PromptCache()
    long = {"type": "ephemeral", "ttl": "1h"}
    body = {**PLAIN, "system": [{"type": "text", "text": "word " * 500, "cache_control": long}]}
    first, again = cache.bill(body), cache.bill(body)
    other = cache.bill({**body, "system": [{"type": "text", "text": "other " * 500, "cache_control": long}]})
    assert first["cache_creation"]["ephemeral_1h_input_tokens"] > 500 and first["cache_read_input_tokens"] == 0
    assert again["cache_read_input_tokens"] == first["cache_creation_input_tokens"]
    assert other["cache_read_input_tokens"] == 0


async def test_version_and_key_are_looked_at() -> None:
    """A request of another version is a 400, one without a key a 401."""
    key, old, new = {"authorization": "Bearer x"}, {"anthropic-version": "2023-06-01"}, {"anthropic-version": VERSION}
    async with LocalModel(lambda _: pytest.fail("must not be asked")) as model, httpx2.AsyncClient() as http:
        url = f"{model.url}/v1/messages"
        statuses = [
            (await http.post(url, json=PLAIN, headers=key | old)).status_code,
            (await http.post(url, json=PLAIN, headers=new)).status_code,
            (await http.post(url, content=b"{", headers=key | new)).status_code,
        ]
    assert statuses == [400, 401, 400]


async def test_tokens_are_counted_and_models_are_known() -> None:
    """The two free questions of the API are answered, an unknown model with a 404."""
    async with LocalModel(lambda _: pytest.fail("must not be asked")) as model:
        client = anthropic.AsyncAnthropic(api_key="x", base_url=model.url, max_retries=0)
        count = await client.messages.count_tokens(
            model="claude-sonnet-5-5", messages=[{"role": "user", "content": "Hi"}]
        )
        known = await client.models.retrieve("claude-sonnet-5-5")
        with pytest.raises(anthropic.NotFoundError):
            await client.messages.create(
                model="gpt", max_tokens=10, messages=[{"role": "user", "content": "Hi"}], stream=True
            )
        await client.close()
    assert count.input_tokens > 0 and known.max_tokens == 128_000
