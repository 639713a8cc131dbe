"""The manifest, the table of entry points and what is registered with Bolt say the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from bot.app.application import MANIFEST, read_manifest
from handlers import ENTRY_POINTS
from handlers.ids import ActionId, CallbackId

SCHEMA = Path(__file__).parent.parent / "data" / "slack-manifest.schema.json"
NEEDED_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
}
"""Which scope an event needs, after Slack's reference of events; the others need none."""


@pytest.fixture
def manifest() -> dict[str, Any]:
    return dict(read_manifest())


def test_it_is_valid_against_the_schema_that_slack_publishes(manifest: dict[str, Any]) -> None:
    """Slack would take the manifest as it is."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert [error.message for error in Draft7Validator(schema).iter_errors(manifest)] == []


def test_each_command_has_a_listener_and_the_reverse(manifest: dict[str, Any]) -> None:
    """Slash commands are those of the table."""
    declared = {command["command"] for command in manifest["features"]["slash_commands"]}
    assert declared == set(ENTRY_POINTS["command"])


def test_each_shortcut_has_a_listener_and_the_reverse(manifest: dict[str, Any]) -> None:
    """Shortcuts are those of the table."""
    declared = {shortcut["callback_id"] for shortcut in manifest["features"]["shortcuts"]}
    assert declared == {str(name) for name in ENTRY_POINTS["shortcut"]}


def test_each_event_has_a_listener_and_the_reverse(manifest: dict[str, Any]) -> None:
    """Events are those of the table; Slack delivers `message.channels` and its like as `message`."""
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    declared = {event.partition(".")[0] for event in events}
    assert declared == {*ENTRY_POINTS["message"], *ENTRY_POINTS["event"]}


def test_each_event_has_the_scope_that_it_needs(manifest: dict[str, Any]) -> None:
    """No event is subscribed to that Slack would not deliver for want of a scope."""
    scopes = set(manifest["oauth_config"]["scopes"]["bot"])
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert {NEEDED_SCOPES[event] for event in events if event in NEEDED_SCOPES} <= scopes


def test_every_action_and_form_has_a_listener() -> None:
    """No button is drawn and no form sent that nothing answers; views that only show are not sent."""
    only_shown = {CallbackId.DETAILS, CallbackId.LOADING, CallbackId.HOME}
    shortcuts = {CallbackId.SHORTCUT_START, CallbackId.SHORTCUT_ANSWER}
    assert set(ENTRY_POINTS["action"]) == set(ActionId)
    assert set(ENTRY_POINTS["view"]) == set(CallbackId) - only_shown - shortcuts


def test_the_help_of_the_command_names_its_words(manifest: dict[str, Any]) -> None:
    """The usage hint that Slack shows while typing lists every word of `/eipas`."""
    from handlers.commands import WORDS

    hint = manifest["features"]["slash_commands"][0]["usage_hint"]
    assert [word.strip() for word in hint.split("|")] == list(WORDS)


def test_every_word_of_the_command_explains_itself() -> None:
    """Each word's usage begins with the word that is typed, and no two do the same."""
    from handlers.commands import WORDS

    assert all(word.usage.split()[0] == name and word.summary for name, word in WORDS.items())
    assert len({word.summary for word in WORDS.values()}) == len({word.run for word in WORDS.values()}) == len(WORDS)


def test_it_stands_beside_the_code() -> None:
    """The file that README tells people to create their app from is the one that the product reads."""
    assert MANIFEST.is_file()
