"""What teams say in headlines, in one breath, of what stands around the backend, and where there is nothing to say.

Written before the reader was changed for them. A row is (kind, question, what was said of the data, text, what must be
read of the text, what must not be), in the short form of `tests.reading.shorthand`; of the text alone, with everything
known. `*nothing`: it asks for nothing; `*unread`: it asks for something, is not understood, and counts as such.
"""

from __future__ import annotations

from typing import Final

Row = tuple[str, str, str, str, str, str]

ROLES: Final = "roles in one breath"
NONE: Final = "there is nothing"

_POTTERY: Final = (
    "A firing has a temperature and a date. A firing is planned, running or cooled. A kiln has many firings."
)
_TOWS: Final = "A tow has a ticket number and a place. A tow is requested, under way or done. A driver has many tows."
_LAB: Final = "Eine Probe hat eine Nummer und einen Ort. Eine Probe ist neu, gemessen oder verworfen."
_BEES: Final = "Ein Imker hat viele Völker. Ein Obstbauer hat viele Wiesen. Ein Volk hat eine Nummer."

ROWS: Final[list[Row]] = [
    (
        ROLES,
        "security_controls",
        _TOWS,
        "Access by role: shift lead, tow driver, bookkeeper",
        "L shift lead; L tow driver; L bookkeeper",
        "",
    ),
    (
        ROLES,
        "security_controls",
        _BEES,
        "Rollenbasiert: Imker, Gutachter und Kassenwart",
        "L Imker; L Gutachter; L Kassenwart",
        "",
    ),
    (NONE, "integration_needs", _TOWS, "Nothing external.", "*nothing", "V Nothing"),
    (NONE, "security_controls", _POTTERY, "Nothing else.", "*nothing", ""),
    (NONE, "integration_needs", _LAB, "Keine externen Systeme.", "*nothing", "V Systeme"),
]
