"""One call: stream an answer, keeping count of what it costs even where it breaks off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.agent.cost import CHARACTERS_PER_TOKEN, usage_of
from bot.agent.errors import Cut

if TYPE_CHECKING:
    from bot.agent.client import Client

_DETAIL = 160


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

    usage: dict[str, int] = field(default_factory=dict)
    request_id: str | None = None
    characters: int = 0

    @property
    def begun(self) -> bool:
        """Whether anything was billed for sure."""
        return bool(self.usage)

    @property
    def partial(self) -> dict[str, int]:
        """The usage of a part: the input as reported, the output by length where the report had not come yet."""
        written = max(self.usage.get("output_tokens", 0), self.characters // CHARACTERS_PER_TOKEN)
        return {**self.usage, "output_tokens": written}


def _title(tool: str) -> str:
    """Return what people are shown while the model writes a call of a tool; each role proposes by one of its own."""
    if tool.startswith("propose_"):
        return "Writing a proposal"
    return "Writing a question" if tool == "ask_user" else "Looking something up"


async def receive(client: Client, request: Mapping[str, Any], reception: Reception, pulse: Pulse) -> Answer:
    """Make one call and return its answer. Raises the SDK's errors, and Cut for a stream that just ended.

    `stream(output_format=...)` is not used: it raises on a cut answer before the reason is known.
    """
    async with client.messages.stream(**request) as stream:
        reception.request_id = stream.request_id
        async for event in stream:
            _observe(event, reception, pulse)
        if not reception.begun:
            raise Cut
        message = stream.current_message_snapshot
    if message.stop_reason is None:
        raise Cut
    details = message.stop_details.to_dict(mode="json") if message.stop_details else None
    return Answer(
        content=tuple(block.to_dict(mode="json") for block in message.content),
        stop=message.stop_reason,
        stop_details=details,
        usage=usage_of(message.usage),
        request_id=reception.request_id,
    )


def _observe(event: Any, reception: Reception, pulse: Pulse) -> None:
    match event.type:
        case "message_start":
            reception.usage = usage_of(event.message.usage)
        case "message_delta":
            reception.usage["output_tokens"] = event.usage.output_tokens
        case "content_block_start" if event.content_block.type == "tool_use":
            pulse.title, pulse.detail = _title(event.content_block.name), ""
        case "thinking":
            reception.characters += len(event.thinking)
            pulse.thought(event.snapshot)
        case "text":
            reception.characters += len(event.text)
            pulse.title, pulse.detail = "Writing the review", ""
        case "input_json":
            reception.characters += len(event.partial_json)
        case _:
            pass
