"""What "one", "it" and "them" stand for among rights: "customers create returns, and cancel one"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.domain.facts import AccessFact, AnyFact

_PRONOUN: Final = re.compile(r"\b(?:one|it|them|these|those|eine[nrs]?|es|sie|ihn|diese[ns]?)\b")


def of_the_same(grants: Iterable[AnyFact], low: str) -> list[AnyFact]:
    """Give a deed to something that only a pronoun names the thing that the same role was given before it.

    `low` is the clause in lower case; without a pronoun in it nothing changes.
    """
    grants = list(grants)
    if not (grants and _PRONOUN.search(low)):
        return grants
    found: list[AnyFact] = []
    last: dict[str, str] = {}
    for fact in grants:
        if isinstance(fact, AccessFact):
            if fact.action and not (fact.entity or fact.path) and fact.role in last:
                fact = replace(fact, entity=last[fact.role])  # noqa: PLW2901 - what it stands for
            elif fact.entity:
                last[fact.role] = fact.entity
        found.append(fact)
    return found
