"""Feedback that only points at what others said: answered when theirs is, and as long open."""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence

from bot.domain.design import Feedback

_POINTING = re.compile(
    r"^\W*(?:please\s+)?(?:work\s+in|mend|fix|address|do|apply|include|take\s+in|follow|optimi[sz]e)\s+"
    r"(?:all\s+)?(?:of\s+)?(?:what|that which|everything(?:\s+that)?)\s+"
    r"(?:the\s+)?[\w ,]{2,60}?\s+(?:asked(?:\s+for)?|said|want(?:s|ed)?|found|wrote|noted|objected(?:\s+to)?)\W*$",
    re.IGNORECASE,
)
"""The whole text, or it says something of its own too."""


def follow(feedback: Sequence[Feedback], changes: MutableMapping[str, str]) -> None:
    """Answer each piece that only points at others' by their changes, if none of theirs is left open."""
    for item in feedback:
        if changes[item.id] or not _POINTING.match(item.text):
            continue
        meant = [other for other in feedback if other.by != item.by and other.iteration == item.iteration]
        if meant and all(changes[other.id] for other in meant):
            changes[item.id] = ("worked in: " + "; ".join(dict.fromkeys(changes[other.id] for other in meant)))[:600]
