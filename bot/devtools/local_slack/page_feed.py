"""The pages (and test people) that watch the workspace, and what is pushed to them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

from bot.devtools.local_slack.records import Json


@dataclass(eq=False, slots=True)
class PageFeed:
    """One open page: the person it belongs to and what still has to be sent."""

    user: str
    waiting: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)


class PageFeeds:
    """All open pages."""

    def __init__(self) -> None:
        self._open: set[PageFeed] = set()

    def add(self, user: str) -> PageFeed:
        """Open a page's feed."""
        watcher = PageFeed(user)
        self._open.add(watcher)
        return watcher

    def remove(self, watcher: PageFeed) -> None:
        """Close a page's feed."""
        self._open.discard(watcher)

    def close(self) -> None:
        """End every feed: an empty event is the last one."""
        self.tell({})

    def tell(self, event: Json, *, only: Collection[str] | None = None) -> None:
        """Push an event to everybody, or to some people only."""
        for watcher in self._open:
            if only is None or watcher.user in only:
                watcher.waiting.put_nowait(event)
