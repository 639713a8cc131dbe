"""What is kept twice, in a list of words or as it was on one day: columns that something else already says better."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.domain.facts import FieldFact
from bot.reading.names import same_verb, words
from bot.roles.backend_developer.blueprint import Blueprint, Entity, EntityField
from bot.roles.backend_developer.blueprint.defaults import is_today
from bot.roles.backend_developer.checks.areas.asked import said_fields, said_of
from bot.roles.backend_developer.checks.areas.records import RECORDS, stem_of
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import spoken
from bot.roles.backend_developer.checks.names import is_amount

_NUMBERS: Final = frozenset({"integer", "bigint", "decimal", "float", "duration"})
_WORDS: Final = frozenset({"string", "text"})
_OF_MANY: Final = frozenset({"string", "text", "json", "array"})
_SPANS: Final = frozenset(["minutes", "hours", "days", "weeks", "months", "years"])
_TO_NOW: Final = frozenset(
    ["since", "until", "left", "remaining", "ago", "old", "overdue", "late", "elapsed", "open", "waiting", "idle"]
)
_SET: Final = frozenset(["advance", "week", "month", "year", "shift", "day", "total", "row"])
"""What a number of days is in by agreement: ``days_in_advance``."""

_GRANTED: Final = frozenset(["vacation", "holiday", "leave", "sick", "credit", "notice"])
"""Days that are taken, and do not pass by themselves."""

_OF_OTHERS: Final = frozenset(
    ["min", "max", "minimum", "maximum", "average", "mean", "median", "target", "required", "legal", "retirement"]
)
_TRUE_TODAY: Final = frozenset(["overdue", "outdated", "underage", "adult", "minor", "today"])
_ASKING: Final = frozenset(["is", "has", "was", "already", "currently"])
_STATES: Final = frozenset(["status", "state", "stage", "phase"])
_SEVERAL: Final = re.compile(
    r"\b(comma|semicolon|pipe|space|tab)s?\b[^.]{0,20}\b(separated|delimited|between)\b"
    r"|\b(separated|delimited|joined|split) by (an? )?(comma|semicolon|pipe|space|newline)"
    r"|\bwith (commas|semicolons|pipes) between\b|\bkomma\w*getrennt\b|\bcsv list\b", re.IGNORECASE,
)  # fmt: skip


def going_stale(bench: CheckContext) -> Iterator[str]:
    """Yield fields that nobody said which are wrong the next day: an age, days until, whether it is overdue."""
    for entity, field in _unsaid(bench):
        found = words(field.name)
        if (field.type in _NUMBERS and _distance(found)) or (
            field.type == "boolean" and set(found[-1:]) & _TRUE_TODAY and set(found[:-1]) <= _ASKING
        ):
            yield f"{entity.plural}.{field.name} (changes by itself)"


def _distance(found: tuple[str, ...]) -> bool:
    if found[-1:] == ("age",):
        return not set(found) & _OF_OTHERS
    at = next((i for i, word in enumerate(found) if word in _SPANS), None)
    if at is None or set(found[:at]) & _GRANTED:
        return False
    after, before = set(found[at + 1 : at + 2]), set(found[:at][-1:])
    lasting = after == {"in"} and not set(found[at + 2 :]) & _SET and len(found) > at + 2
    return bool(after & _TO_NOW or before & (_TO_NOW - {"open", "idle", "old", "late"})) or lasting


_TO_BE_TOLD: Final = frozenset(
    ["starts", "start", "ends", "end", "begins", "due", "expires", "expiry", "valid", "departs", "arrives", "leaves",
     "opens", "closes", "deadline", "delivery", "birthday", "birth", "born", "dob", "birthdate", "from", "until",
     "beginn", "ende", "geburtsdatum", "faellig"]
)  # fmt: skip
"""Words of moments and days that somebody plans or knows: when the row was made they are not."""


def presumed_moments(bench: CheckContext) -> Iterator[str]:
    """Yield moments that are planned or known, and are now where nobody tells them and nobody said so."""
    said = {
        (spoken(f.entity), spoken(f.name))
        for f in bench.said.facts
        if isinstance(f, FieldFact) and f.default is not None
    }
    for entity in bench.blueprint.entities:
        for field in entity.fields:
            now = field.default is not None and field.type in ("date", "timestamp") and is_today(field.default)
            if now and set(words(field.name)) & _TO_BE_TOLD and not said_of(entity, field.name, said):
                yield f"{entity.plural}.{field.name} (is {field.default} where nobody tells it)"


def stale_copies(bench: CheckContext) -> Iterator[str]:
    """Yield copies of a field of what a row points at, which nobody said and nothing keeps in step.

    What a price or a name was at the time is another thing: it is set by the service, once, or stands in a record.
    """
    things = {entity.name: entity for entity in bench.blueprint.entities}
    for entity, field in _unsaid(bench):
        if field.read_only or field.immutable or is_amount(field.name) or stem_of(entity.plural) in RECORDS:
            continue
        for relation in bench.blueprint.relations:
            target = things[relation.target]
            fields = {f"{name}_{f.name}" for f in target.fields for name in (relation.name, snake(target.name))}
            if relation.source == entity.name and field.name in fields:
                yield f"{entity.plural}.{field.name} (a copy of a field of {target.name})"
                break


def snake(name: str) -> str:
    """Return a thing's name as fields are called: ``BoardingPass`` is ``boarding_pass``."""
    return "_".join(words(name)).casefold()


def many_in_one(bench: CheckContext) -> Iterator[str]:
    """Yield fields that nobody said which hold a list in one value, where rows or references would be."""
    things = {spoken(entity.name) for entity in bench.blueprint.entities}
    for entity, field in _unsaid(bench):
        found = words(field.name)
        keys = field.type in _OF_MANY and found[-1:] == ("ids",) and spoken("_".join(found[:-1])) in things
        if keys or (field.type in _WORDS and _SEVERAL.search(field.description)):
            yield f"{entity.name}.{field.name} (many in one)"


def said_again(blueprint: Blueprint, entity: Entity, field: EntityField) -> str:
    """Return the state that a truth value says once more; "" if it says something of its own."""
    left = [word for word in words(field.name) if word not in _ASKING]
    if field.type != "boolean" or len(left) != 1:
        return ""
    moved = {machine.field for machine in blueprint.state_machines if machine.entity == entity.name}
    for other in entity.fields:
        if other.type == "enum" and (other.name in moved or set(words(other.name)) & _STATES):
            for member in other.values:
                if spoken(member) == spoken(left[0]) or same_verb(member.casefold(), left[0]):
                    return member
    return ""


def _unsaid(bench: CheckContext) -> Iterator[tuple[Entity, EntityField]]:
    said = said_fields(bench)
    for entity in bench.blueprint.entities:
        yield from ((entity, field) for field in entity.fields if not said_of(entity, field.name, said))
