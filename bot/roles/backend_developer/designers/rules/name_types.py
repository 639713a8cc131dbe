"""The type that a field's name says where nobody gave one: `date of birth`, `seats`, `Eingangsdatum`, `weight_kg`."""

from __future__ import annotations

import re

from bot.domain.facts import FieldFact
from bot.reading.names import latin, vocabulary, words
from bot.roles.backend_developer.blueprint import FieldType

_BY_LAST_WORD: dict[str, FieldType] = {
    **dict.fromkeys(("at", "timestamp", "zeitpunkt", "datetime", "zeitstempel"), FieldType.TIMESTAMP),
    **dict.fromkeys(
        vocabulary("on am date datum birthday birthdate dob geburtsdatum geburtstag deadline holiday anniversary"),
        FieldType.DATE,
    ),
    **dict.fromkeys(
        vocabulary(
            "cents bytes ms seconds count counter counted zähler "
            "quantity qty minutes hours days weeks months years anzahl"
            " menge year age "
            "capacity floor position jahr baujahr jahrgang alter stock seats copies pages rooms beds attempts"
            " votes likes "
            "views points stars rank floors storeys stockwerk etage stückzahl plätze sitzplätze seiten exemplare"
        ),
        FieldType.INTEGER,
    ),
    **dict.fromkeys(
        vocabulary(
            "price amount total cost fee balance preis betrag salary wage deposit budget gebühr gehalt kosten"
            " kaution "
            "umsatz revenue premium subtotal tip fine"
        ),
        FieldType.MONEY,
    ),
    **dict.fromkeys(vocabulary("email mail"), FieldType.EMAIL),
    **dict.fromkeys(vocabulary("url website link uri homepage webseite"), FieldType.URL),
    **dict.fromkeys(
        vocabulary(
            "description body text notes note comment comments content bio beschreibung inhalt bemerkung"
            " bemerkungen notiz "
            "notizen kommentar remark remarks summary narrative begründung"
        ),
        FieldType.TEXT,
    ),
    **dict.fromkeys(vocabulary("metadata properties payload json settings attributes"), FieldType.JSON),
    **dict.fromkeys(
        vocabulary(
            "latitude longitude lat lng lon percent percentage rate weight height width length depth temperature"
            " distance "
            "pct prozent deg grad kw hpa mbar bar "
            "speed area gewicht höhe breite länge tiefe temperatur fläche entfernung kg km mm cm kwh breitengrad"
            " längengrad"
        ),
        FieldType.DECIMAL,
    ),
    **dict.fromkeys(
        vocabulary("active enabled deleted verified published archived aktiv paid confirmed bezahlt bestätigt"),
        FieldType.BOOLEAN,
    ),
}
"""What the last word of a name says."""
_BY_FIRST_WORDS: tuple[tuple[re.Pattern[str], FieldType], ...] = (
    (re.compile(r"^(?:date|day|datum) (?:of|der|des) "), FieldType.DATE),
    (
        re.compile(
            r"^(?:year|jahr) (?:of|der|des|built|founded|made) ?|^(?:number|count|anzahl|zahl) (?:of|der|von|an) "
        ),
        FieldType.INTEGER,
    ),
    (re.compile(r"^(?:maximum|minimum|max|min) (?:number|count) "), FieldType.INTEGER),
    (re.compile(r"^(?:date|datum) (?:\w+ed|found|bought|sold|built|made)$"), FieldType.DATE),
)
_GERMAN_ENDINGS: tuple[tuple[str, FieldType], ...] = (
    ("datum", FieldType.DATE),
    ("zeitpunkt", FieldType.TIMESTAMP),
    ("anzahl", FieldType.INTEGER),
    ("leitzahl", FieldType.STRING),
    ("kennzahl", FieldType.STRING),
    ("maßzahl", FieldType.DECIMAL),
    ("zahl", FieldType.INTEGER),
    ("jahr", FieldType.INTEGER),
    ("preis", FieldType.MONEY),
    ("betrag", FieldType.MONEY),
    ("gebühr", FieldType.MONEY),
    ("kosten", FieldType.MONEY),
    ("gewicht", FieldType.DECIMAL),
    ("beschreibung", FieldType.TEXT),
    ("bemerkung", FieldType.TEXT),
)
"""What German compounds end in: ``Eingangsdatum``, ``Kaufpreis``."""
_FIRST_BOOLEAN = frozenset({"is", "has", "can", "allow", "allows", "ist", "hat"})


def type_by_name(fact: FieldFact) -> FieldType:
    """Return the type that the name of a field without one says; a string where it says none."""
    parts = words(latin(fact.name))
    if not parts:
        return FieldType.STRING
    if parts[0] in _FIRST_BOOLEAN and len(parts) > 1:
        return FieldType.BOOLEAN
    if parts[-1] == "id":
        return FieldType.STRING if parts[0] == "external" else FieldType.UUID
    said = " ".join(words(fact.name))
    by_first = next((kind for pattern, kind in _BY_FIRST_WORDS if pattern.match(said)), None)
    if by_first is not None:
        return by_first
    last = said.rsplit(" ", 1)[-1]
    kind = _BY_LAST_WORD.get(parts[-1]) or _BY_LAST_WORD.get(last) or _german(last)
    return kind or _by_bounds(fact)


def _german(last: str) -> FieldType | None:
    return next(
        (kind for ending, kind in _GERMAN_ENDINGS if last.endswith(ending) and len(last) > len(ending) + 1), None
    )


def _by_bounds(fact: FieldFact) -> FieldType:
    """Return a number's type where its bounds were said: whole ones bound whole numbers."""
    bounds = [b for b in (fact.minimum, fact.maximum) if b is not None]
    if not bounds or fact.unit:
        return FieldType.DECIMAL if fact.unit else FieldType.STRING
    return FieldType.INTEGER if len(bounds) > 1 and all(b == int(b) for b in bounds) else FieldType.DECIMAL
