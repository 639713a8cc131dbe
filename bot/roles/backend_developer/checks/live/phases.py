"""The phases of a run of the service; apart from what they do, as whoever asks for a run needs their names only."""

from __future__ import annotations

from typing import Final

ACCESS, BEHAVIOUR, RULES, INPUTS = "access", "behaviour", "rules", "inputs"
TESTS, LOAD, ENDURANCE = "tests", "load", "endurance"
QUICK: Final = frozenset({ACCESS, BEHAVIOUR, RULES, INPUTS})
"""Between the rounds of a designer; the rest is tried at the end."""

ALL: Final = QUICK | {TESTS, LOAD, ENDURANCE}
