"""The one place that turns errors into what a person reads."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.domain.errors import EipasError, FormExpired, ReasonRequired, TitleMissing, TooLong, UnknownWorkspace
from handlers.call import Call
from handlers.ids import BlockId
from handlers.views.messages import refusal
from handlers.views.modals import FormRefused, problem_view, words_sent

log = structlog.get_logger(__name__)
_FIELDS: Mapping[type[EipasError], tuple[BlockId, ...]] = {
    ReasonRequired: (BlockId.COMMENT,),
    TooLong: (BlockId.COMMENT, BlockId.TITLE),
    TitleMissing: (BlockId.TITLE,),
    UnknownWorkspace: (BlockId.WORKSPACE,),
}
"""The field that an error is about, the first of them that the form has: said there, all that was typed stays."""


async def refuse(call: Call, kind: str, error: EipasError) -> None:
    """Answer a delivery that was refused.

    Under the field, in the form's place, or as an ephemeral where it happened.
    """
    log.info("refused", kind=kind, user=call.actor.user, error=type(error).__name__)
    if kind == "view":
        await _refuse_form(call, error)
    elif kind == "command":
        await call.tell(refusal(error.phrase))
    elif kind == "message":
        await _refuse_message(call, error)
    else:
        await call.ack()
        await _refuse_click(call, error)


async def _refuse_form(call: Call, error: EipasError) -> None:
    if isinstance(error, FormRefused):
        await call.ack(response_action="errors", errors=error.errors)
        return
    blocks = {str(block.get("block_id")) for block in call.view.get("blocks", [])}
    about = next((field for field in _FIELDS.get(type(error), ()) if field in blocks), None)
    if about is not None:
        await call.ack(response_action="errors", errors={about.value: error.message[:2000]})
        return
    await call.ack(response_action="update", view=problem_view(error.phrase, words_sent(call.view)))


async def _refuse_click(call: Call, error: EipasError) -> None:
    channel, _ = call.where
    if channel:
        said = refusal(error.phrase)
        await call.whisper(said["text"], said["blocks"])
    elif isinstance(error, FormExpired):  # on the Home tab, and no form can be opened to say so
        said = refusal(error.phrase)
        await call.client.chat_postMessage(channel=call.actor.user, text=said["text"], blocks=said["blocks"])
    elif call.trigger_id:
        await call.open(problem_view(error.phrase))


async def _refuse_message(call: Call, error: EipasError) -> None:
    await call.ack()
    event = call.body["event"]
    if event.get("channel_type") == "im":
        await call.tell(refusal(error.phrase))
        return
    said = refusal(error.phrase)
    await call.client.chat_postEphemeral(
        channel=str(event["channel"]),
        user=call.actor.user,
        thread_ts=event.get("thread_ts") or event["ts"],
        text=said["text"],
        blocks=said["blocks"],
    )
