"""One name for each thing, however many ways there are of writing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from bot.domain.facts import AccessFact, AnyFact, EntityFact
from bot.reading.names import name_key, singular
from bot.reading.prose.clause import thing_name

_F = TypeVar("_F", bound=AnyFact)
_GERMAN_ENDINGS = ("e", "n", "en", "er", "s", "ern")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})


def entity_names(facts: Sequence[AnyFact], german: set[str]) -> dict[str, str]:
    """Return for each thing's key the name that it is called by: the first that was said.

    One and many of a German thing are told by their endings, where a German statement names one of the two.
    """
    found: dict[str, str] = {}
    local: set[str] = set()
    for fact in facts:
        if isinstance(fact, EntityFact):
            found.setdefault(name_key(fact.name), fact.name)
    for fact in facts:
        for said in (getattr(fact, "entity", ""), getattr(fact, "source", ""), getattr(fact, "target", "")):
            if said and not isinstance(fact, EntityFact) and not isinstance(fact, AccessFact):
                found.setdefault(name_key(said), singular(said))
    for fact in facts:
        if fact.statement in german:
            local |= {name_key(n) for n in (getattr(fact, p, "") for p in ("name", "entity", "source", "target")) if n}
    plain = {key.translate(_UMLAUTS): key for key in found}
    for key, other in list(plain.items()):
        for ending in _GERMAN_ENDINGS:
            base = key.removesuffix(ending)
            if (
                base != key
                and len(base) > 3
                and base in plain
                and plain[base] != other
                and ({other, plain[base]} & local or name_key(thing_name(found[other], "de")) == plain[base])
            ):
                found[other] = found[plain[base]]
                break
    return found


def renamed(fact: _F, names: Mapping[str, str]) -> _F:
    """Return a fact with its things called by these names, given by their keys."""
    changed: dict[str, Any] = {}
    for part in ("entity", "source", "target", "references", "tenant", "body_entity", "result_entity"):
        said = getattr(fact, part, "")
        if said and (name := names.get(name_key(said))):
            changed[part] = name
    if isinstance(fact, EntityFact) and (name := names.get(name_key(fact.name))):
        changed["name"] = name
    return replace(fact, **changed) if changed else fact
