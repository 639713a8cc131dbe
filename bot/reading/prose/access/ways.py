"""A way of granting or refusing, in any language: a clause's pattern, and what that says in the grammar's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

WHO = r"(?P<who>[^.;:()]{2,80}?)"
WHAT = r"(?P<what>[^.;:]{2,200}?)"
Said: TypeAlias = Callable[[re.Match[str]], str | None]
Way: TypeAlias = tuple[re.Pattern[str], Said]


def way(leads: str, pattern: str, said: Said) -> Way:
    """Return a way, anchored at both ends of a clause that one of the `leads` may begin."""
    return re.compile(rf"^(?:{leads})?{pattern}[ .!]*$", re.I), said


def first_fit(ways: Iterable[Way], finite: re.Pattern[str], text: str) -> tuple[Said, re.Match[str]] | None:
    """Return the first way that a clause is in, and its match.

    A stretch with a `finite` verb reaches into another clause, so that the pattern took more than one thing that was
    said: such a match is none.
    """
    for pattern, said in ways:
        if (found := pattern.match(text)) and not any(g and finite.search(g) for g in found.groupdict().values()):
            return said, found
    return None
