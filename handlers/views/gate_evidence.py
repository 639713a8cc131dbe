"""What a gate is about, on its card: facts for a review, what will be used for the go, the whole for the closing."""

from __future__ import annotations

from bot.domain.basis import unsettled
from bot.domain.evaluation import Dossier, Iteration, Result
from bot.domain.evidence import Check, Outcome, Score
from bot.domain.gate import Gate
from bot.domain.role import GateSpec, Role
from handlers.views.blocks import Block, context, section
from handlers.views.costs import at_the_go
from handlers.views.recap import at_the_go as at_the_go_recap
from handlers.views.scores import (
    HUNDRED,
    against_threshold,
    failed_words,
    overall_words,
    part_line,
    says_hundred,
    share_words,
    stand_words,
    tally,
    with_outcome,
)
from handlers.views.state import GATE_STATES, Terms, short_path
from handlers.views.text import bullets, clip, clip_line, code, escape, person, plural

LINES = 12
SAID = 240


def evidence(dossier: Dossier, role: Role, gate: Gate, spec: GateSpec, terms: Terms) -> list[Block]:
    """Return the evidence beside a gate's question."""
    iteration = dossier.iteration(gate.iteration)
    if spec.stage == "go":
        return [section(_will_be_used(dossier, role, gate, terms.model))]
    if iteration is None or iteration.result is None:
        return [context("There is no result to show.")]
    if spec.stage == "review":
        if iteration.result.subject_sha256 != gate.subject_sha256:
            return [context("The result that this gate was about has been replaced.")]
        return [*_review(role, spec, iteration.result), _judged(gate)]
    return [*_closing(dossier, role, iteration, iteration.result), _judged(gate)]


def parts_of(role: Role, spec: GateSpec, result: Result) -> tuple[Score, ...]:
    """Return the sub-scores that a gate is about."""
    keys = {score.key for score in role.scores if score.gate == spec.key or score.key in spec.evidence}
    return tuple(part for part in result.scorecard.parts if part.key in keys)


def checks_of(role: Role, spec: GateSpec, result: Result) -> tuple[Check, ...]:
    """Return the checks behind those scores; for the closing gate all."""
    if spec.stage == "closing":
        return result.checks
    keys = {part.key for part in parts_of(role, spec, result)}
    return tuple(check for check in result.checks if check.score in keys)


def _judged(gate: Gate) -> Block:
    return context(
        f"Every score is computed from checks that ran. Judged here: result `{escape(gate.subject_sha256[:12])}`."
    )


def _will_be_used(dossier: Dossier, role: Role, gate: Gate, model: str | None) -> str:
    asked = [question for question in dossier.questions if question.run_id is None]
    skipped = sum(bool(question.answer and question.answer.skipped) for question in asked)
    answered = sum(question.settled for question in asked) - skipped
    iteration = dossier.iteration(gate.iteration)
    names = [code(short_path(role, document.path), 120) for document in dossier.context.inputs]
    more, missing = f" and {len(names) - LINES} more" if len(names) > LINES else "", len(dossier.context.missing)
    lines = [
        f"{plural(answered, 'answer')}, {plural(skipped, 'question')} skipped",
        plural(len(names), "document") + (f": {', '.join(names[:LINES])}{more}" if names else ""),
    ]
    if missing:
        lines.append(f"{plural(missing, 'document')} missing: what would have been told there is assumed or left open")
    if iteration and (understood := at_the_go_recap(dossier, iteration)):
        lines.append(understood)
    if iteration and iteration.feedback:
        lines.append(f"{plural(len(iteration.feedback), 'piece', 'pieces')} of feedback from the iteration before")
    return f"*What will be used*\n{bullets(lines)}\n*What it costs:* {at_the_go(dossier, gate, model)}"


def _review(role: Role, spec: GateSpec, result: Result) -> list[Block]:
    lines = [clip(line, 220) for line in result.highlights.per_gate.get(spec.key, ())]
    parts = [part_line(part) for part in parts_of(role, spec, result)]
    about = [section(f"*What it is about*\n{bullets(lines, LINES, 'more lines, see Details')}")] if lines else []
    about_gate = parts_of(role, spec, result)
    score = section("\n".join(parts) or "*No score belongs to this gate.*")
    full = [context(HUNDRED)] if says_hundred(about_gate) else []
    checks = checks_of(role, spec, result)
    # Who decides has to see first what speaks against it.
    failed = section(failed_words(checks))
    first = stand_words(about_gate, checks, role.threshold_score)
    stands = [section(first)] if first else []
    if with_outcome(checks, Outcome.FAILED):
        return [*stands, failed, score, *full, *about]
    if about_gate and all(part.nothing_said for part in about_gate):
        return [*stands, *about]  # that no check failed would read as if something had been proven
    return [*stands, score, *full, *about, failed]


def _closing(dossier: Dossier, role: Role, iteration: Iteration, result: Result) -> list[Block]:
    card = result.scorecard
    measured = f"{share_words(card.measured_share)}; {tally(result.checks)}"
    score = f"*{overall_words(card)}* ({measured})\n{against_threshold(card.overall, role.threshold_score)}"
    decided = [(spec, dossier.gate(iteration.number, spec.key)) for spec in role.review_gates]
    lines = [_decided(spec, gate) for spec, gate in decided if gate]
    blocks = [section(score), *([context(HUNDRED)] if says_hundred(card.parts, card.overall) else [])]
    left = unsettled(result.checks, result.highlights.points)
    if left:
        blocks.append(section(f"🟠 *Not settled:* {' and '.join(left)}."))
    if lines:
        blocks.append(section(f"*The review gates*\n{bullets(lines)}"))
    focus = ["What was said at the review gates"] if any(_said(gate) for _, gate in decided if gate) else []
    focus += [clip(line, 200) for line in result.narrative.next_focus]
    return [*blocks, section(f"*What the next iteration would work on*\n{bullets(focus)}")] if focus else blocks


def _decided(spec: GateSpec, gate: Gate) -> str:
    """Return a review gate's outcome with the words beside its verdicts: who closes an iteration weighs them."""
    said = "; ".join(f"{person(voter)} “{clip_line(words, SAID)}”" for voter, words in _said(gate))
    return f"{clip_line(spec.name, 100)}: {' '.join(GATE_STATES[gate.state])}" + (f" — {said}" if said else "")


def _said(gate: Gate) -> list[tuple[str, str]]:
    return [(vote.voter, words) for vote in gate.votes for words in (vote.comment, vote.concerns) if words.strip()][-3:]
