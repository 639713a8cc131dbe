"""Replies, files and mentions: an answer to the open question, a document, or a note. Nothing is ever a verdict."""

from __future__ import annotations

import re

from handlers.call import Call, Json
from handlers.commands import help_reply
from handlers.views import messages
from handlers.views.text import as_typed, shown

_MENTION = re.compile(r"<@[UW][A-Z0-9]+(\|[^>]*)?>\s*")
_OURS = frozenset({None, "file_share", "thread_broadcast"})
"""Subtypes that people's own words and files come with; all others (joins, edits, bots) are none of ours."""


async def message(call: Call) -> None:
    """Take a message: in an evaluation's thread it counts, a mention elsewhere gets the help, no other matters."""
    event: Json = call.body["event"]
    if event.get("subtype") == "message_deleted":
        await _deleted(call, event)
        return
    if event.get("subtype") not in _OURS or event.get("bot_id") or not event.get("user"):
        await call.ack()
        return
    taken = await _in_thread(call, event) if event.get("thread_ts") else False
    if not taken and (event["type"] == "app_mention" or event.get("channel_type") == "im"):
        await _help(call, event)
    await call.ack()


async def _deleted(call: Call, event: Json) -> None:
    """One of our own may be gone: it is put up again at once, for its buttons are what people decide by."""
    ts = str(event.get("deleted_ts", ""))
    thread_ts = str((event.get("previous_message") or {}).get("thread_ts") or ts)
    await call.services.queries.message_gone(call.actor.team, str(event["channel"]), thread_ts, ts)
    await call.ack()


async def _in_thread(call: Call, event: Json) -> bool:
    channel, thread_ts, ts = str(event["channel"]), str(event["thread_ts"]), str(event["ts"])
    files = [(str(f["id"]), str(f.get("name") or f["id"]), int(f.get("size") or 0)) for f in event.get("files") or ()]
    text = shown(as_typed(_MENTION.sub("", str(event.get("text") or ""))))
    here = await call.services.queries.in_thread(call.actor.team, channel, thread_ts)
    if here is None:
        return False
    evaluation = await call.services.access.must_see(call.actor, here, channel)
    guest = not await call.services.access.takes_part(call.actor, evaluation)
    found = None
    if files:
        await call.services.access.must_take_part(call.actor, evaluation)
        found = await call.services.inputs.give(call.actor, channel, thread_ts, files)
    if text or not files:
        # A message with a file and words brings two things; each has its own place in the inbox.
        actor = call.reworded(":text") if files else call.actor
        found = await call.services.questions.reply(actor, channel, thread_ts, ts, text, guest=guest) or found
        if guest and text:
            await _tell_guest(call, event, evaluation.owner)
    return found is not None


async def _tell_guest(call: Call, event: Json, owner: str) -> None:
    """Say what became of the words of somebody who only follows."""
    said = messages.kept_as_note(owner)
    await call.client.chat_postEphemeral(
        channel=str(event["channel"]), user=call.actor.user, thread_ts=event.get("thread_ts"), text=said["text"],
        blocks=said["blocks"],
    )  # fmt: skip


async def _help(call: Call, event: Json) -> None:
    said = help_reply(call)
    await call.client.chat_postEphemeral(
        channel=str(event["channel"]), user=call.actor.user, thread_ts=event.get("thread_ts"), text=said["text"],
        blocks=said["blocks"],
    )  # fmt: skip
