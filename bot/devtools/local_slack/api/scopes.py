"""Which scope each method wants, for some by the kind of channel: docs.slack.dev/reference/scopes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.records import Json

_OF_METHOD: Mapping[str, str] = {
    "assistant.threads.setStatus": "chat:write",
    "bots.info": "users:read",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.join": "channels:join",
    "conversations.open": "im:write",
    "files.completeUploadExternal": "files:write",
    "files.delete": "files:write",
    "files.getUploadURLExternal": "files:write",
    "files.info": "files:read",
    "reactions.add": "reactions:write",
    "team.info": "team:read",
    "usergroups.list": "usergroups:read",
    "users.info": "users:read",
    "users.list": "users:read",
}
_BY_KIND: Mapping[str, str] = {
    "conversations.history": "history",
    "conversations.info": "read",
    "conversations.members": "read",
    "conversations.replies": "history",
}
_FAMILIES: Mapping[str, str] = {"channel": "channels", "group": "groups", "im": "im"}
_LISTED: Mapping[str, str] = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read"}


def require_scope(core: Core, method: str, given: Json) -> None:
    """Refuse a call whose scope the app has not.

    Raises:
        SlackRefusal: `missing_scope` with what is needed and what there is.
    """
    manifest = core.manifest
    if not manifest.scopes:  # a manifest that names none leaves them out, as tests do
        return
    for needed in _needed(core, method, given):
        if needed not in manifest.scopes:
            raise SlackRefusal("missing_scope", needed=needed, provided=",".join(manifest.scopes))


def _needed(core: Core, method: str, given: Json) -> Iterable[str]:
    if method == "conversations.list":
        kinds = str(given.get("types") or "public_channel").split(",")
        return [_LISTED[kind.strip()] for kind in kinds if kind.strip() in _LISTED]
    if method in _BY_KIND:
        channel = core.workspace.channels.get(str(given.get("channel") or ""))
        return [f"{_FAMILIES[channel.kind]}:{_BY_KIND[method]}"] if channel is not None else []
    return [_OF_METHOD[method]] if method in _OF_METHOD else []
