"""Scores from checks: pure arithmetic, no judgement, nothing a model says."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.basis import basis
from bot.domain.evidence import Check, Measure, Outcome, Score, Scorecard

NEEDED_SHARE = 0.6
"""Share of a score's weight that must have been measured before there is a number at all."""

SPREAD = 25
"""The overall score is at most this much above the least sound part: harm cannot be averaged away."""

NEGLECT = 70
"""The overall score is at most this much above the lowest part: where a part has next to nothing, the whole fails."""

_EPSILON = 1e-9
"""Rounding is always down, so that no score reaches a threshold by it; this only undoes float noise."""


def scorecard(
    checks: Iterable[Check],
    score_specs: Sequence[tuple[str, str]],
    *,
    needed_share: float = NEEDED_SHARE,
    statements: float | None = None,
) -> Scorecard:
    """Derive every score of `score_specs` ((key, name) pairs) from `checks`.

    A part is ``100 x soundness x fit``, rounded down (docs/scoring.md). Soundness is the weight of its soundness checks
    that hold among those that hold or failed; fit the smallest share of its fit checks, 1 where a role has none. A
    failed check with a cap limits its part to it (proven harm: an invalid document 20, a working exploit 30, a
    migration that fails 50, a missing primary key 70).
    The measured share is that of the weight whose question was answered: held, failed, or found not to apply. A part is
    None ("unproven") where that is under `needed_share`, or nothing held or failed, or its fit was not measured, as
    where nothing was said of it.

    The overall score joins the same two, each over everything: ``100 x statements x mean soundness of the parts``,
    rounded down, where `statements` is the share of all statements that are done, each counted once, and a part's
    soundness is at most its cap. It is at most the least soundness + 25 and the lowest part + 70, and None as soon as
    one part is None. `statements` is counted from what the checks compared where it is not given; the mean fit of the
    parts where they compared nothing. A check of weight 0 is shown and counted but moves nothing.

    Each check counts once, however many offenders it names; a key that is given twice is an error.

    Example: a part has checks of weight 3 (held), 1 (failed, cap 70) and 1 (not measured). Measured weight is 4 of 5, a
    share of 0.8; 100 x 3 / 4 = 75, and the cap makes it 70. With other parts of 90, 90, 90 and 100 the mean is 88 and
    the lowest plus 25 is 95, so the overall score is 88.

    Raises:
        ValueError: a check's key occurs twice.
    """
    given = tuple(checks)
    keys = [check.key for check in given]
    if len(set(keys)) != len(keys):
        raise ValueError(f"checks given twice: {sorted({key for key in keys if keys.count(key) > 1})}")
    parts = _parts(given, score_specs, needed_share)
    scored = {key for key, _ in score_specs}
    counted = [check for check in given if check.score in scored and check.measures is Measure.SOUNDNESS]
    return Scorecard(
        overall=None if any(part.score.value is None for part in parts) else _overall(parts, given, statements),
        measured_share=_measured_share(counted),
        parts=tuple(part.score for part in parts),
    )


def overall_of_proven(checks: Iterable[Check], score_specs: Sequence[tuple[str, str]]) -> int:
    """Return the overall score of the parts alone that have a number, 0 if none has: it ranks what is partly unproven.

    Nobody is shown it: where a part is unproven, `scorecard` gives no overall score.
    """
    given = tuple(checks)
    proven = [part for part in _parts(given, score_specs, NEEDED_SHARE) if part.score.value is not None]
    return _overall(proven, given, None) if proven else 0


@dataclass(frozen=True, slots=True)
class _Part:
    """A part's score, and what it was made of: soundness, at most its cap, and fit, both shares of 1."""

    score: Score
    soundness: float
    fit: float


def _parts(checks: Sequence[Check], score_specs: Sequence[tuple[str, str]], needed_share: float) -> list[_Part]:
    return [_part(key, name, [c for c in checks if c.score == key], needed_share) for key, name in score_specs]


def _part(key: str, name: str, checks: Sequence[Check], needed_share: float) -> _Part:
    sound = [check for check in checks if check.measures is Measure.SOUNDNESS]
    held = _weight(sound, Outcome.HELD)
    measured = held + _weight(sound, Outcome.FAILED)
    share = _measured_share(sound)
    fit = _fit(checks)
    value: int | None = None
    capped_by: tuple[str, ...] = ()
    soundness = held / measured if measured > 0 else 0.0
    if measured > 0 and share >= needed_share - _EPSILON and fit is not None:
        value = math.floor(100 * fit * soundness + _EPSILON)
        failed = [(c.cap, c.key) for c in checks if c.outcome is Outcome.FAILED and c.cap is not None]
        capped_by = tuple(check for cap, check in sorted(failed) if cap < value)
        caps = [cap for cap, _ in failed]
        value = min([value, *caps])
        soundness = min([soundness, *(cap / 100 for cap in caps)])
    score = Score(
        key=key,
        name=name,
        value=value,
        measured_share=share,
        held=_count(checks, Outcome.HELD),
        failed=_count(checks, Outcome.FAILED),
        not_measured=_count(checks, Outcome.NOT_MEASURED),
        not_applicable=_count(checks, Outcome.NOT_APPLICABLE),
        capped_by=capped_by,
        nothing_said=any(check.nothing_said for check in checks),
    )
    return _Part(score, soundness, 1.0 if fit is None else fit)


def _fit(checks: Sequence[Check]) -> float | None:
    shares = [check.share for check in checks if check.measures is Measure.FIT]
    known = [share for share in shares if share is not None]
    return None if len(known) < len(shares) else min(known, default=1.0)


def _overall(parts: Sequence[_Part], checks: Sequence[Check], statements: float | None) -> int:
    done = statements if statements is not None else _done(parts, checks)
    soundness = math.fsum(part.soundness for part in parts) / len(parts)
    values = [part.score.value for part in parts if part.score.value is not None]
    joined = min(done * soundness, min(part.soundness for part in parts) + SPREAD / 100)
    return min(math.floor(100 * joined + _EPSILON), min(values) + NEGLECT)


def _done(parts: Sequence[_Part], checks: Sequence[Check]) -> float:
    found = basis(checks)
    if found.statements:
        return found.done / found.statements
    return math.fsum(part.fit for part in parts) / len(parts)


def _measured_share(checks: Sequence[Check]) -> float:
    whole = math.fsum(check.weight for check in checks)
    return 1 - _weight(checks, Outcome.NOT_MEASURED) / whole if whole else 0.0


def _weight(checks: Sequence[Check], outcome: Outcome) -> float:
    return math.fsum(check.weight for check in checks if check.outcome is outcome)


def _count(checks: Sequence[Check], outcome: Outcome) -> int:
    return sum(check.outcome is outcome for check in checks)
