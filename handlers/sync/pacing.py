"""Slack's rates, kept before a call is made: a pause between posts in a channel, and none where Slack said to wait."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta


class Held(Exception):
    """Slack asked to wait with this method in this channel until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class Pacer:
    """Keeps posts in one channel apart (about one message a second) and remembers each Retry-After.

    Slack counts per method and workspace, for posts also per channel (docs.slack.dev/apis/web-api/rate-limits): what is
    held in one channel goes on in the others.
    """

    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._next: dict[str, float] = {}
        self._held: dict[tuple[str, str], float] = {}

    async def wait(self, channel: str) -> None:
        """Take the channel's next free moment and sleep until it comes."""
        if self._interval_s <= 0:
            return
        now = time.monotonic()
        at = max(now, self._next.get(channel, now))
        self._next[channel] = at + self._interval_s
        await asyncio.sleep(at - now)

    def hold(self, method: str, channel: str, seconds: float) -> None:
        """Slack answered 429 with this Retry-After."""
        self._held[method, channel] = time.monotonic() + seconds

    def check(self, method: str, channel: str) -> None:
        """Raise Held while Slack does not want this call."""
        left = self._held.get((method, channel), 0.0) - time.monotonic()
        if left > 0:
            raise Held(datetime.now(UTC) + timedelta(seconds=left))
        self._held.pop((method, channel), None)
