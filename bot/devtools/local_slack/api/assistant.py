"""What an app says it is doing in a thread: docs.slack.dev/reference/methods/assistant.threads.setStatus."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bot.devtools.local_slack import posting
from bot.devtools.local_slack.api.arguments import Args, Structured, Text
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.records import Json


class SetStatus(Args):
    """Arguments of `assistant.threads.setStatus`."""

    channel_id: Text = ""
    thread_ts: Text
    status: Text = ""
    loading_messages: Annotated[list[Text], Structured, Field(max_length=10)] | None = None


def set_status(core: Core, args: SetStatus) -> Json:
    """Say what the app is doing in a thread; an empty status says nothing more."""
    channel = core.workspace.channel(args.channel_id)
    if core.identity.bot_user not in channel.members:
        raise SlackRefusal("not_in_channel")
    posting.thread_parent(core, channel, args.thread_ts)
    posting.set_status(core, channel, args.thread_ts, args.status)
    return {}
