"""One delivery from Slack, as the handlers see it: who acts, on what, and how to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.common import Actor
from bot.services.registry import Services
from handlers.ids import Ref
from handlers.transport.workspaces import Workspaces

Json = Mapping[str, Any]


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
        channel = str(container.get("channel_id") or (self.body.get("channel") or {}).get("id") or "")
        return channel, message.get("thread_ts") or message.get("ts")

    def reworded(self, suffix: str) -> Actor:
        """The same actor under another dedupe key, where one delivery brings two things."""
        return replace(self.actor, delivery=f"{self.actor.delivery}{suffix}")

    async def open(self, view: Json) -> None:
        """Open a modal; the trigger lives 3 s, so this is done before anything slow."""
        await self.client.views_open(trigger_id=self.trigger_id, view=dict(view))

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
    """Dedupe key of a message: a mention arrives as two events with one ts."""
    return f"m:{event.get('channel', '')}:{event.get('ts', '')}"
