"""Shortcuts: start from anywhere, and “Answer with this message”."""

from __future__ import annotations

from bot.domain.errors import NotFound
from handlers.call import Call, Json
from handlers.commands import start_view
from handlers.spoken import own_ids, spoken
from handlers.views.modals import pick_question_form


async def start(call: Call) -> None:
    """The global shortcut."""
    await call.open(start_view(call))
    await call.ack()


async def answer(call: Call) -> None:
    """The message shortcut: asks which question the message answers."""
    said: Json = call.body["message"]
    channel, thread_ts = str(call.body["channel"]["id"]), str(said.get("thread_ts") or said.get("ts"))
    evaluation = await call.services.queries.in_thread(call.actor.team, channel, thread_ts)
    if evaluation is None:
        raise NotFound(
            what="evaluation", name="in this thread", hint="Use this on a message in an evaluation's thread."
        )
    await call.services.access.must_take_part(call.actor, evaluation)
    dossier = await call.services.queries.dossier(evaluation.id, call.actor.team)
    directory = call.services.context.directory
    heard = await spoken(str(said.get("text") or ""), own_ids(call.body), directory, call.actor.team)
    await call.open(pick_question_form(dossier, heard.text, str(said.get("ts") or "")))
    await call.ack()
