"""The frozen frame of a conversation: model, system, tools, thinking and output format, kept with the run.

A later version of this code must not change a conversation under way: the service refuses a changed prefix, and a
cache would be lost. So the frame is stored before the first call, and only what was stored is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from bot.agent.config import ClaudeConfig
from bot.agent.documents import CACHED_1H


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


def tool(name: str, description: str, model: type[BaseModel]) -> dict[str, Any]:
    """Return a strict tool."""
    return {"name": name, "description": description, "input_schema": strict_schema(model), "strict": True}


def frame(
    config: ClaudeConfig, *, system: str, tools: list[dict[str, Any]], answer: type[BaseModel]
) -> Mapping[str, Any]:
    """Return the frame of a conversation, with the prompt `system`, whose last answer is an `answer` as JSON."""
    built: dict[str, Any] = {
        "model": config.model,
        "system": [{"type": "text", "text": system, "cache_control": dict(CACHED_1H)}],
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
