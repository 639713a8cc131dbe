"""Puts bounds that stand in words behind a name into brackets: "a note of up to 140 characters", "from 1 to 6"."""

from __future__ import annotations

import re

_N = r"-?\d+(?:[.,]\d+)*"
_LENGTH = r"(?: ?(?:characters?|chars?|zeichen|letters?|buchstaben|digits?|stellen))"
_STARTING = re.compile(
    rf",? (?P<said>(?:starting|beginning|counted|beginnend) (?:at|from|with|bei|mit|ab) {_N})(?=[,.;)]|$| and | und )",
    re.I,
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            rf" (?:(?:of|with|von|mit|that is|which is|ranging|im bereich) )?(?:from|between|von|zwischen) ({_N}) "
            rf"(?:to|and|up to|bis|und) ({_N})(?: ([a-zäöü°%²³]+))?(?=[,.;)]|$| and | und )",
            re.I,
        ),
        r" (\1 to \2)",
    ),
    (
        re.compile(
            rf" (?:of|with|von|mit) (?:up to|at most|max\.?|maximal|a maximum of|no more than|höchstens|bis zu) "
            rf"({_N}){_LENGTH}(?: long)?",
            re.I,
        ),
        r" (max \1 characters)",
    ),
    (
        re.compile(
            rf" (?:of|with|von|mit) (?:up to|at most|max\.?|maximal|a maximum of|no more than|höchstens|bis zu)"
            rf" ({_N})"
            rf"(?: ([a-zäöü°%²³]+))?(?=[,.;)]|$| and | und )",
            re.I,
        ),
        r" (max \1)",
    ),
    (
        re.compile(
            rf" (?:of|with|von|mit) (?:at least|min\.?|a minimum of|no less than|mindestens) ({_N})"
            rf"(?: ([a-zäöü°%²³]+))?(?=[,.;)]|$| and | und )",
            re.I,
        ),
        r" (min \1)",
    ),
)


def bounded(text: str) -> str:
    """Return a text with bounds behind a name in brackets.

    >>> bounded("a level from 1 to 6 and a note of up to 140 characters")
    'a level (1 to 6) and a note (max 140 characters)'
    """
    if not any(c.isdigit() for c in text):
        return text
    text = _STARTING.sub(r" (\g<said>)", text)
    for pattern, put in _PATTERNS:
        text = pattern.sub(put, text)
    return text
