"""Does the database mean what it keeps: types by names, tables that are things, rows that can be made and survive?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from bot.domain.facts import FieldFact, Stance, ValueType
from bot.evidence.checks import CheckResult, judge, not_applicable
from bot.reading.names import words
from bot.roles.backend_developer.checks.areas.derived import going_stale, presumed_moments, stale_copies
from bot.roles.backend_developer.checks.areas.kept_as import files_as_text, kept_as_numbers
from bot.roles.backend_developer.checks.areas.unasked_parts import kept_sums
from bot.roles.backend_developer.checks.catalogue import Catalogue, Column, Table
from bot.roles.backend_developer.checks.context import CheckContext, catalogue_of
from bot.roles.backend_developer.checks.fit.rendered import spoken
from bot.roles.backend_developer.checks.names import (
    card_columns,
    in_small_units,
    is_amount,
    is_moment,
    is_plain_secret,
    means_nothing,
    needs_unit,
)

_TEXT: Final = frozenset({"text", "varchar", "bpchar", "citext"})
_WHOLE: Final = frozenset({"int2", "int4", "int8"})
_FLOATS: Final = frozenset({"float4", "float8"})
_WORDS: Final = frozenset({ValueType.STRING, ValueType.TEXT})
_WHOLES: Final = frozenset({ValueType.INTEGER, ValueType.BIGINT})
_OURS: Final = frozenset({"id", "created_at", "updated_at", "deleted_at", "tenant_id"})
_COMMON: Final = frozenset({"name", "title", "label", "code", "description", "note", "notes", "position", "active"})
"""Columns that many things have: having only these in common makes no two tables the same."""

_MEASURES: Final = frozenset({"unit", "units", "uom", "measure", "unit_of_measure"})
_COUNTED: Final = frozenset({"quantity", "count", "qty"})


def money_exact(bench: CheckContext) -> CheckResult:
    """Money is numeric: floats lose cents, PostgreSQL's `money` depends on the server, whole numbers need a unit."""
    catalogue, said, units = catalogue_of(bench), _said(bench), _units(bench)
    offenders = []
    for table, column in _own(catalogue):
        name, label = column.name, f"{table.name}.{column.name}"
        currency = any("currency" in other for other in table.columns)
        measured = any(other in _MEASURES for other in table.columns)
        whole = column.type in _WHOLE and needs_unit(name) and not currency and label not in units
        text = column.type in _TEXT and is_amount(name) and len(words(name)) > 1
        lossy = column.type == "money" or (column.type in _FLOATS and is_amount(name) and not measured)
        chosen = said.get(key_of(label))
        whole = whole and not in_small_units(name) and chosen not in _WHOLES
        if lossy or whole or (text and chosen not in _WORDS):
            offenders.append(f"{label} ({column.type})")
    return judge(
        offenders, good="Amounts are exact.", bad="Amounts that lose cents or their unit", raw=_listed(catalogue)
    )


def times_typed(bench: CheckContext) -> CheckResult:
    """What is called like a moment or a day is one: text sorts and compares otherwise."""
    catalogue, said = catalogue_of(bench), _said(bench)
    offenders = [
        f"{table.name}.{column.name} ({column.type})"
        for table, column in _own(catalogue)
        if column.type in (_TEXT | _WHOLE | {"json", "jsonb", "bool"}) and is_moment(column.name)
        and said.get(key_of(f"{table.name}.{column.name}")) not in (_WORDS | _WHOLES)
    ]  # fmt: skip
    return judge(offenders, good="Moments and days are kept as such.", bad="Moments kept as something else")


def columns_typed(bench: CheckContext) -> CheckResult:
    """What is called like a truth value or a count is one, and nothing is kept that is another tomorrow."""
    catalogue, said = catalogue_of(bench), _said(bench)
    offenders = []
    for table, column in _own(catalogue):
        found = words(column.name)
        asks = len(found) > 1 and found[0] in ("is", "has") and column.type != "bool" and column.kind == "b"
        counts = bool(found) and found[-1] in _COUNTED and column.type in _TEXT
        if (asks or counts) and said.get(key_of(f"{table.name}.{column.name}")) not in (_WORDS | _WHOLES):
            offenders.append(f"{table.name}.{column.name} ({column.type})")
    offenders += [*going_stale(bench), *stale_copies(bench), *kept_sums(bench)]
    offenders += [*kept_as_numbers(bench), *files_as_text(bench)]
    return judge(offenders, good="Truth values and counts are kept as such.", bad="Kept as something else")


def passwords_hashed(bench: CheckContext) -> CheckResult:
    """No column keeps a password, a key or a card's data as it is, under whatever name."""
    catalogue = catalogue_of(bench)
    offenders = [
        f"{table.name}.{column.name}"
        for table, column in _own(catalogue)
        if is_plain_secret(column.name) and column.type in (_TEXT | {"date", "json", "jsonb", "bytea"} | _WHOLE)
    ]
    for table in catalogue.tables.values():
        offenders += [f"{table.name}.{name}" for name in card_columns(table.columns)]
    return judge(sorted(set(offenders)), good="No column keeps a plain secret.", bad="Columns that keep plain secrets",
                 raw=_listed(catalogue))  # fmt: skip


def columns_meant(bench: CheckContext) -> CheckResult:
    """A table has columns, which nobody checks within one JSON value, and what people know is told by people."""
    catalogue, said = catalogue_of(bench), _said(bench)
    offenders = []
    for table in _entities(bench, catalogue):
        own = _proper(table)
        if (
            own
            and all(c.type in ("json", "jsonb") for c in own)
            and not any(key_of(f"{table.name}.{c.name}") in said for c in own)
        ):
            offenders.append(table.name)
    offenders += presumed_moments(bench)
    return judge(
        offenders, good="Tables have columns of their own.", bad="Only one JSON value, or filled in for people"
    )


def names_meant(bench: CheckContext) -> CheckResult:
    """Names say what is kept."""
    catalogue, said = catalogue_of(bench), _said(bench)
    offenders = [
        f"{table.name}.{column.name}"
        for table, column in _own(catalogue)
        if means_nothing(column.name) and key_of(f"{table.name}.{column.name}") not in said
    ]
    return judge(offenders, good="Names mean something.", bad="Names that mean nothing")


def tables_distinct(bench: CheckContext) -> CheckResult:
    """No thing has two tables: two with the same columns and no difference that people named."""
    catalogue = catalogue_of(bench)
    said = {spoken(f.entity) for f in bench.said.facts if isinstance(f, FieldFact)}
    alike: dict[frozenset[tuple[str, str]], list[str]] = defaultdict(list)
    for table in _entities(bench, catalogue):
        own = frozenset((c.name, c.type) for c in _proper(table))
        if len(own) > 1 and not {name for name, _ in own} <= _COMMON:
            alike[own].append(table.name)
    offenders = [
        " = ".join(names) for names in alike.values()
        if len(names) > 1 and sum(spoken(name) in said for name in names) < len(names)
    ]  # fmt: skip
    return judge(offenders, good="No thing has two tables.", bad="The same thing in several tables")


def tables_joined(bench: CheckContext) -> CheckResult:
    """Of three tables or more at least two are joined."""
    catalogue = catalogue_of(bench)
    tables = _entities(bench, catalogue)
    if len(tables) < 3:
        return not_applicable("There are fewer than three tables.")
    joined = any(c.kind == "f" for table in catalogue.tables.values() for c in table.constraints)
    return judge(
        [] if joined else [t.name for t in tables], good="Tables are joined by foreign keys.", bad="Each stands alone"
    )


def _own(catalogue: Catalogue) -> Iterator[tuple[Table, Column]]:
    for table in catalogue.tables.values():
        for column in table.columns.values():
            yield table, column


def _entities(bench: CheckContext, catalogue: Catalogue) -> list[Table]:
    named = {entity.plural for entity in bench.blueprint.entities}
    return [table for table in catalogue.tables.values() if table.name in named]


def _proper(table: Table) -> list[Column]:
    keys = {name for c in table.constraints if c.kind == "f" for name in c.columns}
    return [c for c in table.columns.values() if c.name not in _OURS and c.name not in keys]


def _said(bench: CheckContext) -> Mapping[str, ValueType]:
    """Columns that people named with their type, by key: what they chose so is theirs to choose."""
    return {
        key_of(f"{f.entity}.{f.name}"): f.type
        for f in bench.said.facts
        if isinstance(f, FieldFact) and f.stance is Stance.STATED and f.type is not None
    }


def _units(bench: CheckContext) -> frozenset[str]:
    """Columns whose unit the design tells."""
    return frozenset(
        f"{entity.plural}.{field.name}"
        for entity in bench.blueprint.entities
        for field in entity.fields
        if field.unit or re.search(r"\bcents?\b|\bminor units?\b|\bpence\b", field.description, re.IGNORECASE)
    )


def key_of(label: str) -> str:
    """Return what a column's label and what people called it have in common."""
    table, _, column = label.partition(".")
    return f"{spoken(table)}.{spoken(column)}"


def _listed(catalogue: Catalogue) -> list[str]:
    return [f"{table.name}.{column.name} {column.type}" for table, column in _own(catalogue)]
