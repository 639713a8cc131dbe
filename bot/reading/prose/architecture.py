"""How a backend is cut: one service or many, as people say it in a few words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.domain.facts import AnyFact, ConventionFact
from bot.reading.prose.clause import stance
from bot.reading.tokens import Token

_CUT: Final = re.compile(
    r"\b(?:(?:modular(?:er|en)?|majestic|single|one) )?monolith(?:ic|en)?\b|\bmicro-?services?\b|\bserverless\b"
    r"|\b(?:one|a single|ein|ein einziger|just one) (?:deployable|service|dienst)\b",
    re.IGNORECASE,
)
_LONGEST: Final = 8


def read_architecture(text: str, words: Sequence[Token], statement: str) -> list[AnyFact]:
    """Return how the backend is to be cut, where a short sentence says nothing else."""
    found = _CUT.search(text)
    if found is None or len(words) > _LONGEST:
        return []
    return [ConventionFact(statement=statement, stance=stance(words), kind="architecture", value=found[0].lower())]
