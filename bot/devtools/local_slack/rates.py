"""Slack's rate limits: docs.slack.dev/apis/web-api/rate-limits and each method's own page.

Most methods take so many calls in any minute. Posting is bounded to one message a second in a channel, with the short
bursts that Slack tolerates, and in the whole workspace by a figure that Slack does not publish ("several hundred").
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

POSTS_IN_A_BURST = 5
_TIER_1, _TIER_2, _TIER_3, _TIER_4 = 1, 20, 50, 100
_SPECIAL = {
    "assistant.threads.setStatus": 60,
    "auth.test": 300,
    "blocks.validate": 600,
    "chat.getPermalink": 300,
    "chat.postMessage": 300,
}
"""Figures of their own. For three of them Slack says "hundreds of requests per minute"; no app may count on more."""

PER_MINUTE: Mapping[str, int] = {
    "apps.connections.open": _TIER_1,
    "bots.info": _TIER_3,
    "chat.appendStream": _TIER_4,
    "chat.delete": _TIER_3,
    "chat.postEphemeral": _TIER_4,
    "chat.startStream": _TIER_2,
    "chat.stopStream": _TIER_2,
    "chat.update": _TIER_3,
    "conversations.history": _TIER_3,
    "conversations.info": _TIER_3,
    "conversations.join": _TIER_3,
    "conversations.list": _TIER_2,
    "conversations.members": _TIER_4,
    "conversations.open": _TIER_3,
    "conversations.replies": _TIER_3,
    "files.completeUploadExternal": _TIER_4,
    "files.delete": _TIER_3,
    "files.getUploadURLExternal": _TIER_4,
    "files.info": _TIER_4,
    "reactions.add": _TIER_3,
    "reactions.remove": _TIER_2,
    "team.info": _TIER_3,
    "usergroups.list": _TIER_2,
    "users.info": _TIER_4,
    "users.list": _TIER_2,
    "views.open": _TIER_4,
    "views.publish": _TIER_4,
    "views.push": _TIER_4,
    "views.update": _TIER_4,
    **_SPECIAL,
}
COMMERCIAL: Mapping[str, int] = {"conversations.history": 1, "conversations.replies": 1}
"""Apps that are distributed commercially outside the Marketplace."""
COMMERCIAL_PAGE = 15
"""Objects that those methods give such an app at once, whatever it asks for."""

UPDATES_APART = 1 / 20
"""Of a minute: 3 s lie between two updates of one message, as Slack asks of apps that show something live."""

_MESSAGES_KNOWN = 10_000
_PER_CONVERSATION = {"assistant.threads.setStatus"}


@dataclass(slots=True)
class _Bucket:
    """Calls that may be made at once, and how fast they come back."""

    capacity: float
    per_second: float
    left: float
    at: float

    def wait(self, now: float) -> float:
        """Return the seconds until there is a call to take."""
        self.left = min(self.capacity, self.left + (now - self.at) * self.per_second)
        self.at = now
        return 0.0 if self.left >= 1 else (1 - self.left) / self.per_second

    def take(self, _now: float) -> None:
        """Take one."""
        self.left -= 1


@dataclass(slots=True)
class _Minute:
    """Calls of the last minute, however they lie in it: the strictest reading of "per minute"."""

    most: int
    seconds: float
    calls: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Return the seconds until there is a call to take."""
        while self.calls and self.calls[0] <= now - self.seconds:
            self.calls.popleft()
        return 0.0 if len(self.calls) < self.most else self.calls[0] + self.seconds - now

    def take(self, now: float) -> None:
        """Take one."""
        self.calls.append(now)


class Rates:
    """The limits of one app in one workspace.

    Args:
        enforced: whether any call is refused.
        minute_s: how long a minute lasts. A tenth of one plays a day in a tenth of its time; Retry-After, which is in
            whole seconds, is the coarser for it.
        commercial: count `COMMERCIAL` instead of the tiers.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        *,
        enforced: bool,
        minute_s: float = 60.0,
        commercial: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._enforced, self._minute_s, self._clock = enforced, minute_s, clock
        self.most_messages = COMMERCIAL_PAGE if enforced and commercial else 1000
        self._per_minute = {**PER_MINUTE, **(COMMERCIAL if commercial else {})}
        self._limits: dict[str, _Bucket | _Minute] = {}
        self._messages: dict[tuple[str | None, str], _Minute] = {}
        self.refused = 0

    @property
    def minute_s(self) -> float:
        """How long the minute lasts, 0 where no rate is enforced."""
        return self._minute_s if self._enforced else 0.0

    def wait(self, method: str, channel: str | None, message: str = "") -> int:
        """Count a call; gives the whole seconds of Retry-After, 0 for a call within the limits.

        `message` is the `ts` of the message that a call changes.
        """
        if not self._enforced:
            return 0
        now = self._clock()
        limits = self._of(method, channel, now)
        if method == "chat.update" and message:
            limits.append(self._of_message(channel, message))
        seconds = max((limit.wait(now) for limit in limits), default=0.0)
        if seconds > 0:
            self.refused += 1
            return math.ceil(seconds)
        for limit in limits:
            limit.take(now)
        return 0

    def _of(self, method: str, channel: str | None, now: float) -> list[_Bucket | _Minute]:
        found: list[_Bucket | _Minute] = []
        if method == "chat.postMessage":
            per_second = 60 / self._minute_s
            bucket = _Bucket(POSTS_IN_A_BURST, per_second, POSTS_IN_A_BURST, now)
            found.append(self._limits.setdefault(f"{method} {channel}", bucket))
        if per_minute := self._per_minute.get(method):
            name = f"{method} in {channel}" if method in _PER_CONVERSATION else method
            found.append(self._limits.setdefault(name, _Minute(per_minute, self._minute_s)))
        return found

    def _of_message(self, channel: str | None, ts: str) -> _Minute:
        limit = self._messages.pop((channel, ts), None) or _Minute(1, self._minute_s * UPDATES_APART)
        self._messages[channel, ts] = limit
        if len(self._messages) > _MESSAGES_KNOWN:
            del self._messages[next(iter(self._messages))]
        return limit
