"""Can rows be made, kept as they were said, and survive what they are about?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from bot.domain.facts import FieldFact, RelationFact, RuleFact, Stance
from bot.evidence.checks import CheckResult, judge, not_applicable
from bot.roles.backend_developer.blueprint import Relation
from bot.roles.backend_developer.checks.areas.bounds import single_by_key, unwritable
from bot.roles.backend_developer.checks.areas.kept_as import dated_beforehand
from bot.roles.backend_developer.checks.areas.records import RECORDS, stem_of
from bot.roles.backend_developer.checks.areas.satisfiable import impossible
from bot.roles.backend_developer.checks.areas.shape import key_of
from bot.roles.backend_developer.checks.areas.unasked_calls import records_erased
from bot.roles.backend_developer.checks.areas.unasked_parts import second_ways
from bot.roles.backend_developer.checks.catalogue import Constraint, Table
from bot.roles.backend_developer.checks.context import CheckContext, catalogue_of
from bot.roles.backend_developer.checks.fit.rendered import spoken
from bot.roles.backend_developer.checks.names import happens_later


def later_optional(bench: CheckContext) -> CheckResult:
    """What happens to a row after it was made may be empty: an open invoice has no `paid_at`."""
    catalogue, needed = catalogue_of(bench), _needed(bench)
    offenders = []
    for table in catalogue.tables.values():
        later = [c for c in table.columns.values() if happens_later(c.name) and c.required and not c.defaulted]
        lives = any(c.labels or _members(table, c.name) > 1 for c in table.columns.values())
        if lives or len(later) > 1 or len([c for c in table.columns.values() if happens_later(c.name)]) > 1:
            offenders += [f"{table.name}.{c.name}" for c in later if key_of(f"{table.name}.{c.name}") not in needed]
    offenders += dated_beforehand(bench)
    return judge(offenders, good="What happens later may be empty.", bad="Needed before it can have happened")


def _members(table: Table, column: str) -> int:
    for constraint in table.constraints:
        if constraint.kind == "c" and constraint.columns == (column,) and "ANY" in constraint.definition:
            return len(re.findall(r"'(?:[^']|'')*'", constraint.definition))
    return 0


def _needed(bench: CheckContext) -> frozenset[str]:
    return frozenset(
        key_of(f"{f.entity}.{f.name}") for f in bench.said.facts if isinstance(f, FieldFact) and f.required
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
        [*offenders, *unwritable(bench), *impossible(catalogue), *_closed(bench)],
        good="Every table can have a first row.", bad="No row can be made",
    )  # fmt: skip


def _closed(bench: CheckContext) -> Iterator[str]:
    """Yield tables into which the real database lets no row for want of a part of the table, whatever is in it."""
    for name, outcome in bench.trial.seeded.items():
        if isinstance(outcome, str) and _PARTLESS.search(outcome):
            yield f"{name} ({outcome})"


_PARTLESS: Final = re.compile(r"\bno partition of relation\b")


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
    """Records, and things with a life or with rows of their own that hold them, do not vanish unless people said so."""
    catalogue = catalogue_of(bench)
    said = {(spoken(f.source), spoken(f.target)) for f in bench.said.facts
            if isinstance(f, RelationFact) and f.on_delete == "cascade"}  # fmt: skip
    moved = {e.plural for m in bench.blueprint.state_machines for e in bench.blueprint.entities if e.name == m.entity}
    held = {c.target for t in catalogue.tables.values() for c in t.constraints if c.kind == "f" and _holds(c)}
    offenders = [
        f"{table.name} with {key.target}"
        for table in catalogue.tables.values()
        for key in table.constraints
        if key.kind == "f" and "ON DELETE CASCADE" in key.definition
        and (stem_of(table.name) in RECORDS or table.name in moved | held)
        and (spoken(table.name), spoken(key.target)) not in said
    ]  # fmt: skip
    offenders += records_erased(bench)
    return judge(offenders, good="Records survive what they are about.", bad="Records that vanish")


def _holds(key: Constraint) -> bool:
    """Whether a row that is pointed at cannot be deleted: deleting what is above it would delete it or be refused."""
    return "ON DELETE CASCADE" not in key.definition and "ON DELETE SET" not in key.definition


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
    twice = list(second_ways(bench))
    if not said and not twice:
        return not_applicable("Nobody said how things belong together.")
    offenders = [
        f"{r.source}.{r.name}"
        for r in alone
        if said.get((spoken(r.source), spoken(r.target))) == "many_to_one" and spoken(r.source) not in single
    ]
    offenders += [*_linked_twice(bench), *twice]
    return judge(offenders, good="As many of each as was said.", bad="Another number than was said")


def _linked_twice(bench: CheckContext) -> Iterator[str]:
    """Yield things that only join two others, which were said to belong together, and may do so twice."""
    plan, catalogue = bench.blueprint, catalogue_of(bench)
    pairs = {
        frozenset({spoken(f.source), spoken(f.target)}) for f in bench.said.facts
        if isinstance(f, RelationFact) and f.stance is Stance.STATED and f.cardinality == "many_to_many"
    }  # fmt: skip
    for entity in plan.entities:
        ends = [r for r in plan.relations if r.source == entity.name and r.target != plan.tenant]
        table = catalogue.tables.get(entity.plural)
        joins = len(ends) == _PAIR and frozenset(spoken(r.target) for r in ends) in pairs
        if table is None or not joins:
            continue
        tenant = {catalogue.tenant_column(table)}
        keys = {name for c in table.constraints if c.kind == "f" for name in c.columns} - tenant
        if not any(c.kind in "pu" and set(c.columns) - tenant <= keys for c in table.constraints):
            yield f"{entity.name} (the same two twice)"


_PAIR: Final = 2


def _single(bench: CheckContext, relation: Relation) -> bool:
    return relation.cardinality == "many_to_one" and single_by_key(bench, relation.source, relation.target)


def constraints_valid(bench: CheckContext) -> CheckResult:
    """The first migration leaves no constraint unchecked; later ones may, over rows that are there."""
    catalogue = catalogue_of(bench)
    if len(bench.migrations) > 1:
        return not_applicable("Later migrations may leave old rows for later.")
    return judge(catalogue.facts["unvalidated_constraints"], good="Constraints are checked.", bad="Not checked")
