"""Which statements say what, so that each part of a blueprint can name all of them and not the last one alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Final

from bot.domain.facts import (
    AccessFact,
    AnyFact,
    ConventionFact,
    EntityFact,
    FieldFact,
    NumberFact,
    OperationFact,
    RelationFact,
    RoleFact,
    RuleFact,
    ServiceFact,
    SignInFact,
    StackFact,
    StateFact,
)
from bot.roles.backend_developer.designers.rules.identifiers import key_of

_PARAMETER = re.compile(r"\{[^{}]*\}")
MOST = 60
"""Statements that a part cites, see the blueprint's `Cited`."""


def path_key(path: str) -> str:
    """Return a path by which two of them are the same, whatever their parameters are called."""
    bare = path.split("?", maxsplit=1)[0].rstrip("/")
    parts = ("{}" if part.startswith((":", "<")) else _PARAMETER.sub("{}", part) for part in bare.split("/"))
    return "/".join(parts) or "/"


class Citations:
    """The statements of all facts, withdrawn ones left out, by what they are about."""

    def __init__(self, facts: Iterable[AnyFact], withdrawn: Iterable[str] = ()) -> None:
        gone = set(withdrawn)
        self._known: dict[Hashable, dict[str, None]] = defaultdict(dict)
        for fact in facts:
            if fact.statement not in gone:
                for key in _keys(fact):
                    self._known[key][fact.statement] = None

    def of(self, *key: Hashable, also: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the statements about a key, oldest first, and those in `also`."""
        found = dict.fromkeys([*self._known.get(key, ()), *(one for one in also if one)])
        return tuple(found)[:MOST]


def _keys(fact: AnyFact) -> Iterable[tuple[Hashable, ...]]:
    keyed = _KEYS.get(type(fact))
    return keyed(fact) if keyed is not None else ()


_KEYS: Final[Mapping[type, Callable[[Any], Iterable[tuple[Hashable, ...]]]]] = {
    EntityFact: lambda f: [("entity", key_of(f.name))],
    FieldFact: lambda f: [("field", key_of(f.entity), key_of(f.name))],
    RelationFact: lambda f: [("relation", frozenset({key_of(f.source), key_of(f.target)}))],
    OperationFact: lambda f: [("operation", f.method or "", path_key(f.path))],
    RoleFact: lambda f: [("role", key_of(f.name))],
    AccessFact: lambda f: [("role", key_of(f.role))],
    StateFact: lambda f: [("state", key_of(f.entity))],
    ServiceFact: lambda f: [("service", f.name.lower())],
    StackFact: lambda f: [("stack", f.part)],
    SignInFact: lambda f: [("sign_in", f.scheme, f.audience.lower())],
    NumberFact: lambda f: [("number", f.metric, f.value)],
    RuleFact: lambda f: [("rule", key_of(f.entity), f.kind)],
    ConventionFact: lambda f: [("convention", f.kind, f.value.lower())],
}
"""By what a fact is about: two facts with one key speak of one part."""
