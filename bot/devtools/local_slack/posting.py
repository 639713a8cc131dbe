"""Messages coming into being, changing and going: stored, shown to people, announced to the app."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from bot.devtools.local_slack import payloads, text
from bot.devtools.local_slack.blockkit.check import elements_of
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.records import Channel, Json

_ACTING = ("_input", "select", "picker", "button", "overflow", "checkboxes")


def announce(core: Core, event: Json) -> None:
    """Deliver an event to the app if its manifest asks for it."""
    if core.manifest.subscribes(event):
        core.delivery.announce(payloads.event_callback(core, event))


def post(core: Core, channel: Channel, message: Json) -> Json:
    """Post a message that has everything but its `ts`: store it, show it, and tell the app when it is a member.

    Raises:
        SlackRefusal: `is_archived`, or what is wrong with the thread.
    """
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    thread_ts = message.get("thread_ts")
    parent = thread_parent(core, channel, thread_ts) if thread_ts else None
    posted = {"type": "message", **message, "ts": core.workspace.tick(), "team": core.identity.team_id}
    if parent is not None:
        posted["parent_user_id"] = parent.get("user", "")
    posted["blocks"] = with_ids(core, posted.get("blocks", []))
    stored = core.workspace.put_message(channel.id, posted if posted["blocks"] else payloads.without(posted, "blocks"))
    show(core, "message", channel, stored)
    if parent is not None:
        count_reply(core, channel, parent, stored)
    if message["user"] == core.identity.bot_user:
        set_status(core, channel, str(thread_ts or stored["ts"]), "")
    if core.identity.bot_user in channel.members:
        _tell_app(core, channel, stored)
    return stored


def thread_parent(core: Core, channel: Channel, thread_ts: str) -> Json:
    """Find the message that a reply hangs on.

    Raises:
        SlackRefusal: `thread_not_found`, or `cannot_reply_to_message` for a reply's own `ts`.
    """
    parent = core.workspace.find_message(channel.id, thread_ts)
    if parent is None:
        raise SlackRefusal("thread_not_found")
    if parent.get("thread_ts", thread_ts) != thread_ts:
        raise SlackRefusal("cannot_reply_to_message")
    return parent


def change(core: Core, channel: Channel, message: Json) -> Json:
    """Store a changed message and show it."""
    stored = core.workspace.put_message(channel.id, message)
    show(core, "message_changed", channel, stored)
    return stored


def edit(core: Core, channel: Channel, message: Json, changes: Json) -> Json:
    """Change what a person wrote, and tell the app."""
    edited = {**message, **changes, "edited": {"user": message["user"], "ts": core.workspace.tick()}}
    if core.identity.bot_user in channel.members:
        announce(core, payloads.message_changed(core, channel, edited, message))
    return change(core, channel, edited)


def delete(core: Core, channel: Channel, message: Json) -> None:
    """Delete a message, and tell the app; the parent of a thread leaves a tombstone, as at Slack."""
    ts = message["ts"]
    if core.identity.bot_user in channel.members:
        announce(core, payloads.message_deleted(core, channel, message))
    if message.get("reply_count"):
        kept = {key: message[key] for key in ("type", "ts", "thread_ts", "reply_count", "reply_users", "latest_reply")}
        tombstone = {**kept, "subtype": "tombstone", "hidden": True, "user": "USLACKBOT"}
        change(core, channel, {**tombstone, "text": "This message was deleted."})
        return
    core.workspace.drop_message(channel.id, ts)
    core.page_feeds.tell({"type": "message_deleted", "channel": channel.id, "ts": ts}, only=core.seen_by(channel))
    thread_ts = message.get("thread_ts")
    parent = core.workspace.find_message(channel.id, thread_ts) if thread_ts else None
    if parent is not None:
        count_reply(core, channel, parent, None)


def ephemeral(core: Core, channel: Channel, user: str, message: Json) -> Json:
    """Show a message to one person only."""
    blocks = with_ids(core, message.get("blocks", []))
    shown = {"type": "message", **message, "ts": core.workspace.tick(), "ephemeral": True}
    shown = {**shown, "blocks": blocks} if blocks else payloads.without(shown, "blocks")
    core.keep_ephemeral(channel.id, user, shown)
    event = {"type": "ephemeral", "channel": channel.id, "message": shown}
    if message.get("thread_ts"):
        event["thread_ts"] = message["thread_ts"]
    core.page_feeds.tell(event, only=[user])
    return shown


def drop_ephemeral(core: Core, channel_id: str, ts: str) -> bool:
    """Take an ephemeral message away; tells whether there was one."""
    found = core.ephemerals.pop(f"{channel_id} {ts}", None)
    if found is not None:
        core.page_feeds.tell({"type": "message_deleted", "channel": channel_id, "ts": ts}, only=[found[0]])
    return found is not None


def by_bot(core: Core, **fields: Any) -> Json:
    """Begin a message of the bot; fields that are None are left out. A broadcast in it is noted."""
    identity = core.identity
    given = {key: value for key, value in fields.items() if value is not None}
    message = {"user": identity.bot_user, "bot_id": identity.bot_id, "app_id": identity.app_id, "text": "", **given}
    note_broadcasts(core, message)
    return message


def note_broadcasts(core: Core, message: Json) -> None:
    """Remember a message that would have notified everybody."""
    if text.broadcasts(message):
        core.broadcasts.append(message)


def with_ids(core: Core, blocks: list[Json]) -> list[Json]:
    """Give blocks and elements the ids that Slack makes up where the app gave none."""
    return [_block_with_ids(core, block) for block in blocks]


def set_status(core: Core, channel: Channel, thread_ts: str, status: str) -> None:
    """Show what the app says that it is doing in a thread.

    An empty status takes it away, as posting there does, and as two minutes do in which nothing more is said.
    """
    place = (channel.id, thread_ts)
    before = core.statuses.pop(place, "")
    if (ends := core.status_ends.pop(place, None)) is not None:
        ends.cancel()
    if status:
        core.statuses[place] = status
        loop = asyncio.get_running_loop()
        core.status_ends[place] = loop.call_later(core.status_s, set_status, core, channel, thread_ts, "")
    if status != before:
        event = {"type": "status", "channel": channel.id, "thread_ts": thread_ts, "status": status}
        core.page_feeds.tell(event, only=core.seen_by(channel))


def show(core: Core, kind: str, channel: Channel, message: Json) -> None:
    """Push a message to everybody who may read the channel."""
    event = {"type": kind, "channel": channel.id, "message": message}
    core.page_feeds.tell(event, only=core.seen_by(channel))


def count_reply(core: Core, channel: Channel, parent: Json, reply: Json | None) -> None:
    """Bring a parent's count of replies up to date, and show it."""
    replies = core.workspace.thread(channel.id, parent["ts"])[1:]
    users = list(dict.fromkeys(message["user"] for message in replies))
    counted = {
        **parent,
        "thread_ts": parent["ts"],
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users[:5],
        "latest_reply": reply["ts"] if reply else (replies[-1]["ts"] if replies else parent["ts"]),
    }
    change(core, channel, counted)


def share_file(core: Core, channel: Channel, file_id: str, ts: str) -> None:
    """Note on a file where it was shown."""
    stored = core.workspace.files[file_id]
    core.workspace.put_file(replace(stored, shares={**stored.shares, channel.id: ts}))


def renew_links(core: Core) -> None:
    """Let the files in old messages point to this server: its port may have changed since they were posted."""
    for channel in core.workspace.channels.values():
        for message in core.workspace.all_messages(channel.id):
            files = [_current(core, one) for one in message.get("files", [])]
            if files != message.get("files", []):
                core.workspace.put_message(channel.id, {**message, "files": files})


def _current(core: Core, described: Json) -> Json:
    stored = core.workspace.files.get(described["id"])
    return payloads.file(core, stored) if stored else described


def _tell_app(core: Core, channel: Channel, message: Json) -> None:
    announce(core, payloads.message_event(core, channel, message))
    bot = core.identity.bot_user
    if message["user"] != bot and not channel.is_im and text.mentions(message["text"], bot):
        announce(core, payloads.app_mention(core, channel, message))


def _block_with_ids(core: Core, block: Json) -> Json:
    named = {**block, "block_id": block.get("block_id") or core.workspace.new_id("")[-6:]}
    if "child_blocks" in block:
        named["child_blocks"] = with_ids(core, block["child_blocks"])
    if any("action_id" not in element for element in elements_of(block) if _acts(element)):
        for key in ("accessory", "element"):
            if key in block:
                named[key] = _element_with_id(core, block[key])
        for key in ("elements", "actions"):
            if key in block:
                named[key] = [_element_with_id(core, element) for element in block[key]]
    return named


def _element_with_id(core: Core, element: Json) -> Json:
    if not _acts(element) or element.get("action_id"):
        return element
    return {**element, "action_id": core.workspace.new_id("")[-6:]}


def _acts(element: Json) -> bool:
    """Tell actionable elements from texts, images and pieces of rich text."""
    return any(part in str(element.get("type", "")) for part in _ACTING)
