"""What people and earlier phases said, as document blocks: data for the model, never words of ours.

The blocks come first in the conversation and are the same for the whole run: sorted, without times, with a cache
breakpoint on the last. A title says by its prefix whose words these are, so that no file can pass for an answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from bot.agent.config import ClaudeConfig
from bot.agent.transcript import NOTE
from bot.domain.design import Brief, Feedback, Source
from bot.domain.inputs import TEXT

CACHED_1H: Mapping[str, str] = {"type": "ephemeral", "ttl": "1h"}
_TITLE = 200


def canonical(value: Any) -> str:
    """Return a JSON value as one line, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def readable(value: Any) -> str:
    """Return a JSON value as the model reads it best."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)


def document(title: str, body: str) -> dict[str, Any]:
    """Return a document block."""
    return {
        "type": "document",
        "title": title[:_TITLE],
        "source": {"type": "text", "media_type": "text/plain", "data": body or " "},
    }


def brief_documents(brief: Brief, config: ClaudeConfig, noun: str) -> list[dict[str, Any]]:
    """Return all that a run designs from; `noun` is what the role calls a proposal.

    Inputs too long to be shown are in the index only, for `read_input`.
    """
    shown, index = _inputs(brief.sources, config)
    blocks = [
        *shown,
        document("eipas:index", readable({"inputs": index, "missing": sorted(brief.missing)})),
        document("eipas:evaluation", readable(_evaluation(brief))),
        document("eipas:answers", readable(answers(brief))),
    ]
    if brief.previous is not None:
        blocks.append(document(f"eipas:previous-{noun}", readable(brief.previous.model_dump(mode="json"))))
    if brief.feedback:
        blocks.append(document("eipas:feedback", readable([feedback_item(item) for item in _in_order(brief.feedback)])))
    blocks[-1]["cache_control"] = dict(CACHED_1H)
    return blocks


def as_written(source: Source) -> str:
    """Return an input's words: JSON in the order of its author, so that spans are the same for whoever reads it."""
    if set(source.body) == {TEXT}:
        return str(source.body[TEXT])
    return json.dumps(source.body, ensure_ascii=False, indent=1)


def _inputs(sources: Iterable[Source], config: ClaudeConfig) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    shown: list[dict[str, Any]] = []
    index: list[dict[str, Any]] = []
    room = config.documents_limit
    for source in sorted(sources, key=lambda s: s.path):
        body = as_written(source)
        fits = len(body) <= min(config.document_limit, room)
        if fits:
            room -= len(body)
            shown.append(document(f"input:{source.path}", body))
        pages = -(-len(body) // config.page)
        index.append({"path": source.path, "characters": len(body), "shown": fits, "pages": pages})
    return shown, index


def _evaluation(brief: Brief) -> dict[str, Any]:
    return {
        "title": brief.title,
        "description": brief.description,
        "goal": brief.goal,
        "iteration": brief.iteration,
        "role": brief.role,
    }


def answers(brief: Brief) -> list[dict[str, str]]:
    """Return questions and answers, in order of their keys; a skipped one has an empty answer."""
    return [
        {"key": r.key, "question": r.question, "answer": r.text} for r in sorted(brief.replies, key=lambda r: r.key)
    ]


def feedback_item(item: Feedback) -> dict[str, Any]:
    """Return one piece of feedback without who said it: people are weighed by their gates, not by their names."""
    kept = asdict(item)
    del kept["by"]
    return kept


def _in_order(feedback: Iterable[Feedback]) -> list[Feedback]:
    return sorted(feedback, key=lambda item: (item.iteration, item.id))


def note_documents(notes: Iterable[Feedback]) -> list[dict[str, Any]]:
    """Return thread notes as documents that are recognised when the transcript is read again."""
    return [document(f"{NOTE}{note.id}", note.text) for note in notes]
