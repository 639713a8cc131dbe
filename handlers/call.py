"""One delivery from Slack, as the handlers see it: who acts, on what, and how to answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import FormExpired, Replayed
from bot.services.common import Actor
from bot.services.registry import Services
from handlers.ids import Ref
from handlers.sync.links import Links
from handlers.transport.proxies import proxy_for
from handlers.transport.workspaces import Workspaces

if TYPE_CHECKING:
    from handlers.views.messages import Reply

log = structlog.get_logger(__name__)
Json = Mapping[str, Any]
LATE_S: Final = 2.5
"""After so long an acknowledgement of a command may come too late for its words to be shown: Slack waits 3 s."""

_EXPIRED: Final = frozenset({"expired_trigger_id", "trigger_expired", "invalid_trigger_id", "invalid_trigger"})
_USED: Final = frozenset({"exchanged_trigger_id", "trigger_exchanged"})
_AGAIN: Final = {"slash": "type it", "interactive": "use it", "click": "press it"}
_RESPONSE: Final = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a handler is given. `actor` carries the delivery's dedupe key; `ack` answers Slack, once.

    `client` is the workspace's own.
    """

    body: Json
    actor: Actor
    ack: AsyncAck
    client: AsyncWebClient
    services: Services
    workspaces: Workspaces
    links: Links = field(default_factory=Links)
    began: float = field(default_factory=time.monotonic)

    @property
    def trigger_id(self) -> str:
        """Opens one modal within 3 s."""
        return str(self.body.get("trigger_id", ""))

    @property
    def action(self) -> Json:
        """The element that was used, of a block_actions payload."""
        actions: list[Json] = self.body["actions"]
        return actions[0]

    @property
    def ref(self) -> Ref:
        """What the used button points at. Raises InvalidInput."""
        return Ref.parse(str(self.action.get("value", "")))

    @property
    def view(self) -> Json:
        """The form of a view_submission or view_closed payload."""
        view: Json = self.body["view"]
        return view

    @property
    def where(self) -> tuple[str, str | None]:
        """Channel and thread of the message that was acted on; an empty channel in the Home tab or a modal."""
        container: Json = self.body.get("container") or {}
        message: Json = self.body.get("message") or {}
        channel = str(
            container.get("channel_id")
            or (self.body.get("channel") or {}).get("id")
            or self.body.get("channel_id")
            or ""
        )
        return channel, message.get("thread_ts") or message.get("ts")

    def reworded(self, suffix: str) -> Actor:
        """The same actor under another dedupe key, where one delivery brings two things."""
        return replace(self.actor, delivery=f"{self.actor.delivery}{suffix}")

    @property
    def channel_for_thread(self) -> str:
        """The channel in which the person acted, where a thread can stand in it: empty in direct messages."""
        channel = self.where[0]
        name = str(self.body.get("channel_name") or (self.body.get("channel") or {}).get("name") or "")
        direct = channel.startswith("D") or name == "directmessage" or name.startswith("mpdm-")
        return "" if direct else channel

    async def open(self, view: Json) -> None:
        """Open a modal; the trigger lives 3 s, so this is done before anything slow.

        Raises:
            FormExpired: it lives no more.
            Replayed: it has opened a form already.
        """
        try:
            await self.client.views_open(trigger_id=self.trigger_id, view=dict(view))
        except SlackApiError as error:
            word = str(error.response.get("error"))
            if word in _USED:
                raise Replayed from error
            if word not in _EXPIRED:
                raise
            kind = "slash" if "command" in self.body else "click" if "actions" in self.body else "interactive"
            raise FormExpired(again=_AGAIN[kind]) from error

    async def tell(self, said: Reply) -> None:
        """Answer a command, or what was said to the bot: only the person who asked sees it."""
        if "command" not in self.body:
            await self._answer_message(said)
            await self.ack()
            return
        if time.monotonic() - self.began < LATE_S or not await self.respond(response_type="ephemeral", **said):
            await self.ack(text=said["text"], blocks=said["blocks"], response_type="ephemeral")
            return
        await self.ack()

    async def respond(self, **body: Any) -> bool:
        """Answer by the interaction's own address, which holds for half an hour; False where that is not possible."""
        url, session = str(self.body.get("response_url") or ""), self.client.session
        if not url or session is None:
            return False
        try:
            async with session.post(url, json=body, timeout=_RESPONSE, proxy=proxy_for(url)) as answer:
                return answer.ok
        except (aiohttp.ClientError, TimeoutError) as error:
            log.info("no_response", error=repr(error))
            return False

    async def _answer_message(self, said: Reply) -> None:
        event: Json = self.body["event"]
        channel, thread_ts = str(event["channel"]), event.get("thread_ts")
        if event.get("channel_type") == "im":
            await self.client.chat_postMessage(
                channel=channel, thread_ts=thread_ts, text=said["text"], blocks=said["blocks"]
            )
            return
        await self.client.chat_postEphemeral(
            channel=channel, user=self.actor.user, thread_ts=thread_ts, text=said["text"], blocks=said["blocks"]
        )

    async def whisper(self, text: str, blocks: list[Any] | None = None) -> None:
        """Tell only the person who acted, where they acted."""
        channel, thread_ts = self.where
        await self.client.chat_postEphemeral(
            channel=channel, user=self.actor.user, text=text, blocks=blocks or None, thread_ts=thread_ts
        )


def command_key(body: Json) -> str:
    """Dedupe key of a slash command or shortcut: its trigger is used once."""
    return f"t:{body.get('trigger_id', '')}"


def action_key(body: Json) -> str:
    """Dedupe key of a click: who, which element, when."""
    action = body["actions"][0]
    element = ":".join(str(action.get(part, "")) for part in ("action_id", "block_id", "action_ts"))
    return f"a:{body['user']['id']}:{element}"


def view_key(body: Json) -> str:
    """Dedupe key of a submission: a form that was accepted once is not accepted again."""
    return f"v:{body['view']['id']}"


def message_key(event: Json) -> str:
    """Dedupe key of a message: a mention arrives as two events, and Slack Connect brings one message under two teams.

    The writer's client gives each message an id; where none comes, channel and ts tell it from all others.
    """
    if written := event.get("client_msg_id"):
        return f"m:{written}"
    return f"m:{event.get('channel', '')}:{event.get('ts', '')}"
