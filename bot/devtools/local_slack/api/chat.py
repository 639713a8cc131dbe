"""The chat methods: docs.slack.dev/reference/methods/chat.postMessage and its neighbours."""

from __future__ import annotations

import json

from bot.devtools.local_slack import posting
from bot.devtools.local_slack.api.arguments import Args, Blocks, Flag, Object, Text
from bot.devtools.local_slack.blockkit import BlocksRefused, check_blocks
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.payloads import without
from bot.devtools.local_slack.records import Channel, Json

POST_TEXT = 40_000
"""What is longer is cut, and nobody is told."""

UPDATE_TEXT = 4_000
"""What is longer is refused."""

METADATA_BYTES = 16_000
BLOCKS_BYTES = 13_200
"""Not documented: from there on apps were refused (bolt-js 2509)."""


class PostMessage(Args):
    """Arguments of `chat.postMessage`."""

    channel: Text = ""
    text: Text | None = None
    blocks: Blocks | None = None
    metadata: Object | None = None
    thread_ts: Text | None = None
    reply_broadcast: Flag = False
    mrkdwn: Flag = True
    unfurl_links: Flag = False
    unfurl_media: Flag = False


class PostEphemeral(Args):
    """Arguments of `chat.postEphemeral`."""

    channel: Text = ""
    user: Text
    text: Text | None = None
    blocks: Blocks | None = None
    thread_ts: Text | None = None


class Update(Args):
    """Arguments of `chat.update`."""

    channel: Text = ""
    ts: Text
    text: Text | None = None
    blocks: Blocks | None = None
    metadata: Object | None = None


class Delete(Args):
    """Arguments of `chat.delete`."""

    channel: Text = ""
    ts: Text


class GetPermalink(Args):
    """Arguments of `chat.getPermalink`."""

    channel: Text = ""
    message_ts: Text


def post_message(core: Core, args: PostMessage) -> Json:
    """Post as the bot. A user id as channel means the direct messages with that person."""
    channel = _target(core, args.channel)
    message = posting.by_bot(
        core,
        text=_content(core, args.text, args.blocks)[:POST_TEXT],
        blocks=args.blocks or None,
        metadata=_metadata(args.metadata),
        thread_ts=args.thread_ts,
        subtype="thread_broadcast" if args.thread_ts and args.reply_broadcast else None,
    )
    posted = posting.post(core, channel, message)
    return {"channel": channel.id, "ts": posted["ts"], "message": posted}


def post_ephemeral(core: Core, args: PostEphemeral) -> Json:
    """Show a message to one member of the channel."""
    channel = _target(core, args.channel)
    if args.user not in channel.members:
        raise SlackRefusal("user_not_in_channel")
    content = _content(core, args.text, args.blocks)[:POST_TEXT]
    message = posting.by_bot(core, text=content, blocks=args.blocks or None, thread_ts=args.thread_ts)
    shown = posting.ephemeral(core, channel, args.user, message)
    return {"message_ts": shown["ts"]}


def update(core: Core, args: Update) -> Json:
    """Change one of the bot's own messages.

    Text without blocks takes the blocks away and marks the message as edited; blocks alone leave no text;
    metadata stays unless it is given, and an empty object takes it away.
    """
    channel = core.workspace.channel(args.channel)
    message = core.workspace.message(channel.id, args.ts)
    if message.get("user") != core.identity.bot_user:
        raise SlackRefusal("cant_update_message")
    if len(args.text or "") > UPDATE_TEXT:
        raise SlackRefusal("msg_too_long")
    content = _content(core, args.text, args.blocks)
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    changed = {**without(message, "blocks"), "text": content}
    if args.blocks:
        changed["blocks"] = posting.with_ids(core, args.blocks)
    else:
        changed["edited"] = {"user": core.identity.bot_user, "ts": core.workspace.tick()}
    if args.metadata is not None:
        changed = without(changed, "metadata") | ({"metadata": _metadata(args.metadata)} if args.metadata else {})
    posting.note_broadcasts(core, changed)
    posting.change(core, channel, changed)
    return {"channel": channel.id, "ts": args.ts, "text": content, "message": changed}


def delete(core: Core, args: Delete) -> Json:
    """Delete one of the bot's own messages."""
    channel = core.workspace.channel(args.channel)
    message = core.workspace.message(channel.id, args.ts)
    if message.get("user") != core.identity.bot_user:
        raise SlackRefusal("cant_delete_message")
    posting.delete(core, channel, message)
    return {"channel": channel.id, "ts": args.ts}


def get_permalink(core: Core, args: GetPermalink) -> Json:
    """Give a message's address."""
    channel = core.workspace.channel(args.channel)
    message = core.workspace.message(channel.id, args.message_ts)
    link = f"{core.base_url}/archives/{channel.id}/p{args.message_ts.replace('.', '')}"
    thread_ts = message.get("thread_ts")
    if thread_ts and thread_ts != args.message_ts:
        link += f"?thread_ts={thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def refuse_blocks(blocks: list[Json] | None) -> None:
    """Hold blocks against Slack's limits.

    Raises:
        SlackRefusal: `invalid_blocks` with Slack's messages.
    """
    try:
        if blocks:
            check_blocks(blocks)
    except BlocksRefused as refused:
        details = {"messages": refused.messages}
        raise SlackRefusal(refused.error, errors=refused.messages, response_metadata=details) from refused


def _target(core: Core, name: str) -> Channel:
    if name.startswith("U") and name in core.workspace.people:
        return core.workspace.direct(name)
    by_name = (c for c in core.workspace.channels.values() if name.startswith("#") and c.name == name[1:])
    channel = next(by_name, None) or core.workspace.channel(name)
    if core.identity.bot_user not in channel.members:
        raise SlackRefusal("channel_not_found" if channel.is_private else "not_in_channel")
    return channel


def _content(core: Core, text: str | None, blocks: list[Json] | None) -> str:
    if not text and not blocks:
        raise SlackRefusal("no_text")
    refuse_blocks(blocks)
    for place, block in enumerate(blocks or ()):
        if block["type"] in core.not_rolled_out:
            line = f"[ERROR] unsupported type: {block['type']} [json-pointer:/blocks/{place}/type]"
            raise SlackRefusal("invalid_blocks", errors=[line], response_metadata={"messages": [line]})
    if blocks and len(json.dumps(blocks, ensure_ascii=False).encode("utf-8", "replace")) > BLOCKS_BYTES:
        raise SlackRefusal("msg_blocks_too_long")
    return text or ""


def _metadata(metadata: Json | None) -> Json | None:
    if metadata is None:
        return None
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise SlackRefusal("invalid_metadata_format")
    if len(json.dumps(metadata)) > METADATA_BYTES:
        raise SlackRefusal("metadata_too_large")
    return {"event_type": kind, "event_payload": payload}
