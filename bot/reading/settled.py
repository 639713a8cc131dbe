"""What the whole of what was said settles: whose a rule or a state is, and which sentences only repeat names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from bot.domain.facts import (
    AccessFact,
    AnyFact,
    EntityFact,
    FieldFact,
    OperationFact,
    RelationFact,
    RoleFact,
    RuleFact,
    Stance,
    Standing,
    StateFact,
    Statement,
)
from bot.reading.names import german_key, name_key, vocabulary, words
from bot.reading.words import DETERMINERS, FUNCTION, NEGATIONS

_F = TypeVar("_F", bound=AnyFact)
_OF_STATES: Final = frozenset({"state", "statu", "status", "zustand", "phase"})
_BINDS: Final = vocabulary(
    "must may can should shall cannot only never always darf dürfen kann können muss müssen soll nur immer"
)
"""Words by which a description asks for something, and does not only tell the story."""
_NAMED_TWICE: Final = 2


def settled(facts: Sequence[_F]) -> list[_F]:
    """Give rules and states to the entity that has the fields that they speak of, where only one has."""
    fields: dict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for fact in facts:
        if isinstance(fact, FieldFact) and fact.entity and fact.stance is Stance.STATED:
            names.setdefault(name_key(fact.entity), fact.entity)
            fields[name_key(fact.entity)].add(name_key(fact.name))
    owner = _owner_of_states(facts)
    return [_placed(fact, fields, names, owner) for fact in facts]


def _placed(fact: _F, fields: Mapping[str, set[str]], names: Mapping[str, str], owner: str) -> _F:
    if isinstance(fact, StateFact) and not fact.entity and owner:
        return replace(fact, entity=owner)
    if not isinstance(fact, RuleFact) or fact.kind != "compare" or not fact.fields:
        return fact
    wanted = {name_key(name) for name in fact.fields}
    having = [key for key, known in fields.items() if wanted <= known]
    here = name_key(fact.entity)
    return replace(fact, entity=names[having[0]]) if len(having) == 1 and here not in having else fact


def _owner_of_states(facts: Sequence[AnyFact]) -> str:
    """Return the one entity that has a field for a state, "" if several or none have."""
    found = {
        name_key(f.entity): f.entity
        for f in facts
        if isinstance(f, FieldFact) and f.entity and f.stance is Stance.STATED and name_key(f.name) in _OF_STATES
    }
    return next(iter(found.values())) if len(found) == 1 else ""


def is_vague(source: str) -> bool:
    """Whether a source is the idea's own words: a title, a description, or the document of an idea."""
    return source.startswith(("title", "description")) or source.rpartition("/")[2].startswith(("idea.", "input:idea."))


def repeated(statements: Iterable[Statement], facts: Sequence[AnyFact]) -> tuple[Statement, ...]:
    """Take for saying nothing what was not understood and only names what is said elsewhere.

    Those are names alone ("donors, donations, receipts"), and a description that tells a story of things that are
    named elsewhere without a number, a denial or a word that binds.
    """
    things, others = _known(facts)
    return tuple(
        replace(one, standing=Standing.NOTHING_SAID)
        if one.standing is Standing.NOT_UNDERSTOOD and _repeats(one, things, others)
        else one
        for one in statements
    )


def _repeats(one: Statement, things: set[str], others: set[str]) -> bool:
    said = [w for w in words(one.text) if w not in FUNCTION and w not in DETERMINERS]
    keys = [{name_key(w), german_key(w)} for w in said]
    if not keys or any(w in NEGATIONS for w in words(one.text)):
        return False
    if all(key & (things | others) for key in keys) and any(key & things for key in keys):
        return True
    tells = is_vague(one.source) and not re.search(r"\d", one.text)
    named = {min(key & things) for key in keys if key & things}
    return tells and len(named) >= _NAMED_TWICE and not set(words(one.text)) & _BINDS


def _known(facts: Sequence[AnyFact]) -> tuple[set[str], set[str]]:
    """Return the keys of the words of things and actions that were named, and of those of fields."""
    things: set[str] = set()
    others: set[str] = set()
    for fact in facts:
        if fact.stance is not Stance.STATED:
            continue
        if isinstance(fact, EntityFact | RoleFact):
            things |= _keys(fact.name)
        elif isinstance(fact, RelationFact):
            things |= _keys(fact.source) | _keys(fact.target)
        elif isinstance(fact, OperationFact):
            things |= {key for part in re.sub(r"\{[^}]*\}", "", fact.path).split("/") for key in _keys(part)}
        elif isinstance(fact, StateFact | AccessFact):
            things |= _keys(fact.action)
        elif isinstance(fact, FieldFact):
            things |= _keys(fact.entity)
            others |= _keys(fact.name)
    return things - {""}, others - {""}


def _keys(name: str) -> set[str]:
    found = words(name)
    return {key for word in found for key in (name_key(word), german_key(word))}
