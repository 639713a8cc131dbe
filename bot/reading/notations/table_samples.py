"""Sample data: the header names the fields, and the values tell their types."""

from __future__ import annotations

import re

from bot.domain.facts import EntityFact, FieldFact, Reading, Standing, ValueType
from bot.reading.names import singular
from bot.reading.notations.grid import Grid
from bot.reading.notations.notes import Notes

_KINDS: tuple[tuple[ValueType, re.Pattern[str]], ...] = (
    (ValueType.UUID, re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)),
    (ValueType.BOOLEAN, re.compile(r"true|false|yes|no|ja|nein", re.I)),
    (ValueType.INTEGER, re.compile(r"-?(?:0|[1-9]\d{0,17})")),
    (ValueType.DECIMAL, re.compile(r"-?\d{1,15}[.,]\d{1,9}")),
    (ValueType.TIMESTAMP, re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")),
    (ValueType.DATE, re.compile(r"\d{4}-\d\d-\d\d|\d\d?\.\d\d?\.\d{4}|\d\d?/\d\d?/\d{4}")),
    (ValueType.TIME, re.compile(r"\d\d?:\d\d(?::\d\d)?")),
    (ValueType.EMAIL, re.compile(r"[^@\s]+@[^@\s]+\.\w+")),
    (ValueType.URL, re.compile(r"https?://\S+")),
)
_MOST_LOOKED_AT = 200


def read_sample(notes: Notes, grid: Grid, entity: str) -> Reading:
    """Return the fields of a table of sample data: those of its header, with the types of its values."""
    head = notes.say(grid.header.start, grid.header.end)
    name = singular(entity)
    notes.add(EntityFact(statement=head, name=name, plural=entity if entity != name else ""))
    for column, title in enumerate(grid.header.cells):
        values = [row.cell(column) for row in grid.rows[:_MOST_LOOKED_AT]]
        filled = [value for value in values if value and value.lower() != "null"]
        if title:
            notes.add(
                FieldFact(
                    statement=head,
                    entity=name,
                    name=title,
                    type=type_of(filled),
                    values=_members(filled),
                    nullable=True if len(filled) < len(values) else None,
                )
            )
    for row in grid.rows:
        notes.say(row.start, row.end, Standing.NOTHING_SAID)
    return notes.reading()


def type_of(values: list[str]) -> ValueType | None:
    """Return the type that all of these values have; None if there are none."""
    if not values:
        return None
    if _members(values):
        return ValueType.ENUM
    for kind, pattern in _KINDS:
        if all(pattern.fullmatch(value[:200]) for value in values):
            return kind
    numbers = [kind for kind, pattern in _KINDS if kind in {ValueType.INTEGER, ValueType.DECIMAL} for _ in [pattern]]
    if numbers and all(re.fullmatch(r"-?\d{1,15}(?:[.,]\d{1,9})?", value) and value[0] != "0" for value in values):
        return ValueType.DECIMAL
    return ValueType.TEXT if max(map(len, values)) > 255 else ValueType.STRING


def _members(values: list[str]) -> tuple[str, ...]:
    """Return the members of an enum: few words in capitals or small letters that come again and again."""
    distinct = tuple(dict.fromkeys(values))
    codes = all(re.fullmatch(r"[A-Z][A-Z_]+|[a-z][a-z_]+", value) for value in distinct)
    truth = {value.lower() for value in distinct} <= {"true", "false", "yes", "no", "ja", "nein"}
    return distinct if codes and not truth and 2 <= len(distinct) <= 8 and len(values) >= 2 * len(distinct) else ()
