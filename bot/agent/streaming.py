"""One call: stream an answer, keeping count of what it costs even where it breaks off or nobody says.

The events are put together here and not by the SDK's helper: that fails in the middle of an answer where a gateway
leaves the usage out, and raises on a cut answer before the reason is known.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.agent.cost import CHARACTERS_PER_TOKEN, INPUT_KINDS, tokens_by_length, usage_of
from bot.agent.errors import Cut, TooSlow

if TYPE_CHECKING:
    from bot.agent.client import Client

_DETAIL = 160
ESTIMATED = "estimated_calls"
"""In a usage: 1 where a count was estimated from lengths, because the service gave none."""


@dataclass(slots=True)
class Pulse:
    """What people see while an answer streams in. Written by the stream, shown by a heartbeat."""

    title: str = "Thinking"
    detail: str = ""

    def thought(self, snapshot: str) -> None:
        """Show the last line of a thinking summary."""
        lines = [line for line in snapshot.strip().splitlines() if line.strip()]
        self.title, self.detail = "Thinking", lines[-1].strip(" *#")[-_DETAIL:] if lines else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer: its blocks, why it stopped, what was billed for it."""

    content: tuple[Mapping[str, Any], ...]
    stop: str
    stop_details: Mapping[str, Any] | None
    usage: Mapping[str, int]
    request_id: str | None


@dataclass(slots=True)
class Reception:
    """What is known of an answer so far. Survives the call, so that a part of an answer is booked, too."""

    asked: int = 0
    usage: dict[str, int] = field(default_factory=dict)
    request_id: str | None = None
    begun: bool = False
    characters: int = 0
    blocks: dict[int, dict[str, Any]] = field(default_factory=dict)
    written: dict[int, str] = field(default_factory=dict)
    stop: str | None = None
    stop_details: Mapping[str, Any] | None = None

    @property
    def partial(self) -> dict[str, int]:
        """The usage so far: as reported, and by length where nothing, or zero, was."""
        found = dict(self.usage)
        if not any(found.get(kind) for kind in INPUT_KINDS):
            found |= {"input_tokens": self.asked, ESTIMATED: 1}
        written = self.characters // CHARACTERS_PER_TOKEN
        if not found.get("output_tokens") and written:
            found |= {"output_tokens": written, ESTIMATED: 1}
        elif self.stop is None:
            # Broken off: the report of what was written comes with the end.
            found["output_tokens"] = max(found.get("output_tokens", 0), written)
        return found


def _title(tool: str) -> str:
    """Return what people are shown while the model writes a call of a tool; each role proposes by one of its own."""
    if tool.startswith("propose_"):
        return "Writing a proposal"
    if tool.startswith("edit_"):
        return "Mending the proposal"
    return "Writing a question" if tool == "ask_user" else "Looking something up"


async def receive(
    client: Client, request: Mapping[str, Any], reception: Reception, pulse: Pulse, seconds: float
) -> Answer:
    """Make one call and return its answer, within so many seconds for the whole of it.

    Raises the SDK's errors, Cut for a stream that just ended, TooSlow for one that does not end.
    """
    reception.asked = tokens_by_length({key: value for key, value in request.items() if key != "max_tokens"})
    try:
        async with asyncio.timeout(seconds):
            async with await client.messages.create(**request, stream=True) as stream:
                reception.request_id = stream.response.headers.get("request-id")
                async for event in stream:
                    _observe(event, reception, pulse)
    except TimeoutError as late:
        raise TooSlow(seconds) from late
    if not reception.begun or reception.stop is None:
        raise Cut
    return Answer(
        content=tuple(_block(reception, index) for index in sorted(reception.blocks)),
        stop=reception.stop,
        stop_details=reception.stop_details,
        usage=reception.partial,
        request_id=reception.request_id,
    )


def _observe(event: Any, reception: Reception, pulse: Pulse) -> None:
    match event.type:
        case "message_start":
            reception.begun = True
            reception.usage = usage_of(getattr(event.message, "usage", None))
        case "message_delta":
            _end(event, reception)
        case "content_block_start":
            block = event.content_block.to_dict(mode="json")
            reception.blocks[event.index], reception.written[event.index] = block, ""
            if block["type"] == "tool_use":
                pulse.title, pulse.detail = _title(str(block.get("name"))), ""
        case "content_block_delta":
            _add(event, reception, pulse)
        case _:
            pass


def _end(event: Any, reception: Reception) -> None:
    reception.stop = getattr(event.delta, "stop_reason", None)
    details = getattr(event.delta, "stop_details", None)
    reception.stop_details = details.to_dict(mode="json") if details else None
    written = getattr(getattr(event, "usage", None), "output_tokens", None)
    if written:
        reception.usage["output_tokens"] = int(written)


def _add(event: Any, reception: Reception, pulse: Pulse) -> None:
    delta, index = event.delta, event.index
    match delta.type:
        case "thinking_delta":
            words = delta.thinking
            pulse.thought(reception.written[index] + words)
        case "text_delta":
            words = delta.text
            pulse.title, pulse.detail = "Writing the review", ""
        case "input_json_delta":
            words = delta.partial_json
        case "signature_delta":
            reception.blocks[index]["signature"] = delta.signature
            return
        case _:
            return
    reception.characters += len(words)
    reception.written[index] += words


def _block(reception: Reception, index: int) -> Mapping[str, Any]:
    """Return a whole block. Raises ValueError for a tool call whose JSON cannot be read."""
    block, words = reception.blocks[index], reception.written[index]
    match block["type"]:
        case "tool_use" if reception.stop == "max_tokens":
            return {**block, "input": {}}  # cut in the middle; the whole turn is dropped
        case "tool_use":
            return {**block, "input": json.loads(words) if words.strip() else block.get("input") or {}}
        case "thinking" | "text" as kind:
            return {**block, kind: str(block.get(kind) or "") + words}
        case _:
            return block
