"""A fault more never raises a score: faults planted two at a time, beside each of them alone."""

from __future__ import annotations

import copy
import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from tests.judge.bases import BASES
from tests.judge.bench import Verdict, judge, subject_of
from tests.judge.faults import FAULTS, Fault
from tests.judge.planting import base_of
from tests.judge.spoil import DoesNotApplyError


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Two faults in one base. `risen` names the scores that rose by the second; `undone` that it took the first away.

    A design that loses the table whose rows are open is as faulty as before, and has another fault: it is not held
    against the first one's cap.
    """

    words: str
    undone: bool
    risen: tuple[str, ...]


def pairs(count: int) -> Iterator[tuple[str, str, str]]:
    """So many pairs of faults of the design with a base: drawn by their names, so that nobody chose them."""
    keys = sorted(fault.key for fault in FAULTS if fault.level == "design")
    drawn = sorted(
        (hashlib.sha256(f"{first} {second} {base.name}".encode()).hexdigest(), first, second, base.name)
        for base in BASES
        for first in keys
        for second in keys
        if first != second
    )
    yield from ((first, second, base) for _, first, second, base in drawn[:count])


def joined(case: tuple[str, str, str]) -> Joined | None:
    """Plant both faults of a pair; None if one of them does not apply, or the blueprint refuses them together."""
    first, second, base = case
    alone, both = _verdict(base, (first,)), _verdict(base, (first, second))
    if alone is None or both is None or _verdict(base, (second,)) is None:
        return None
    named = [key for key in alone.failed if _fault(first).names(key)]
    risen = [
        f"{area} from {value or 0} to {both.parts[area]}"
        for area, value in [*alone.parts.items()]
        if (both.parts[area] or 0) > (value or 0)
    ]
    risen += [f"overall from {alone.overall} to {both.overall}"] if (both.overall or 0) > (alone.overall or 0) else []
    undone = not set(named) & set(both.failed)
    return Joined(words=f"{base}: {first} + {second}", undone=undone, risen=tuple(risen))


@functools.lru_cache(maxsize=64)
def _verdict(base: str, keys: tuple[str, ...]) -> Verdict | None:
    found = base_of(base)
    plan = copy.deepcopy(found.design())
    try:
        for key in keys:
            _fault(key).plant(plan, found)
        return judge(subject_of(plan, found.brief()), valid=False)
    except (DoesNotApplyError, KeyError, StopIteration, ValueError):
        return None


def _fault(key: str) -> Fault:
    return next(fault for fault in FAULTS if fault.key == key)
