"""What holds from some moment on: "immutable once finalised", "nobody may edit a vote after the poll is closed"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, TypeGuard

from bot.domain.facts import AccessFact, AnyFact, RuleFact, Stance

_FROM_THEN_ON: Final = re.compile(
    r"\b(?:once|after|when|as soon as|sobald|nachdem|wenn|nach (?:de[mr]|ihre[mr]))\b (.{3,60}?)[ .]*$"
)


def condition_of(low: str, rule: re.Pattern[str]) -> str:
    """Return what must be so for a clause (in lower case) to hold, without the words of the `rule` itself, or ""."""
    match = _FROM_THEN_ON.search(low)
    return " ".join(rule.sub("", match[1]).split()).strip(" .,") if match else ""


def from_then_on(grants: Iterable[AnyFact], low: str, rules: Iterable[AnyFact]) -> list[AnyFact]:
    """Give a condition to what nobody may from some moment on; where a rule keeps the rows, the rule says it."""
    grants = list(grants)
    match = _FROM_THEN_ON.search(low) if grants else None
    if match is None:
        return grants
    kept = any(isinstance(fact, RuleFact) and fact.kind == "immutable" for fact in rules)
    found: list[AnyFact] = []
    for fact in grants:
        if not _for_nobody(fact):
            found.append(fact)
        elif not kept:
            found.append(replace(fact, condition=match[1].strip(" .,")))
    return found


def _for_nobody(fact: AnyFact) -> TypeGuard[AccessFact]:
    """Whether a fact says that nobody at all may change or delete something."""
    return (
        isinstance(fact, AccessFact)
        and fact.stance is Stance.DENIED
        and not (fact.role or fact.condition)
        and bool({"update", "delete"} & set(fact.verbs))
    )
