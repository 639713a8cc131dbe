"""Typing messages, sharing files, making and joining channels."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, replace

from bot.devtools.local_slack import payloads, posting, text
from bot.devtools.local_slack.api.files import describe, find
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.records import Channel, Json, Member, StoredFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a person is about to send."""

    text: str = ""
    thread_ts: str | None = None
    files: tuple[str, ...] = ()


def say(core: Core, person: Member, channel: Channel, draft: Typed) -> Json:
    """Post what a person typed, with files that they uploaded.

    Raises:
        SlackRefusal: `not_in_channel`, `no_text`, `file_not_found`, and what `posting.post` refuses.
    """
    if person.id not in channel.members:
        raise SlackRefusal("not_in_channel")
    if not draft.text.strip() and not draft.files:
        raise SlackRefusal("no_text")
    stored = [find(core, file_id) for file_id in draft.files]
    escaped = text.typed(draft.text)
    message: Json = {"user": person.id, "client_msg_id": str(uuid.uuid4()), "text": escaped}
    if escaped:
        message["blocks"] = [text.rich_text(escaped, "typed")]
    if draft.thread_ts:
        message["thread_ts"] = draft.thread_ts
    if stored:
        message |= {"files": [payloads.file(core, one) for one in stored], "upload": True, "subtype": "file_share"}
    posted = posting.post(core, channel, message)
    for one in stored:
        posting.share_file(core, channel, one.id, posted["ts"])
    return posted


def edit(core: Core, person: Member, channel: Channel, ts: str, typed: str) -> Json:
    """Let a person change their own message.

    Raises:
        SlackRefusal: `message_not_found`, `cant_update_message`, `no_text`.
    """
    message = core.workspace.message(channel.id, ts)
    if message["user"] != person.id:
        raise SlackRefusal("cant_update_message")
    if not typed.strip():
        raise SlackRefusal("no_text")
    escaped = text.typed(typed)
    return posting.edit(core, channel, message, {"text": escaped, "blocks": [text.rich_text(escaped, "typed")]})


def delete(core: Core, person: Member, channel: Channel, ts: str) -> None:
    """Let a person delete their own message.

    Raises:
        SlackRefusal: `message_not_found`, `cant_delete_message`.
    """
    message = core.workspace.message(channel.id, ts)
    if message["user"] != person.id:
        raise SlackRefusal("cant_delete_message")
    posting.delete(core, channel, message)


def upload(core: Core, person: Member, name: str, content: bytes, mode: str = "hosted") -> StoredFile:
    """Store a file of a person, or a snippet; it is shown nowhere yet."""
    stored = describe(core.workspace.new_id("F"), name, person.id, content)
    return core.workspace.put_file(replace(stored, mode=mode))


def create_channel(core: Core, person: Member, name: str, *, is_private: bool) -> Channel:
    """Make a channel with its creator as only member.

    Raises:
        SlackRefusal: `name_taken` or `invalid_name`.
    """
    if not name or len(name) > 80 or name != name.lower() or not name.replace("-", "").replace("_", "").isalnum():
        raise SlackRefusal("invalid_name")
    if any(channel.name == name for channel in core.workspace.channels.values()):
        raise SlackRefusal("name_taken")
    channel = Channel(
        id=core.workspace.new_id("C"),
        name=name,
        is_private=is_private,
        created=int(time.time()),
        creator=person.id,
        members=(person.id,),
    )
    return changed(core, channel)


def join(core: Core, user: str, channel: Channel) -> Channel:
    """Add a person or the bot to a channel, and tell the app if it asked for that."""
    joined = changed(core, core.workspace.join(channel, user))
    if core.identity.bot_user in joined.members:
        event = {"type": "member_joined_channel", "user": user, "channel": channel.id, "channel_type": "C"}
        posting.announce(core, {**event, "team": core.identity.team_id, "event_ts": core.workspace.tick()})
    return joined


def archive(core: Core, channel: Channel) -> Channel:
    """Archive a channel."""
    return changed(core, replace(channel, is_archived=True))


def changed(core: Core, channel: Channel) -> Channel:
    """Store a channel and show it to those who may see it."""
    core.workspace.put_channel(channel)
    for user in core.seen_by(channel):
        core.page_feeds.tell({"type": "channel", "channel": card(core, channel, user)}, only=[user])
    return channel


def card(core: Core, channel: Channel, user: str) -> Json:
    """Give a channel as the page shows it to one person."""
    read = core.reads.get((user, channel.id), core.started)
    unread = sum(m["ts"] > read and m.get("user") != user for m in core.workspace.history(channel.id))
    return {
        "id": channel.id,
        "name": core.identity.bot_name if channel.is_im else channel.name,
        "topic": channel.topic,
        "is_private": channel.is_private,
        "is_im": channel.is_im,
        "is_archived": channel.is_archived,
        "is_member": user in channel.members,
        "bot_is_member": core.identity.bot_user in channel.members,
        "unread": unread,
    }
