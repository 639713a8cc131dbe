"""How an iteration ended: what was chosen, by whom, with which words, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.evaluation import Dossier, Iteration
from bot.domain.gate import Gate
from bot.domain.lifecycle import Event
from bot.domain.role import Role
from handlers.views.blocks import Block, context, quote, section
from handlers.views.gates import option_label
from handlers.views.text import clip_line, people, person, when

_NEXT: Final[Mapping[Event, str]] = {
    Event.NEXT_READY: "Iteration {next} begins here. Its go gate is open; edit an answer first if it needs to.",
    Event.NEXT_OPTIMISE: "Iteration {next} runs at once, with what was said as its goal. Nobody has to act.",
    Event.NEXT_REFINE: "Iteration {next} begins here. Change the answers it concerns before its go gate is decided.",
    Event.FINISHED: "The evaluation is finished. Its files stay in this thread.",
}


def outcome(dossier: Dossier, role: Role, iteration: Iteration) -> list[Block]:
    """Return the outcome of an iteration, who decided it, and what happens next; nothing while it is open."""
    if iteration.outcome is None:
        return []
    spec = role.closing
    label = clip_line(option_label(spec, iteration.outcome, iteration.number), 100)
    gate = dossier.gate(iteration.number, spec.key)
    after = _NEXT.get(spec.option(iteration.outcome).next, "").format(next=iteration.number + 1)
    at = f" {when(iteration.decided_at)}" if iteration.decided_at else ""
    decided = f"✅ *Iteration {iteration.number} decided: {label}*\nDecided by {_deciders(gate)}{at}."
    final = context(f"Its result is final: `{role.output_name(iteration.number)}`.")
    return [section(f"{decided}\n*What happens next:* {after}"), *_said(gate), final]


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
