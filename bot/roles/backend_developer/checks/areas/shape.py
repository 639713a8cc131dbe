"""Does the database mean what it keeps: types by names, tables that are things, rows that can be made and survive?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from bot.domain.facts import FieldFact, RelationFact, RuleFact, Stance, ValueType
from bot.evidence.checks import CheckResult, judge, not_applicable
from bot.reading.names import words
from bot.roles.backend_developer.blueprint import Relation
from bot.roles.backend_developer.checks.areas.bounds import single_by_key, unwritable
from bot.roles.backend_developer.checks.areas.derived import going_stale
from bot.roles.backend_developer.checks.areas.satisfiable import impossible
from bot.roles.backend_developer.checks.catalogue import Catalogue, Column, Table
from bot.roles.backend_developer.checks.context import CheckContext, catalogue_of
from bot.roles.backend_developer.checks.fit.rendered import spoken
from bot.roles.backend_developer.checks.names import (
    card_columns,
    happens_later,
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

RECORDS: Final = frozenset(
    {"invoice", "payment", "receipt", "refund", "payout", "transaction", "contract", "claim", "donation",
     "scan", "reading", "measurement", "movement", "inspection"}
)  # fmt: skip
"""What tells of something that happened, for which somebody will ask when what it was about is long gone."""
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
        chosen = said.get(_key(label))
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
        and said.get(_key(f"{table.name}.{column.name}")) not in (_WORDS | _WHOLES)
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
        if (asks or counts) and said.get(_key(f"{table.name}.{column.name}")) not in (_WORDS | _WHOLES):
            offenders.append(f"{table.name}.{column.name} ({column.type})")
    offenders += going_stale(bench)
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


def later_optional(bench: CheckContext) -> CheckResult:
    """What happens to a row after it was made may be empty: an open invoice has no `paid_at`."""
    catalogue, needed = catalogue_of(bench), _needed(bench)
    offenders = []
    for table in catalogue.tables.values():
        later = [c for c in table.columns.values() if happens_later(c.name) and c.required and not c.defaulted]
        lives = any(c.labels or _members(table, c.name) > 1 for c in table.columns.values())
        if lives or len(later) > 1 or len([c for c in table.columns.values() if happens_later(c.name)]) > 1:
            offenders += [f"{table.name}.{c.name}" for c in later if _key(f"{table.name}.{c.name}") not in needed]
    return judge(offenders, good="What happens later may be empty.", bad="Needed before it can have happened")


def columns_meant(bench: CheckContext) -> CheckResult:
    """A table has columns: one JSON value for all of it is checked by nobody and indexed by nothing."""
    catalogue, said = catalogue_of(bench), _said(bench)
    offenders = []
    for table in _entities(bench, catalogue):
        own = _proper(table)
        if (
            own
            and all(c.type in ("json", "jsonb") for c in own)
            and not any(_key(f"{table.name}.{c.name}") in said for c in own)
        ):
            offenders.append(table.name)
    return judge(offenders, good="Tables have columns of their own.", bad="Only one JSON value")


def names_meant(bench: CheckContext) -> CheckResult:
    """Names say what is kept."""
    catalogue, said = catalogue_of(bench), _said(bench)
    offenders = [
        f"{table.name}.{column.name}"
        for table, column in _own(catalogue)
        if means_nothing(column.name) and _key(f"{table.name}.{column.name}") not in said
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


def rows_possible(bench: CheckContext) -> CheckResult:
    """A first row can be made: no tables need each other's rows first, what no creation takes, or what contradicts."""
    catalogue = catalogue_of(bench)
    needs: dict[str, set[str]] = defaultdict(set)
    for table in catalogue.tables.values():
        for key in table.constraints:
            deferred = "DEFERRABLE" in key.definition
            if key.kind == "f" and not deferred and all(table.columns[c].required for c in key.columns):
                needs[table.name].add(key.target)
    offenders = sorted(name for name in needs if _leads_back(name, needs))
    return judge(
        [*offenders, *unwritable(bench), *impossible(catalogue)],
        good="Every table can have a first row.", bad="No row can be made",
    )  # fmt: skip


def _leads_back(start: str, needs: dict[str, set[str]]) -> bool:
    seen: set[str] = set()
    waiting = list(needs.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name == start:
            return True
        if name not in seen:
            seen.add(name)
            waiting += needs.get(name, ())
    return False


def records_survive(bench: CheckContext) -> CheckResult:
    """Invoices, payments and the like do not vanish with what they are about, unless people said so."""
    catalogue = catalogue_of(bench)
    said = {(spoken(f.source), spoken(f.target)) for f in bench.said.facts
            if isinstance(f, RelationFact) and f.on_delete == "cascade"}  # fmt: skip
    offenders = [
        f"{table.name} with {key.target}"
        for table in catalogue.tables.values()
        for key in table.constraints
        if key.kind == "f" and "ON DELETE CASCADE" in key.definition and stem_of(table.name) in RECORDS
        and (spoken(table.name), spoken(key.target)) not in said
    ]  # fmt: skip
    return judge(offenders, good="Records survive what they are about.", bad="Records that vanish")


def stem_of(table: str) -> str:
    """Return the last word of a table's name in the singular: ``credit_invoices`` keeps invoices."""
    found = words(table)
    return spoken(found[-1]) if found else ""


def relations_meant(bench: CheckContext) -> CheckResult:
    """What was said to be many to one is not one to one, unless something of it was said to be unique."""
    said = {(spoken(f.source), spoken(f.target)): f.cardinality for f in bench.said.facts
            if isinstance(f, RelationFact) and f.stance is Stance.STATED}  # fmt: skip
    single = {spoken(f.entity) for f in bench.said.facts if isinstance(f, RuleFact) and f.kind == "unique"}
    single |= {spoken(f.entity) for f in bench.said.facts if isinstance(f, FieldFact) and f.unique and f.references}
    alone = [
        r for r in bench.blueprint.relations
        if not r.assumed and (r.cardinality == "one_to_one" or _single(bench, r))
    ]  # fmt: skip
    if not said:
        return not_applicable("Nobody said how things belong together.")
    offenders = [
        f"{r.source}.{r.name}"
        for r in alone
        if said.get((spoken(r.source), spoken(r.target))) == "many_to_one" and spoken(r.source) not in single
    ]
    return judge(offenders, good="As many of each as was said.", bad="Only one, where many were said")


def _single(bench: CheckContext, relation: Relation) -> bool:
    return relation.cardinality == "many_to_one" and single_by_key(bench, relation.source, relation.target)


def constraints_valid(bench: CheckContext) -> CheckResult:
    """The first migration leaves no constraint unchecked; later ones may, over rows that are there."""
    catalogue = catalogue_of(bench)
    if len(bench.migrations) > 1:
        return not_applicable("Later migrations may leave old rows for later.")
    return judge(catalogue.facts["unvalidated_constraints"], good="Constraints are checked.", bad="Not checked")


def rows_kept(bench: CheckContext) -> CheckResult:
    """What the last iteration kept is kept: no table, column, type or value is gone that people did not refuse."""
    before, now = bench.last_tables, catalogue_of(bench)
    if before is None:
        return not_applicable("There is no earlier iteration.")
    refused = bench.refused
    lines = list(_lost(bench, now.tables))
    lines += [f"{name} now needs distinct rows" for name in _newly_unique(bench)]
    offenders = [line for line in lines if not any(word in spoken(line) for word in refused)]
    return judge(sorted(set(offenders)), good=f"What {len(before)} tables kept is kept in {len(now.tables)}.",
                 bad="Lost from one iteration to the next")  # fmt: skip


def _lost(bench: CheckContext, tables: Collection[str]) -> Iterator[str]:
    now = {entity.name: entity for entity in bench.blueprint.entities}
    previous = bench.previous
    if previous is None:
        return
    for entity in previous.entities:
        left = now.get(entity.name)
        if left is None:
            yield f"{entity.name} is gone"
            continue
        if left.plural != entity.plural and {left.plural, entity.plural} <= set(tables):
            yield f"the rows of {entity.name} stay in {entity.plural}"
        fields = {field.name: field for field in left.fields}
        for field in entity.fields:
            found = fields.get(field.name)
            if found is None:
                yield f"{entity.name}.{field.name} is gone"
            elif found.type != field.type and not {found.type.value, field.type.value} <= _TEXTS:
                yield f"{entity.name}.{field.name} is {found.type.value} and was {field.type.value}"
            elif set(field.values) - set(found.values) and found.values:
                yield f"{entity.name}.{field.name} has lost {', '.join(sorted(set(field.values) - set(found.values)))}"
            elif found.max_length and found.max_length < (field.max_length or 10**9):
                yield f"{entity.name}.{field.name} is shorter"
    kept = {(r.source, r.name): r for r in bench.blueprint.relations}
    for relation in previous.relations:
        later = kept.get((relation.source, relation.name))
        if later is None and relation.source in now and relation.target in now:
            yield f"{relation.source}.{relation.name} is gone"
        elif later is not None and later.on_delete == "cascade" != relation.on_delete:
            yield f"{relation.source}.{relation.name} now cascades"


_TEXTS: Final = frozenset({"string", "text", "email", "url"})


def _newly_unique(bench: CheckContext) -> Iterator[str]:
    previous = bench.previous
    if previous is None:
        return
    before = {(e.name, f.name): f.unique for e in previous.entities for f in e.fields}
    for entity in bench.blueprint.entities:
        yield from (
            f"{entity.name}.{f.name}" for f in entity.fields if f.unique and before.get((entity.name, f.name)) is False
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


def _members(table: Table, column: str) -> int:
    for constraint in table.constraints:
        if constraint.kind == "c" and constraint.columns == (column,) and "ANY" in constraint.definition:
            return len(re.findall(r"'(?:[^']|'')*'", constraint.definition))
    return 0


def _said(bench: CheckContext) -> Mapping[str, ValueType]:
    """Columns that people named with their type, by key: what they chose so is theirs to choose."""
    return {
        _key(f"{f.entity}.{f.name}"): f.type
        for f in bench.said.facts
        if isinstance(f, FieldFact) and f.stance is Stance.STATED and f.type is not None
    }


def _needed(bench: CheckContext) -> frozenset[str]:
    return frozenset(_key(f"{f.entity}.{f.name}") for f in bench.said.facts if isinstance(f, FieldFact) and f.required)


def _units(bench: CheckContext) -> frozenset[str]:
    """Columns whose unit the design tells."""
    return frozenset(
        f"{entity.plural}.{field.name}"
        for entity in bench.blueprint.entities
        for field in entity.fields
        if field.unit or re.search(r"\bcents?\b|\bminor units?\b|\bpence\b", field.description, re.IGNORECASE)
    )


def _key(label: str) -> str:
    table, _, column = label.partition(".")
    return f"{spoken(table)}.{spoken(column)}"


def _listed(catalogue: Catalogue) -> list[str]:
    return [f"{table.name}.{column.name} {column.type}" for table, column in _own(catalogue)]
