"""Replies, files and mentions: an answer to the question that was seen, a document, or a note. Never a verdict."""

from __future__ import annotations

import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.evaluation import Evaluation
from bot.services.replies import Became, Taken
from bot.services.reply_place import Said
from handlers import direct
from handlers.call import Call, Json
from handlers.directory import SLACKBOT
from handlers.spoken import Spoken, own_ids, spoken
from handlers.views import messages
from handlers.views.messages import Reply

log = structlog.get_logger(__name__)
_OURS = frozenset({None, "file_share", "me_message", "thread_broadcast"})
"""Subtypes that people's own words and files come with; all others (joins, bots) are none of ours."""


async def message(call: Call) -> None:
    """Take a message: in an evaluation's thread it counts; else a mention and a direct message are answered."""
    event: Json = call.body["event"]
    match event.get("subtype"):
        case "message_deleted":
            await _deleted(call, event)
        case "message_changed":
            await _changed(call, event)
        case subtype if subtype in _OURS and _is_persons(event):
            await _said(call, event)
    await call.ack()


def _is_persons(event: Json) -> bool:
    """Whether somebody wrote this: no app, not Slackbot, and nothing that Slack shows to one person or to nobody."""
    written = event.get("user") not in (None, "", SLACKBOT)
    return written and not (event.get("bot_id") or event.get("hidden") or event.get("is_ephemeral"))


async def _said(call: Call, event: Json) -> None:
    here = await _thread_of(call, event) if event.get("thread_ts") else None
    if here is not None:
        await _in_thread(call, event, here)
    elif event["type"] == "app_mention" or event.get("channel_type") == "im":
        heard = await _heard(call, event)
        if event.get("files") and not heard.text:
            await call.services.queries.once(call.reworded(":said"))
            await call.tell(messages.drop_in_thread())
        else:
            await direct.reply(call, heard.text)


async def _thread_of(call: Call, event: Json) -> Evaluation | None:
    return await call.services.queries.in_thread(call.actor.team, str(event["channel"]), str(event["thread_ts"]))


async def _heard(call: Call, event: Json) -> Spoken:
    directory = call.services.context.directory
    return await spoken(str(event.get("text") or ""), own_ids(call.body), directory, call.actor.team)


async def _in_thread(call: Call, event: Json, evaluation: Evaluation) -> None:
    heard = await _heard(call, event)
    files = [(str(f["id"]), str(f.get("name") or f["id"]), int(f.get("size") or 0)) for f in event.get("files") or ()]
    if not files and ((heard.to_bot and not heard.text) or direct.is_for_bot(heard.text, named=heard.to_bot)):
        await direct.reply(call, heard.text, here=evaluation.id)
        return
    channel, thread_ts, ts = str(event["channel"]), str(event["thread_ts"]), str(event["ts"])
    guest = not await call.services.access.takes_part(call.actor, evaluation)
    if files:
        await call.services.access.must_take_part(call.actor, evaluation)
        await _given(call, event, evaluation, files, Said(channel=channel, thread_ts=thread_ts, ts=ts, text=heard.text))
    if heard.text:
        # A message with a file and words brings two things; each has its own place in the inbox.
        actor = call.reworded(":text") if files else call.actor
        said = Said(channel=channel, thread_ts=thread_ts, ts=ts, text=heard.text, to_others=heard.to_others)
        taken = await call.services.replies.take(actor, said, guest=guest, thread_of=evaluation.id)
        if taken is not None and (words := _words_about(taken, guest)) is not None:
            await _whisper(call, channel, thread_ts, call.actor.user, words)


async def _given(
    call: Call, event: Json, evaluation: Evaluation, files: list[tuple[str, str, int]], said: Said
) -> None:
    """Take files: a pasted snippet is the answer to what is asked; others are documents, and may be the answer, too."""
    question = None if said.text else await call.services.replies.seen(call.actor, said)
    pasted = question is not None and all(file.get("mode") == "snippet" for file in event["files"])
    answers = question.key if question is not None and pasted else ""
    await call.services.inputs.give(call.actor, said.channel, said.thread_ts, files, said.ts, answers)
    if question is not None and not pasted:
        words = messages.files_given(evaluation, question, [name for _, name, _ in files], said.ts)
        await _whisper(call, said.channel, said.thread_ts, call.actor.user, words)


def _words_about(taken: Taken, guest: bool) -> Reply | None:
    """What the writer alone is told at once; an answer's receipt stands in the thread."""
    if guest and taken.note is not None:
        return messages.kept_as_note(taken.evaluation.owner)
    if taken.became is Became.NOT_TAKEN and taken.question is not None and taken.note is not None:
        return messages.not_taken(taken.evaluation, taken.question, taken.note, taken.remark)
    return None


async def _deleted(call: Call, event: Json) -> None:
    """One of our own may be gone: it is put up again at once, for its buttons are what people decide by.

    A person's own is told what still stands of it.
    """
    previous: Json = event.get("previous_message") or {}
    ts = str(event.get("deleted_ts", ""))
    thread_ts = str(previous.get("thread_ts") or ts)
    await call.services.queries.message_gone(call.actor.team, str(event["channel"]), thread_ts, ts)
    if _is_persons(previous) and thread_ts != ts:
        await _tell_source(call, event, previous, ts, edited=False)


async def _changed(call: Call, event: Json) -> None:
    """Whoever edits a message that was taken is told that what was taken did not change. Unfurled links are no edit."""
    new, previous = event.get("message") or {}, event.get("previous_message") or {}
    thread_ts = new.get("thread_ts")
    if not thread_ts or thread_ts == new.get("ts") or not _is_persons(new) or new.get("subtype") not in _OURS:
        return
    if new.get("text") != previous.get("text"):
        await _tell_source(call, event, new, str(new["ts"]), edited=True)


async def _tell_source(call: Call, event: Json, written: Json, ts: str, *, edited: bool) -> None:
    channel, thread_ts = str(event["channel"]), str(written["thread_ts"])
    source = await call.services.replies.source(call.actor.team, channel, thread_ts, ts)
    if source is None:
        return
    await call.services.queries.once(call.reworded(":told"))
    said = messages.edited(source, ts) if edited else messages.deleted(source)
    await _whisper(call, channel, thread_ts, str(written["user"]), said)


async def _whisper(call: Call, channel: str, thread_ts: str, user: str, said: Reply) -> None:
    """Tell one person; what is done stays done where Slack cannot tell them."""
    try:
        await call.client.chat_postEphemeral(channel=channel, user=user, thread_ts=thread_ts, **said)
    except SlackApiError as error:
        log.warning("not_told", user=user, error=str(error.response.get("error")))
