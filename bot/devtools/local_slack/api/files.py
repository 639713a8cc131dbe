"""The files methods: docs.slack.dev/reference/methods/files.getUploadURLExternal and its neighbours."""

from __future__ import annotations

import mimetypes
import time
from pathlib import PurePath
from typing import Annotated

from pydantic import Field

from bot.devtools.local_slack import posting
from bot.devtools.local_slack.api.arguments import Args, Blocks, Structured, Text
from bot.devtools.local_slack.api.chat import refuse_blocks
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.payloads import file
from bot.devtools.local_slack.records import Channel, Json, StoredFile

_KINDS = {".yaml": ("yaml", "text/yaml"), ".yml": ("yaml", "text/yaml"), ".md": ("markdown", "text/markdown")}
_KINDS |= {".sql": ("sql", "text/x-sql"), ".json": ("json", "application/json"), ".txt": ("text", "text/plain")}


class GetUploadUrl(Args):
    """Arguments of `files.getUploadURLExternal`."""

    filename: Annotated[Text, Field(min_length=1)]
    length: Annotated[int, Field(ge=1)]
    alt_txt: Text | None = None
    snippet_type: Text | None = None


class UploadedFile(Args):
    """One file of `files.completeUploadExternal`."""

    id: Text
    title: Text | None = None


class CompleteUpload(Args):
    """Arguments of `files.completeUploadExternal`."""

    files: Annotated[list[UploadedFile], Structured, Field(min_length=1)]
    channel_id: Text | None = None
    channels: Text | None = None
    initial_comment: Text | None = None
    thread_ts: Text | None = None
    blocks: Blocks | None = None


class OneFile(Args):
    """Arguments of methods about one file."""

    file: Text


def get_upload_url(core: Core, args: GetUploadUrl) -> Json:
    """Begin an upload: the bytes go to the URL in the answer."""
    file_id = core.workspace.new_id("F")
    core.workspace.put_file(describe(file_id, args.filename, core.identity.bot_user, b"", expected=args.length))
    return {"upload_url": f"{core.base_url}/upload/{file_id}", "file_id": file_id}


def complete_upload(core: Core, args: CompleteUpload) -> Json:
    """Finish uploads, and show them in a channel or thread. As at Slack, the answer does not name the message."""
    if args.blocks and args.initial_comment:
        raise SlackRefusal("invalid_arguments")
    refuse_blocks(args.blocks)
    stored = [_finish(core, given) for given in args.files]
    names = args.channels.split(",") if args.channels else [args.channel_id] if args.channel_id else []
    targets = [_target(core, name) for name in names]
    if args.thread_ts:
        for channel in targets:
            posting.thread_parent(core, channel, args.thread_ts)
    for one in stored:
        core.workspace.put_file(one)
    for channel in targets:
        _share(core, channel, [one.id for one in stored], args)
    return {"files": [{**file(core, one), "shares": {}, "channels": [], "groups": [], "ims": []} for one in stored]}


def info(core: Core, args: OneFile) -> Json:
    """Describe a file, with where it was shown."""
    stored = find(core, args.file)
    shares: Json = {}
    for channel_id, ts in stored.shares.items():
        kind = "public" if core.workspace.channel(channel_id).kind == "channel" else "private"
        shares.setdefault(kind, {})[channel_id] = [{"ts": ts, "channel_name": core.workspace.channel(channel_id).name}]
    return {"file": {**file(core, stored), "shares": shares}, "comments": [], "response_metadata": {"next_cursor": ""}}


def delete(core: Core, args: OneFile) -> Json:
    """Delete a file; the messages that showed it say so."""
    stored = find(core, args.file)
    if stored.user != core.identity.bot_user:
        raise SlackRefusal("cant_delete_file")
    core.workspace.drop_file(stored.id)
    for channel_id, ts in stored.shares.items():
        message = core.workspace.find_message(channel_id, ts)
        if message is not None:
            left = [
                {"id": one["id"], "mode": "tombstone"} if one["id"] == stored.id else one for one in message["files"]
            ]
            posting.change(core, core.workspace.channel(channel_id), {**message, "files": left})
    return {}


def find(core: Core, file_id: str) -> StoredFile:
    """Find a file.

    Raises:
        SlackRefusal: `file_not_found`.
    """
    stored = core.workspace.files.get(file_id)
    if stored is None:
        raise SlackRefusal("file_not_found")
    return stored


def describe(file_id: str, name: str, user: str, content: bytes, *, expected: int | None = None) -> StoredFile:
    """Make a file's record; `expected` is the length announced for bytes that are still to come."""
    plain = PurePath(name).name or "file"
    suffix = PurePath(plain).suffix.lower()
    guessed = mimetypes.guess_type(plain)[0] or "application/octet-stream"
    filetype, mimetype = _KINDS.get(suffix, (suffix[1:] or "binary", guessed))
    return StoredFile(
        id=file_id,
        name=plain,
        title=plain,
        mimetype=mimetype,
        filetype=filetype,
        user=user,
        created=int(time.time()),
        content=content,
        expected=expected,
    )


def _finish(core: Core, given: UploadedFile) -> StoredFile:
    stored = find(core, given.id)
    if stored.expected is not None:
        raise SlackRefusal("file_not_found")
    return stored.titled(given.title or stored.name)


def _target(core: Core, channel_id: str) -> Channel:
    channel = core.workspace.channel(channel_id)
    if core.identity.bot_user not in channel.members:
        raise SlackRefusal("not_in_channel")
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    return channel


def _share(core: Core, channel: Channel, ids: list[str], args: CompleteUpload) -> None:
    message = posting.by_bot(
        core,
        text=args.initial_comment or "",
        blocks=args.blocks or None,
        thread_ts=args.thread_ts,
        files=[file(core, core.workspace.files[file_id]) for file_id in ids],
        upload=True,
        subtype="file_share",
    )
    posted = posting.post(core, channel, message)
    for file_id in ids:
        posting.share_file(core, channel, file_id, posted["ts"])
