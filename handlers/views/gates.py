"""Gate cards: the question in the definition's words beside the evidence it is about, and what was decided by whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.closing import must_be_allowed, needs_justification
from bot.domain.errors import InvalidInput
from bot.domain.evaluation import Dossier, Evaluation
from bot.domain.gate import Gate, GateState, Vote
from bot.domain.role import GateOption, GateSpec, Role
from bot.domain.surface import Message
from handlers.ids import ActionId, Ref
from handlers.views.blocks import Block, actions, button, context, header, message, quote, section
from handlers.views.folding import fold
from handlers.views.gate_evidence import evidence
from handlers.views.state import GATE_STATES, Terms, yet_to_vote
from handlers.views.text import clip, clip_line, escape, people, person, plural, when

SHOWN_VOTES = 8
COMMENT = 1500
_FOLLOWS: Final[Mapping[tuple[str, GateState], str]] = {
    ("go", GateState.APPROVED): "The run is on its way; its progress stands below.",
    ("go", GateState.REJECTED): "No design call was made. Change the answers, or ask for the go again.",
    ("go", GateState.EXPIRED): "No design call was made. Ask for the go again when you are ready.",
    ("review", GateState.REJECTED): "The reason becomes feedback that the next iteration has to answer.",
}


def gate_key(gate: Gate) -> str:
    """Return the key of a gate's card in the thread."""
    return f"i{gate.iteration}.gate.{gate.key}.{gate.id}"


def gate_card(dossier: Dossier, role: Role, gate: Gate, terms: Terms) -> Message:
    """One gate's card. After the decision its buttons go and its evidence stays, folded."""
    spec = role.gate(gate.key)
    icon, words = GATE_STATES[gate.state]
    blocks = [
        header(f"{icon} {spec.name} · iteration {gate.iteration}: {_outcome(gate, spec) or words}"),
        *_question(role, gate, spec),
    ]
    about = evidence(dossier, role, gate, spec, terms)
    if gate.state is GateState.PENDING:
        blocks += [*about, *_pending(dossier, role, gate, spec, terms)]
    else:
        blocks += [*_decided(gate, spec), *fold("What it was about", about)]
    return message(gate_key(gate), blocks)


def option_label(spec: GateSpec, key: str, iteration: int) -> str:
    """Return an option as its button names it; a ready iteration leads to the next number."""
    option = spec.option(key)
    return option.text(iteration + 1)


def choices(role: Role, evaluation: Evaluation, spec: GateSpec) -> tuple[GateOption, ...]:
    """Return the options that are possible now: without iterations left only the end is."""
    return tuple(option for option in spec.options if not _barred(role, evaluation, option))


def _barred(role: Role, evaluation: Evaluation, option: GateOption) -> str:
    try:
        must_be_allowed(role, evaluation, option)
    except InvalidInput as refused:
        return refused.message
    return ""


def _outcome(gate: Gate, spec: GateSpec) -> str:
    chosen = spec.stage == "closing" and gate.state is GateState.APPROVED and gate.outcome
    return option_label(spec, gate.outcome or "", gate.iteration) if chosen else ""


def _question(role: Role, gate: Gate, spec: GateSpec) -> list[Block]:
    asked = f"*{clip(spec.text(gate.iteration), 800)}*"
    if spec.stage != "closing":
        return [section(asked)]
    return [
        section(
            f"{asked}\n{role.icons.recommendation} {clip(role.ask(role.closing_question, gate.iteration + 1), 800)}"
        )
    ]


def _pending(dossier: Dossier, role: Role, gate: Gate, spec: GateSpec, terms: Terms) -> list[Block]:
    due = f" · decide by {when(gate.due_at)}" if gate.due_at else ""
    escalated = f" · escalated to {people(gate.escalated_to)}" if gate.escalated_to else ""
    reminded = f" · {plural(gate.reminders, 'reminder')} sent" if gate.reminders else ""
    owner = dossier.evaluation.owner
    left = yet_to_vote(gate, owner, terms.policy)
    others = "" if left == gate.approvers else f" · for {people(gate.approvers)} to decide"
    who = f"Asked by {person(owner)} {when(gate.opened_at)}{others}{due}{escalated}{reminded}"
    still = f"*Still to decide:* {people(left)} · {_quorum(gate, spec)}"
    blocks = [context(who), *_votes(gate, spec), section(still)]
    return [*blocks, *_conditions(role, dossier, gate, spec), gate_buttons(role, dossier.evaluation, gate, spec)]


def _conditions(role: Role, dossier: Dossier, gate: Gate, spec: GateSpec) -> list[Block]:
    """Say what a choice needs, or why it is not offered, before anybody clicks."""
    if spec.stage != "closing":
        return []
    reasons: dict[str, list[str]] = {}
    for option in choices(role, dossier.evaluation, spec):
        if why := needs_justification(role, dossier, option):
            reasons.setdefault(why, []).append(f"“{clip_line(option.text(gate.iteration + 1), 75)}”")
    lines = [f"{_each(names)} a written justification, since {clip_line(why, 300)}." for why, names in reasons.items()]
    barred = dict.fromkeys(why for option in spec.options if (why := _barred(role, dossier.evaluation, option)))
    return [context(escape(line) if line in barred else line) for line in (*lines, *barred)]


def _each(names: list[str]) -> str:
    return f"{' and '.join(names)} need{'s' if len(names) == 1 else ''}"


def _quorum(gate: Gate, spec: GateSpec) -> str:
    toward = [option for option in spec.options if option.verdict != "reject"]
    if len(toward) == 1:
        return f"{min(gate.tally(toward[0].key), gate.needed)} of {gate.needed} approvals"
    tallies = [
        f"{gate.tally(option.key)} for “{clip_line(option.text(gate.iteration + 1), 75)}”"
        for option in toward
        if gate.tally(option.key)
    ]
    needed = "1 verdict needed" if gate.needed == 1 else f"{gate.needed} matching verdicts needed"
    return needed + (f" ({', '.join(tallies)})" if tallies else ", none given")


def gate_buttons(role: Role, evaluation: Evaluation, gate: Gate, spec: GateSpec) -> Block:
    """Return a pending gate's row of buttons: its possible options, and the details."""
    votes = [
        button(
            option.text(gate.iteration + 1),
            ActionId.VOTE,
            Ref(gate.evaluation_id, gate.id, option.key),
            style=option.style,
        )
        for option in choices(role, evaluation, spec)
    ]
    return actions(*votes, button("Details", ActionId.DETAILS, Ref(gate.evaluation_id, gate.id)))


def _decided(gate: Gate, spec: GateSpec) -> list[Block]:
    if gate.state is GateState.WITHDRAWN:
        return [
            *_votes(gate, spec),
            section(f"*Withdrawn*{_at(gate)}: what it was about has changed or ended. No verdict counts."),
        ]
    if gate.state is GateState.EXPIRED:
        return [*_votes(gate, spec), section(f"*Expired*{_at(gate)}: nobody decided in time. An expiry is no verdict.")]
    blocks = _votes(gate, spec) or [section(f"*{GATE_STATES[gate.state][1].capitalize()}*{_at(gate)}")]
    follows = _FOLLOWS.get((spec.stage, gate.state))
    return [*blocks, context(follows)] if follows else blocks


def _at(gate: Gate) -> str:
    return f" {when(gate.decided_at)}" if gate.decided_at else ""


def _votes(gate: Gate, spec: GateSpec) -> list[Block]:
    blocks = [block for vote in gate.votes[-SHOWN_VOTES:] for block in _vote(gate, spec, vote)]
    hidden = len(gate.votes) - SHOWN_VOTES
    return [*blocks, context(f"_…and {hidden} earlier verdicts_")] if hidden > 0 else blocks


def _vote(gate: Gate, spec: GateSpec, vote: Vote) -> list[Block]:
    option = spec.option(vote.option)
    verb = {"approve": "Approved", "reject": "Rejected"}.get(
        option.verdict, f"“{clip_line(option.text(gate.iteration + 1), 75)}” chosen"
    )
    blocks = [section(f"*{verb}* by {person(vote.voter)} {when(vote.at)}" + (":" if vote.comment.strip() else ""))]
    blocks += [quote(vote.comment, COMMENT)] if vote.comment.strip() else []
    return (
        [*blocks, context("For the next iteration:"), quote(vote.concerns, COMMENT)]
        if vote.concerns.strip()
        else blocks
    )
