"""Two facts about the same thing: whether they clash, what they make together, and what a field says of a relation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, TypeVar

from bot.domain.facts import (
    AnyFact,
    EntityFact,
    FieldFact,
    OperationFact,
    RelationFact,
    RuleFact,
    Stance,
    ValueType,
)
from bot.reading.names import name_key, singular

_F = TypeVar("_F", bound=AnyFact)


def about(fact: EntityFact | FieldFact | RelationFact) -> str:
    """Return the thing that a fact is about."""
    return fact.name if isinstance(fact, EntityFact) else fact.entity if isinstance(fact, FieldFact) else fact.source


def softens(old: AnyFact, new: AnyFact) -> bool:
    """Whether one of the two is no plain yes or no, so that they do not contradict each other."""
    return not {old.stance, new.stance} <= {Stance.STATED, Stance.DENIED}


def united(old: _F, new: _F) -> _F:
    """Return the newer fact with what only the older one says."""
    kept: dict[str, Any] = {}
    for part in fields(new):
        if part.name in {"statement", "stance", "by_model", "alternatives"}:
            continue  # who later names one thing has chosen it
        value = getattr(new, part.name)
        if value in (None, "", ()) or (part.name == "cardinality" and value == "many_to_one"):
            kept[part.name] = getattr(old, part.name)
    if isinstance(old, EntityFact):
        kept["name"] = old.name
    if isinstance(old, FieldFact) and isinstance(new, FieldFact):
        kept["name"] = old.name
        if old.statement == new.statement and old.values and new.values:
            kept["values"] = tuple(dict.fromkeys((*old.values, *new.values)))
        if old.type is ValueType.ENUM and old.values and new.type in {ValueType.STRING, ValueType.TEXT}:
            kept["type"], kept["values"] = old.type, old.values
    return replace(new, **kept)


def points_at(fact: FieldFact, things: set[str]) -> str:
    """Return the thing that a field is a link to, "" if it is a plain attribute."""
    if fact.references:
        return fact.references
    low = fact.name.lower()
    stem = fact.name[:-3] if low.endswith("_id") else fact.name[:-2] if fact.name.endswith("Id") else ""
    if stem and fact.primary_key and name_key(stem) == name_key(fact.entity):
        return ""  # the key of its own rows: ``station_id`` of a station
    if stem and name_key(stem) in things:
        return stem
    if (
        not stem
        and fact.type is None
        and not fact.values
        and name_key(fact.name) in things
        and name_key(fact.name) != name_key(fact.entity)
    ):
        return fact.name
    return ""


def as_relation(fact: FieldFact, target: str) -> RelationFact:
    """Return the relation that a field which points at a thing stands for."""
    many = fact.references == "" and singular(fact.name) != fact.name
    one, other = (target, fact.entity) if many else (fact.entity, target)
    role = re.sub(r"(?:_id|_ID|Id)$", "", fact.name)
    return RelationFact(
        statement=fact.statement,
        source=one,
        target=other,
        required=fact.required,
        name="" if name_key(role) == name_key(target) else role,
    )


def path_key(path: str) -> str:
    """Return a path whatever its parameters are called."""
    return re.sub(r"\{[^{}]*\}", "{}", path.rstrip("/"))


def bans(ban: OperationFact, fact: OperationFact) -> bool:
    """Whether an operation is one of those that somebody does not want."""
    return (ban.method is None or ban.method == fact.method) and (
        not ban.path or path_key(ban.path) == path_key(fact.path)
    )


def once(facts: Iterable[AnyFact]) -> list[AnyFact]:
    """Return facts without those that only say again what one before them says."""
    found: dict[object, AnyFact] = {}
    for fact in facts:
        bare = replace(fact, statement="", text="") if isinstance(fact, RuleFact) else replace(fact, statement="")
        found.setdefault(bare, fact)
    return list(found.values())
