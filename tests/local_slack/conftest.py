"""A local Slack, people in it, and a real slack_bolt app connected to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.devtools.local_slack import LocalSlack, Person, Timing

AVA, BEN = "U0AVALIND1", "U0BENOKAF1"
IDEAS, GENERAL = "C0IDEAS001", "C0GENERAL1"
MANIFEST: dict[str, Any] = {
    "features": {
        "slash_commands": [{"command": "/eipas", "description": "Evaluate an idea", "usage_hint": "start"}],
        "shortcuts": [
            {"name": "Start", "type": "global", "callback_id": "start", "description": "Start"},
            {"name": "Use", "type": "message", "callback_id": "use", "description": "Use this message"},
        ],
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "app_mention",
                "message.channels",
                "message.groups",
                "message.im",
                "tokens_revoked",
            ]
        }
    },
}


def section(text: str, **more: Any) -> dict[str, Any]:
    """Give a section block."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action_id: str, label: str = "Go", **more: Any) -> dict[str, Any]:
    """Give a button."""
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": label}, **more}


def modal(title: str = "Form", **more: Any) -> dict[str, Any]:
    """Give a modal with one text input."""
    element = {"type": "plain_text_input", "action_id": "text"}
    label = {"type": "plain_text", "text": "Reason"}
    return {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [{"type": "input", "block_id": "reason", "label": label, "element": element}],
        **more,
    }


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """A workspace of its own."""
    async with LocalSlack(manifest=MANIFEST, timing=Timing(redeliver_after=(0.0, 0.01, 0.01))) as running:
        yield running


@pytest.fixture
async def ava(slack: LocalSlack) -> AsyncIterator[Person]:
    """Ava, with her page open."""
    async with Person(slack.url, AVA) as person:
        yield person


@pytest.fixture
def client(slack: LocalSlack) -> AsyncWebClient:
    """The bot's Web API client."""
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    """A Bolt app without listeners."""
    return AsyncApp(client=client, process_before_response=True)


@asynccontextmanager
async def connected(app: AsyncApp, slack: LocalSlack, *, ping_interval: float = 5) -> AsyncIterator[None]:
    """Connect the app by Socket Mode."""
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=ping_interval)
    # Bolt leaves these two without annotations.
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
