"""Clicks: open a form, or call one service. Whoever may not is told so here, and again at the submit."""

from __future__ import annotations

from bot.domain.errors import InvalidInput, NotFound
from bot.domain.evaluation import FIELD_LIMIT, Dossier, Question
from bot.services.common import must_be_involved, must_own
from handlers.call import Call
from handlers.commands import start_view
from handlers.spoken import text_of_message
from handlers.views import messages
from handlers.views.modals import (
    answer_form,
    answers_form,
    budget_form,
    cancel_form,
    correction_form,
    gate_details,
    iteration_checks,
    verdict_form,
    waiver_form,
)
from handlers.views.text import size


async def start(call: Call) -> None:
    """“Start an evaluation”, on the Home tab or under the help."""
    await call.open(start_view(call))
    await call.ack()


async def choose_role(call: Call) -> None:
    """The menu of the start form: another role asks for other approvers. What was typed stays."""
    chosen = str((call.action.get("selected_option") or {}).get("value", ""))
    view = start_view(call, role=chosen)
    await call.client.views_update(view_id=call.view["id"], hash=call.view.get("hash"), view=dict(view))
    await call.ack()


async def answer(call: Call) -> None:
    """“Answer” or “Edit” at one question."""
    ref = call.ref
    dossier = await call.services.queries.dossier(ref.evaluation_id, call.actor.team)
    question = next((q for q in dossier.questions if q.key == ref.target), None)
    if question is None:
        raise NotFound(what="question", name=ref.target, hint="Use the newest message in the thread.")
    text = await _edited(call, dossier, question)
    await call.open(answer_form(dossier, question, text if text is not None and size(text) <= FIELD_LIMIT else None))
    await call.ack()


async def not_an_answer(call: Call) -> None:
    """“Not an answer”, at the receipt of a reply: undone, and kept as a note."""
    question = await call.services.replies.retract(call.actor, call.ref.evaluation_id, call.ref.target)
    await call.ack()
    await call.whisper(**messages.retracted(question))


async def is_an_answer(call: Call) -> None:
    """“It is the answer”, at the word that something was not taken as one."""
    ref = call.ref
    question = await call.services.replies.insist(call.actor, ref.evaluation_id, ref.target, ref.choice)
    await call.ack()
    await call.respond(replace_original=True, **messages.insisted(question))


async def files_answer(call: Call) -> None:
    """“It answers …”, at the word that a file is read as a document."""
    ref, ts = call.ref, call.ref.choice.removeprefix("m.")
    question = await call.services.replies.files_answer(call.actor, ref.evaluation_id, ref.target, ts)
    await call.ack()
    await call.respond(replace_original=True, **messages.insisted(question))


async def take_edit(call: Call) -> None:
    """“Take the edited text”: the answer becomes what its message says now."""
    ref = call.ref
    dossier = await call.services.queries.dossier(ref.evaluation_id, call.actor.team)
    question = next((q for q in dossier.questions if q.key == ref.target), None)
    text = None if question is None else await _edited(call, dossier, question)
    if question is None or text is None:
        raise InvalidInput(problem="The message is gone, or the answer is made of others, too: change it by its form.")
    question = await call.services.replies.follow_edit(call.actor, ref.evaluation_id, ref.target, text)
    await call.ack()
    await call.respond(replace_original=True, **messages.insisted(question))


async def _edited(call: Call, dossier: Dossier, question: Question) -> str | None:
    """The text of the edited message that the button is about, if the answer is made of it alone."""
    _, edited, ts = call.ref.choice.partition("m.")
    evaluation, newest = dossier.evaluation, question.answer
    if not edited or newest is None or newest.messages != (ts,) or evaluation.thread_ts is None:
        return None
    return await text_of_message(call, evaluation.channel, evaluation.thread_ts, ts)


async def answer_all(call: Call) -> None:
    """“Answer all questions”."""
    await call.open(answers_form(await call.services.queries.dossier(call.ref.evaluation_id, call.actor.team)))
    await call.ack()


async def skip(call: Call) -> None:
    """“Skip”: an explicit empty answer; a question that was answered meanwhile is changed by its form only."""
    answered = await call.services.questions.skip(call.actor, call.ref.evaluation_id, call.ref.target)
    await call.ack()
    if answered is not None:
        await call.whisper(**messages.answered_already(answered))


async def ready(call: Call) -> None:
    """“Ask for the go again”."""
    await call.services.questions.ready(call.actor, call.ref.evaluation_id)
    await call.ack()


async def correct(call: Call) -> None:
    """“Correct” at what was understood."""
    await call.open(correction_form(await call.services.queries.dossier(call.ref.evaluation_id, call.actor.team)))
    await call.ack()


async def add_document(call: Call) -> None:
    """“Add a document”: says how."""
    said = messages.how_to_add(await call.services.queries.dossier(call.ref.evaluation_id, call.actor.team))
    await call.ack()
    await call.whisper(said["text"], said["blocks"])


async def vote(call: Call) -> None:
    """A verdict's button: opens its form for those who may decide."""
    ref = call.ref
    gate, dossier = await call.services.gates.check(call.actor, ref.target, ref.evaluation_id)
    role = call.services.context.role(dossier.evaluation)
    await call.open(verdict_form(dossier, role, gate, ref.choice))
    await call.ack()


async def details(call: Call) -> None:
    """“Details” at a gate: every check behind it. Anybody may read."""
    ref = call.ref
    dossier = await call.services.queries.dossier(ref.evaluation_id, call.actor.team)
    gate = next((g for g in dossier.gates if g.id == ref.target), None)
    if gate is None:
        raise NotFound(what="gate", name=ref.target, hint="Use the newest message in the thread.")
    await call.open(gate_details(dossier, call.services.context.role(dossier.evaluation), gate))
    await call.ack()


async def checks(call: Call) -> None:
    """“All checks” at a review."""
    ref = call.ref
    dossier = await call.services.queries.dossier(ref.evaluation_id, call.actor.team)
    iteration = next((i for i in dossier.iterations if str(i.number) == ref.target), None)
    if iteration is None:
        raise NotFound(what="iteration", name=ref.target, hint="Use the newest message in the thread.")
    await call.open(iteration_checks(dossier, iteration))
    await call.ack()


async def waive(call: Call) -> None:
    """“Waive a point” at a review."""
    dossier = await call.services.queries.dossier(call.ref.evaluation_id, call.actor.team)
    must_be_involved(dossier.evaluation, call.actor, "waive a point")
    await call.open(waiver_form(dossier))
    await call.ack()


async def stop_run(call: Call) -> None:
    """“Stop” at a run."""
    await call.services.runs.stop(call.actor, call.ref.evaluation_id)
    await call.ack()


async def retry_run(call: Call) -> None:
    """“Try again” at a failed run."""
    await call.services.runs.retry(call.actor, call.ref.evaluation_id)
    await call.ack()


async def change_answers(call: Call) -> None:
    """“Change answers” at a failed run."""
    await call.services.runs.reopen(call.actor, call.ref.evaluation_id)
    await call.ack()


async def raise_budget(call: Call) -> None:
    """“Raise the budget” at a run that waits for it."""
    dossier = await call.services.queries.dossier(call.ref.evaluation_id, call.actor.team)
    must_be_involved(dossier.evaluation, call.actor, "raise the budget")
    await call.open(budget_form(dossier))
    await call.ack()


async def cancel(call: Call) -> None:
    """“Cancel” at the root message."""
    dossier = await call.services.queries.dossier(call.ref.evaluation_id, call.actor.team)
    must_own(dossier.evaluation, call.actor, "cancel this evaluation", call.services.context.rules.policy)
    await call.open(cancel_form(dossier))
    await call.ack()


async def reopen(call: Call) -> None:
    """“Reopen” at a cancelled evaluation."""
    await call.services.reopening.reopen(call.actor, call.ref.evaluation_id)
    await call.ack()


async def clone(call: Call) -> None:
    """“Start a copy” at an evaluation that is over."""
    await call.services.reopening.clone(call.actor, call.ref.evaluation_id)
    await call.ack()


async def nothing(call: Call) -> None:
    """A link, or an input that needs no answer: Slack wants an ack all the same."""
    await call.ack()
