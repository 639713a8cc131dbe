"""How an evaluation ended."""

from __future__ import annotations

from bot.domain.evaluation import Cancellation, Dossier, Evaluation
from bot.domain.lifecycle import State
from bot.domain.role import Role
from bot.domain.surface import Message
from handlers.ids import ActionId, Ref
from handlers.views.blocks import Block, actions, button, context, header, message, quote, section
from handlers.views.gates import option_label
from handlers.views.outcome import outcome
from handlers.views.scores import proven_words
from handlers.views.text import bullets, clip_line, person, when

ITERATIONS = 20


def endings(dossier: Dossier, role: Role) -> tuple[Message, ...]:
    """Return how the evaluation ended: a message for each time it was cancelled, and one when it is done."""
    evaluation = dossier.evaluation
    times = tuple(_cancelled(dossier, role, n, one) for n, one in enumerate(evaluation.cancellations, 1))
    if evaluation.state is State.CANCELLED and not times:
        return (_cancelled_before(dossier, role),)
    return (*times, _done(dossier, role)) if evaluation.state is State.DONE else times


def _done(dossier: Dossier, role: Role) -> Message:
    evaluation = dossier.evaluation
    said = f"*{clip_line(evaluation.title, 150)}* is decided.\n{_history(dossier, role)}"
    last = outcome(dossier, role, dossier.iterations[-1])
    blocks = [header("✅ Evaluation finished"), section(said), *last, actions(_clone(evaluation)), _end(evaluation)]
    return message("done", blocks)


def _cancelled(dossier: Dossier, role: Role, number: int, one: Cancellation) -> Message:
    """Announce a cancellation with who and why, and once it is taken back who did."""
    evaluation, key = dossier.evaluation, "cancelled" if number == 1 else f"cancelled.{number}"
    said = f"*{clip_line(evaluation.title, 150)}* was cancelled by {person(one.by)} {when(one.at)}. Nothing is deleted."
    why = [context("The reason given:"), quote(one.reason)]
    if one.reopened_at is not None:
        back = f"Reopened by {person(one.reopened_by)} {when(one.reopened_at)}: it goes on with what was answered."
        return message(key, [header("↩️ Evaluation reopened"), section(f"{said}\n{back}"), *why])
    told = section(f"{said}\n{_history(dossier, role)}")
    buttons = actions(button("Reopen", ActionId.REOPEN, Ref(evaluation.id)), _clone(evaluation))
    return message(key, [header("🚫 Evaluation cancelled"), told, *why, buttons, _end(evaluation)])


def _cancelled_before(dossier: Dossier, role: Role) -> Message:
    """Return the end of one that was cancelled when only the log said by whom."""
    evaluation = dossier.evaluation
    said = f"*{clip_line(evaluation.title, 150)}* was cancelled {when(evaluation.updated_at)}. Nothing is deleted."
    blocks = [header("🚫 Evaluation cancelled"), section(f"{said}\n{_history(dossier, role)}")]
    if evaluation.failure.strip():
        blocks += [context("The reason given:"), quote(evaluation.failure)]
    buttons = actions(button("Reopen", ActionId.REOPEN, Ref(evaluation.id)), _clone(evaluation))
    return message("cancelled", [*blocks, buttons, _end(evaluation)])


def _clone(evaluation: Evaluation) -> Block:
    return button("Start a copy", ActionId.CLONE, Ref(evaluation.id))


def _history(dossier: Dossier, role: Role) -> str:
    lines = []
    for iteration in dossier.iterations:
        score = proven_words(iteration.result.scorecard) if iteration.result else "no result"
        key, number = iteration.outcome, iteration.number
        outcome = option_label(role.closing, key, number) if key else "not decided"
        lines.append(f"Iteration {number}: {score} — {clip_line(outcome, 75)}")
    return bullets(lines[-ITERATIONS:])


def _end(evaluation: Evaluation) -> Block:
    return context(f"Owner: {person(evaluation.owner)}. To go on from here, start a copy.")
