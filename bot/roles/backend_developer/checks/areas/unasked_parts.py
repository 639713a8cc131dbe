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
from bot.roles.backend_developer.checks.names import is_intimate

_SORTS: Final = frozenset(
    ["kind", "type", "category", "priority", "severity", "channel", "method", "gender", "size", "currency", "language",
     "locale", "mode", "level", "role", "source", "origin", "reason", "format", "unit", "colour", "color", "side",
     "direction", "visibility", "frequency", "title", "salutation", "country", "weekday", "shape", "material", "scope"]
)  # fmt: skip
"""Last words of choices that tell of what sort a row is, and not how far it has come."""

_LIVES: Final = frozenset(["status", "state", "stage", "phase"])

_OVER: Final = frozenset(
    ["done", "over", "paid", "sent", "gone", "dealt", "open", "active", "ready", "live", "taken", "met", "begun",
     "past", "pending", "running", "waiting"]
)  # fmt: skip
_QUALITIES: Final = frozenset(
    ["furnished", "heated", "covered", "limited", "unlimited", "detailed", "preferred", "required", "insured",
     "shared", "fixed", "related", "mixed", "need", "needed", "wanted", "consented", "subscribed", "guided",
     "gifted", "colored", "coloured", "recommended", "featured", "pinned", "starred", "supervised", "accompanied",
     "discounted", "registered", "consent", "newsletter", "email", "mail", "reminder", "notification", "has",
     "speed", "weed", "seed", "bed", "red"]
)  # fmt: skip
"""Words of truth values that tell what a thing is like, or what its people want."""

_SHORT: Final = 3

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
_CHOSEN: Final = frozenset(
    ["discount", "fee", "tax", "vat", "surcharge", "deposit", "tip", "shipping", "stock", "quantity", "position",
     "order", "rank", "priority", "level", "version", "min", "minimum", "max", "maximum", "limit", "buffer",
     "offset", "delay", "weight", "bonus", "allowance", "rate", "percent", "percentage", "reserve", "tolerance",
     "floor", "latitude", "longitude", "rotation", "margin", "markup", "margins", "excess", "rebate"]
)  # fmt: skip
"""Words of numbers that people set, and that are nothing where they do not."""

_FILLING: Final = frozenset(["of", "in", "at", "on", "the", "all", "open", "active", "current"])
"""Words in names of what is counted or summed, beside the name of that."""

_BELOW: Final = re.compile(r"([^/{}]+)/\{\}/([^/{}]+)")
_GOES_BY: Final = frozenset(
    ["name", "title", "label", "code", "number", "slug", "key", "state", "status", "kind", "type"]
)
"""Last words of what anything goes by."""

_SENSITIVE: Final = frozenset(["religion", "ethnicity", "salary", "income", "wage", "politics", "marital", "pregnant",
                               "pregnancy", "convictions", "creditworthiness", "nationality"])  # fmt: skip
"""Words of what people are asked for only where somebody wants to know it (GDPR, articles 5 and 9)."""

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
            if field.read_only or field.name in held or said_of(entity, field.name, said):
                continue
            sort = set(words(field.name)[-1:]) & _SORTS
            if (field.type == "enum" and not sort) or (field.type == "boolean" and _is_over(field.name)):
                yield f"{entity.name}.{field.name} (a second state beside {min(held)})"


def _is_over(name: str) -> bool:
    """Whether a truth value says how far a row has come, and not what it is like: ``is_closed``, but not ``heated``."""
    found = {word.casefold() for word in words(name)}
    done = {word for word in found if word in _OVER or (word.endswith("ed") and len(word) > _SHORT)}
    return bool(done) and not found & _QUALITIES


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
    told = {entity for entity, _ in said}
    for entity in bench.blueprint.entities:
        about = _pointing_at(bench.blueprint, entity)
        for field in entity.fields:
            if field.read_only or said_of(entity, field.name, said):
                continue
            if of := _summed(field, about):
                yield f"{entity.plural}.{field.name} (worked out from {of})"
            elif about and _keys(entity) & told and _begins_at_nothing(field):
                yield f"{entity.plural}.{field.name} (adds up from nothing, by what callers say)"


def _begins_at_nothing(field: EntityField) -> bool:
    """Whether a number is nothing when the row is made, and is no choice of people: it is what adds up since."""
    zero = field.default is not None and re.fullmatch(r"0+(\.0+)?", field.default) is not None
    return zero and field.type in _NUMBERS and not {word.casefold() for word in words(field.name)} & _CHOSEN


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


def demanded_unasked(bench: CheckContext, known: set[str]) -> Iterator[str]:
    """Yield what each new row must be told of a thing that people told the fields of, and they told no such field.

    A name or a title is what a thing goes by. What is one person's own affair is not asked, be it optional.
    """
    said, sources = said_fields(bench), Sources(bench)
    told = {entity for entity, _ in said}
    for entity in bench.blueprint.entities:
        if entity.assumed or not _keys(entity) & told & known:
            continue
        for field in entity.fields:
            free = field.read_only or field.name == entity.owner or said_of(entity, field.name, said)
            if free or sources.tells(words(field.name)[-1]):
                continue
            if field.sensitive and (is_intimate(field.name) or _SENSITIVE & set(words(field.name))):
                yield f"{entity.name}.{field.name} (which nobody wanted to know)"
            elif field.required and field.default is None and not set(words(field.name)[-1:]) & _GOES_BY:
                yield f"{entity.name}.{field.name} (is demanded)"


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
