"""The words around the numbers, drawn from the checks: no adjective that a check does not carry."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.basis import basis
from bot.domain.design import Addressed, Narrative
from bot.domain.evidence import Assessment, Check, Outcome
from bot.roles.backend_developer.blueprint import Blueprint, OperationKind
from bot.roles.backend_developer.coverage import UNCOUNTED, Account, Covered, share

NO_MODEL = "Designed by fixed rules from the inputs and answers; no language model was used."
THRESHOLD = 95
NAMED = 3


def narrate(
    blueprint: Blueprint,
    assessment: Assessment,
    covered: Sequence[Covered],
    addressed: tuple[Addressed, ...],
    open_points: Sequence[str],
) -> Narrative:
    """Return exactly three strengths and three improvements, the recommendation and what comes next."""
    improvements = _improvements(blueprint, assessment, covered, open_points)
    steps = _steps(assessment, open_points)
    return Narrative(
        strengths=_three(_strengths(blueprint, assessment, covered)),
        improvements=_three(improvements),
        recommendation=_recommendation(assessment, covered, open_points),
        next_steps=tuple(steps[:6]),
        next_focus=tuple(_focus(assessment, open_points)[:4]),
        addressed=addressed,
    )


def _strengths(blueprint: Blueprint, assessment: Assessment, covered: Sequence[Covered]) -> list[str]:
    held = sorted((c for c in assessment.checks if c.outcome is Outcome.HELD), key=lambda c: (-c.weight, c.key))
    seen: set[str] = set()
    best = []
    # One of each area before a second of any, so that three strengths are not one strength three times.
    for check in held:
        if check.score not in seen:
            seen.add(check.score)
            best.append(_found(check)[:400])
    lists = sum(1 for op in blueprint.operations if op.kind is OperationKind.LIST)
    spare = [
        f"{len(blueprint.operations)} operations over {len(blueprint.entities)} entities, from one blueprint.",
        f"{lists} lists, each paged by cursor.",
        f"{len(blueprint.roles)} roles named at every operation that is not public.",
    ]
    done, said = share(covered)
    if said and done:
        best.insert(0, f"{done} of {said} statements are realised by named parts of the design, or left out as asked.")
    return [*best, *spare]


def _improvements(
    blueprint: Blueprint, assessment: Assessment, covered: Sequence[Covered], open_points: Sequence[str]
) -> list[str]:
    failed = sorted((c for c in assessment.checks if c.outcome is Outcome.FAILED), key=lambda c: (-c.weight, c.key))
    unmeasured = [c for c in assessment.checks if c.outcome is Outcome.NOT_MEASURED and c.weight > 0]
    found = [f"{check.title}: failed. {check.detail} {check.fix}".strip()[:400] for check in failed]
    found += [f"Open from the feedback: “{point}”"[:400] for point in open_points]
    unread = [one for one in covered if one.account is Account.NOT_UNDERSTOOD]
    if unread:
        shown = "; ".join(f"“{' '.join(one.statement.text.split())[:80]}”" for one in unread[:3])
        found.insert(0, f"Say otherwise what was not understood ({len(unread)} statements): {shown}."[:400])
    found += [f"Begin with the slowest list. {check.detail}"[:400] for check in assessment.checks if _is_slowest(check)]
    if unmeasured:
        titles = "; ".join(f"{check.title[:1].lower()}{check.title[1:]}" for check in unmeasured)
        found.append(f"Build the service and measure what only a running one can show: {titles}."[:400])
    return [*found, *_ideas(blueprint)]


def _is_slowest(check: Check) -> bool:
    return check.key == "performance.worst_list_in_budget" and check.outcome is Outcome.HELD


def _found(check: Check) -> str:
    """Return what a check found as one sentence, which may say the title's words already."""
    title, detail = (set(re.findall(r"[a-z]{4,}", text.lower())) for text in (check.title, check.detail))
    return check.detail if len(title & detail) * 2 >= len(title) else f"{check.title}: {check.detail}"


def _ideas(blueprint: Blueprint) -> list[str]:
    """Return enhancements that hold for this design, from its own figures."""
    biggest = max(
        blueprint.entities,
        key=lambda e: (sum(1 for r in blueprint.relations if r.target == e.name), e.name),
        default=None,
    )
    rows = biggest.plural.replace("_", " ") if biggest else "what is kept"
    volume = next((b for b in blueprint.budgets if b.metric == "data_volume"), None)
    stated = next((b for b in blueprint.budgets if b.metric == "throughput" and b.source), None)
    ideas = []
    if volume:
        ideas.append(
            f"Partition the largest tables by month before {volume.value:,.0f} {volume.unit} make vacuum slow."
        )
    if stated:
        ideas.append(
            f"Run a load test at {stated.value:g} {stated.unit} on the built service; until then that number is a goal."
        )
    else:
        ideas.append("State the calls per second at the peak; without it nothing can be sized or measured.")
    if not blueprint.stack.cache:
        ideas.append(f"Add a cache for reads of {rows} once measurements ask for it.")
    ideas.append(f"Send reports and exports to a read replica, so that they do not slow writes to {rows}.")
    ideas.append("Measure p95 per operation in production and alert on each budget.")
    return ideas


def _steps(assessment: Assessment, open_points: Sequence[str]) -> list[str]:
    steps = [f"Mend “{c.title}”: {c.fix or c.detail}" for c in _failed(assessment)]
    steps += [f"Work in “{point}” by an answer that names what shall change" for point in open_points]
    steps += [
        "Review openapi.yaml with the callers' teams and freeze it as v1.",
        "Generate the server's interfaces from openapi.yaml and run the migrations in staging.",
        "Build the first vertical slice with its tests, then measure it against the budgets.",
    ]
    return list(dict.fromkeys(steps))


def _focus(assessment: Assessment, open_points: Sequence[str]) -> list[str]:
    focus = [c.title for c in _failed(assessment)]
    focus += [f"Feedback: {point}"[:120] for point in open_points]
    return [
        *focus,
        "Load test on the built service",
        "Contract tests from openapi.yaml",
        "Failure drills for integrations",
    ]


def _recommendation(assessment: Assessment, covered: Sequence[Covered], open_points: Sequence[str]) -> str:
    overall, failed = assessment.scorecard.overall, _failed(assessment)
    left = [f"{_count(len(failed), 'failed check')} ({_names(failed)})"] if failed else []
    left += [_count(len(open_points), "open point") + " of the feedback"] if open_points else []
    # Coverage says what the reader made of the texts, the checks what they could compare: neither may be overlooked.
    unread = max(sum(one.account is Account.NOT_UNDERSTOOD for one in covered), basis(assessment.checks).not_understood)
    left += [_count(unread, "statement") + " not understood"] if unread else []
    said = any(one.account not in UNCOUNTED and one.account is not Account.OPEN for one in covered)
    remaining = " and ".join(left)
    if not said:
        verdict = "Unproven: nothing was said that a design could be held against. Answer the questions, then iterate"
    elif overall is None:
        verdict = "Not ready: too little could be measured to say more. Answer what is open, then iterate"
    elif overall < THRESHOLD:
        verdict = f"Not ready: {overall}/100 is below the threshold of {THRESHOLD}"
        verdict += f", with {remaining} to mend" if left else ""
    elif left:
        verdict = f"Optimise once more: {overall}/100 reaches the threshold of {THRESHOLD}, with {remaining} left"
    else:
        verdict = f"Ready to go on: {overall}/100 reaches the threshold of {THRESHOLD}, and no check failed"
    return f"{verdict}. {NO_MODEL}"


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _names(failed: Sequence[Check]) -> str:
    heaviest = sorted(failed, key=lambda check: (-check.weight, check.key))
    more = f" and {len(failed) - NAMED} more" if len(failed) > NAMED else ""
    return ", ".join(f"“{check.title}”" for check in heaviest[:NAMED]) + more


def _failed(assessment: Assessment) -> list[Check]:
    return [check for check in assessment.checks if check.outcome is Outcome.FAILED]


def _three(lines: Sequence[str]) -> tuple[str, str, str]:
    first, second, third = list(dict.fromkeys(lines))[:3]
    return first, second, third
