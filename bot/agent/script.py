"""What the local Messages API is to answer: replies, faults, and the order they come in."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Body = Mapping[str, Any]
Stop = Literal["end_turn", "tool_use", "max_tokens", "pause_turn", "refusal", "model_context_window_exceeded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """How a stream breaks off after some pieces: an error event, a clean end, a reset of the connection, or silence."""

    how: Literal["error", "eof", "reset", "hang"]
    after: int = 2
    type: str = "overloaded_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer. `pace` is the pause between two pieces, in seconds, `piece` how many characters each has.

    `usage` says what the service reports of its counts: all of them, zeros, or nothing at all, as some gateways do.
    """

    content: tuple[Mapping[str, Any], ...] = ()
    stop: Stop = "end_turn"
    stop_details: Mapping[str, Any] | None = None
    pace: float = 0.0
    breaks: Break | None = None
    piece: int = 400
    usage: Literal["reported", "zero", "missing"] = "reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A refusal by status before anything is streamed. Status 0 drops the connection without a word."""

    status: int
    type: str = "api_error"
    message: str = "refused by the script"
    retry_after: str | None = None
    error_code: str | None = None


Play = Callable[[Body], Reply]
"""Answers a request by what it says, so that it needs no memory of earlier ones."""


@dataclass(slots=True)
class Script:
    """Plays `play`, but first whatever `before` holds for the turn (the number of assistant turns in the request)."""

    play: Play
    before: Mapping[int, Iterable[Fault | Reply]] = field(default_factory=dict)
    _left: dict[int, deque[Fault | Reply]] = field(init=False)

    def __post_init__(self) -> None:
        self._left = defaultdict(deque, {turn: deque(items) for turn, items in self.before.items()})

    def __call__(self, body: Body) -> Fault | Reply:
        """Return what comes next for this request."""
        waiting = self._left[turn_of(body)]
        return waiting.popleft() if waiting else self.play(body)


def titles(body: Body) -> frozenset[str]:
    """Return the titles of all documents that a request shows."""
    blocks = (block for message in body["messages"] for block in message["content"] if isinstance(block, Mapping))
    return frozenset(str(block["title"]) for block in blocks if block.get("type") == "document")


def turn_of(body: Body) -> int:
    """Return how many turns the model had."""
    return sum(message["role"] == "assistant" for message in body["messages"])


def thinking(words: str) -> Mapping[str, Any]:
    """Return a thinking block; its signature is put in when it is sent."""
    return {"type": "thinking", "thinking": words, "signature": ""}


def text(words: str) -> Mapping[str, Any]:
    """Return a text block."""
    return {"type": "text", "text": words}


def use(name: str, arguments: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """Return a tool call; its id is made when it is sent."""
    return {"type": "tool_use", "id": "", "name": name, "input": dict(arguments or {})}


def end(value: Any, thought: str = "That is all.") -> Reply:
    """Return a final answer in JSON."""
    return Reply(content=(thinking(thought), text(json.dumps(value, ensure_ascii=False))))
