"""A stored conversation as text for people: what each step was, what was called and said, and what it cost."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.agent.transcript import Block, Step

_SHOWN = 400


def conversation_lines(steps: Sequence[Step], *, full: bool = False) -> Iterator[str]:
    """Yield the lines of a transcript: a heading for each step, and its blocks, cut unless `full`."""
    for number, step in enumerate(steps, 1):
        who = "model" if step["role"] == "assistant" else str(step.get("kind", "user"))
        end = f" → {step['stop']}" if step.get("stop") else ""
        yield f"{number}. {who}{end}"
        for block in step["content"]:
            yield from (f"   {line}" for line in _block(block, full=full))


def call_lines(calls: Sequence[Mapping[str, Any] | None]) -> Iterator[str]:
    """Yield a line for each paid call: how it ended, its tokens, its price; one that never ended has its estimate."""
    for number, call in enumerate(calls, 1):
        if call is None:
            yield f"{number}. sent, no answer: its estimate stands"
            continue
        usage = call.get("usage") or {}
        tokens = ", ".join(f"{name} {int(count):,}" for name, count in sorted(usage.items()) if count)
        usd = call.get("usd")
        price = "its estimate stands" if usd is None else f"${usd:.4f}"
        yield f"{number}. {visible(str(call.get('outcome')))}: {price}" + (f" ({tokens})" if tokens else "")


def _block(block: Block, *, full: bool) -> Iterator[str]:
    match block["type"]:
        case "thinking":
            yield from _said("thinks", str(block["thinking"]), full=full)
        case "text":
            yield from _said("says", str(block["text"]), full=full)
        case "tool_use":
            given = json.dumps(block["input"], ensure_ascii=False)
            yield from _said(f"calls {block['name']} ({len(given):,} characters)", given, full=full)
        case "tool_result":
            word = "is refused" if block.get("is_error") else "is told"
            yield from _said(word, str(block["content"]), full=full)
        case "document":
            data = str(block["source"]["data"])
            yield from _said(f"document {block['title']} ({len(data):,} characters)", data if full else "", full=full)
        case kind:
            yield f"{visible(str(kind))} block"


def _said(word: str, text: str, *, full: bool) -> Iterator[str]:
    words = text if full else " ".join(text.split())
    if not full and len(words) > _SHOWN:
        words = f"{words[:_SHOWN]}… ({len(text):,} characters)"
    lines = words.splitlines() or [""]
    yield visible(f"{word}: {lines[0]}" if lines[0] else word)
    yield from (f"  {visible(line)}" for line in lines[1:])


def visible(text: str) -> str:
    """Return a line without what a terminal would obey: people's and models' words are only shown."""
    return "".join(char if char.isprintable() else " " for char in text)
