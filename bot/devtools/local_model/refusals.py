"""What the real Messages API answers with a 400, 401 or 404, so that the local one does, too.

Sources: the SDK's own request types (anthropic 2.12) and the service's documented rules for its 5.5 models.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, get_type_hints

from pydantic import TypeAdapter, ValidationError

from bot.devtools.local_model.prefix import broken_seal

VERSION: Final = "2026-10-21"
MOST_OUTPUT: Final = 128_000
_MOST_BREAKPOINTS = 4
_MOST_OPTIONAL = 24
_MOST_STRICT = 6
_LARGEST_GRAMMAR = 7_000
"""Characters of all schemas that are compiled, without descriptions. The service's own measure is not published; its
users were refused schemas of 7 kB (lumped with others) and more than six strict tools."""
_TOO_LARGE = (
    "The compiled grammar is too large, which would cause performance issues. "
    "Simplify your tool schemas or reduce the number of strict tools."
)
_UNSUPPORTED = frozenset(
    {"pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
     "maxItems", "uniqueItems", "default", "patternProperties", "propertyNames"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused."""

    status: int
    type: str
    message: str


def header_refusal(headers: Mapping[str, str]) -> Refusal | None:
    """Return what is wrong with a request's headers."""
    if not headers.get("authorization", "").lower().startswith("bearer ") and "x-api-key" not in headers:
        return Refusal(401, "authentication_error", "no bearer token")
    if (version := headers.get("anthropic-version")) != VERSION:
        return _invalid(f"anthropic-version: {version!r} is not a valid version")
    return None


def body_refusal(body: Any, *, counting: bool = False) -> Refusal | None:
    """Return what is wrong with a request's body; with `counting` as a question for its number of tokens."""
    if not isinstance(body, dict):
        return _invalid("the body must be an object")
    if problem := _mistyped(body, counting=counting):
        return _invalid(problem)
    if not str(body["model"]).startswith("claude-"):
        return Refusal(404, "not_found_error", f"model: {body['model']}")
    rules: Sequence[Callable[[dict[str, Any]], str | None]] = (
        _settings, _order, _pairs, _empty_texts, _breakpoints, _schemas, _changed,
    )  # fmt: skip
    for rule in rules:
        if problem := rule(body):
            return _invalid(problem)
    return None


def _invalid(message: str) -> Refusal:
    return Refusal(400, "invalid_request_error", message)


@cache
def _types(*, counting: bool) -> tuple[TypeAdapter[Any], frozenset[str]]:
    # The SDK takes seconds to import, and only its request types say what a well-formed body is.
    from anthropic.types import message_count_tokens_params as counted  # noqa: PLC0415
    from anthropic.types import message_create_params as created  # noqa: PLC0415

    kind: Any = counted.MessageCountTokensParams if counting else created.MessageCreateParamsStreaming
    return TypeAdapter(kind), frozenset(get_type_hints(kind))


def _mistyped(body: dict[str, Any], *, counting: bool) -> str | None:
    adapter, known = _types(counting=counting)
    if unknown := sorted(set(body) - known):
        return f"{unknown[0]}: extra inputs are not permitted"
    try:
        _consume(adapter.validate_python(body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return None


def _consume(value: Any) -> None:
    """Walk all of it: pydantic validates the SDK's `Iterable` fields only as they are read."""
    if isinstance(value, Mapping):
        for item in value.values():
            _consume(item)
    elif hasattr(value, "__iter__") and not isinstance(value, str | bytes):
        for item in value:
            _consume(item)


def _settings(body: dict[str, Any]) -> str | None:
    if body.get("tool_choice", {}).get("type") in ("any", "tool"):
        return "tool_choice: forced tool use is not supported on this model"
    if body.get("thinking", {}).get("type") == "enabled":
        return "thinking: budgets are not supported on this model, use adaptive"
    if body.get("max_tokens", 1) > MOST_OUTPUT:
        return f"max_tokens: {body['max_tokens']} > {MOST_OUTPUT}, the most this model can write"
    return None


def _order(body: dict[str, Any]) -> str | None:
    messages = body["messages"]
    if not messages or messages[0]["role"] != "user":
        return "messages: the first message must be the user's"
    if messages[-1]["role"] == "assistant":
        return "messages: this model does not support assistant message prefill"
    return None


def _pairs(body: dict[str, Any]) -> str | None:
    open_calls: list[str] = []
    for index, message in enumerate(body["messages"]):
        blocks = message["content"] if isinstance(message["content"], list) else []
        given = [block["tool_use_id"] for block in blocks if block["type"] == "tool_result"]
        if sorted(given) != sorted(open_calls):
            return f"messages.{index}: tool_use ids {open_calls} need tool_result blocks right after, got {given}"
        if any(block["type"] == "tool_result" for block in blocks[len(given) :]):
            return f"messages.{index}: tool_result blocks must come first"
        open_calls = [block["id"] for block in blocks if block["type"] == "tool_use"]
    return None


def _empty_texts(body: dict[str, Any]) -> str | None:
    for block in _blocks(body):
        if block.get("type") == "text" and not block["text"].strip():
            return "messages: text content blocks must be non-empty"
        if block.get("type") == "document" and not block["source"].get("data"):
            return "messages: document sources must be non-empty"
    return None


def _breakpoints(body: dict[str, Any]) -> str | None:
    lives = [block["cache_control"].get("ttl", "5m") for block in _blocks(body) if block.get("cache_control")]
    lives += [body["cache_control"].get("ttl", "5m")] if body.get("cache_control") else []
    if len(lives) > _MOST_BREAKPOINTS:
        return f"cache_control: at most {_MOST_BREAKPOINTS} breakpoints, found {len(lives)}"
    if "1h" in lives[lives.index("5m") :] if "5m" in lives else False:
        return "cache_control: a 1h breakpoint must not come after a 5m one"
    return None


def _schemas(body: dict[str, Any]) -> str | None:
    optional = 0
    strict = [tool["input_schema"] for tool in body.get("tools", []) if tool.get("strict")]
    wanted = body.get("output_config", {}).get("format")
    for schema in [*strict, *([wanted["schema"]] if wanted else [])]:
        for part in _parts(schema):
            if part.get("type") == "object":
                if part.get("additionalProperties") is not False:
                    return "schema: objects must set additionalProperties to false"
                optional += len(set(part.get("properties", {})) - set(part.get("required", [])))
            if unsupported := sorted(_UNSUPPORTED & set(part)):
                return f"schema: {unsupported[0]} is not supported"
    if optional > _MOST_OPTIONAL:
        return f"schema: {optional} optional properties, at most {_MOST_OPTIONAL}"
    compiled = [*strict, *([wanted["schema"]] if wanted else [])]
    if len(strict) > _MOST_STRICT or sum(_grammar(schema) for schema in compiled) > _LARGEST_GRAMMAR:
        return _TOO_LARGE
    return None


def _grammar(schema: Any) -> int:
    """Return the characters of a schema without its descriptions, references written out as often as they stand."""
    return len(json.dumps(_written_out(schema, schema.get("$defs", {})), separators=(",", ":")))


def _written_out(value: Any, shared: Mapping[str, Any]) -> Any:
    if isinstance(value, Mapping):
        if "$ref" in value:
            return _written_out(shared[value["$ref"].rpartition("/")[2]], shared)
        return {
            k: _written_out(v, shared)
            for k, v in value.items()
            if k != "$defs" and not (k == "description" and isinstance(v, str))
        }
    return [_written_out(item, shared) for item in value] if isinstance(value, list) else value


def _parts(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a JSON Schema and all schemas in it."""
    yield schema
    for key in ("properties", "$defs"):
        for item in schema.get(key, {}).values():
            yield from _parts(item)
    if "items" in schema:
        yield from _parts(schema["items"])
    for item in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from _parts(item)


def _changed(body: dict[str, Any]) -> str | None:
    index = broken_seal(body)
    if index is None:
        return None
    return f"messages.{index}: system, tools or a message before this thinking was changed; its signature does not hold"


def _blocks(body: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from body.get("tools", [])
    yield from body.get("system", []) if isinstance(body.get("system"), list) else []
    for message in body["messages"]:
        if isinstance(message["content"], list):
            yield from message["content"]
