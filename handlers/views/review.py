"""The results review: score and parts, three strengths, three improvements, what follows, and what is unproven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.basis import basis
from bot.domain.bundle import bundle_name
from bot.domain.design import Feedback, Point
from bot.domain.evaluation import FileRef, Iteration, Result
from bot.domain.role import Role
from bot.domain.surface import FilePost, Message
from handlers.ids import ActionId, Ref
from handlers.views.blocks import (
    FIELDS,
    Block,
    actions,
    button,
    context,
    divider,
    fields,
    header,
    message,
    section,
    table,
)
from handlers.views.folding import fold
from handlers.views.history import over_iterations
from handlers.views.root import origin_name
from handlers.views.scores import (
    HUNDRED,
    against_threshold,
    basis_words,
    counts_words,
    failed_words,
    overall_words,
    proven_words,
    says_hundred,
    share_words,
    tally,
    unmeasured_words,
    value_words,
    worst_words,
)
from handlers.views.text import bullets, bytes_of, clip, clip_line, code, numbered, person, plural

LINES = 12
HIGHLIGHTS = 15


def review(
    evaluation_id: str,
    role: Role,
    iteration: Iteration,
    result: Result,
    *,
    waivable: bool = False,
    past: bool = False,
    so_far: Sequence[Iteration] = (),
) -> Message:
    """Return what a run brought, in the order of the definition's decision output format.

    `waivable` says that the iteration is not decided yet, so that open points may be waived. Of one that is `past`
    only its score stands open: whoever reads the thread looks for the newest. `so_far` are the iterations up to this
    one.
    """
    ref = Ref(evaluation_id, str(iteration.number))
    left = waivable and any(point.open for point in iteration.points)
    waive = button("Waive a point", ActionId.WAIVE, ref) if left else None
    score, *rest = _score(role, result)
    said = [*rest, *_facts(result), divider(), *_words(role, result), divider(), *_changes(role, iteration, result)]
    blocks = [
        header(f"{role.icons.result} Iteration {iteration.number}: {proven_words(result.scorecard)}"),
        section(f"{clip(role.result_lead, 300)}\n{clip(result.highlights.summary, 1500)}"),
        score,
        *([] if past else over_iterations(role, so_far)),
        *(fold("What the review said", said) if past else said),
        *fold("Checks and files", [*_proof(role, result), *_files(iteration)]),
        context(clip(result.statement, 1500) or designer_words(result)),
        actions(button("All checks", ActionId.CHECKS, ref), waive),
    ]
    return message(f"i{iteration.number}.review", blocks)


def designer_words(result: Result) -> str:
    """Who designed, and whether a model was used."""
    used = "no model was used" if result.model is None else f"with the model {clip_line(result.model, 80)}"
    return f"Designed by {clip_line(result.designer, 60)}, {used}."


def output_name(role: Role, place: int, otherwise: str) -> str:
    """Return the definition's own name for a part of its output, by place; `otherwise` where it names none."""
    return clip_line(role.outputs[place].name if place < len(role.outputs) else otherwise, 100)


def _facts(result: Result) -> list[Block]:
    pairs = [(clip_line(name, 100), clip_line(value, 300)) for name, value in result.highlights.facts[:FIELDS]]
    blocks = [fields(pairs)] if pairs else []
    lines = [code(line, 150) for line in result.highlights.lines]
    return [*blocks, section(bullets(lines, HIGHLIGHTS, "more in the files below"))] if lines else blocks


def _score(role: Role, result: Result) -> list[Block]:
    card = result.scorecard
    rows = [
        (
            p.name,
            value_words(p),
            "—" if p.nothing_said else share_words(p.measured_share),
            counts_words(p.held, p.failed, p.not_measured, p.not_applicable),
        )
        for p in card.parts
    ]
    rows.append(("Overall", overall_words(card), share_words(card.measured_share), tally(result.checks)))
    stands = against_threshold(card.overall, role.threshold_score)
    return [
        section(
            f"*{output_name(role, 0, 'Score')}: {overall_words(card)}* — {stands}\n{basis_words(basis(result.checks))}"
        ),
        *([section(worst)] if (worst := worst_words(result.checks)) else []),
        table(("Part", "Score", "Measured", "Checks"), rows),
        *([context(HUNDRED)] if says_hundred(card.parts, card.overall) else []),
    ]


def _words(role: Role, result: Result) -> list[Block]:
    said = result.narrative
    steps = [clip(line, 300) for line in said.next_steps]
    recommendation = (
        f"{role.icons.recommendation} *{clip_line(role.recommendation_lead, 100)}:* {clip(said.recommendation, 1500)}"
    )
    blocks = [
        section(f"*{output_name(role, 1, 'Strengths')}*\n{numbered([clip(line, 500) for line in said.strengths])}"),
        section(
            f"*{output_name(role, 2, 'Improvements')}*\n{numbered([clip(line, 500) for line in said.improvements])}"
        ),
        section(recommendation),
    ]
    return [*blocks, section(f"*{output_name(role, 4, 'Next steps')}*\n{bullets(steps, LINES)}")] if steps else blocks


def _changes(role: Role, iteration: Iteration, result: Result) -> list[Block]:
    changed = [clip_line(line, 200) for line in result.changes]
    answers = {item.feedback_id: item.change for item in result.narrative.addressed}
    heard = [line for item in iteration.feedback for line in _outcomes(role, item, answers, result)]
    decisions = [f"*{clip_line(what, 100).rstrip('.')}:* {clip(why, 250)}" for what, why in result.decisions]
    parts = (
        ("What changed since the last iteration", changed),
        ("What became of your feedback", heard),
        ("Design decisions", decisions),
    )
    return [section(f"*{title}*\n{bullets(lines, LINES)}") for title, lines in parts if lines]


def _outcomes(role: Role, item: Feedback, answers: Mapping[str, str], result: Result) -> list[str]:
    """Return what became of each point of a piece of feedback; of one without points, of the whole."""
    points = [point for point in result.highlights.points if point.feedback_id == item.id]
    name = clip_line(origin_name(role, item), 80)
    if not points:
        return [_heard(role, item, answers.get(item.id, ""))]
    return [f"*{name}* “{clip_line(point.text, 140)}” → {_outcome(point)}" for point in points]


def _outcome(point: Point) -> str:
    if point.waived_by:
        return f"waived by {person(point.waived_by)}: {clip_line(point.waived_why, 150)}"
    words = {
        "done": "done",
        "declined": "left out as asked",
        "open": "*open*",
        "not_done": "*not done*",
        "not_understood": "*not understood*",
    }[point.outcome]
    return f"{words}: {clip_line(point.detail, 150)}" if point.detail else words


def _heard(role: Role, item: Feedback, change: str) -> str:
    became = clip_line(change, 200) or "*not addressed*"
    return f"*{clip_line(origin_name(role, item), 80)}* “{clip_line(item.text, 120)}” → {became}"


def _proof(role: Role, result: Result) -> list[Block]:
    names = {score.key: score.name for score in role.scores}
    unproven = bullets([clip(names.get(line, line), 250) for line in result.unproven], LINES)
    texts = (
        f"*{plural(len(result.checks), 'check')}:* {tally(result.checks)}\n{failed_words(result.checks)}",
        unmeasured_words(result.checks),
        f"*Unproven*\n{unproven}" if unproven else "",
    )
    return [section(text) for text in texts if text]


def _files(iteration: Iteration) -> list[Block]:
    lines = [
        f"{clip_line(f.name, 150)} ({bytes_of(f.size)}, sha256 `{f.sha256[:8]}`{', draft' if f.draft else ''})"
        for f in iteration.files
    ]
    return [section(f"*Files in this thread*\n{bullets(lines, LINES, 'more files')}")] if lines else []


def file_posts(iteration: Iteration, files: Sequence[FileRef]) -> tuple[FilePost, ...]:
    """Return the files themselves, which stand in one message: Slack's upload answers with none to attach words to."""
    draft = ", a draft until it is decided" if any(file.draft for file in files) else ""
    return tuple(
        FilePost(
            key=f"i{iteration.number}.file.{file.name}.{file.sha256[:8]}",
            name=file.name,
            title=f"Iteration {iteration.number} · {file.name}{' (draft)' if file.draft else ''}",
            sha256=file.sha256,
            comment=f"Iteration {iteration.number}{draft}.",
        )
        for file in files
    )


def final_files(role: Role, iteration: Iteration) -> tuple[FileRef, ...]:
    """Return the iteration's decided JSON and its bundle, which are made once the closing gate is decided."""
    name = role.output_name(iteration.number)
    return tuple(file for file in iteration.files if not file.draft and file.name in (name, bundle_name(name)))
