"""Parts of the stack of which one is enough: "Kafka or NATS"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.domain.facts import AnyFact, StackFact, Stance

_OR: Final = frozenset({"or", "oder", "/", "or else", "or maybe", "oder auch", ", or", "or even", "or a"})


def either(found: Sequence[AnyFact], between: Sequence[str]) -> list[AnyFact]:
    """Return the parts of a stack with those that are parted by an "or" as one, which any of them satisfies.

    `between` is what stands between each of them and the next one. Of what is refused, put off or doubted each counts.
    """
    kept: list[AnyFact] = []
    for place, fact in enumerate(found):
        last = kept[-1] if kept else None
        joined = place > 0 and place <= len(between) and between[place - 1] in _OR
        if (
            joined
            and isinstance(fact, StackFact)
            and isinstance(last, StackFact)
            and fact.part == last.part
            and fact.stance is last.stance is Stance.STATED
        ):
            kept[-1] = replace(last, alternatives=(*last.alternatives, fact.name))
        else:
            kept.append(fact)
    return kept
