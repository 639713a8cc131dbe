"""The prefix of a conversation: its seal, by which a change is noticed, and its cache, by which it is paid less."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

CHARACTERS_PER_TOKEN = 4
_KEPT: Mapping[str, tuple[str, ...]] = {
    "text": ("text",),
    "thinking": ("thinking",),
    "tool_use": ("id", "name", "input"),
}


def tokens(value: Any) -> int:
    """Return a made-up but steady token count."""
    return max(1, len(_line(value)) // CHARACTERS_PER_TOKEN)


def seal(body: Mapping[str, Any], upto: int, content: Any) -> str:
    """Return the signature of an answer: of everything before message `upto`, and of the answer itself.

    The service signs thinking in a like way: whoever changes system, tools or an earlier message breaks it.
    """
    before = {
        "model": body["model"],
        "system": _bare(body.get("system", [])),
        "tools": _bare(body.get("tools", [])),
        "messages": _bare(body["messages"][:upto]),
        "answer": [{key: block[key] for key in _KEPT[block["type"]]} for block in content if block["type"] in _KEPT],
    }
    return "sig_" + hashlib.sha256(_line(before).encode()).hexdigest()


def broken_seal(body: Mapping[str, Any]) -> int | None:
    """Return the index of the first assistant message whose seal does not hold, None if all do."""
    for index, message in enumerate(body["messages"]):
        if message["role"] != "assistant" or isinstance(message["content"], str):
            continue
        for block in message["content"]:
            if block["type"] == "thinking" and block["signature"] != seal(body, index, message["content"]):
                return index
    return None


@dataclass(slots=True)
class PromptCache:
    """Knows the prefixes that were written at breakpoints, and bills a request by them."""

    known: set[str] = field(default_factory=set)

    def bill(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the usage of a request's input, and remember its breakpoints."""
        whole = read = long = last = 0
        marks: list[str] = []
        digest = hashlib.sha256(str(body["model"]).encode())
        parts = list(_parts(body))
        for number, (part, control) in enumerate(parts, 1):
            digest.update(_line(part).encode())
            whole += tokens(part)
            key = digest.hexdigest()
            read = whole if key in self.known else read
            mark = control or (body.get("cache_control") if number == len(parts) else None)
            if mark:
                marks.append(key)
                last = whole
                long = whole if mark.get("ttl") == "1h" else long
        self.known.update(marks)
        written = max(0, last - read)
        for_long = min(written, max(0, long - read))
        return {
            "input_tokens": whole - max(last, read),
            "output_tokens": 1,
            "cache_read_input_tokens": read,
            "cache_creation_input_tokens": written,
            "cache_creation": {
                "ephemeral_1h_input_tokens": for_long,
                "ephemeral_5m_input_tokens": written - for_long,
            },
        }


def _parts(body: Mapping[str, Any]) -> Iterator[tuple[Any, Mapping[str, Any] | None]]:
    """Yield the blocks in the order they are read (tools, system, messages), each with its breakpoint."""
    blocks = [*body.get("tools", []), *body.get("system", [])]
    for message in body["messages"]:
        content = message["content"]
        blocks += [{"type": "text", "text": content}] if isinstance(content, str) else content
    for block in blocks:
        yield _bare(block), block.get("cache_control")


def _bare(value: Any) -> Any:
    """Return it without cache breakpoints, which may move from one request to the next."""
    if isinstance(value, Mapping):
        return {key: _bare(item) for key, item in value.items() if key != "cache_control"}
    return [_bare(item) for item in value] if isinstance(value, list) else value


def _line(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
