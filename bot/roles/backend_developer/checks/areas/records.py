"""What tells of something that happened, and is kept when what it was about is gone."""

from __future__ import annotations

from typing import Final

from bot.reading.names import words
from bot.roles.backend_developer.checks.fit.rendered import spoken

RECORDS: Final = frozenset(
    {"invoice", "payment", "receipt", "refund", "payout", "transaction", "contract", "claim", "donation",
     "scan", "reading", "measurement", "movement", "inspection"}
)  # fmt: skip
"""What tells of something that happened, for which somebody will ask when what it was about is long gone."""


def stem_of(table: str) -> str:
    """Return the last word of a table's name in the singular: ``credit_invoices`` keeps invoices."""
    found = words(table)
    return spoken(found[-1]) if found else ""
