"""One result of a check-up of the installation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How a thing was found. Only ERROR keeps the bot from working."""

    OK = "good"
    WARNING = "doubtful"
    ERROR = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """What was looked at, how it is, and what to do about it where something is to be done."""

    what: str
    severity: Severity
    detail: str
    mend: str = ""
