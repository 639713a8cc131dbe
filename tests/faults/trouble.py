"""Slack at its worst: refusing, silent, forgetful, out of order; one trouble after the other, drawn by dice.

And what the bot writes on: a full disk, a database that crashes.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bot.devtools.local_slack.faults import CallFault, FaultKind
from tests.faults.crashing import Crashing
from tests.faults.disk import SmallDisk
from tests.faults.stage import Stage
from tests.support.waiting import until

SENDING = ("chat.postMessage", "chat.update", "files.completeUploadExternal")
METHODS = (
    *SENDING * 3,
    "files.getUploadURLExternal",
    "conversations.replies",
    "conversations.history",
    "files.info",
    "chat.getPermalink",
    "views.open",
    "conversations.info",
    "apps.connections.open",
)
OF_SENDS: tuple[FaultKind, ...] = ("silent", "late")
KINDS: tuple[FaultKind, ...] = ("ratelimited", "server_error", "hang", "lost_answer", *OF_SENDS)
SLACK_TIMEOUT_S = 1.0
SILENT_S, LATE_S = 1.5, 0.5
"""Longer than the bot waits for an answer; shorter than it waits before it sends anew."""

SHARE = 0.2
"""Of all calls."""

HELD_S = 2.0

CALLS = {
    "ratelimited": "429 with Retry-After",
    "server_error": "500",
    "hang": "timeout without effect",
    "silent": "timeout after the effect",
    "lost_answer": "answer lost after the effect",
    "late": "effect after the answer was lost",
}
OTHERS = ("sockets dropped", "connections refreshed", "acks lost", "events redelivered", "events reordered")
FULL = "times the disk was full"
CRASHED = "crashes of the database"


class Trouble:
    """Makes trouble until it is cancelled. What it asked for counts once it has hit something."""

    def __init__(
        self, stage: Stage, dice: random.Random, disk: SmallDisk | None = None, database: Crashing | None = None
    ) -> None:
        self._stage, self._dice, self._disk, self._database = stage, dice, disk, database
        self._dropped = self._refreshed = 0
        self._kinds: list[FaultKind] = []

    @property
    def made(self) -> dict[str, int]:
        """How often each kind came true; the expected kinds are there with 0, too."""
        core = self._stage.slack.core
        suffered = {words: core.faults.suffered[kind] for kind, words in CALLS.items()}
        delivery, socket = core.delivery, core.socket
        counts = (self._dropped, self._refreshed, socket.acks_lost, delivery.redelivered, delivery.reordered)
        disk = {FULL: self._disk.met} if self._disk is not None else {}
        database = {CRASHED: self._database.count} if self._database is not None else {}
        return {**suffered, **dict(zip(OTHERS, counts, strict=True)), **disk, **database}

    async def work(self, pause_s: float = 0.3) -> None:
        core = self._stage.slack.core
        others: list[Callable[[], Awaitable[bool]]] = [self._drop, self._refresh, self._redeliver, self._reorder]
        others += [self._lose_acks] + ([self._fill] if self._disk is not None else [])
        others += [self._crash] if self._database is not None else []
        deck: list[Callable[[], Awaitable[bool]]] = []
        try:
            while True:
                await asyncio.sleep(self._dice.uniform(0, 2 * pause_s))
                await self._fail()
                # Dealt like cards, so that each kind has its turn also on a short day.
                deck = deck or self._dice.sample(others, len(others))
                if await deck[-1]():
                    deck.pop()
        finally:
            core.delivery.release()
            core.socket.lose_acks = 0
            core.faults.clear()

    async def _fail(self) -> None:
        """Let the next call or two fail, unless too large a share failed already.

        Faults that came by the clock would pile up where calls are slow, until every call met one and nothing moved.
        """
        core = self._stage.slack.core
        asked = core.faults.suffered.total() + sum(fault.times for fault in core.faults.pending)
        if asked > SHARE * core.counted_calls:
            return
        self._kinds = self._kinds or self._dice.sample(KINDS, len(KINDS))
        kind = self._kinds.pop()
        method = self._dice.choice(SENDING if kind in OF_SENDS else METHODS)
        seconds = LATE_S if kind == "late" else SILENT_S
        core.faults.add(CallFault(method=method, kind=kind, times=self._dice.randint(1, 2), seconds=seconds))

    async def _drop(self) -> bool:
        connections = self._stage.slack.core.socket.connections
        self._dropped += connections
        self._stage.slack.core.socket.drop()
        return bool(connections)

    async def _refresh(self) -> bool:
        connections = self._stage.slack.core.socket.connections
        self._refreshed += connections
        await self._stage.slack.core.socket.disconnect("refresh_requested")
        return bool(connections)

    async def _redeliver(self) -> bool:
        return bool(self._stage.slack.core.delivery.redeliver(self._dice.randint(1, 20)))

    async def _reorder(self) -> bool:
        """Hold events back until there are some, for a while: people wait for what is held back."""
        delivery = self._stage.slack.core.delivery
        before = delivery.reordered
        delivery.hold(self._dice.randint(2, 3))
        with suppress(AssertionError):
            await until(lambda: delivery.reordered > before, "enough events", HELD_S)
        delivery.release()
        return delivery.reordered > before

    async def _lose_acks(self) -> bool:
        self._stage.slack.core.socket.lose_acks += 1
        return True

    async def _fill(self) -> bool:
        assert self._disk is not None
        await self._disk.full_for(self._dice.uniform(0.3, 1.5))
        return True

    async def _crash(self) -> bool:
        assert self._database is not None
        return await asyncio.to_thread(self._database.crash)
