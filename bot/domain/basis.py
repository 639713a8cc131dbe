"""What a score stands on, counted from the checks: statements done, soundness, what was not run, what costs most."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.design import Narrative, Point
from bot.domain.evidence import Check, Compared, Fulfilment, Measure, Outcome

_NO_CAP = 100
_EPSILON = 1e-9
_JUDGED = frozenset({Outcome.HELD, Outcome.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The counts behind a score. A statement that counts in several areas is counted once.

    `nothing_said` is True where checks of fit had nothing to compare; a role may have none.
    `soundness` is the share of the measured weight that holds, in whole percent rounded down, None where nothing was
    measured. `not_run` counts the checks that carry weight and could not be run; what does not apply is none of them.
    """

    statements: int
    done: int
    not_understood: int
    soundness: int | None
    not_run: int
    nothing_said: bool

    @property
    def fit(self) -> int | None:
        """Share of the statements that are done, in whole percent rounded down; None where none was compared."""
        return 100 * self.done // self.statements if self.statements else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Something that holds a score down: a statement that is not done, or else a failed check of soundness.

    `detail` says what was found; `fix` what mends it, where the check knows.
    """

    title: str
    detail: str
    fix: str = ""
    is_statement: bool = False


def basis(checks: Iterable[Check]) -> Basis:
    """Count what the checks say, whatever a role's checks are."""
    given = tuple(checks)
    said = _statements(given)
    fits = [check for check in given if check.measures is Measure.FIT]
    sound = [check for check in given if check.measures is Measure.SOUNDNESS]
    held = _weight(check for check in sound if check.outcome is Outcome.HELD)
    measured = _weight(check for check in sound if check.outcome in _JUDGED)
    return Basis(
        statements=len(said),
        done=sum(one.outcome is Fulfilment.DONE for one in said.values()),
        not_understood=sum(one.outcome is Fulfilment.NOT_UNDERSTOOD for one in said.values()),
        soundness=math.floor(100 * held / measured + _EPSILON) if measured else None,
        not_run=sum(check.outcome is Outcome.NOT_MEASURED and check.weight > 0 for check in given),
        nothing_said=bool(fits) and all(check.nothing_said for check in fits),
    )


def shortfalls(checks: Iterable[Check]) -> tuple[Shortfall, ...]:
    """Return all that holds the scores down, worst first.

    Proven harm comes first, the lowest cap before a higher one. Then what takes the largest share from its score: a
    failed check its weight of the measured weight, a statement that is not done one part of the area's statements. A
    failed check of fit stands for its statements and is named itself only where it counted none.
    """
    given = tuple(checks)
    measured = _measured_weights(given)
    ranked: list[tuple[float, float, str, Shortfall]] = []
    for check in given:
        if check.outcome is Outcome.FAILED and not _speaks_by_statements(check):
            cost = 1.0 if check.measures is Measure.FIT else check.weight / (measured[check.score] or 1)
            cap = _NO_CAP if check.cap is None else check.cap
            ranked.append((cap, -cost, check.key, Shortfall(title=check.title, detail=check.detail, fix=check.fix)))
    costs = _statement_costs(given)
    ranked += [
        (_NO_CAP, -costs[one.statement], one.statement, _of_statement(one))
        for one in _statements(given).values()
        if one.outcome is not Fulfilment.DONE
    ]
    return tuple(found for *_, found in sorted(ranked, key=lambda item: item[:3]))


def unsettled(checks: Iterable[Check], points: Iterable[Point]) -> tuple[str, ...]:
    """Say what keeps a result from being ready to go on: statements not understood and open points of feedback."""
    unread, left = basis(checks).not_understood, sum(point.open for point in points)
    found = [f"{unread} statement{' was' if unread == 1 else 's were'} not understood"] if unread else []
    found += [f"{left} point{' of the feedback is' if left == 1 else 's of the feedback are'} open"] if left else []
    return tuple(found)


def held_back(narrative: Narrative, checks: Iterable[Check], points: Iterable[Point]) -> Narrative:
    """Return the narrative with a recommendation that names what is unsettled, where something is.

    A model words its recommendation freely and may call a result ready; whether it is, is counted, not worded.
    """
    left = unsettled(checks, points)
    if not left:
        return narrative
    words = f"Not ready: {' and '.join(left)}. Say it otherwise, mend it or waive it, then iterate."
    return replace(narrative, recommendation=words)


def _of_statement(one: Compared) -> Shortfall:
    unread = one.outcome is Fulfilment.NOT_UNDERSTOOD
    return Shortfall(title=one.text, detail="not understood" if unread else one.gap, is_statement=True)


def _statements(checks: Sequence[Check]) -> dict[str, Compared]:
    """Return each compared statement once; where areas differ over it, what is not done counts."""
    found: dict[str, Compared] = {}
    for check in checks:
        for one in check.compared:
            if one.statement not in found or found[one.statement].outcome is Fulfilment.DONE:
                found[one.statement] = one
    return found


def _statement_costs(checks: Sequence[Check]) -> Mapping[str, float]:
    costs: dict[str, float] = {}
    for check in checks:
        for one in check.compared:
            costs[one.statement] = max(costs.get(one.statement, 0.0), 1 / len(check.compared))
    return costs


def _measured_weights(checks: Sequence[Check]) -> Mapping[str, float]:
    weights = dict.fromkeys((check.score for check in checks), 0.0)
    for check in checks:
        if check.measures is Measure.SOUNDNESS and check.outcome in _JUDGED:
            weights[check.score] += check.weight
    return weights


def _speaks_by_statements(check: Check) -> bool:
    return any(one.outcome is not Fulfilment.DONE for one in check.compared)


def _weight(checks: Iterable[Check]) -> float:
    return math.fsum(check.weight for check in checks)
