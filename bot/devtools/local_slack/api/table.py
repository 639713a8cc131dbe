"""All Web API methods of the local Slack, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.devtools.local_slack.api import assistant, chat, conversations, directory, files, views
from bot.devtools.local_slack.api.arguments import Args
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.records import Json


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its arguments, what it does, and whether it wants the app-level token."""

    args: type[Args]
    run: Callable[[Core, Any], Json]
    app_level: bool = False


METHODS: Mapping[str, Method] = {
    "apps.connections.open": Method(directory.Nothing, directory.connections_open, app_level=True),
    "assistant.threads.setStatus": Method(assistant.SetStatus, assistant.set_status),
    "auth.test": Method(directory.Nothing, directory.auth_test),
    "bots.info": Method(directory.OneBot, directory.bot_info),
    "chat.delete": Method(chat.Delete, chat.delete),
    "chat.getPermalink": Method(chat.GetPermalink, chat.get_permalink),
    "chat.postEphemeral": Method(chat.PostEphemeral, chat.post_ephemeral),
    "chat.postMessage": Method(chat.PostMessage, chat.post_message),
    "chat.update": Method(chat.Update, chat.update),
    "conversations.history": Method(conversations.History, conversations.history),
    "conversations.info": Method(conversations.OneChannel, conversations.info),
    "conversations.join": Method(conversations.OneChannel, conversations.join),
    "conversations.list": Method(conversations.Listing, conversations.listing),
    "conversations.members": Method(conversations.Members, conversations.members),
    "conversations.open": Method(conversations.Open, conversations.open_direct),
    "conversations.replies": Method(conversations.Replies, conversations.replies),
    "files.completeUploadExternal": Method(files.CompleteUpload, files.complete_upload),
    "files.delete": Method(files.OneFile, files.delete),
    "files.getUploadURLExternal": Method(files.GetUploadUrl, files.get_upload_url),
    "files.info": Method(files.OneFile, files.info),
    "reactions.add": Method(conversations.AddReaction, conversations.add_reaction),
    "team.info": Method(directory.Nothing, directory.team_info),
    "usergroups.list": Method(directory.Nothing, directory.usergroup_list),
    "users.info": Method(directory.OneUser, directory.user_info),
    "users.list": Method(conversations.Page, directory.user_list),
    "views.open": Method(views.Open, views.open_view),
    "views.publish": Method(views.Publish, views.publish_view),
    "views.push": Method(views.Open, views.push_view),
    "views.update": Method(views.Update, views.update_view),
}
