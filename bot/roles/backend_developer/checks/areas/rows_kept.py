"""Is what the last iteration kept still kept?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from bot.domain.facts import FieldFact
from bot.evidence.checks import CheckResult, judge, not_applicable
from bot.reading.names import words
from bot.roles.backend_developer.blueprint.defaults import is_today
from bot.roles.backend_developer.checks.areas.changes import broken_by
from bot.roles.backend_developer.checks.areas.kept_as import newly_unknown
from bot.roles.backend_developer.checks.context import CheckContext, catalogue_of
from bot.roles.backend_developer.checks.fit.rendered import spoken


def rows_kept(bench: CheckContext) -> CheckResult:
    """What the last iteration kept is kept: no table, column, type or value is gone that people did not refuse."""
    before, now = bench.last_tables, catalogue_of(bench)
    if before is None:
        return not_applicable("There is no earlier iteration.")
    refused = bench.refused
    lines = list(_lost(bench, now.tables))
    lines += [f"{name} now needs distinct rows" for name in _newly_unique(bench)]
    lines += [*_newly_apart(bench), *_dated_back(bench), *newly_unknown(bench)]
    lines += broken_by(bench, "rows")
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


def _newly_apart(bench: CheckContext) -> Iterator[str]:
    """Yield unique indexes of more than one field that are new on rows that were there before."""
    previous = bench.previous
    if previous is None:
        return
    before = {e.name: {frozenset(i.fields) for i in e.indexes if i.unique} for e in previous.entities}
    for entity in bench.blueprint.entities:
        for index in entity.indexes if entity.name in before else ():
            if index.unique and frozenset(index.fields) not in before[entity.name]:
                yield f"{entity.name} now needs distinct rows of {', '.join(index.fields) or index.expression}"


def _dated_back(bench: CheckContext) -> Iterator[str]:
    """Yield new fields that tell that something happened, and say so of all rows that were there before.

    The migration fills a new column of old rows with its default: what never happened would have happened then.
    """
    previous = bench.previous
    said = {spoken(f.name) for f in bench.said.facts if isinstance(f, FieldFact) and f.default is not None}
    before = {e.name: {f.name for f in e.fields} for e in previous.entities} if previous is not None else {}
    for entity in bench.blueprint.entities:
        for field in entity.fields if entity.name in before else ():
            new = field.name not in before[entity.name] and field.default is not None and spoken(field.name) not in said
            now = new and field.type in ("date", "timestamp") and is_today(str(field.default))
            given = new and field.type == "boolean" and str(field.default).casefold() == "true"
            found = set(words(field.name))
            if (now and not found & _OF_ROWS) or (given and found & _GIVEN):
                yield f"{entity.name}.{field.name} is said of rows that were there before"


_OF_ROWS: Final = frozenset(
    ["created", "updated", "changed", "modified", "inserted", "recorded", "imported", "migrated"]
)
"""Words of moments that every row has by being there."""

_GIVEN: Final = frozenset(["consent", "consented", "agreed", "accepted", "confirmed", "verified", "approved", "paid"])


def _newly_unique(bench: CheckContext) -> Iterator[str]:
    previous = bench.previous
    if previous is None:
        return
    before = {(e.name, f.name): f.unique for e in previous.entities for f in e.fields}
    for entity in bench.blueprint.entities:
        yield from (
            f"{entity.name}.{f.name}" for f in entity.fields if f.unique and before.get((entity.name, f.name)) is False
        )
