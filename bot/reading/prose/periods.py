"""How long each of several things is kept, told as pairs: "scans 3 years, refunds 10 years"."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.facts import AnyFact, RuleFact
from bot.reading.prose.clause import thing_name

_PAIR: Final = re.compile(
    r"(?:the |die |der |das )?(?P<what>[^\W\d_][\w-]*(?: [^\W\d_][\w-]*){0,2})(?::| for| –| -)? (?P<amount>\d{1,4}) ?"
    r"(?P<unit>days?|weeks?|months?|years?|tagen?|tage|wochen?|monaten?|monate|jahren?|jahre)\.?",
    re.IGNORECASE,
)
_NO_NOUN: Final = re.compile(
    r"\b(?:takes?|lasts?|needs?|requires?|within|after|every|for|is|are|was|dauer\w*|brauch\w*|nach|alle|ist|sind)\b",
    re.IGNORECASE,
)
"""Words by which a time is no span of keeping: "casting takes 2 weeks"."""
_BETWEEN: Final = re.compile(r"\s*[,;]\s*(?:and |und )?|\s+(?:and|und)\s+")
_KEPT: Final = re.compile(r"retention|life ?cycle|aufbewahr|löschfrist|keep|kept|storage period", re.IGNORECASE)
_DAYS: Final = (("d", 1), ("t", 1), ("w", 7), ("m", 30), ("y", 365), ("j", 365))
_LONGEST: Final = 400


def read_periods(bare: str, statement: str, lang: str, above: str) -> list[AnyFact]:
    """Return how long things are kept where a sentence is pairs of a thing and a time, and nothing else.

    One pair alone is one only where the line above speaks of keeping: "a contract, 2 years" may be anything.
    """
    pieces = [one for one in _BETWEEN.split(bare.strip()) if one] if len(bare) < _LONGEST else []
    pairs = [_PAIR.fullmatch(one) for one in pieces]
    if any(pair is None or _NO_NOUN.search(pair["what"]) for pair in pairs):
        return []
    if not pairs or (len(pairs) < 2 and not _KEPT.search(above)):
        return []
    return [
        RuleFact(
            statement=statement,
            entity=thing_name(pair["what"], lang),
            kind="retention",
            value=days_of(float(pair["amount"]), pair["unit"]),
            text=pair[0],
        )
        for pair in pairs
        if pair is not None
    ]


_SINCE: Final = re.compile(
    r"(?: old)? (?:after|following|since|from|past|nach|ab|seit) "
    r"(?:the |its |their |each |every |de[mrn] |ihre[mr] |seine[mr] )?"
    r"(?:(?:it|they|being|having|sie|es|er) (?:is |was |are |were |has been |have been |been )?)?"
    r"(?P<what>(?:last |letzten? )?(?!(?:a|an|the|that|this|then|dann|now|jetzt|it|they|sie|es|er)\b)[^\W\d_][\w-]*)"
)
_MADE: Final = re.compile(r"creat|entry|record|insert|writ|upload|receipt|anlage|erstell|eintrag|erfass|eingang")


def counted_from(low: str, end: int) -> str:
    """Return the event that a period counts from, which ends at `end`: "90 days after the refund" from a refund.

    It is "" where nothing is said, or where the row is made, from which a period counts anyway.
    """
    found = _SINCE.match(low, end)
    return found["what"] if found and not _MADE.match(found["what"]) else ""


def days_of(amount: float, unit: str) -> float:
    """Return how many days an amount of a unit is, in English or German; what is no day or longer is hours."""
    return amount * next((days for start, days in _DAYS if unit.lower().startswith(start)), 1 / 24)
