"""Slack at its worst: refusing, silent, forgetful, out of order; one trouble after the other, drawn by dice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

from bot.local_slack.faults import CallFault, FaultKind
from tests.faults.stage import Stage

METHODS = (
    "chat.postMessage",
    "chat.update",
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
    "conversations.replies",
    "conversations.history",
    "files.info",
    "chat.getPermalink",
    "views.open",
    "conversations.info",
    "apps.connections.open",
)
KINDS: tuple[FaultKind, ...] = ("ratelimited", "server_error", "lost_answer", "lost_answer", "hang")


class Trouble:
    """Makes trouble until it is cancelled. `made` counts it by kind."""

    def __init__(self, stage: Stage, dice: random.Random) -> None:
        self._stage, self._dice = stage, dice
        self.made: dict[str, int] = {}

    async def work(self, pause_s: float = 0.4) -> None:
        core = self._stage.slack.core
        others: dict[str, Callable[[], object]] = {
            "drop": core.socket.drop,
            "redeliver": lambda: core.outbox.redeliver(self._dice.randint(1, 20)),
            "reorder": lambda: core.outbox.hold(self._dice.randint(2, 4)),
            "lose_acks": self._lose_acks,
        }
        try:
            while True:
                await asyncio.sleep(self._dice.uniform(0, 2 * pause_s))
                # What is held back waits for further events, and people wait for what is held back.
                core.outbox.release()
                kind = self._dice.choice(["fail", "fail", "fail", "refresh", *others])
                if kind == "fail":
                    kind = self._fail()
                elif kind == "refresh":
                    await core.socket.disconnect("refresh_requested")
                else:
                    others[kind]()
                self.made[kind] = self.made.get(kind, 0) + 1
        finally:
            core.outbox.release()
            core.socket.lose_acks = 0
            core.faults.clear()

    def _lose_acks(self) -> None:
        self._stage.slack.core.socket.lose_acks += 1

    def _fail(self) -> str:
        kind = self._dice.choice(KINDS)
        fault = CallFault(method=self._dice.choice(METHODS), kind=kind, times=self._dice.randint(1, 3), seconds=1.5)
        self._stage.slack.core.faults.add(fault)
        return kind
