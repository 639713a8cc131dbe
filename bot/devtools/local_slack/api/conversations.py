"""The conversations methods, and reactions: docs.slack.dev/reference/methods/conversations.replies and the like."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, TypeVar

from pydantic import Field

from bot.devtools.local_slack import posting
from bot.devtools.local_slack.api.arguments import Args, Flag, Text
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.payloads import without
from bot.devtools.local_slack.records import Channel, Json

Item = TypeVar("Item")
Limit = Annotated[int, Field(ge=1, le=1000)]


class Page(Args):
    """Arguments of every method that answers in pages."""

    cursor: Text = ""
    limit: Limit = 100


class OneChannel(Args):
    """Arguments of methods about one channel."""

    channel: Text = ""


class History(Page):
    """Arguments of `conversations.history`."""

    channel: Text = ""
    oldest: Text = "0"
    latest: Text | None = None
    inclusive: Flag = False
    include_all_metadata: Flag = False


class Replies(History):
    """Arguments of `conversations.replies`."""

    ts: Text


class Open(Args):
    """Arguments of `conversations.open`."""

    users: Text = ""
    channel: Text = ""
    return_im: Flag = False


class Members(Page):
    """Arguments of `conversations.members`."""

    channel: Text = ""


class Listing(Page):
    """Arguments of `conversations.list`."""

    types: Text = "public_channel"
    exclude_archived: Flag = False


class AddReaction(Args):
    """Arguments of `reactions.add`."""

    channel: Text = ""
    timestamp: Text
    name: Text


def info(core: Core, args: OneChannel) -> Json:
    """Describe a channel that the bot may see."""
    channel = visible(core, args.channel)
    return {"channel": channel.info(bot=core.identity.bot_user)}


def join(core: Core, args: OneChannel) -> Json:
    """Let the bot join a public channel."""
    channel = visible(core, args.channel)
    if channel.is_im or channel.is_private:
        raise SlackRefusal("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    joined = core.workspace.join(channel, core.identity.bot_user)
    return {"channel": joined.info(bot=core.identity.bot_user)}


def open_direct(core: Core, args: Open) -> Json:
    """Open the direct messages with one person."""
    if args.channel:
        channel = core.workspace.channel(args.channel)
    elif not args.users:
        raise SlackRefusal("users_list_not_supplied")
    elif "," in args.users:
        raise SlackRefusal("not_enough_users")
    else:
        channel = core.workspace.direct(args.users)
    return {"channel": channel.info(bot=core.identity.bot_user) if args.return_im else {"id": channel.id}}


def members(core: Core, args: Members) -> Json:
    """List the members of a channel."""
    found, metadata = page(visible(core, args.channel).members, args)
    return {"members": found, **metadata}


def listing(core: Core, args: Listing) -> Json:
    """List the channels that the bot may see."""
    wanted = {kind.strip() for kind in args.types.split(",")}
    names = {"channel": "public_channel", "group": "private_channel", "im": "im"}
    bot = core.identity.bot_user
    seen = [
        channel.info(bot=bot)
        for channel in core.workspace.channels.values()
        if names[channel.kind] in wanted
        and channel.visible_to(bot)
        and not (args.exclude_archived and channel.is_archived)
    ]
    found, metadata = page(seen, args)
    return {"channels": found, **metadata}


def history(core: Core, args: History) -> Json:
    """List what a channel shows outside of threads, newest first."""
    channel = _readable(core, args.channel)
    messages = [m for m in core.workspace.history(channel.id) if _within(m, args)]
    found, metadata = page(list(reversed(messages)), args, most=core.rates.most_messages)
    return {"messages": [_shown(m, args) for m in found], "has_more": _more(metadata), **metadata}


def replies(core: Core, args: Replies) -> Json:
    """List a thread, oldest first; the parent comes first whatever the bounds say."""
    channel = _readable(core, args.channel)
    thread = core.workspace.thread(channel.id, args.ts)
    if not thread:
        raise SlackRefusal("thread_not_found")
    kept = [thread[0], *(m for m in thread[1:] if _within(m, args))]
    found, metadata = page(kept, args, most=core.rates.most_messages)
    return {"messages": [_shown(m, args) for m in found], "has_more": _more(metadata), **metadata}


def add_reaction(core: Core, args: AddReaction) -> Json:
    """React to a message as the bot."""
    channel = _readable(core, args.channel)
    message = core.workspace.message(channel.id, args.timestamp)
    bot = core.identity.bot_user
    reactions = {r["name"]: r["users"] for r in message.get("reactions", [])}
    if bot in reactions.get(args.name, []):
        raise SlackRefusal("already_reacted")
    reactions[args.name] = [*reactions.get(args.name, []), bot]
    counted = [{"name": name, "users": users, "count": len(users)} for name, users in reactions.items()]
    posting.change(core, channel, {**message, "reactions": counted})
    return {}


def visible(core: Core, channel_id: str) -> Channel:
    """Find a channel that the bot may see.

    Raises:
        SlackRefusal: `channel_not_found`, also for private channels that the bot is not in.
    """
    channel = core.workspace.channel(channel_id)
    if not channel.visible_to(core.identity.bot_user):
        raise SlackRefusal("channel_not_found")
    return channel


def page(items: Sequence[Item], args: Page, most: int = 1000) -> tuple[list[Item], Json]:
    """Cut one page of at most so many out of a list; the cursor is Slack-like opaque text.

    Raises:
        SlackRefusal: `invalid_cursor`.
    """
    try:
        start = int(base64.b64decode(args.cursor, validate=True)) if args.cursor else 0
    except (binascii.Error, ValueError) as wrong:
        raise SlackRefusal("invalid_cursor") from wrong
    end = start + min(args.limit, most)
    following = base64.b64encode(str(end).encode()).decode() if end < len(items) else ""
    return list(items[start:end]), {"response_metadata": {"next_cursor": following}}


def _readable(core: Core, channel_id: str) -> Channel:
    channel = visible(core, channel_id)
    if core.identity.bot_user not in channel.members:
        raise SlackRefusal("not_in_channel")
    return channel


def _within(message: Json, args: History) -> bool:
    """Apply `oldest` and `latest`, which exclude their own message unless `inclusive`."""
    ts, oldest = float(message["ts"]), float(args.oldest or 0)
    latest = float(args.latest) if args.latest else float("inf")
    return (oldest <= ts <= latest) if args.inclusive else (oldest < ts < latest)


def _shown(message: Json, args: History) -> Json:
    return message if args.include_all_metadata else without(message, "metadata")


def _more(metadata: Json) -> bool:
    return bool(metadata["response_metadata"]["next_cursor"])
