"""Parts of the data that nobody asked for and that contradict what is there, or take from people what they wanted.

Who adds may be right: what is harmless stands here as data. That an addition is called assumed excuses none of these.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from bot.domain.facts import FieldFact, OperationFact, RelationFact, Stance, StateFact
from bot.reading.names import words
from bot.roles.backend_developer.blueprint import Blueprint, Entity, EntityField, Relation
from bot.roles.backend_developer.checks.areas.asked import said_fields, said_of
from bot.roles.backend_developer.checks.areas.sources import Sources
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import path_key, spoken

_SORTS: Final = frozenset(
    ["kind", "type", "category", "priority", "severity", "channel", "method", "gender", "size", "currency", "language",
     "locale", "mode", "level", "role", "source", "origin", "reason", "format", "unit", "colour", "color", "side",
     "direction", "visibility", "frequency", "title", "salutation", "country", "weekday", "shape", "material", "scope"]
)  # fmt: skip
"""Last words of choices that tell of what sort a row is, and not how far it has come."""

_LIVES: Final = frozenset(["status", "state", "stage", "phase"])

_REFUSING: Final = re.compile(
    r"\b(only|must|may|can|cannot|can't|mustn't|shall|never|nobody|no one|none|no more|no less|no longer|at most|"
    r"at least|up to|maximum|minimum|older|younger|limited|limit|at a time|once|forbidden|prohibited|refused|rejected|"
    r"required|requires|needs?|without|unless|exceeds?|within|before|after|nur|muss|müssen|darf|dürfen|höchstens|mindestens|"
    r"maximal|minimal|niemand|kein\w*|ohne|erst|verboten)\b|\d", re.IGNORECASE,
)  # fmt: skip
"""Words of a sentence that lets less through than all: without any of them it only describes."""

_NUMBERS: Final = frozenset({"integer", "bigint", "decimal", "float", "money"})
_MOMENTS: Final = frozenset({"timestamp", "date"})
_SUMS: Final = frozenset(["count", "total", "sum", "number", "num", "average", "avg", "mean", "amount", "balance",
                          "anzahl", "summe"])  # fmt: skip
_UTMOST: Final = frozenset(["last", "latest", "first", "newest", "oldest"])
_FILLING: Final = frozenset(["of", "in", "at", "on", "the", "all", "open", "active", "current"])
"""Words in names of what is counted or summed, beside the name of that."""

_BELOW: Final = re.compile(r"([^/{}]+)/\{\}/([^/{}]+)")
_POINTING: Final = frozenset(["id", "key", "ref", "uuid"])
_SORTING: Final = frozenset(["type", "kind", "table", "entity", "model", "class"])
_FURTHEST: Final = 3
"""So many relations away a thing is still what a row is about."""


def second_states(bench: CheckContext) -> Iterator[str]:
    """Yield choices that callers write beside a said state, of how far a row has come: the two may contradict."""
    said = said_fields(bench)
    lived = {spoken(f.entity) for f in bench.said.facts if isinstance(f, StateFact) and f.stance is Stance.STATED}
    lived |= {entity for entity, field in said if field in _LIVES}
    for entity in bench.blueprint.entities:
        held = {m.field for m in bench.blueprint.state_machines if m.entity == entity.name}
        held = held or {f.name for f in entity.fields if f.name in _LIVES}
        if not held or not _keys(entity) & lived:
            continue
        for field in entity.fields:
            sort = set(words(field.name)[-1:]) & _SORTS or field.read_only
            if field.type == "enum" and field.name not in held and not sort and not said_of(entity, field.name, said):
                yield f"{entity.name}.{field.name} (a second state beside {min(held)})"


def refused_in_words(bench: CheckContext, known: set[str]) -> Iterator[str]:
    """Yield sentences that refuse rows of what people spoke of, which no statement says."""
    sources, things = Sources(bench), {e.name: e for e in bench.blueprint.entities}
    for rule in bench.blueprint.rules:
        told = rule.kind in ("other", "sum") and _REFUSING.search(rule.text)
        if told and _keys(things[rule.entity]) & known and not sources.said(rule.text):
            yield f"{rule.entity}: “{rule.text[:80]}” (nobody said so)"


def kept_sums(bench: CheckContext) -> Iterator[str]:
    """Yield counts, sums and ends of other rows that callers write, so that nothing keeps them in step."""
    said = said_fields(bench)
    for entity in bench.blueprint.entities:
        about = _pointing_at(bench.blueprint, entity)
        for field in entity.fields:
            if field.read_only or said_of(entity, field.name, said):
                continue
            if of := _summed(field, about):
                yield f"{entity.plural}.{field.name} (worked out from {of})"


def _pointing_at(blueprint: Blueprint, entity: Entity) -> dict[str, str]:
    """Return names of things whose rows point at a thing's, by what words in a name may call them."""
    ends = {r.source for r in blueprint.relations if r.target == entity.name}
    ends |= {r.target for r in blueprint.relations if r.source == entity.name and r.cardinality == "many_to_many"}
    called = {other.name: (other.name, other.plural) for other in blueprint.entities if other.name in ends}
    return {key: name for name, both in called.items() for one in both for key in (spoken(one), spoken(words(one)[-1]))}


def _summed(field: EntityField, about: dict[str, str]) -> str:
    """Return the thing whose rows a field is worked out from; "" if it tells of the row itself."""
    found = [word.casefold() for word in words(field.name)]
    marks = _SUMS if field.type in _NUMBERS else _UTMOST if field.type in _MOMENTS else frozenset()
    # an order's number is what it is called, and a number of orders is a count
    named = found[-1:] == ["number"] or not set(found) & marks
    left = [word for word in found if word not in marks | _FILLING]
    return "" if named or not left else about.get(spoken("_".join(left)), "")


def second_ways(bench: CheckContext) -> Iterator[str]:
    """Yield references that nobody said to what a row leads to already by those that were said."""
    plan, told = bench.blueprint, _told_references(bench)
    things = {e.name: e for e in plan.entities}
    for relation in plan.relations:
        source, target = things[relation.source], things[relation.target]
        ends = {end for key in _keys(source) for end in told.get(key, ())}
        free = target.name in (plan.tenant, source.name) or relation.cardinality == "many_to_many"
        if free or not ends or ends & _keys(target) or relation.name == source.owner:
            continue
        if by := _way(plan, relation):
            yield f"{relation.source}.{relation.name} (leads to {relation.target} as {by} does, and may disagree)"


def _told_references(bench: CheckContext) -> dict[str, set[str]]:
    """Return what people said that things point at, by the keys of both."""
    found: dict[str, set[str]] = defaultdict(set)
    for fact in bench.said.facts:
        if isinstance(fact, RelationFact):
            found[spoken(fact.source)].add(spoken(fact.target))
        elif isinstance(fact, FieldFact) and fact.references:
            found[spoken(fact.entity)].add(spoken(fact.references))
        elif isinstance(fact, OperationFact):  # what is listed below a thing points at it
            for above, below in _BELOW.findall(path_key(fact.path)):
                found[spoken(below)].add(spoken(above))
    return found


def _way(plan: Blueprint, relation: Relation) -> str:
    """Return the reference by which a row leads to the same thing over another, each of them required."""
    needed = [r for r in plan.relations if r.required and r.cardinality != "many_to_many" and r.source != r.target]
    for first in needed:
        if first.source != relation.source or first.target in (relation.target, plan.tenant) or first is relation:
            continue
        reached = {first.target}
        for _ in range(_FURTHEST):
            reached |= {r.target for r in needed if r.source in reached}
        if relation.target in reached and relation.source not in reached:
            return f"{first.source}.{first.name}"
    return ""


def either_tables(bench: CheckContext) -> Iterator[str]:
    """Yield references by a kind and a key, which no foreign key can hold, in things that people told the fields of."""
    said = said_fields(bench)
    told = {entity for entity, _ in said}
    held = {(r.source, name) for r in bench.blueprint.relations for name in (r.name, *r.columns)}
    for entity in bench.blueprint.entities if said else ():
        names = {field.name for field in entity.fields if not said_of(entity, field.name, said)}
        for name in sorted(names) if _keys(entity) & told else ():
            head, last = words(name)[:-1], words(name)[-1:]
            kinds = {f"{'_'.join(head)}_{word}" for word in _SORTING} & names
            if head and set(last) & _POINTING and kinds and (entity.name, "_".join(head)) not in held:
                yield f"{entity.name}.{name} (points at what {min(kinds)} says)"


def _keys(entity: Entity) -> set[str]:
    return {spoken(entity.name), spoken(entity.plural)}
