"""How an iteration ended, and how the evaluation did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.evaluation import Cancellation, Dossier, Evaluation, Iteration
from bot.domain.gate import Gate
from bot.domain.lifecycle import Event, State
from bot.domain.role import Role
from bot.domain.surface import Message
from handlers.ids import ActionId, Ref
from handlers.views.blocks import Block, actions, button, context, header, message, quote, section
from handlers.views.gates import option_label
from handlers.views.scores import proven_words
from handlers.views.text import bullets, clip_line, people, person, when

ITERATIONS = 20
_NEXT: Final[Mapping[Event, str]] = {
    Event.NEXT_READY: "Iteration {next} begins below. Its go gate is open; edit an answer first if it needs to.",
    Event.NEXT_OPTIMISE: "Iteration {next} runs at once, with what was said as its goal. Nobody has to act.",
    Event.NEXT_REFINE: "Iteration {next} begins below. Change the answers it concerns before its go gate is decided.",
    Event.FINISHED: "The evaluation is finished. Its files stay in this thread.",
}


def decided(dossier: Dossier, role: Role, iteration: Iteration) -> Message | None:
    """Return the outcome of an iteration, who decided it, and what happens next; None while it is open."""
    if iteration.outcome is None:
        return None
    spec = role.closing
    label = option_label(spec, iteration.outcome, iteration.number)
    gate = dossier.gate(iteration.number, spec.key)
    after = _NEXT.get(spec.option(iteration.outcome).next, "").format(next=iteration.number + 1)
    at = f" {when(iteration.decided_at)}" if iteration.decided_at else ""
    blocks = [
        header(f"✅ Iteration {iteration.number} decided: {label}"),
        section(f"Decided by {_deciders(gate)}{at}.\n*What happens next:* {after}"),
    ]
    return message(
        f"i{iteration.number}.decided",
        [*blocks, *_said(gate), context(f"The result is final: `{role.output_name(iteration.number)}`.")],
    )


def _deciders(gate: Gate | None) -> str:
    return people(vote.voter for vote in gate.votes if vote.option == gate.outcome) if gate else "the approvers"


def _said(gate: Gate | None) -> list[Block]:
    votes = gate.votes[-4:] if gate else ()
    pairs = [
        (vote, title, words)
        for vote in votes
        for title, words in (("said", vote.comment), ("has a concern", vote.concerns))
        if words.strip()
    ]
    return [
        block
        for vote, title, words in pairs
        for block in (context(f"{person(vote.voter)} {title}:"), quote(words, 1500))
    ]


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
    blocks = [header("✅ Evaluation finished"), section(said), actions(_clone(evaluation)), _end(evaluation)]
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
