"""The payloads that Slack delivers: slash commands, interactions, events.

docs.slack.dev/reference/interaction-payloads and /reference/events
"""

from __future__ import annotations

import secrets
import time

from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.records import Channel, HeldView, Json, Member, StoredFile

_TOKEN = "verification-token-unused"  # noqa: S105 - Slack still sends its deprecated verification token


def command(core: Core, person: Member, channel: Channel, name: str, text: str) -> Json:
    """Payload of a slash command; form-encoded at Slack, so every value is a string."""
    identity = core.identity
    token = core.response_urls.issue(user=person.id, channel=channel.id)
    return {
        "token": _TOKEN,
        "team_id": identity.team_id,
        "team_domain": "local",
        "channel_id": channel.id,
        "channel_name": _channel_name(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": identity.app_id,
        "is_enterprise_install": "false",
        "response_url": core.response_url(token),
        "trigger_id": core.triggers.issue(person.id),
    }


def message_action(core: Core, person: Member, channel: Channel, message: Json, action: Json) -> Json:
    """Payload `block_actions` of an element in a message."""
    ephemeral = bool(message.get("ephemeral"))
    thread_ts = message.get("thread_ts")
    container = {"type": "message", "message_ts": message["ts"], "channel_id": channel.id, "is_ephemeral": ephemeral}
    if thread_ts:
        container["thread_ts"] = thread_ts
    token = core.response_urls.issue(user=person.id, channel=channel.id, message_ts=message["ts"], thread_ts=thread_ts)
    body = {
        **_interaction(core, "block_actions", person),
        "container": container,
        "channel": {"id": channel.id, "name": _channel_name(channel)},
        "state": {"values": {}},
        "response_url": core.response_url(token),
        "actions": [action],
    }
    return body if ephemeral else {**body, "message": without(message, "metadata")}


def view_action(core: Core, person: Member, held: HeldView, action: Json) -> Json:
    """Payload `block_actions` of an element in a modal or the Home tab."""
    view = held.view
    return {
        **_interaction(core, "block_actions", person, view_id=view["id"]),
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "actions": [action],
    }


def view_submission(core: Core, person: Member, view: Json) -> Json:
    """Payload `view_submission`."""
    return {
        **_interaction(core, "view_submission", person, view_id=view["id"]),
        "view": view,
        "response_urls": [],
    }


def view_closed(core: Core, person: Member, view: Json, *, is_cleared: bool) -> Json:
    """Payload `view_closed`; it carries no trigger."""
    body = {**_interaction(core, "view_closed", person), "view": view, "is_cleared": is_cleared}
    return without(body, "trigger_id")


def global_shortcut(core: Core, person: Member, callback_id: str) -> Json:
    """Payload `shortcut`."""
    return {**_interaction(core, "shortcut", person), "callback_id": callback_id, "action_ts": core.workspace.tick()}


def message_shortcut(core: Core, person: Member, channel: Channel, message: Json, callback_id: str) -> Json:
    """Payload `message_action`."""
    token = core.response_urls.issue(
        user=person.id, channel=channel.id, message_ts=message["ts"], thread_ts=message.get("thread_ts")
    )
    return {
        **_interaction(core, "message_action", person),
        "callback_id": callback_id,
        "action_ts": core.workspace.tick(),
        "message_ts": message["ts"],
        "channel": {"id": channel.id, "name": _channel_name(channel)},
        "message": without(message, "metadata"),
        "response_url": core.response_url(token),
    }


def message_event(core: Core, channel: Channel, message: Json) -> Json:
    """Event `message`, as `message.channels`, `message.groups` and `message.im` deliver it."""
    return {
        **without(message, "metadata", "reply_count", "reply_users", "reply_users_count", "latest_reply"),
        **_company(core, message),
        "channel": channel.id,
        "channel_type": channel.kind,
        "event_ts": message["ts"],
    }


def app_mention(core: Core, channel: Channel, message: Json) -> Json:
    """Event `app_mention`: Slack sends it beside the `message` event, without subtype and channel type."""
    return {
        **without(message, "subtype", "metadata", "reply_count", "reply_users", "reply_users_count", "latest_reply"),
        **_company(core, message),
        "type": "app_mention",
        "channel": channel.id,
        "event_ts": message["ts"],
    }


def message_changed(core: Core, channel: Channel, message: Json, previous: Json) -> Json:
    """Event `message` with subtype `message_changed`: the text stands one level deeper than in other messages."""
    changed = {"subtype": "message_changed", "message": without(message, "metadata")}
    return {**_about_message(core, channel), **changed, "previous_message": without(previous, "metadata")}


def message_deleted(core: Core, channel: Channel, previous: Json) -> Json:
    """Event `message` with subtype `message_deleted`."""
    deleted = {"subtype": "message_deleted", "deleted_ts": previous["ts"]}
    return {**_about_message(core, channel), **deleted, "previous_message": without(previous, "metadata")}


def app_home_opened(core: Core, person: Member, home: Json | None) -> Json:
    """Event `app_home_opened`; `view` only once a Home tab was published."""
    stamp = core.workspace.tick()
    event = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": core.workspace.direct(person.id).id,
        "tab": "home",
        "event_ts": stamp,
    }
    return event if home is None else {**event, "view": home}


def event_callback(core: Core, event: Json) -> Json:
    """Wrap an event as the Events API delivers it."""
    identity = core.identity
    return {
        "token": _TOKEN,
        "team_id": identity.team_id,
        "context_team_id": identity.team_id,
        "context_enterprise_id": None,
        "api_app_id": identity.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": core.workspace.new_id("Ev"),
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": identity.team_id,
                "user_id": identity.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": secrets.token_urlsafe(24),
    }


def file(core: Core, stored: StoredFile) -> Json:
    """Give the file object of events and messages."""
    return stored.info(core.base_url)


def without(body: Json, *keys: str) -> Json:
    """Copy an object without some of its keys."""
    return {key: value for key, value in body.items() if key not in keys}


def _interaction(core: Core, kind: str, person: Member, *, view_id: str | None = None) -> Json:
    identity = core.identity
    return {
        "type": kind,
        "token": _TOKEN,
        "team": {"id": identity.team_id, "domain": "local"},
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": person.team or identity.team_id,
        },
        "api_app_id": identity.app_id,
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": core.triggers.issue(person.id, view_id),
    }


def _company(core: Core, message: Json) -> Json:
    """Say whose workspace a writer from another company belongs to, as Slack Connect does."""
    writer = core.workspace.people.get(str(message.get("user")))
    if writer is None or not writer.team:
        return {}
    return {"user_team": writer.team, "source_team": writer.team}


def _about_message(core: Core, channel: Channel) -> Json:
    stamp = core.workspace.tick()
    place = {"channel": channel.id, "channel_type": channel.kind}
    return {"type": "message", "hidden": True, **place, "ts": stamp, "event_ts": stamp}


def _channel_name(channel: Channel) -> str:
    return "privategroup" if channel.is_private and not channel.is_im else channel.name
