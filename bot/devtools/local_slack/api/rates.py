"""Slack's rate limits: docs.slack.dev/apis/web-api/rate-limits.

A tier is a number of calls a minute for a method; posting is bounded to one message a second in a channel, with the
short bursts that Slack tolerates.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

POSTS_IN_A_BURST = 5
_TIER_2, _TIER_3, _TIER_4 = 20, 50, 100
PER_MINUTE: Mapping[str, int] = {
    "chat.delete": _TIER_3,
    "chat.postEphemeral": _TIER_4,
    "chat.update": _TIER_3,
    "conversations.history": _TIER_3,
    "conversations.info": _TIER_3,
    "conversations.list": _TIER_2,
    "conversations.replies": _TIER_3,
    "files.completeUploadExternal": _TIER_4,
    "files.getUploadURLExternal": _TIER_4,
    "files.info": _TIER_4,
    "users.info": _TIER_4,
    "users.list": _TIER_2,
    "views.open": _TIER_4,
    "views.publish": _TIER_4,
    "views.push": _TIER_4,
    "views.update": _TIER_4,
}


@dataclass(slots=True)
class _Bucket:
    """Calls that may be made at once, and how fast they come back."""

    capacity: float
    per_second: float
    left: float
    at: float

    def take(self, now: float) -> float:
        """Take one call; gives the seconds to wait when there is none."""
        self.left = min(self.capacity, self.left + (now - self.at) * self.per_second)
        self.at = now
        if self.left < 1:
            return (1 - self.left) / self.per_second
        self.left -= 1
        return 0.0


class Rates:
    """The limits of one app in one workspace."""

    def __init__(self, *, enforced: bool) -> None:
        self._enforced = enforced
        self._buckets: dict[str, _Bucket] = {}

    def wait(self, method: str, channel: str | None) -> int:
        """Count a call; gives the whole seconds of Retry-After, 0 for a call within the limits."""
        if not self._enforced:
            return 0
        if method == "chat.postMessage":
            return self._take(f"{method} {channel}", POSTS_IN_A_BURST, 1.0)
        per_minute = PER_MINUTE.get(method)
        return self._take(method, per_minute, per_minute / 60) if per_minute else 0

    def _take(self, name: str, capacity: float, per_second: float) -> int:
        now = time.monotonic()
        bucket = self._buckets.setdefault(name, _Bucket(capacity, per_second, capacity, now))
        return math.ceil(bucket.take(now))
