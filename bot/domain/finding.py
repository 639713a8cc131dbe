"""One result of a check-up of the installation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a thing was found. Only BROKEN keeps the bot from working."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, how it is, and what to do about it where something is to be done."""

    what: str
    verdict: Verdict
    detail: str
    mend: str = ""
