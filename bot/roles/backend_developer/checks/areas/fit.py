"""Does the result do what was said? The share of the statements of an area that what was rendered provably does."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.domain.evidence import Compared, Fulfilment, Outcome
from bot.evidence.checks import CheckResult, as_raw, failed, held, not_applicable
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit import StatementFit, Verdict

_COUNTED: Final = frozenset({Verdict.DONE, Verdict.NOT_DONE, Verdict.NOT_UNDERSTOOD})
_QUOTED: Final = 60
_KEPT: Final = 200
"""So many characters of a statement and of its gap are kept beside the check."""
_WORST: Final = 3


def area_fits(bench: CheckContext, *, area: str) -> CheckResult:
    """Compare each statement of the area with what was rendered; one that was not understood is not done."""
    mine = [one for one in bench.fit if area in one.areas and one.verdict in _COUNTED]
    if not mine:
        return not_applicable("Nothing was said of it, so that nothing can be proven of it.")
    done = sum(one.verdict is Verdict.DONE for one in mine)
    unread = sum(one.verdict is Verdict.NOT_UNDERSTOOD for one in mine)
    words = f"Fit {100 * done // len(mine)} % of {len(mine)} statements"
    words += f" · {unread} not understood" if unread else ""
    raw = [_record(one) for one in mine]
    compared = tuple(_compared(one, area) for one in mine)
    offenders = [line for one in mine if one.verdict is not Verdict.DONE for line in _lines(one, area)]
    if not offenders:
        return replace(held(f"{words}.", raw), share=1.0, compared=compared)
    named = "; ".join(offenders[:_WORST]) + (f"; and {len(offenders) - _WORST} more" if len(offenders) > _WORST else "")
    result = failed(f"{words}: {named}.", offenders, as_raw(raw))
    return replace(result, outcome=Outcome.FAILED, share=done / len(mine), compared=compared)


def _lines(one: StatementFit, area: str) -> list[str]:
    text = " ".join(one.statement.text.split())
    quoted = f"“{text[:_QUOTED]}{'…' if len(text) > _QUOTED else ''}”"
    if one.verdict is Verdict.NOT_UNDERSTOOD:
        return [f"{quoted} was not understood"]
    return [f"{quoted}: {_gap(one, area)}"]


def _gap(one: StatementFit, area: str) -> str:
    """Return the first gap, one of this area before one of another."""
    return next(iter([*(why for at, why in one.gaps if at == area), *(why for _, why in one.gaps)]), "")


def _compared(one: StatementFit, area: str) -> Compared:
    return Compared(
        statement=one.statement.id,
        text=" ".join(one.statement.text.split())[:_KEPT],
        outcome=Fulfilment(one.verdict.value),
        gap=_gap(one, area)[:_KEPT],
    )


def _record(one: StatementFit) -> dict[str, object]:
    return {"statement": one.statement.id, "source": one.statement.source, "text": one.statement.text,
            "verdict": one.verdict.value, "gaps": [why for _, why in one.gaps]}  # fmt: skip
