"""What tells of something that happened, and is kept when what it was about is gone; and whom a service serves."""

from __future__ import annotations

from typing import Final

from bot.reading.names import words
from bot.roles.backend_developer.checks.fit.rendered import spoken

RECORDS: Final = frozenset(
    {"invoice", "payment", "receipt", "refund", "payout", "transaction", "contract", "claim", "donation",
     "scan", "reading", "measurement", "movement", "inspection"}
)  # fmt: skip
"""What tells of something that happened, for which somebody will ask when what it was about is long gone."""


SERVED: Final = frozenset(
    ["customer", "client", "buyer", "shopper", "pupil", "student", "learner", "patient", "partner", "guest",
     "visitor", "subscriber", "supplier", "vendor", "seller", "applicant", "candidate", "citizen", "resident",
     "passenger", "parent", "guardian", "participant", "donor", "player", "reader", "borrower", "renter",
     "leaseholder", "traveller", "fan", "kunde", "kundin", "schueler", "patientin", "gast", "mieter", "lieferant",
     "bewerber", "buerger", "eltern"]
)  # fmt: skip
"""Words of roles that are served by a service and do not run it."""


def stem_of(table: str) -> str:
    """Return the last word of a table's name in the singular: ``credit_invoices`` keeps invoices."""
    found = words(table)
    return spoken(found[-1]) if found else ""
