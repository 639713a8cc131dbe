"""The local Slack as one object: start it, connect an app to it by its address, act as people, stop it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.devtools.local_slack import posting, sample
from bot.devtools.local_slack.core import Call, Core
from bot.devtools.local_slack.event_delivery import EventDelivery, Transport
from bot.devtools.local_slack.faults import Faults
from bot.devtools.local_slack.journal import FileJournal, Journal, NoJournal
from bot.devtools.local_slack.manifest import Manifest
from bot.devtools.local_slack.page_feed import PageFeeds
from bot.devtools.local_slack.rates import Rates
from bot.devtools.local_slack.records import Channel, Identity, Json, Member
from bot.devtools.local_slack.routes import application
from bot.devtools.local_slack.signed_http import SignedHttp
from bot.devtools.local_slack.socket_mode import SocketMode
from bot.devtools.local_slack.timing import Timing
from bot.devtools.local_slack.tokens import ResponseUrls, Triggers
from bot.devtools.local_slack.workspace import Workspace

HOST = "127.0.0.1"


class LocalSlack:
    """A Slack workspace on this machine, for apps that take their Slack address as a setting.

    Args:
        people: the members of a new workspace.
        channels: its channels.
        manifest: the app's parsed manifest; without it there are no commands and every event is delivered.
        journal: a file that keeps the workspace over restarts; the credentials are kept in it too.
        port: 0 takes a free one.
        request_url: deliver by signed HTTP to this address instead of Socket Mode.
        timing: Slack's deadlines.
        rates: the rates to enforce; without them none.
    """

    def __init__(
        self,
        *,
        people: Iterable[Member] = sample.PEOPLE,
        channels: Iterable[Channel] = sample.CHANNELS,
        manifest: Mapping[str, Any] | None = None,
        journal: Path | None = None,
        port: int = 0,
        request_url: str | None = None,
        timing: Timing | None = None,
        rates: Rates | None = None,
    ) -> None:
        self._people = tuple(people)
        self._channels = tuple(channels)
        self._manifest = Manifest.read(manifest)
        self._journal = journal
        self._port = port
        self._request_url = request_url
        self._timing = timing or Timing()
        self._rates = rates or Rates(enforced=False)
        self._runner: web.AppRunner | None = None
        self._http: SignedHttp | None = None
        self._core: Core | None = None

    async def start(self) -> None:
        """Load the workspace and listen on 127.0.0.1.

        Raises:
            OSError: the port is taken.
        """
        self._core = self._build()
        self._runner = web.AppRunner(application(self._core), shutdown_timeout=0.5, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        self._port = self._runner.addresses[0][1]
        self._core.base_url = self.url
        posting.renew_links(self._core)

    async def stop(self) -> None:
        """Close every connection and the journal; what was posted stays in the journal."""
        core, runner = self._core, self._runner
        if core is None or runner is None:
            return
        core.page_feeds.close()
        for ends in core.status_ends.values():
            ends.cancel()
        await core.delivery.stop()
        await core.socket.close()
        await runner.cleanup()
        if self._http is not None:
            await self._http.close()
        core.workspace.close()
        self._core = self._runner = self._http = None

    async def __aenter__(self) -> LocalSlack:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Stop."""
        await self.stop()

    @property
    def core(self) -> Core:
        """The parts, for tests that look inside.

        Raises:
            RuntimeError: it is not started.
        """
        if self._core is None:
            raise RuntimeError("the local Slack is not started")
        return self._core

    @property
    def url(self) -> str:
        """The page's address."""
        return f"http://{HOST}:{self._port}"

    @property
    def api_url(self) -> str:
        """The Web API's address, for `base_url` of a Slack client."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        """The app's bot token."""
        return self.core.identity.bot_token

    @property
    def app_token(self) -> str:
        """The app-level token, for Socket Mode."""
        return self.core.identity.app_token

    @property
    def signing_secret(self) -> str:
        """The secret that HTTP deliveries are signed with."""
        return self.core.identity.signing_secret

    @property
    def calls(self) -> list[Call]:
        """The Web API calls so far."""
        return self.core.calls

    @property
    def faults(self) -> Faults:
        """The faults still to come."""
        return self.core.faults

    @property
    def broadcasts(self) -> list[Json]:
        """Messages of the bot that would have notified a whole channel."""
        return self.core.broadcasts

    async def settle(self) -> None:
        """Wait until no event is under way to the app."""
        await self.core.delivery.settle()

    def _build(self) -> Core:
        journal = FileJournal(self._journal) if self._journal else NoJournal()
        identity = _identity(journal)
        workspace = Workspace(identity, journal)
        if not workspace.people:
            self._populate(workspace)
        page_feeds = PageFeeds()
        socket = SocketMode(
            identity.app_id, lambda connected: page_feeds.tell({"type": "connected", "value": connected})
        )
        return Core(
            workspace=workspace,
            manifest=self._manifest,
            page_feeds=page_feeds,
            socket=socket,
            delivery=EventDelivery(self._transport(socket, identity), self._timing),
            triggers=Triggers(self._timing),
            response_urls=ResponseUrls(self._timing),
            rates=self._rates,
            started=workspace.tick(),
        )

    def _transport(self, socket: SocketMode, identity: Identity) -> Transport:
        if self._request_url is None:
            return socket
        self._http = SignedHttp(self._request_url, identity.signing_secret)
        return self._http

    def _populate(self, workspace: Workspace) -> None:
        identity = workspace.identity
        bot = Member(
            id=identity.bot_user, name=identity.bot_name.lower(), real_name=identity.bot_name, title="App", is_bot=True
        )
        for person in (*self._people, bot):
            workspace.put_person(person)
        for channel in self._channels:
            workspace.put_channel(channel)


def _identity(journal: Journal) -> Identity:
    """Take the credentials from the journal, or make new ones and keep them there."""
    kept = next((value for table, _, value in journal.replay() if table == "identity"), None)
    if kept is not None:
        return Identity(**kept)
    identity = Identity(
        bot_token=f"xoxb-local-{secrets.token_hex(12)}",
        app_token=f"xapp-local-{secrets.token_hex(12)}",
        signing_secret=secrets.token_hex(16),
    )
    journal.write("identity", "app", asdict(identity))
    return identity
