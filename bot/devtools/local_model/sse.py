"""An answer as the server-sent events that the Messages API streams."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.agent.script import Body, Reply
from bot.devtools.local_model.prefix import CHARACTERS_PER_TOKEN, seal

_COUNTS = ("input_tokens", "output_tokens")
_BODIES: Mapping[str, tuple[str, str, str]] = {
    "text": ("text", "text_delta", "text"),
    "thinking": ("thinking", "thinking_delta", "thinking"),
    "tool_use": ("input", "input_json_delta", "partial_json"),
}


def event(name: str, **data: Any) -> bytes:
    """Return one event as bytes."""
    return f"event: {name}\ndata: {json.dumps({'type': name, **data}, ensure_ascii=False)}\n\n".encode()


def finished(content: tuple[Mapping[str, Any], ...], body: Body) -> list[dict[str, Any]]:
    """Return the blocks with ids and signatures, made from the conversation: a call repeated gets the same."""
    upto = len(body["messages"])
    stem = hashlib.sha256(seal(body, upto, []).encode()).hexdigest()[:20]
    blocks: list[dict[str, Any]] = []
    for number, block in enumerate(content):
        named = {"id": f"toolu_{stem}{number:02}"} if block["type"] == "tool_use" and not block["id"] else {}
        blocks.append({**block, **named})
    for block in blocks:
        if block["type"] == "thinking":
            block["signature"] = seal(body, upto, blocks)
    return blocks


def stream(reply: Reply, body: Body, usage: Mapping[str, Any], message_id: str) -> Iterator[bytes]:
    """Yield the events of an answer, cut where it outgrows the request's `max_tokens`."""
    start = {"id": message_id, "type": "message", "role": "assistant", "model": body["model"], "content": []}
    told: Mapping[str, Any] = {}
    if reply.usage != "missing":
        told = {"usage": usage if reply.usage == "reported" else dict.fromkeys(_COUNTS, 0)}
    yield event("message_start", message={**start, "stop_reason": None, "stop_sequence": None, **told})
    yield event("ping")
    left = body["max_tokens"] * CHARACTERS_PER_TOKEN
    stop: str = reply.stop
    written = 0
    for index, block in enumerate(finished(reply.content, body)):
        whole = _text(block)
        shown = whole[: left - written]
        yield from _block(index, block, shown, complete=shown == whole, piece=reply.piece)
        written += len(shown)
        if shown != whole:
            stop = "max_tokens"
            break
    output = output_tokens(reply, body)
    delta = {"stop_reason": stop, "stop_sequence": None, "stop_details": reply.stop_details}
    if reply.usage == "reported":
        told = {"usage": {**usage, "output_tokens": output}}
    yield event("message_delta", delta=delta, **told)
    yield event("message_stop")


def output_tokens(reply: Reply, body: Body) -> int:
    """Return what an answer is billed: what is written of it within the request's `max_tokens`."""
    characters = sum(len(_text(block)) for block in reply.content)
    return min(max(1, characters // CHARACTERS_PER_TOKEN), int(body["max_tokens"]))


def _block(index: int, block: Mapping[str, Any], shown: str, *, complete: bool, piece: int) -> Iterator[bytes]:
    field, delta, key = _BODIES[block["type"]]
    empty: dict[str, Any] = {field: {} if field == "input" else ""}
    if block["type"] == "thinking":
        empty["signature"] = ""
    yield event("content_block_start", index=index, content_block={**block, **empty})
    for at in range(0, len(shown), piece):
        yield event("content_block_delta", index=index, delta={"type": delta, key: shown[at : at + piece]})
    if block["type"] == "thinking" and complete:
        signed = {"type": "signature_delta", "signature": block["signature"]}
        yield event("content_block_delta", index=index, delta=signed)
    yield event("content_block_stop", index=index)


def _text(block: Mapping[str, Any]) -> str:
    if block["type"] == "tool_use":
        return json.dumps(block["input"], ensure_ascii=False)
    return str(block[_BODIES[block["type"]][0]])
