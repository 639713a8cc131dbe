"""The one place that turns errors into what a person reads."""

from __future__ import annotations

import structlog

from bot.domain.errors import EipasError, ReasonRequired, TooLong
from handlers.call import Call
from handlers.ids import BlockId
from handlers.views.messages import refusal
from handlers.views.modals import FormRefused, problem_view

log = structlog.get_logger(__name__)


async def refuse(call: Call, kind: str, error: EipasError) -> None:
    """Answer a delivery that was refused.

    Under the field, in the form's place, or as an ephemeral where it happened.
    """
    log.info("refused", kind=kind, user=call.actor.user, error=type(error).__name__)
    if kind == "view":
        await _refuse_form(call, error)
    elif kind == "command":
        said = refusal(error.message)
        await call.ack(text=said["text"], blocks=said["blocks"], response_type="ephemeral")
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
    if isinstance(error, ReasonRequired | TooLong) and BlockId.COMMENT in blocks:
        await call.ack(response_action="errors", errors={BlockId.COMMENT.value: error.message[:2000]})
        return
    await call.ack(response_action="update", view=problem_view(error.message))


async def _refuse_click(call: Call, error: EipasError) -> None:
    channel, _ = call.where
    if channel:
        said = refusal(error.message)
        await call.whisper(said["text"], said["blocks"])
    elif call.trigger_id:
        await call.open(problem_view(error.message))


async def _refuse_message(call: Call, error: EipasError) -> None:
    await call.ack()
    event = call.body["event"]
    said = refusal(error.message)
    await call.client.chat_postEphemeral(
        channel=str(event["channel"]),
        user=call.actor.user,
        thread_ts=event.get("thread_ts") or event["ts"],
        text=said["text"],
        blocks=said["blocks"],
    )
