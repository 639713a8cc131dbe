"""The stage of a day under fire: a local Slack that survives, people in lanes of their own, and a note of every ack."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.app.application import read_manifest
from bot.devtools.local_slack import LocalSlack, Person
from bot.devtools.local_slack.event_delivery import Envelope, Transport
from bot.devtools.local_slack.rates import Rates
from bot.devtools.local_slack.records import Channel, Member
from bot.devtools.local_slack.timing import Timing
from tests.faults.process import SlackAt

Json = dict[str, Any]
BOT = "U0EIPASBOT"
PARTS = ("OWNER", "JUDGE", "RIVAL")
STAKEHOLDERS = Channel(id="C0STAKEHO1", name="stakeholders", members=(BOT,))
PATIENT = Timing(redeliver_after=(0.0, *(0.3,) * 10, *(1.0,) * 600))
"""Slack gives up after three retries; here the bot may be down at all three, and what is proven is the ack."""


@dataclass
class Ledger:
    """What the bot acknowledged, and so must never lose."""

    replies: dict[tuple[str, str], str] = field(default_factory=dict)
    """Text by (channel, ts), of replies whose delivery was acknowledged."""
    answers: list[tuple[str, str, str]] = field(default_factory=list)
    """(evaluation, question, text) of forms that closed."""
    votes: list[tuple[str, str, str, str]] = field(default_factory=list)
    """(evaluation, gate, voter, option) of forms that closed."""

    @property
    def count(self) -> int:
        return len(self.replies) + len(self.answers) + len(self.votes)


class NotingTransport:
    """A transport that notes which messages of people were acknowledged."""

    def __init__(self, inner: Transport, ledger: Ledger) -> None:
        self._inner, self._ledger = inner, ledger

    @property
    def connected(self) -> bool:
        return self._inner.connected

    async def send(self, envelope: Envelope, *, within: float) -> Json:
        answer = await self._inner.send(envelope, within=within)
        event: Mapping[str, Any] = envelope.payload.get("event") or {}
        if event.get("type") == "message" and event.get("thread_ts") and not event.get("bot_id"):
            self._ledger.replies[str(event.get("channel")), str(event.get("ts"))] = str(event.get("text"))
        return answer


@dataclass(frozen=True)
class Pair:
    """An owner and two who may decide, in a channel of their own; the rival only acts where a test says so."""

    owner: Person
    decider: Person
    rival: Person
    channel: str


@dataclass(frozen=True)
class Stage:
    slack: LocalSlack
    ledger: Ledger
    pairs: tuple[Pair, ...]

    @property
    def at(self) -> SlackAt:
        slack = self.slack
        return SlackAt(
            url=slack.url, bot_token=slack.bot_token, app_token=slack.app_token, signing_secret=slack.signing_secret
        )


@asynccontextmanager
async def set_up(lanes: int, calls: str | None = None, minute_s: float = 0.0) -> AsyncIterator[Stage]:
    """Set it up for so many pairs of people; Slack calls the bot at the address `calls`, or is dialled by it.

    With a `minute_s` Slack enforces its rates, by a minute of that length.
    """
    trios = [
        [Member(id=f"U0{part}{n:06}", name=f"{part.lower()}{n}", real_name=f"{part} {n}") for part in PARTS]
        for n in range(lanes)
    ]
    channels = [
        Channel(id=f"C0LANE{n:04}", name=f"lane-{n}", members=(*(member.id for member in trio), BOT))
        for n, trio in enumerate(trios)
    ]
    members = [member for trio in trios for member in trio]
    ledger = Ledger()
    async with AsyncExitStack() as stack:
        slack = LocalSlack(
            people=members, channels=[*channels, STAKEHOLDERS], manifest=read_manifest(), timing=PATIENT,
            request_url=f"{calls}/slack/events" if calls else None,
            rates=Rates(enforced=minute_s > 0, minute_s=minute_s or 60.0),
        )  # fmt: skip
        await stack.enter_async_context(slack)
        slack.core.delivery.transport = NotingTransport(slack.core.delivery.transport, ledger)
        people = [await stack.enter_async_context(Person(slack.url, member.id)) for member in members]
        pairs = (Pair(*people[3 * n : 3 * n + 3], channels[n].id) for n in range(lanes))
        yield Stage(slack, ledger, tuple(pairs))
