"""Everything measured, readable: the checks of a gate or of a whole iteration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.domain.evaluation import Dossier, Iteration
from bot.domain.evidence import Check, Outcome, Score
from bot.domain.gate import Gate
from bot.domain.role import Role
from handlers.ids import CallbackId
from handlers.views.blocks import Block, context, divider, section
from handlers.views.gate_evidence import checks_of, parts_of
from handlers.views.modals.form import Meta, fitting, modal
from handlers.views.scores import OUTCOMES, overall_words, part_line, tally
from handlers.views.text import bullets, clip, clip_line, code

MOST_CHECKS: Final = 80
"""A view holds 100 blocks; the failed checks come first."""

_ORDER = (Outcome.FAILED, Outcome.NOT_MEASURED, Outcome.HELD, Outcome.NOT_APPLICABLE)


def gate_details(dossier: Dossier, role: Role, gate: Gate) -> dict[str, Any]:
    """Return all that was measured for a gate; for the go gate what will be used."""
    spec = role.gate(gate.key)
    iteration = dossier.iteration(gate.iteration)
    meta = Meta(evaluation=gate.evaluation_id, target=gate.id)
    if iteration is None or iteration.result is None:
        return modal(spec.name, _material(dossier), callback=CallbackId.DETAILS, meta=meta)
    parts = parts_of(role, spec, iteration.result) or iteration.result.scorecard.parts
    blocks = _checks(parts, checks_of(role, spec, iteration.result))
    return modal(spec.name, blocks, callback=CallbackId.DETAILS, meta=meta)


def iteration_checks(dossier: Dossier, iteration: Iteration) -> dict[str, Any]:
    """Return all checks of an iteration's result."""
    meta = Meta(evaluation=dossier.evaluation.id, target=str(iteration.number))
    blocks: list[Block] = [section("This iteration has no result yet.")]
    if iteration.result:
        card = iteration.result.scorecard
        blocks = [section(f"*Overall: {overall_words(card)}*"), *_checks(card.parts, iteration.result.checks)]
    return modal(f"Checks of iteration {iteration.number}", blocks, callback=CallbackId.DETAILS, meta=meta)


def _checks(parts: Sequence[Score], checks: Sequence[Check]) -> list[Block]:
    ordered = sorted(checks, key=lambda check: _ORDER.index(check.outcome))
    blocks = [section("\n".join(part_line(part) for part in parts) or "No score belongs to this.")]
    blocks += [context(f"{len(checks)} checks: {tally(checks)}. Each was run by the command beside it."), divider()]
    shown = fitting([[section(_check(check))] for check in ordered], blocks=MOST_CHECKS)
    blocks += shown
    hidden = len(ordered) - len(shown)
    return [*blocks, context(f"_…and {hidden} more, in the iteration’s JSON file_")] if hidden > 0 else blocks


def _check(check: Check) -> str:
    command = clip_line(check.command.replace("`", "'"), 300)
    counts = f"weight {check.weight:g}" + (
        f", caps its score at {check.cap} when failed" if check.cap is not None else ""
    )
    lines = [
        f"{OUTCOMES[check.outcome]}: *{clip_line(check.title, 200)}*",
        clip(check.detail, 500),
        f"_Mend:_ {clip(check.fix, 300)}" if check.fix.strip() and check.outcome is Outcome.FAILED else "",
        f"{clip_line(check.tool, 80)} {clip_line(check.tool_version, 40)} · `{command}` · {counts}",
    ]
    return "\n".join(line for line in lines if line)


def _material(dossier: Dossier) -> list[Block]:
    """Show what a run would work from: every answer and every document."""
    asked = [question for question in dossier.questions if question.run_id is None and question.answer]
    answers = [
        f"*{clip_line(q.name, 100)}:* " + ("_skipped_" if q.answer.skipped else clip_line(q.answer.text, 300))
        for q in asked
        if q.answer
    ]
    documents = [code(document.path, 150) for document in dossier.context.inputs]
    missing = [f"{clip_line(item.path, 100)} — {clip(item.lost, 200)}" for item in dossier.context.missing]
    parts = (("Answers", answers), ("Documents", documents), ("Missing", missing))
    return [section(f"*{title}*\n{bullets(lines, 20) or 'none'}") for title, lines in parts]
