"""Fields, against their columns and properties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.domain.facts import FieldFact, Stance, ValueType
from bot.reading.names import words
from bot.roles.backend_developer.checks.catalogue import Column, Table
from bot.roles.backend_developer.checks.document import Node
from bot.roles.backend_developer.checks.fit.gaps import API, DATABASE, SECURITY, Gap
from bot.roles.backend_developer.checks.fit.rendered import (
    Rendered,
    column_of,
    members,
    plain,
    property_of,
    references,
    same_members,
)
from bot.roles.backend_developer.checks.names import in_small_units, is_secret

_TEXT = frozenset({"text", "varchar", "bpchar", "citext"})
_WHOLE = frozenset({"int2", "int4", "int8"})
_KEPT_AS: Final[dict[ValueType, frozenset[str]]] = {
    ValueType.UUID: frozenset({"uuid"}),
    ValueType.STRING: _TEXT | {"uuid", "inet"},
    ValueType.TEXT: _TEXT,
    ValueType.EMAIL: _TEXT,
    ValueType.URL: _TEXT,
    ValueType.FILE: _TEXT | {"uuid"},
    ValueType.INTEGER: _WHOLE,
    ValueType.BIGINT: _WHOLE,
    ValueType.DECIMAL: frozenset({"numeric"}),
    ValueType.MONEY: frozenset({"numeric"}),
    ValueType.FLOAT: frozenset({"float4", "float8", "numeric"}),
    ValueType.BOOLEAN: frozenset({"bool"}),
    ValueType.DATE: frozenset({"date"}),
    ValueType.TIME: frozenset({"time", "timetz"}),
    ValueType.TIMESTAMP: frozenset({"timestamptz", "timestamp"}),
    ValueType.DURATION: frozenset({"interval"}) | _WHOLE,
    ValueType.JSON: frozenset({"json", "jsonb"}),
    ValueType.OBJECT: frozenset({"json", "jsonb"}),
    ValueType.BINARY: frozenset({"bytea"}),
    ValueType.POINT: frozenset({"point", "json", "jsonb"}),
}
_WORDED: Final = frozenset({ValueType.STRING, ValueType.TEXT})
_PRESUMED: Final = _WHOLE | {"numeric", "float4", "float8", "date", "timestamptz", "timestamp", "time"}
SPOKEN_AS: Final[dict[str, frozenset[str]]] = {
    "bool": frozenset({"boolean"}),
    "int2": frozenset({"integer"}),
    "int4": frozenset({"integer"}),
    "int8": frozenset({"integer", "string"}),
    "date": frozenset({"string"}),
    "timestamptz": frozenset({"string"}),
    "timestamp": frozenset({"string"}),
    "time": frozenset({"string"}),
    "uuid": frozenset({"string"}),
    "text": frozenset({"string"}),
    "varchar": frozenset({"string"}),
    "numeric": frozenset({"string", "number", "integer"}),
    "float8": frozenset({"number"}),
}
"""Types of the document that a column's values may have there."""


def attribute(fact: FieldFact, made: Rendered) -> Iterator[Gap]:
    """A field has a column and a property, both of its type, with its members, bounds and marks."""
    label = f"{fact.entity}.{fact.name}".lstrip(".")
    tables = [found] if (found := made.table(fact.entity)) else [] if fact.entity else all_tables(made)
    hit = next(((table, column) for table in tables if (column := column_of(table, fact.name))), None)
    if fact.stance is Stance.DENIED:
        if hit is not None:
            yield DATABASE, f"{label} was refused, and is kept"
        return
    if hit is None:
        yield (
            DATABASE,
            f"{label} has no column" if tables else f"{fact.entity} has no table, so {fact.name} is not kept",
        )
        return
    table, column = hit
    yield from ((DATABASE, f"{label} {why}") for why in _column(fact, table, column, made))
    schema = made.schema(fact.entity) or made.schema_of(table)
    if schema is None:
        return
    shown = property_of(made.document, schema, column.name)
    hidden = fact.write_only or fact.sensitive or is_secret(column.name)
    if shown is None and not hidden:
        yield API, f"{label} is in no answer"
    if shown is not None:
        yield from ((API, f"{label} {why}") for why in _property(fact, table, column, shown))
        if fact.sensitive and not shown.get("x-sensitive"):
            yield SECURITY, f"{label} is not marked as personal"


def all_tables(made: Rendered) -> list[Table]:
    """Return every table there is."""
    return list(made.catalogue.tables.values())


def _column(fact: FieldFact, table: Table, column: Column, made: Rendered) -> Iterator[str]:
    yield from _kept_as(fact, table, column)
    if fact.values and not same_members(fact.values, members(table, column)):
        have = ", ".join(sorted(members(table, column))) or "anything"
        yield f"takes {have} and not {', '.join(fact.values)}"
    if (fact.required or fact.nullable is False) and not column.required:
        yield "may be empty"
    if fact.nullable and column.required:
        yield "may not be empty"
    if fact.unique and not unique_by(table, {column.name}, made):
        yield "may occur twice"
    if fact.primary_key and column.name not in table.primary_key:
        yield "is not the key"
    target = made.table(fact.references) if fact.references else None
    if fact.references and (target is None or not any(column.name in c.columns for c in references(table, target))):
        yield f"does not point at {fact.references}"
    yield from _filled(fact, table, column, made)


def _kept_as(fact: FieldFact, table: Table, column: Column) -> Iterator[str]:
    pointing = any(c.kind == "f" and column.name in c.columns for c in table.constraints)
    kept = _KEPT_AS.get(fact.type) if fact.type else None
    if fact.type is ValueType.MONEY and column.type in _WHOLE and (fact.unit or in_small_units(column.name)):
        kept = None
    if kept and column.type not in kept and column.kind == "b" and not pointing:
        yield f"is kept as {column.type}, not as {fact.type}"
    if column.type == "uuid" and fact.type in _WORDED and not (pointing or _called_key(table, column)):
        yield "takes random keys only, and not what people read and type"
    if fact.type is ValueType.ARRAY and not (column.type.startswith("_") or column.type in ("json", "jsonb")):
        yield f"is kept as {column.type}, not as a list"


def _filled(fact: FieldFact, table: Table, column: Column, made: Rendered) -> Iterator[str]:
    if fact.default is None:
        if (fact.required or fact.nullable is False) and _presumes(table, column, made):
            yield f"is {column.default} where nobody tells it, and everybody was to tell it"
    elif not column.defaulted and not column.identity:
        yield f"has no default, where {fact.default} was said"
    elif not _same_literal(fact.default, column.default):
        yield f"has the default {column.default}, where {fact.default} was said"


def _called_key(table: Table, column: Column) -> bool:
    return column.name in table.primary_key or words(column.name)[-1:] in (("id",), ("uuid",), ("guid",), ("key",))


def _presumes(table: Table, column: Column, made: Rendered) -> bool:
    """Whether a number, a text or a moment that callers may write is filled in where they leave it out."""
    schema = made.schema_of(table)
    shown = property_of(made.document, schema, column.name) if schema is not None else None
    written = shown is not None and not shown.get("readOnly")
    filled = column.defaulted and not (column.identity or column.generated)
    return written and filled and column.type in _PRESUMED and column.name not in table.primary_key


def unique_by(table: Table, columns: set[str], made: Rendered, *, among_some: bool = False) -> bool:
    """Whether no two rows, of a tenant where there are tenants, have all of these alike: by no column more or less.

    With `among_some` it is enough that no two of some rows have.
    """
    tenant, kinds = {made.catalogue.tenant_column(table)}, "puw" if among_some else "pu"
    return any(c.kind in kinds and set(c.columns) - tenant == columns - tenant for c in table.constraints if columns)


_QUOTED: Final = re.compile(r"'((?:[^']|'')*)'(?:::.*)?")
_PLAIN: Final = re.compile(r"-?\d+(?:\.\d+)?|true|false", re.IGNORECASE)


def _same_literal(said: str, default: str) -> bool:
    """Whether a column is filled with what was said; what is no literal (``now()``) cannot be compared."""
    quoted, given = _QUOTED.fullmatch(default), said.strip().strip("'\"")
    if not given or (quoted is None and _PLAIN.fullmatch(default) is None):
        return True
    found = quoted[1].replace("''", "'") if quoted else default
    if _PLAIN.fullmatch(found) is None and _PLAIN.fullmatch(given) is None:
        return plain(found) == plain(given) or not plain(given)
    try:
        return float(found) == float(given)
    except ValueError:
        return found.casefold() == given.casefold()


def _property(fact: FieldFact, table: Table, column: Column, shown: Node) -> Iterator[str]:
    kinds = shown.get("type")
    spoken = set(kinds if isinstance(kinds, list) else [kinds]) - {"null", None}
    allowed = SPOKEN_AS.get(column.type)
    if allowed and spoken and not spoken & allowed:
        yield f"is {', '.join(sorted(map(str, spoken)))} in the document and {column.type} in the database"
    listed = shown.get("enum")
    if fact.values and not same_members(fact.values, frozenset(map(str, listed or ())) - {"None"}):
        yield "has other values in the document"
    for said, word in (
        (fact.minimum, "minimum"),
        (fact.maximum, "maximum"),
        (fact.min_length, "minLength"),
        (fact.max_length, "maxLength"),
    ):
        if said is None or _within(said, word, fact.values):
            continue
        if not _bound_held(said, word, table, column, shown):
            yield f"is not held to the {word} {said:g}"


def _within(said: float, word: str, values: tuple[str, ...]) -> bool:
    """Whether a list of values says more than a bound of their length: each of them is as long or short as it says."""
    lengths = [len(value) for value in values]
    if not lengths or not word.endswith("Length"):
        return False
    return max(lengths) <= said if word == "maxLength" else min(lengths) >= said


def _bound_held(said: float, word: str, table: Table, column: Column, shown: Node) -> bool:
    places = (shown.get(word), shown.get(f"x-{word}"))
    if any(isinstance(found, int | float) and float(found) == said for found in places):
        return True
    checks = (c.definition for c in table.constraints if c.kind == "c" and column.name in c.columns)
    return any(f"{said:g}" in definition.replace("'", "") for definition in checks)
