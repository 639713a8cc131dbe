"""What people said, by kinds of harm: each failed one caps its area, however small its share of the statements is.

The share itself is the check of fit (`areas.fit`); these weigh nothing beside it.
"""

from __future__ import annotations

from bot.evidence.checks import CheckResult, judge, not_applicable
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit import StatementFit, Verdict

_QUOTED = 60
_FROM_FEEDBACK = "feedback:"
_COUNTED = (Verdict.DONE, Verdict.NOT_DONE)


def kept(bench: CheckContext, *, area: str, kinds: frozenset[str], what: str) -> CheckResult:
    """Hold that no statement of these kinds is missing from or contradicted by what was rendered in this area."""
    about = [one for one in bench.fit if one.verdict in _COUNTED]
    offenders = [line for one in about for line in gaps_of(one, area, kinds)]
    if offenders:
        return judge(offenders, good="", bad=f"Not as said of {what}", raw=offenders)
    if not any(area in one.areas for one in about):
        return not_applicable(f"Nothing was said of {what} that could be compared.")
    return judge([], good=f"What was said of {what} is there.", bad="")


def feedback_kept(bench: CheckContext, *, area: str) -> CheckResult:
    """Hold that no point of feedback about this area is dropped silently: it is done, declined, or postponed aloud."""
    heard = [one for one in bench.fit if one.statement.source.startswith(_FROM_FEEDBACK) and area in one.areas]
    if not heard:
        return not_applicable("No feedback was given on this area.")
    dropped = [_quoted(one) for one in heard if one.verdict in (Verdict.NOT_DONE, Verdict.NOT_UNDERSTOOD)]
    answered = [d.what.casefold() for d in bench.blueprint.declined]
    open_ones = [line for line in dropped if not any(line.casefold() in what for what in answered)]
    return judge(open_ones, good=f"All {len(heard)} points of feedback are answered.", bad="Feedback without an answer")


def gaps_of(one: StatementFit, area: str, kinds: frozenset[str]) -> list[str]:
    """Return the gaps of a statement in an area, of these kinds, with its words."""
    return [
        f"{_quoted(one)}: {why}"
        for (at, why), kind in zip(one.gaps, one.kinds, strict=True)
        if at == area and kind in kinds
    ]


def _quoted(one: StatementFit) -> str:
    text = " ".join(one.statement.text.split())
    return f"“{text[:_QUOTED]}{'…' if len(text) > _QUOTED else ''}”"
