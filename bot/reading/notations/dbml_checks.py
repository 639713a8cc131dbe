"""The `check` settings of DBML's columns, which pydbml's grammar does not know: SQL conditions in backticks."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.facts import AnyFact, FieldFact, ValueType
from bot.reading.notations.sql_columns import Table, read_constraint

_CHECK = re.compile(r"check:\s*`([^\n]{1,1000}?)`\s*(?=[,\]])", re.I)
_NAMED = re.compile(r"\[([A-Za-z_]\w*)\]")


def without_checks(code: str) -> tuple[str, tuple[str, ...]]:
    """Return a column's declaration without its check settings, and their conditions."""
    if "check" not in code.lower():
        return code, ()
    found = tuple(match.group(1) for match in _CHECK.finditer(code))
    bare = re.sub(r",\s*(?=[,\]])|(?<=\[)\s*,", "", _CHECK.sub("", code))
    return re.sub(r"\[\s*\]\s*$", "", bare), found


def checked(
    one: FieldFact, kind: ValueType | None, conditions: tuple[str, ...], entity: str, statement: str
) -> tuple[FieldFact, list[AnyFact]]:
    """Return a field with what its checks say of it, and what they say besides."""
    table = Table(entity, entity, statement)
    table.columns[one.name] = replace(one, type=one.type or kind)
    for condition in conditions:
        # SQL Server and MySQL quote names by signs that the other dialects read as lists or not at all.
        plain = _NAMED.sub(r'"\1"', condition).replace("`", '"')
        read_constraint(table, f"CHECK ({plain})", statement, "postgres")
    others: list[AnyFact] = []
    for fact in table.facts:
        if isinstance(fact, FieldFact) and fact.name.lower() == one.name.lower():
            one = replace(
                one,
                type=ValueType.ENUM if fact.values else one.type,
                values=fact.values or one.values,
                minimum=fact.minimum if fact.minimum is not None else one.minimum,
                maximum=fact.maximum if fact.maximum is not None else one.maximum,
                min_length=fact.min_length if fact.min_length is not None else one.min_length,
                max_length=fact.max_length if fact.max_length is not None else one.max_length,
                pattern=fact.pattern or one.pattern,
            )
        else:
            others.append(fact)
    return one, others
