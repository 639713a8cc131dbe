"""The frozen frame of a conversation: model, system, tools, thinking and output format, kept with the run.

A later version of this code must not change a conversation under way: the service refuses a changed prefix, and a
cache would be lost. So the frame is stored before the first call, and only what was stored is used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from bot.agent.config import ClaudeConfig
from bot.agent.documents import CACHED_1H

LARGEST_STRICT: Final = 2_500
"""Characters of a schema, its descriptions left out, up to which a tool is strict.

The service compiles all strict tools of a request and its output format into one grammar and refuses what grows too
large ("The compiled grammar is too large"); where, it does not say. Refusals of schemas of 7 kB are known.
"""

_FORMAT: Final = "Your final answer is JSON by this schema, without a word before or after it:\n"


def strict_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the model's JSON schema as strict tools and structured output take it.

    Bounds and patterns move into descriptions (pydantic holds them afterwards). Every property is required: optional
    ones are limited in number, and a model that must write a default has thought about it.
    """
    from anthropic import transform_schema  # noqa: PLC0415 - importing it takes seconds

    schema: dict[str, Any] = transform_schema(model)
    for part in (schema, *schema.get("$defs", {}).values()):
        if "properties" in part:
            part["required"] = list(part["properties"])
    return schema


@cache
def plain_schema(model: type[BaseModel]) -> Mapping[str, Any]:
    """Return the model's JSON schema with its bounds and defaults, as a tool that is not strict takes it.

    Patterns are told in words: JSON Schema's dialect of regular expressions (ECMA-262) is not Python's, and a service
    that compiles them refuses what it does not know.
    """
    found: Mapping[str, Any] = _told(model.model_json_schema())
    return found


def _told(value: Any) -> Any:
    """Leave out pydantic's titles, which repeat the names, and tell patterns; properties that are called so stay."""
    if isinstance(value, list):
        return [_told(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {k: _told(v) for k, v in value.items() if not (k in ("title", "pattern") and isinstance(v, str))}
    if isinstance(pattern := value.get("pattern"), str):
        kept["description"] = f"{kept.get('description', '')} Must match {pattern}".strip()
    return kept


def grammar_size(schema: Any) -> int:
    """Return how much a schema adds to the grammar that the service compiles: its characters without descriptions."""
    return len(json.dumps(_bare(schema), separators=(",", ":")))


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _bare(v) for k, v in value.items() if not (k == "description" and isinstance(v, str))}
    return [_bare(item) for item in value] if isinstance(value, list) else value


def tool(
    name: str, description: str, model: type[BaseModel], examples: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return a tool: strict where its schema is small, and else held to it by our own validation alone.

    `examples` are inputs that show what a schema cannot; a strict tool needs none.
    """
    built: dict[str, Any] = {"name": name, "description": description}
    if grammar_size(model.model_json_schema()) <= LARGEST_STRICT and not examples:
        return {**built, "input_schema": strict_schema(model), "strict": True}
    built["input_schema"] = dict(plain_schema(model))
    return {**built, "input_examples": [dict(one) for one in examples]} if examples else built


def frame(
    config: ClaudeConfig, *, system: Sequence[str], tools: list[dict[str, Any]], answer: type[BaseModel]
) -> Mapping[str, Any]:
    """Return the frame of a conversation, with the prompts `system`, whose last answer is an `answer` as JSON."""
    blocks: list[dict[str, Any]] = [{"type": "text", "text": text} for text in system]
    blocks[-1]["cache_control"] = dict(CACHED_1H)
    built: dict[str, Any] = {
        "model": config.model,
        "system": blocks,
        # Without it thinking is left out of the stream, and people would look at silence between two tool calls.
        "thinking": {"type": "adaptive", "display": "summarized"},
        "output_config": {
            "effort": config.effort,
            "format": {"type": "json_schema", "schema": strict_schema(answer)},
        },
        # Moves with the last block, so that each turn reads what the turn before wrote.
        "cache_control": {"type": "ephemeral"},
    }
    if tools:
        built["tools"] = sorted(tools, key=lambda t: str(t["name"]))
    return built


def plain(built: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a frame from which nothing is compiled: no strict tool, and the answer's schema in words.

    For a service that refuses the grammar; what comes back is validated here in any case.
    """
    config = {**built["output_config"]}
    wanted = config.pop("format", None)
    changed = {**built, "output_config": config}
    if "tools" in built:
        changed["tools"] = [{k: v for k, v in one.items() if k != "strict"} for one in built["tools"]]
    if wanted is not None:
        words = {"type": "text", "text": _FORMAT + json.dumps(wanted["schema"], sort_keys=True)}
        changed["system"] = [words, *built["system"]]
    return changed


def json_of(text: str) -> str:
    """Return the JSON of an answer that was not held to a format: without the fence that models like to put on it."""
    bare = text.strip()
    if bare.startswith("```") and bare.endswith("```") and "\n" in bare:
        bare = bare.partition("\n")[2].removesuffix("```").strip()
    return bare
