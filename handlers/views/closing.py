"""How an iteration ended, and how the evaluation did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.evaluation import Dossier, Evaluation, Iteration
from bot.domain.gate import Gate
from bot.domain.lifecycle import Event, State
from bot.domain.role import Role
from bot.domain.surface import Message
from handlers.views.blocks import Block, context, header, message, quote, section
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


def ending(dossier: Dossier, role: Role) -> Message | None:
    """Return the closing message of an evaluation that is done or cancelled; None while it is open."""
    evaluation = dossier.evaluation
    if evaluation.state is State.DONE:
        return message(
            "done",
            [
                header("✅ Evaluation finished"),
                section(f"*{clip_line(evaluation.title, 150)}* is decided.\n{_history(dossier, role)}"),
                _end(evaluation),
            ],
        )
    if evaluation.state is not State.CANCELLED:
        return None
    said = f"*{clip_line(evaluation.title, 150)}* was cancelled {when(evaluation.updated_at)}. Nothing is deleted."
    blocks = [header("🚫 Evaluation cancelled"), section(f"{said}\n{_history(dossier, role)}")]
    if evaluation.failure.strip():
        blocks += [context("The reason given:"), quote(evaluation.failure)]
    return message("cancelled", [*blocks, _end(evaluation)])


def _history(dossier: Dossier, role: Role) -> str:
    lines = []
    for iteration in dossier.iterations:
        score = proven_words(iteration.result.scorecard) if iteration.result else "no result"
        key, number = iteration.outcome, iteration.number
        outcome = option_label(role.closing, key, number) if key else "not decided"
        lines.append(f"Iteration {number}: {score} — {clip_line(outcome, 75)}")
    return bullets(lines[-ITERATIONS:])


def _end(evaluation: Evaluation) -> Block:
    return context(f"Owner: {person(evaluation.owner)}. To go on from here, start a new evaluation.")
