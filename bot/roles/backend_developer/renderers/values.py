"""PostgreSQL's types, defaults and bounds of columns."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Double, LargeBinary, Numeric, Text, Time
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine, UserDefinedType

from bot.roles.backend_developer.blueprint import FieldType
from bot.roles.backend_developer.blueprint.defaults import is_now, is_today, plain
from bot.roles.backend_developer.renderers.names import DIALECT, identifier, literal, quoted
from bot.roles.backend_developer.renderers.shapes import Column, is_password

LENGTHS = {
    FieldType.STRING: 200,
    FieldType.TEXT: 10_000,
    FieldType.EMAIL: 320,
    FieldType.URL: 2_048,
    FieldType.FILE: 1_024,
}
"""Longest texts in characters; the document holds the same bounds. An e-mail's is of RFC 3696, erratum 1690."""

MAX_BINARY = 1_400_000
"""Base64 characters, about a mebibyte: larger files belong in object storage."""

MAX_ITEMS = 1_000
NUMBERS = frozenset({FieldType.INTEGER, FieldType.BIGINT, FieldType.DECIMAL, FieldType.MONEY, FieldType.FLOAT})
# What JSON Schema's dialect of regular expressions (ECMA-262) and PostgreSQL's (POSIX, advanced) read alike.
_PORTABLE = re.compile(r"(?:[^\\(]|\\[dws.+*?^$|()\[\]{}/\\-]|\((?!\?[^:]))*")


class _Point(UserDefinedType[Any]):
    """PostgreSQL's pair of coordinates: longitude, latitude."""

    cache_ok = True

    def get_col_spec(self, **_given: Any) -> str:
        """Return its name."""
        return "POINT"


_TYPES: dict[FieldType, TypeEngine[Any]] = {
    FieldType.UUID: postgresql.UUID(),
    FieldType.STRING: Text(),
    FieldType.TEXT: Text(),
    FieldType.INTEGER: BigInteger(),
    FieldType.BIGINT: BigInteger(),
    FieldType.DECIMAL: Numeric(19, 4),
    FieldType.FLOAT: Double(),
    FieldType.MONEY: Numeric(19, 4),
    FieldType.BOOLEAN: Boolean(),
    FieldType.DATE: Date(),
    FieldType.TIME: Time(),
    FieldType.TIMESTAMP: DateTime(timezone=True),
    FieldType.DURATION: postgresql.INTERVAL(),
    FieldType.JSON: postgresql.JSONB(),
    FieldType.EMAIL: Text(),
    FieldType.URL: Text(),
    FieldType.ENUM: Text(),
    FieldType.BINARY: LargeBinary(),
    FieldType.FILE: Text(),
    FieldType.POINT: _Point(),
    FieldType.OBJECT: postgresql.JSONB(),
}


def sql_type(column: Column) -> TypeEngine[Any]:
    """Return the type of a column; objects are kept as JSONB, arrays of values as PostgreSQL's arrays."""
    if column.type is FieldType.ARRAY:
        return postgresql.JSONB() if column.nested else postgresql.ARRAY(_TYPES[column.items])
    return _TYPES[column.type]


def type_name(column: Column) -> str:
    """Return PostgreSQL's name of a column's type."""
    return sql_type(column).compile(dialect=DIALECT)


def default_of(column: Column) -> str:  # noqa: PLR0911 - one for each kind of type
    """Return the default as SQL; "" if there is none."""
    if column.identity == "uuid":
        return "gen_random_uuid()"
    if column.moment:
        return "now()"
    said, kind = column.default, column.type
    if said is None:
        return "'XXX'" if column.currency and column.optional_input and column.required else ""
    word = said.strip()
    if kind is FieldType.TIMESTAMP and is_now(word):
        return "now()"
    if kind is FieldType.DATE and is_today(word):
        return "CURRENT_DATE"
    if kind in NUMBERS:
        return f"{Decimal(word):f}"
    if kind is FieldType.BOOLEAN:
        return word.lower()
    if kind is FieldType.ARRAY and not column.nested:
        items = ", ".join(literal(item if isinstance(item, str) else json.dumps(item)) for item in json.loads(word))
        return f"ARRAY[{items}]::{type_name(column)}"
    return literal(said if kind in LENGTHS or kind is FieldType.ENUM else plain(kind, said))


def checks(table: str, column: Column) -> list[tuple[str, str]]:
    """Return (name, condition) of the column's checks: the bounds that the API's document declares, held here too."""
    own, name = quoted(column.name), identifier("ck", table, column.name)
    if column.currency:
        return [(name, f"{own} ~ '^[A-Z]{{3}}$'")]
    if column.type is FieldType.ENUM:
        return [(name, f"{own} IN ({_listed(column)})")]
    if is_password(column):
        # What is kept is a digest; the bounds are those of what people send.
        return [(name, f"char_length({own}) <= {LENGTHS[column.type]}")]
    rules = [*_lengths(column, own), *_bounds(column, own)]
    if column.pattern and (column.type in LENGTHS) and portable(column.pattern):
        rules.append(f"{own} ~ {literal(column.pattern)}")
    return [(name, " AND ".join(rules))] if rules else []


def portable(pattern: str) -> bool:
    """Whether PostgreSQL reads a regular expression as JSON Schema does."""
    return len(pattern) <= 200 and _PORTABLE.fullmatch(pattern) is not None


def number(value: float) -> str:
    """Return a bound as it is written, without an exponent."""
    return f"{Decimal(repr(value)):f}".removesuffix(".0")


def _listed(column: Column) -> str:
    return ", ".join(literal(value) for value in column.values)


def _lengths(column: Column, own: str) -> list[str]:
    kind = column.type
    if kind in LENGTHS:
        shortest = [f"char_length({own}) >= {column.min_length}"] if column.min_length else []
        return [*shortest, f"char_length({own}) <= {column.max_length or LENGTHS[kind]}"]
    if kind is FieldType.BINARY:
        return [f"octet_length({own}) <= {column.max_length or MAX_BINARY * 3 // 4}"]
    if kind is FieldType.OBJECT:
        return [f"jsonb_typeof({own}) = 'object'"]
    if kind is FieldType.ARRAY and column.nested:
        return [f"jsonb_typeof({own}) = 'array'"]
    if kind is FieldType.ARRAY:
        rules = [f"cardinality({own}) >= {column.min_length}"] if column.min_length else []
        rules.append(f"cardinality({own}) <= {column.max_length or MAX_ITEMS}")
        if column.items is FieldType.ENUM:
            rules.append(f"{own} <@ ARRAY[{_listed(column)}]")
        return rules
    return []


def _bounds(column: Column, own: str) -> list[str]:
    if column.type not in NUMBERS:
        return []
    low = [f"{own} >= {number(column.minimum)}"] if column.minimum is not None else []
    return low + ([f"{own} <= {number(column.maximum)}"] if column.maximum is not None else [])
