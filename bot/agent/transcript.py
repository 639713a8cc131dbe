"""The stored transcript is the state of a run: pure functions that read from it what comes next.

A step is a mapping with `role`, `content` (blocks as the Messages API has them) and, for the assistant, `stop`. Steps
of the user say by `kind` why they were written: task, results, repair or notes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import Enum, auto
from typing import Any

Step = Mapping[str, Any]
Block = Mapping[str, Any]

NOTE = "note:"
"""Begins the title of the document block that hands a thread note to the model; the note's id follows."""


class Move(Enum):
    """What comes next."""

    BEGIN = auto()
    CALL = auto()
    TOOLS = auto()
    CONCLUDE = auto()


def next_move(steps: Sequence[Step]) -> Move:
    """Return what comes after the last step. Only steps that end well are ever stored, so there is no other case."""
    if not steps:
        return Move.BEGIN
    last = steps[-1]
    if last["role"] == "user" or last["stop"] == "pause_turn":
        return Move.CALL
    return Move.TOOLS if last["stop"] == "tool_use" else Move.CONCLUDE


def messages(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return the conversation as the API wants it: just as it was stored, for a changed prefix is refused."""
    return [{"role": step["role"], "content": list(step["content"])} for step in steps]


def uses(step: Step) -> tuple[Block, ...]:
    """Return the tool calls of an assistant's step."""
    return tuple(block for block in step["content"] if block["type"] == "tool_use")


def text(step: Step) -> str:
    """Return the words of a step."""
    return "".join(block["text"] for block in step["content"] if block["type"] == "text")


def results(steps: Sequence[Step]) -> Iterator[tuple[Block, Block]]:
    """Yield each tool call with its result, in order."""
    calls: dict[str, Block] = {}
    for step in steps:
        for block in step["content"]:
            if block["type"] == "tool_use":
                calls[block["id"]] = block
            elif block["type"] == "tool_result":
                yield calls[block["tool_use_id"]], block


def accepted(steps: Sequence[Step], tool: str) -> tuple[Mapping[str, Any], ...]:
    """Return the inputs of the calls of `tool` that succeeded, in order."""
    return tuple(
        call["input"] for call, result in results(steps) if call["name"] == tool and not result.get("is_error")
    )


def refused_in_a_row(steps: Sequence[Step], tools: Collection[str]) -> int:
    """Return how many of the last calls of these tools failed, up to the last that succeeded."""
    count = 0
    for call, result in results(steps):
        if call["name"] in tools:
            count = count + 1 if result.get("is_error") else 0
    return count


def repairs(steps: Sequence[Step]) -> int:
    """Return how often the final answer was sent back."""
    return sum(step.get("kind") == "repair" for step in steps)


def turns(steps: Sequence[Step]) -> int:
    """Return how many turns the model had."""
    return sum(step["role"] == "assistant" for step in steps)


def noted(steps: Sequence[Step]) -> frozenset[str]:
    """Return the ids of the thread notes that the model was already given."""
    return frozenset(
        block["title"].removeprefix(NOTE)
        for step in steps
        if step["role"] == "user"
        for block in step["content"]
        if block["type"] == "document" and block["title"].startswith(NOTE)
    )
