"""The parts of the local Slack, handed to whatever acts on it."""

from __future__ import annotations

from asyncio import TimerHandle
from dataclasses import dataclass, field, replace

from bot.devtools.local_slack.event_delivery import EventDelivery
from bot.devtools.local_slack.faults import Faults
from bot.devtools.local_slack.manifest import Manifest
from bot.devtools.local_slack.page_feed import PageFeeds
from bot.devtools.local_slack.rates import Rates
from bot.devtools.local_slack.records import Channel, Identity, Json
from bot.devtools.local_slack.socket_mode import SocketMode
from bot.devtools.local_slack.tokens import ResponseUrls, Triggers
from bot.devtools.local_slack.workspace import Workspace

REMEMBERED_CALLS = 20_000
REMEMBERED_EPHEMERALS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One Web API call of the bot: `at` in Unix seconds, arguments without the token."""

    n: int = 0
    at: float
    method: str
    args: Json
    answer: Json
    status: int = 200

    def line(self) -> Json:
        """Give the call as JSON."""
        shown = {"n": self.n, "at": self.at, "method": self.method, "args": self.args}
        return {**shown, "answer": self.answer, "status": self.status}


@dataclass(slots=True, kw_only=True)
class Core:
    """Everything that an API method or a person's action needs."""

    workspace: Workspace
    manifest: Manifest
    page_feeds: PageFeeds
    socket: SocketMode
    delivery: EventDelivery
    triggers: Triggers
    response_urls: ResponseUrls
    rates: Rates
    faults: Faults = field(default_factory=Faults)
    base_url: str = ""
    calls: list[Call] = field(default_factory=list)
    broadcasts: list[Json] = field(default_factory=list)
    """Messages of the bot that would have notified a whole channel."""
    ephemerals: dict[str, tuple[str, Json]] = field(default_factory=dict)
    """Ephemeral messages by `channel ts`, with the one who sees them; like at Slack they do not survive a restart."""
    counted_calls: int = 0
    reads: dict[tuple[str, str], str] = field(default_factory=dict)
    """Up to which `ts` a person has read a channel."""
    started: str = "0"
    """The `ts` of the start: what is older counts as read."""
    revoked: bool = False
    not_rolled_out: set[str] = field(default_factory=set)
    """Types of blocks that this workspace does not take yet: Slack brings new ones to its workspaces in phases."""
    statuses: dict[tuple[str, str], str] = field(default_factory=dict)
    """What the app says that it is doing, by channel and thread, until it posts there or `status_s` are over."""
    status_ends: dict[tuple[str, str], TimerHandle] = field(default_factory=dict)
    status_s: float = 120.0

    @property
    def identity(self) -> Identity:
        """The workspace and the app."""
        return self.workspace.identity

    def seen_by(self, channel: Channel) -> list[str]:
        """List who may read a channel."""
        return [user for user in self.workspace.people if self.workspace.may_read(channel, user)]

    def record(self, call: Call) -> None:
        """Remember a call, up to a bound: the embedded local Slack runs for days."""
        self.counted_calls += 1
        self.calls.append(replace(call, n=self.counted_calls))
        if len(self.calls) > REMEMBERED_CALLS:
            del self.calls[: REMEMBERED_CALLS // 2]

    def keep_ephemeral(self, channel_id: str, user: str, message: Json) -> None:
        """Remember an ephemeral message while the person may still act on it; the oldest give way."""
        self.ephemerals[f"{channel_id} {message['ts']}"] = (user, message)
        if len(self.ephemerals) > REMEMBERED_EPHEMERALS:
            del self.ephemerals[next(iter(self.ephemerals))]

    def response_url(self, token: str) -> str:
        """Give the address of a response URL."""
        return f"{self.base_url}/response/{token}"
