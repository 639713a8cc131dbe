"""What a model costs, and the questions it is asked before anything is designed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal


def exact(usd: float) -> float:
    """Return a sum of money to the billionth of a dollar, so that it does not depend on the order of its parts."""
    return round(usd, 9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a run may cost, in US dollars, by a price list of that day. Kept with the go gate that showed it."""

    model: str
    usd: float
    prices_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What was booked when a run ended, in US dollars; calls whose answer never came stand at their estimate.

    `usage` sums the billed tokens of the run's calls by the names that the ledger has.
    """

    run_usd: float
    calls: int
    iteration_usd: float
    evaluation_usd: float
    budget_usd: float
    usage: Mapping[str, float] = field(default_factory=dict, hash=False)


class InquiryState(StrEnum):
    """What became of the attempt to ask questions made for an idea."""

    PENDING = "pending"
    ASKED = "asked"
    DROPPED = "dropped"
    FAILED = "failed"


Cause = Literal["start", "documents"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """One attempt to have the designer ask its own questions. There is at most one per iteration and cause.

    `subject` is the digest of the documents it is about; `reason` says in words why there are no questions.
    """

    evaluation_id: str
    iteration: int
    cause: Cause
    subject: str
    state: InquiryState
    created_at: datetime
    reason: str = ""
    spent_usd: float = 0.0
    ended_at: datetime | None = None

    @property
    def id(self) -> str:
        """What its work and its calls are known by."""
        return f"{self.evaluation_id}:{self.iteration}:{self.cause}"
