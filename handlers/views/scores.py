"""Scores and checks in words. What was not measured enough is "unproven", never a number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.basis import Basis, Shortfall, shortfalls
from bot.domain.evidence import Check, Fulfilment, Outcome, Score, Scorecard
from handlers.views.text import bullets, clip, clip_line, numbered, plural

HUNDRED = (
    "100 says that all that was understood is there and that no check failed. It does not say that people said all "
    "they need, nor that nothing else is wrong."
)
FULL = 100
OUTCOMES = {
    Outcome.HELD: "✅ held",
    Outcome.FAILED: "❌ failed",
    Outcome.NOT_MEASURED: "➖ not measured",
    Outcome.NOT_APPLICABLE: "◽ not called for",
}


def overall_words(card: Scorecard) -> str:
    """Return the overall score, as "91/100"."""
    if card.overall is not None:
        return f"{card.overall}/100"
    silent = sum(part.nothing_said for part in card.parts)
    return (
        f"Unproven: nothing was said of {silent} of {plural(len(card.parts), 'part')}"
        if silent
        else "Unproven: too little was measured"
    )


def basis_words(found: Basis) -> str:
    """Return what a score stands on: "Fit 86 % of 41 statements · 3 not understood · soundness 97 · …"."""
    said = f"Fit {found.fit} % of {plural(found.statements, 'statement')}" if found.statements else ""
    silent = "Fit unproven: nothing was said" if found.nothing_said else ""
    words = [
        said or silent,
        f"{found.not_understood} not understood" if found.not_understood else "",
        "soundness unproven" if found.soundness is None else f"soundness {found.soundness}",
        f"{plural(found.not_run, 'check')} could not be run" if found.not_run else "",
    ]
    line = " · ".join(word for word in words if word)
    return line[:1].upper() + line[1:]


def worst_words(checks: Sequence[Check], limit: int = 3) -> str:
    """Return what holds the score down most, as markup; empty if nothing does."""
    found = shortfalls(checks)
    more = f" of {len(found)}" if len(found) > limit else ""
    lines = numbered([_shortfall(one) for one in found[:limit]])
    return f"*What is worst* ({min(limit, len(found))}{more})\n{lines}" if found else ""


def _shortfall(one: Shortfall) -> str:
    title = clip_line(one.title, 140)
    named = f"“{title}”" if one.is_statement else f"*{title}*"
    return f"{named} — {clip(one.detail, 200)}" + (f" _Mend:_ {clip(one.fix, 120)}" if one.fix.strip() else "")


def proven_words(card: Scorecard) -> str:
    """Return the overall score with what it rests on, as "91/100 (86% measured)": wherever it stands alone."""
    words = overall_words(card)
    if card.overall is None:
        return words
    bound = ", of what was understood" if card.overall == FULL else ""
    return f"{words} ({share_words(card.measured_share)}{bound})"


def says_hundred(parts: Iterable[Score], overall: int | None = None) -> bool:
    """Whether a full score stands there, which is shown with what it does not say."""
    return overall == FULL or any(part.value == FULL for part in parts)


def stand_words(parts: Sequence[Score], checks: Sequence[Check], threshold: int) -> str:
    """Say in a line what speaks against an area, or that nothing does: what whoever decides sees first, as markup.

    Harm and what is under the threshold are red, what needs a look is amber, what nobody said anything of is white.
    """
    silent = [clip_line(part.name, 60) for part in parts if part.nothing_said]
    if silent and len(silent) == len(parts):
        return f"⚪ *Cannot be judged:* nothing was said of {' and '.join(silent)}."
    failed = with_outcome(checks, Outcome.FAILED)
    harm = [check for check in failed if check.cap is not None and check.key in _capping(parts)]
    under = [part for part in parts if part.value is not None and part.value < threshold]
    said = [
        *([f"{plural(len(harm), 'check')} proved harm"] if harm else []),
        *(f"{clip_line(part.name, 60)} is {part.value}/100" for part in under),
        *([f"nothing was said of {' and '.join(silent)}"] if silent else []),
        *(f"{clip_line(p.name, 60)} is unproven" for p in parts if p.value is None and not p.nothing_said),
        *_undone(checks),
        *([f"{plural(len(failed), 'check')} failed"] if failed and not harm else []),
    ]
    if harm or under:
        return f"🔴 *Speaks against it:* {'; '.join(said)}"
    if said:
        return f"🟠 *Look closer:* {'; '.join(said)}"
    return "🟢 *Nothing that was checked speaks against it.*" if parts else ""


def _undone(checks: Iterable[Check]) -> list[str]:
    found = {one.statement for check in checks for one in check.compared if one.outcome is not Fulfilment.DONE}
    return [f"{plural(len(found), 'statement')} not done or not understood"] if found else []


def _capping(parts: Iterable[Score]) -> frozenset[str]:
    return frozenset(key for part in parts for key in part.capped_by)


def value_words(score: Score) -> str:
    """One part's score."""
    if score.value is not None:
        return f"{score.value}/100"
    return "unproven: nothing was said" if score.nothing_said else "unproven"


def share_words(share: float) -> str:
    """How much was measured, rounded down so that 100% means all."""
    return f"{int(share * 100 + 1e-9)}% measured"


def counts_words(held: int, failed: int, not_measured: int, not_applicable: int = 0) -> str:
    """Return the outcomes, as "12 held, 2 failed, 1 not measured, 3 not called for"."""
    words = f"{held} held, {failed} failed, {not_measured} not measured"
    return f"{words}, {not_applicable} not called for" if not_applicable else words


def part_line(score: Score) -> str:
    """One part with its measured share and its checks, as markup."""
    counts = counts_words(score.held, score.failed, score.not_measured, score.not_applicable)
    if score.nothing_said:
        return f"*{clip_line(score.name, 100)}: {value_words(score)}*"
    capped = (
        f"; held down by {', '.join(f'“{clip_line(key, 80)}”' for key in score.capped_by[:3])}"
        if score.capped_by
        else ""
    )
    return (
        f"*{clip_line(score.name, 100)}: {value_words(score)}* ({share_words(score.measured_share)}; {counts}{capped})"
    )


def tally(checks: Iterable[Check]) -> str:
    """How many checks held, failed, were not measured, and do not apply."""
    outcomes = [check.outcome for check in checks]
    return counts_words(*(outcomes.count(outcome) for outcome in Outcome))


def with_outcome(checks: Iterable[Check], outcome: Outcome) -> tuple[Check, ...]:
    """Return the checks that came out so."""
    return tuple(check for check in checks if check.outcome is outcome)


def failed_words(checks: Sequence[Check], limit: int = 8) -> str:
    """Return the failed checks by name, each with what was found and how to mend it, as markup."""
    failed = with_outcome(checks, Outcome.FAILED)
    if not failed:
        return "*No measured check failed.*" if checks else "*No check ran for this.*"
    lines = [
        f"{clip_line(c.title, 120)} — {clip(c.detail, 200)}" + (f" _Mend:_ {clip(c.fix, 120)}" if c.fix else "")
        for c in failed
    ]
    return f"*{plural(len(failed), 'check')} failed*\n{bullets(lines, limit, 'failed checks')}"


def unmeasured_words(checks: Sequence[Check], limit: int = 6) -> str:
    """Return the checks that were not measured by name with the reason, empty if all were."""
    skipped = with_outcome(checks, Outcome.NOT_MEASURED)
    lines = [f"{clip_line(c.title, 120)} — {clip(c.detail, 160)}" for c in skipped]
    return (
        f"*{plural(len(skipped), 'check')} not measured*, so nothing is claimed\n{bullets(lines, limit, 'more checks')}"
        if skipped
        else ""
    )


def against_threshold(overall: int | None, threshold: int) -> str:
    """Where the overall score stands against the role's threshold."""
    if overall is None:
        return f"The threshold is {threshold}/100. Whether it is reached is unproven."
    if overall >= threshold:
        return f"The threshold of {threshold}/100 is reached."
    return f"Below the threshold of {threshold}/100 by {threshold - overall}."
