"""Forms that were sent: parse, one service, close the form."""

from __future__ import annotations

import asyncio
from typing import Final

from bot.domain.errors import ApproversRefused, InvalidInput, NotFound
from bot.services.directory import Posting
from handlers.call import Call
from handlers.ids import BlockId, qualified
from handlers.spoken import text_of_message
from handlers.views.modals import (
    FormRefused,
    parse_answers,
    parse_budget,
    parse_cancel,
    parse_correction,
    parse_pick,
    parse_start,
    parse_successor,
    parse_verdict,
    parse_waiver,
)

_TOLD_WITHIN_S: Final = 1.2
"""How long Slack is asked about each of a form's two channels: its answer to the form has three seconds, and a client
that is told to wait by `Retry-After` waits longer than that."""

NOT_TOLD = "Slack does not say now whether I am in this channel. Nothing was started; send again in a moment."
_NO_MEMBER = "I am not in this channel. Type /invite @EIPAS in it (it must not be archived), then send again."
_NO_READER = "You are not in this channel. Choose one that you read yourself."
_NO_THREAD = "A thread needs a channel: choose one that the others can read, too, not direct messages."
_NOT_POSSIBLE: Final = {
    Posting.NO_THREADS: _NO_THREAD,
    Posting.NO_MEMBER: _NO_MEMBER,
    Posting.UNKNOWN: NOT_TOLD,
}


async def start(call: Call) -> None:
    """The start form."""
    form = parse_start(call.view, call.services.context.roles)
    await _must_be_member(call, {BlockId.CHANNEL: form.channel, BlockId.STAKEHOLDERS: form.stakeholder_channel})
    try:
        await call.services.approvers.must_be_able_to_start(call.actor, form)
    except ApproversRefused as refused:
        fields = {qualified(BlockId.APPROVERS, key): words for key, words in refused.fields["gates"].items()}
        raise FormRefused(errors=fields or {BlockId.NEEDED: refused.message}) from refused
    await call.services.evaluations.start(call.actor, form)
    await call.ack()


async def successor(call: Call) -> None:
    """Another approver in place of one who has left."""
    form = parse_successor(call.view)
    try:
        await call.services.approvers.replace(call.actor, form.evaluation_id, form.gone, form.successor)
    except (ApproversRefused, InvalidInput) as refused:
        raise FormRefused(errors={BlockId.SUCCESSOR: refused.message}) from refused
    await call.ack()


async def answers(call: Call) -> None:
    """The form for one question, or for all."""
    form = parse_answers(call.view)
    await call.services.questions.answer(call.actor, form.evaluation_id, form.texts, "form")
    await call.ack()


async def correction(call: Call) -> None:
    """What was understood, said otherwise."""
    form = parse_correction(call.view)
    await call.services.recaps.correct(call.actor, form.evaluation_id, form.wordings)
    await call.ack()


async def verdict(call: Call) -> None:
    """A gate's verdict."""
    form = parse_verdict(call.view)
    await call.services.gates.vote(call.actor, form.gate_id, form.verdict, form.evaluation_id)
    await call.ack(response_action="clear")


async def waiver(call: Call) -> None:
    """A point of feedback that need not be done."""
    await call.services.waiving.waive(call.actor, parse_waiver(call.view))
    await call.ack()


async def cancel(call: Call) -> None:
    """The cancellation, with its reason."""
    form = parse_cancel(call.view)
    await call.services.evaluations.cancel(call.actor, form.evaluation_id, form.reason)
    await call.ack()


async def budget(call: Call) -> None:
    """A higher budget."""
    form = parse_budget(call.view)
    await call.services.runs.raise_budget(call.actor, form.evaluation_id, form.budget_usd)
    await call.ack()


async def pick_question(call: Call) -> None:
    """The message shortcut's form: this message answers that question."""
    form = parse_pick(call.view)
    dossier = await call.services.queries.dossier(form.evaluation_id, call.actor.team)
    question = next((q for q in dossier.questions if q.position == form.position), None)
    if question is None:
        raise NotFound(what="question", name=str(form.position), hint="Open the form again from the message.")
    evaluation, text = dossier.evaluation, form.text
    if not text:
        text = await text_of_message(call, evaluation.channel, evaluation.thread_ts or "", form.ts) or ""
    if not text:
        raise NotFound(what="message", name="to take", hint="It was deleted, or Slack does not tell it now.")
    messages = (form.ts,) if form.ts else ()
    await call.services.questions.answer(call.actor, evaluation.id, {question.key: text}, "shortcut", messages)
    await call.ack()


async def _must_be_member(call: Call, channels: dict[BlockId, str | None]) -> None:
    """Refuse under the field a channel that the bot cannot post in: better now than a thread that never appears."""
    found = {block.value: await _trouble_within(call, channel) for block, channel in channels.items() if channel}
    if errors := {block: trouble for block, trouble in found.items() if trouble}:
        raise FormRefused(errors=errors)


async def _trouble_within(call: Call, channel: str) -> str:
    try:
        async with asyncio.timeout(_TOLD_WITHIN_S):
            return await _trouble_with(call, channel)
    except TimeoutError:
        return NOT_TOLD


async def _trouble_with(call: Call, channel: str) -> str:
    directory = call.services.context.directory
    posting = await directory.posting(call.actor.team, channel)
    if posting is not Posting.POSSIBLE:
        return _NOT_POSSIBLE[posting]
    # Slack's menu offers only what the person reads; whoever sends another id all the same shall post nowhere else.
    reads = await directory.reads(call.actor.team, channel, call.actor.user)
    return "" if reads else _NO_READER
