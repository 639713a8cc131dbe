"""Trying again: whether another attempt may go on from the record that an earlier one left, or has to start afresh."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from bot.domain.design import Brief


class TranscriptHealth(StrEnum):
    """What a run's end says of its record: the transcript and the values remembered beside it.

    SOUND: the cause lies outside of it (a key, a spend limit, somebody's stop), so the next attempt goes on from it.
    DOUBTFUL: it may be the cause (a crash, a request refused as faulty); going on is tried, but not twice in a row.
    SPOILED: it is the cause (a refusal, a full context, an answer that stays invalid); going on would fail again.
    """

    SOUND = "sound"
    DOUBTFUL = "doubtful"
    SPOILED = "spoiled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousAttempt:
    """What an attempt left behind. `inherited` is how many of its `steps` it had from the attempt before."""

    attempt: int
    record: TranscriptHealth
    designer: str
    model: str | None
    brief: Brief
    steps: int
    inherited: int = 0
    asked: Collection[str] = ()


_PARTS: Final = {
    "title": "the title",
    "description": "the description",
    "goal": "the goal",
    "sources": "the documents",
    "missing": "the documents",
    "replies": "the answers",
    "feedback": "the feedback",
    "previous": "the design before",
}


def why_afresh(left: PreviousAttempt, designer: str, model: str | None, brief: Brief) -> str:
    """Return why an attempt at `brief` cannot go on from what was `left`, as the end of "because …"; "" if it can.

    A conversation is kept whole or not at all: its frame names the model, and its first step holds the brief.
    """
    if left.record is TranscriptHealth.SPOILED:
        return f"going on would end as attempt {left.attempt} did"
    if left.record is TranscriptHealth.DOUBTFUL and 0 < left.steps == left.inherited:
        return f"attempt {left.attempt} went on and came no further"
    if (left.designer, left.model) != (designer, model):
        return f"the designer or its model is another one than in attempt {left.attempt}"
    changed = _changed(left, brief)
    return f"{' and '.join(changed)} changed since attempt {left.attempt}" if changed else ""


def _changed(left: PreviousAttempt, brief: Brief) -> tuple[str, ...]:
    """Name the parts of the brief that differ, beside what the earlier conversation learns in its own way.

    Answers to its own questions are results of its tools, and new notes of the thread are handed to it as they come.
    """
    known = {item.id for item in left.brief.feedback}
    replied = {reply.key for reply in left.brief.replies}
    now = replace(
        brief,
        replies=tuple(reply for reply in brief.replies if reply.key in replied or reply.key not in left.asked),
        feedback=tuple(item for item in brief.feedback if item.id in known or item.origin not in ("note", "guest")),
    )
    return tuple(
        dict.fromkeys(words for part, words in _PARTS.items() if getattr(now, part) != getattr(left.brief, part))
    )
