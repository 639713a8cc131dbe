"""Fields that take less than what people said: bounds, patterns and locks that no statement speaks of.

What is harmless is stated here as data: the ends of a scale, what lies beyond all ordinary values, forms that a norm
gives, and what the service itself fills in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.domain.facts import FieldFact, ValueType
from bot.reading.names import words
from bot.roles.backend_developer.blueprint import Entity, EntityField
from bot.roles.backend_developer.checks.areas.bounds import filled_in
from bot.roles.backend_developer.checks.areas.records import RECORDS, stem_of
from bot.roles.backend_developer.checks.areas.sources import Sources
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.names import happens_later, is_amount, is_moment

_LEAST: Final = 1
"""A count or an amount begins at nothing or at one: a minimum up to that refuses no value that there is."""

_BEYOND: Final = 100_000
_BEYOND_AMOUNTS: Final = 1_000_000
"""From these on a maximum is above all that people ordinarily have."""

_SCALES: Final = frozenset(
    ["percent", "percentage", "rating", "score", "stars", "grade", "level", "priority", "rank", "hour", "hours",
     "minute", "month", "weekday", "day", "week", "quarter", "year", "latitude", "longitude", "lat", "lon", "lng",
     "probability", "ratio", "share", "temperature", "celsius", "fahrenheit", "humidity", "ph", "angle", "degrees",
     "port", "vat", "rate", "severity", "urgency", "volume", "brightness", "opacity", "prozent", "bewertung",
     "note", "age", "progress"]
)  # fmt: skip
"""Words of what has two ends by itself, wherever a design sets them."""

_SHORT: Final = 20
_LONG: Final = 3
_CODES: Final = frozenset(
    ["code", "currency", "country", "language", "locale", "iban", "bic", "swift", "zip", "postcode", "plz",
     "number", "no", "nr", "phone", "mobile", "telephone", "fax", "plate", "symbol", "abbreviation", "color",
     "colour", "sku", "isbn", "ean", "gtin", "barcode", "serial", "slug", "hash", "password", "pin", "token", "key",
     "vin", "timezone", "tz", "unit", "season", "size", "version", "level", "initials", "prefix", "suffix",
     "gender", "salutation", "state", "status", "kind", "type", "time", "mac", "ip", "uuid", "id", "nationality",
     "digest", "checksum", "postal", "kuerzel"]
)  # fmt: skip
"""Last words of what is short, or long, by a norm."""

_NORMED: Final = (
    _CODES
    - {"code", "number", "no", "nr", "serial", "barcode", "key", "unit", "season", "size", "level", "state", "status",
       "kind", "type", "sku", "id", "version", "prefix", "suffix", "plate", "symbol", "abbreviation", "kuerzel",
       "token"}
) | {"email", "mail", "url", "uri", "domain", "hostname"}  # fmt: skip
"""Last words of what has one form everywhere."""

_ORDINARY: Final = ("A-1", "Zürich", "two words", "2031", "x", "O'Brien & Co.")
"""What a pattern that only refuses blanks lets through."""

_KEPT: Final = frozenset(
    ["barcode", "isbn", "sku", "serial", "vin", "imei", "currency", "slug", "username", "login", "handle", "birthday"]
)
"""Last words of what a thing has once and for all."""

_TEXTS: Final = frozenset({ValueType.STRING, ValueType.TEXT})
_CHOICES: Final = frozenset(
    ["status", "state", "stage", "phase", "kind", "type", "role", "category", "priority", "level", "severity",
     "channel", "method", "gender", "size", "currency", "language", "mode"]
)  # fmt: skip
"""Last words of what is one of a few by its name."""


def narrowed(bench: CheckContext, sources: Sources) -> Iterator[str]:
    """Yield the fields that were said and take less than that, which nobody said."""
    for entity in bench.blueprint.entities:
        for field in entity.fields if not entity.assumed else ():
            facts = sources.fields(entity, field.name)
            if facts:
                yield from (
                    f"{entity.name}.{field.name} ({why})"
                    for why in (*_bounds(entity, field, facts, sources), *_forms(entity, field, facts, sources),
                                *_locks(bench, entity, field, sources))
                )  # fmt: skip


def _bounds(entity: Entity, field: EntityField, facts: Sequence[FieldFact], sources: Sources) -> Iterator[str]:
    ends = not is_amount(field.name) and {word.casefold() for word in words(field.name)} & _SCALES
    ruled = any(field.name in {*r.fields, *re.findall(r"\w+", r.expression)} for r in sources.rules(entity, _BOUNDING))
    if ends or ruled:
        return
    least, most = field.minimum, field.maximum
    beyond = _BEYOND_AMOUNTS if is_amount(field.name) else _BEYOND
    if least is not None and least > _LEAST and not (_given(facts, "minimum") or _told(least, field, sources)):
        yield f"takes {least:g} or more"
    if most is not None and most < beyond and not (_given(facts, "maximum") or _told(most, field, sources)):
        yield f"takes {most:g} or less"


def _given(facts: Sequence[FieldFact], key: str) -> bool:
    return any(getattr(fact, key) is not None for fact in facts)


_BOUNDING: Final = frozenset({"bound", "compare", "count"})


def _told(bound: float, field: EntityField, sources: Sources) -> bool:
    return sources.tells(f"{bound:g}", words(field.name)[-1])


def _forms(entity: Entity, field: EntityField, facts: Sequence[FieldFact], sources: Sources) -> Iterator[str]:
    last = set(words(field.name)[-1:])
    if field.pattern and not last & _NORMED and not any(f.pattern for f in facts) and not _takes_all(field.pattern):
        yield f"takes only {field.pattern}"
    coded = last & _CODES or field.values
    longest, least = field.max_length, field.min_length
    if not coded and 0 < longest < _SHORT and not (_given(facts, "max_length") or _told(longest, field, sources)):
        yield f"takes {longest} characters"
    if not coded and least > _LONG and not (_given(facts, "min_length") or _told(least, field, sources)):
        yield f"takes {least} characters or more"
    free = any(f.type in _TEXTS for f in facts) and not any(f.values or f.type == ValueType.ENUM for f in facts)
    if field.type == "enum" and free and not last & _CHOICES and not all(map(sources.tells, field.values)):
        yield f"takes only {', '.join(field.values)}"


def _takes_all(pattern: str) -> bool:
    """Whether a pattern refuses nothing but blanks and control characters."""
    return all(re.search(pattern, word) for word in _ORDINARY)


def _locks(bench: CheckContext, entity: Entity, field: EntityField, sources: Sources) -> Iterator[str]:
    """Yield that a field can never be corrected, or never be told, though there are operations for that."""
    facts, name = sources.fields(entity, field.name), field.name
    writes = [op for op in bench.blueprint.operations if op.entity == entity.name and op.kind in ("create", "update")]
    by_service = filled_in(name) or bool(happens_later(name)) or is_moment(name) or name == entity.owner
    ruled = [r for r in bench.blueprint.rules if r.entity == entity.name and r.kind == "immutable" and name in r.fields]
    once = field.immutable or any(not r.assumed for r in ruled)
    said = any(f.immutable or f.read_only for f in facts) or bool(sources.rules(entity, {"immutable"}))
    lasting = by_service or bool(set(words(name)[-1:]) & (_KEPT | _CODES)) or stem_of(entity.plural) in RECORDS
    if once and not said and not lasting and any(op.kind == "update" for op in writes):
        yield "can never be corrected"
    sent = {f.name for op in bench.blueprint.operations for f in op.request}
    lives = {(m.entity, m.field) for m in bench.blueprint.state_machines}
    if not field.read_only or not writes or by_service or said:
        return
    if field.default is None and name not in sent and (entity.name, name) not in lives:
        yield "is written by nobody"
