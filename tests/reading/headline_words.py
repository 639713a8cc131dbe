"""What teams say in headlines, in one breath, of what stands around the backend, and where there is nothing to say.

Written before the reader was changed for them. A row is (kind, question, what was said of the data, text, what must be
read of the text, what must not be), in the short form of `tests.reading.shorthand`; of the text alone, with everything
known. `*nothing`: it asks for nothing; `*unread`: it asks for something, is not understood, and counts as such.
"""

from __future__ import annotations

from typing import Final

Row = tuple[str, str, str, str, str, str]

FEATURE: Final = "feature headlines"
ROLES: Final = "roles in one breath"
AROUND: Final = "services and stack"
NONE: Final = "there is nothing"
IDEA: Final = "summaries of the idea"

_POTTERY: Final = (
    "A firing has a temperature and a date. A firing is planned, running or cooled. A kiln has many firings."
)
_TOWS: Final = "A tow has a ticket number and a place. A tow is requested, under way or done. A driver has many tows."
_LAB: Final = "Eine Probe hat eine Nummer und einen Ort. Eine Probe ist neu, gemessen oder verworfen."
_LADDERS: Final = "An orchard has many ladders. A picker has many deposits. A ladder has a height."
_BEES: Final = "Ein Imker hat viele Völker. Ein Obstbauer hat viele Wiesen. Ein Volk hat eine Nummer."

ROWS: Final[list[Row]] = [
    (FEATURE, "opening_2", _POTTERY, "Plan and cancel firings", "P create firing; P cancel firing", ""),
    (FEATURE, "opening_2", _POTTERY, "See what every kiln holds", "P read kiln", "P create kiln"),
    (FEATURE, "opening_2", _TOWS, "Request a tow and get its ticket number", "P create tow; P read tow", ""),
    (FEATURE, "opening_2", _TOWS, "Tow at the roadside, also without signal", "P create tow", "P delete tow"),
    (FEATURE, "opening_2", _TOWS, "Know where every tow is", "P read tow", ""),
    (FEATURE, "opening_2", _TOWS, "Combine two tows whose cars are alike", "*unread", ""),
    (FEATURE, "opening_2", _TOWS, "Refuse tows after midnight", "*unread", "P refuse tow"),
    (
        FEATURE,
        "opening_2",
        _LAB,
        "Proben erfassen, messen und verwerfen",
        "P create Probe; P messen Probe; P verwerfen Probe",
        "",
    ),
    (FEATURE, "opening_2", _LAB, "Jede Probe nachverfolgen", "P read Probe", ""),
    (FEATURE, "opening_2", _LAB, "Wissen, wo jede Probe steht", "P read Probe", ""),
    (FEATURE, "opening_2", _POTTERY, "Less paper in the workshop", "*nothing", ""),
    (FEATURE, "opening_2", _LAB, "Weniger Papier im Labor", "*nothing", ""),
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
    (
        AROUND,
        "integration_needs",
        _POTTERY,
        "The till vendors send us their receipts by webhook.",
        "V till vendors; W webhook_in",
        "V till vendors send",
    ),
    (
        AROUND,
        "integration_needs",
        _TOWS,
        "If Mapbox goes down, a tow must still be planned.",
        "V Mapbox",
        "V tow; V a tow",
    ),
    (
        AROUND,
        "integration_needs",
        _LAB,
        "Wenn SAP ausfällt, muss eine Probe trotzdem erfasst werden.",
        "V SAP",
        "V Probe",
    ),
    (
        AROUND,
        "integration_needs",
        _LADDERS,
        "Adapters for banks and insurers are in place",
        "C architecture adapters",
        "V Adapters",
    ),
    (AROUND, "opening_1", _LADDERS, "Outbox for banks and deposits", "C architecture outbox", "V Outbox"),
    (AROUND, "performance_requirements", _TOWS, "Alarms on failed tows per depot and hour", "C monitoring", ""),
    (AROUND, "opening_1", _TOWS, "RabbitMQ or Kafka", "K RabbitMQ or Kafka", "K Kafka"),
    (AROUND, "opening_1", _LAB, "Datenbank: MariaDB oder PostgreSQL", "K MariaDB or PostgreSQL", "K PostgreSQL"),
    (
        AROUND,
        "integration_needs",
        _LADDERS,
        "The insurer gets a file of the deposits every week.",
        "W schedule file of the deposits",
        "",
    ),
    (
        AROUND,
        "integration_needs",
        _LAB,
        "Das Amt bekommt jede Nacht eine Liste der Proben.",
        "W schedule Liste der Proben",
        "",
    ),
    (NONE, "integration_needs", _TOWS, "Nothing external.", "*nothing", "V Nothing"),
    (NONE, "security_controls", _POTTERY, "Nothing else.", "*nothing", ""),
    (NONE, "integration_needs", _LAB, "Keine externen Systeme.", "*nothing", "V Systeme"),
    (
        IDEA,
        "opening_2",
        _LADDERS,
        "A service through which orchards lend ladders to pickers: the picker reserves, the orchard hands out, "
        "and the deposit comes back with the ladder.",
        "",
        "E service; P read ladder; L service",
    ),
    (
        IDEA,
        "opening_2",
        _BEES,
        "Eine Plattform, mit der Imker ihre Völker an Obstbauern vermieten, damit deren Wiesen bestäubt werden.",
        "*nothing",
        "E Plattform",
    ),
]
