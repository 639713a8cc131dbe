"""What a fault is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from tests.judge.bases import Base

Plant: TypeAlias = Callable[[Any, Base], Any]
"""Spoils a plan or a document in place, or returns a migration spoilt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One kind of fault.

    `level` says what `plant` is given: the design as data ("design"), the same as the second iteration after the right
    one ("later"), the rendered document's root ("document"), or the text of the first migration ("migration").
    `named_by` are the keys of the checks that name it, "x.*" for all of an area. `spared` says why its area need not
    come under the threshold.
    """

    key: str
    level: Literal["design", "later", "document", "migration"]
    plant: Plant
    named_by: tuple[str, ...]
    spared: str = ""

    def names(self, check: str) -> bool:
        """Whether this check is one that names the fault."""
        return any(check == one or (one.endswith("*") and check.startswith(one[:-1])) for one in self.named_by)


def many(
    level: Literal["design", "later", "document", "migration"], *rows: tuple[str, Plant, str]
) -> tuple[Fault, ...]:
    """Faults of one level from rows of key, plant, and the keys of checks with spaces between them."""
    return tuple(Fault(key=key, level=level, plant=plant, named_by=tuple(names.split())) for key, plant, names in rows)
