"""What Slack sends to the app: one attempt for what a person waits for, redelivery for events."""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.devtools.local_slack.records import Json
from bot.devtools.local_slack.timing import Timing

REMEMBERED_EVENTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One delivery to the app."""

    type: str
    payload: Json
    accepts_response: bool = False
    attempt: int = 0
    reason: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def again(self, reason: str, *, attempt: int | None = None) -> Envelope:
        """Give the next delivery of the same payload: a new envelope with Slack's retry fields."""
        number = self.attempt + 1 if attempt is None else attempt
        return Envelope(
            type=self.type,
            payload=self.payload,
            accepts_response=self.accepts_response,
            attempt=number,
            reason=reason,
        )


class Unacked(Exception):
    """The app did not acknowledge a delivery; the text is Slack's retry reason or operation error."""


class Transport(Protocol):
    """Socket Mode or signed HTTP."""

    @property
    def connected(self) -> bool:
        """Whether something listens."""

    async def send(self, envelope: Envelope, *, within: float) -> Json:
        """Deliver, and give the acknowledgement's payload.

        Raises:
            Unacked: nothing listens, or no acknowledgement came within so many seconds.
        """


class EventDelivery:
    """Deliveries under way; `redelivered` and `reordered` count those that were made to come again or in reverse."""

    def __init__(self, transport: Transport, timing: Timing) -> None:
        self.transport = transport
        self.timing = timing
        self.sent_events: deque[Envelope] = deque(maxlen=REMEMBERED_EVENTS)
        self.redelivered = 0
        self.reordered = 0
        self._held: list[Envelope] = []
        self._hold = 0
        self._under_way: set[asyncio.Task[None]] = set()

    async def ask(self, envelope: Envelope) -> Json:
        """Deliver once and give what the app answered.

        Raises:
            Unacked: `dispatch_failed` or `operation_timeout`, as Slack shows it to the person.
        """
        if not self.transport.connected:
            raise Unacked("dispatch_failed")
        try:
            return await self.transport.send(envelope, within=self.timing.ack)
        except Unacked as missed:
            raise Unacked("operation_timeout") from missed

    def announce(self, payload: Json) -> None:
        """Deliver an event in the background, again and again until it is acknowledged or given up."""
        envelope = Envelope(type="events_api", payload=payload)
        if self._hold:
            self._held.append(envelope)
            self._hold -= 1
            if not self._hold:
                self.release()
            return
        self._start(envelope)

    def hold(self, count: int) -> None:
        """Keep the next events back until there are so many, then deliver them in reverse order."""
        self._hold = count

    def release(self) -> None:
        """Deliver what is held, newest first."""
        held, self._held, self._hold = self._held, [], 0
        if len(held) > 1:
            self.reordered += len(held)
        for envelope in reversed(held):
            self._start(envelope)

    def redeliver(self, count: int = 1) -> int:
        """Deliver the last events once more, as after an acknowledgement that was lost; says how many there were."""
        last = list(self.sent_events)[-count:]
        self.redelivered += len(last)
        for envelope in last:
            self._spawn(self._deliver(envelope.again("timeout"), remember=False))
        return len(last)

    async def settle(self) -> None:
        """Wait until no delivery is under way."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    async def stop(self) -> None:
        """Give up what is under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _start(self, envelope: Envelope) -> None:
        self._spawn(self._deliver(envelope))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _deliver(self, envelope: Envelope, *, remember: bool = True) -> None:
        if remember:
            self.sent_events.append(envelope)
        for pause in (*self.timing.redeliver_after, None):
            try:
                await self.transport.send(envelope, within=self.timing.ack)
            except Unacked as missed:
                if pause is None:
                    return
                await asyncio.sleep(pause)
                envelope = envelope.again(str(missed))
            else:
                return
