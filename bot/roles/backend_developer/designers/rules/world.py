"""What a composition starts from: the facts in force by kind, with what cites and names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.facts import AnyFact, EntityFact, Fact, OperationFact, Stance
from bot.reading.merge import Understanding
from bot.reading.names import german_key, singular, vocabulary, words
from bot.roles.backend_developer.designers.rules.citations import Citations, path_key
from bot.roles.backend_developer.designers.rules.identifiers import key_of

_F = TypeVar("_F", bound=Fact)
_NO_RESOURCES = vocabulary(
    "stats statistics metrics analytics health metadata search login logout status info version me self feed export "
    "import reports webhooks callbacks graphql batch bulk token tokens auth session sessions news balances docs "
    "values timeseries attributes"
)
"""Words of paths in the plural, or alike, that name no rows of their own."""


_VERSION = re.compile(r"v\d+(\.\d+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class World:
    """Facts in force and everything said about them."""

    understanding: Understanding
    cites: Citations
    notations: Mapping[str, str]
    sources: Mapping[str, str]

    def of(self, kind: type[_F], *stances: Stance) -> list[_F]:
        """Return the facts of a kind, by default those that are stated."""
        wanted = stances or (Stance.STATED,)
        return [fact for fact in self.understanding.facts if isinstance(fact, kind) and fact.stance in wanted]

    def notation(self, fact: Fact) -> str:
        """Return in which notation a fact was said."""
        return self.notations.get(fact.statement, "prose")

    def source(self, fact: Fact) -> str:
        """Return where a fact was said: an input's path or an answer's key."""
        return self.sources.get(fact.statement, "").partition(":")[2][:200]

    def is_feedback(self, fact: Fact) -> bool:
        """Whether a fact was said of an earlier iteration."""
        return self.sources.get(fact.statement, "").startswith("feedback:")


def world_of(understanding: Understanding, facts: Iterable[AnyFact]) -> World:
    """Return the world of an understanding; `facts` are all that were read, those that others overruled among them."""
    return World(
        understanding=understanding,
        cites=Citations(facts, understanding.withdrawn),
        notations={s.id: s.notation for s in understanding.statements},
        sources={s.id: s.source for s in understanding.statements},
    )


def resources(operations: Iterable[OperationFact], known: Mapping[str, str]) -> list[EntityFact]:
    """Return the things that paths speak of and nobody named otherwise: ``POST /vouchers`` is about vouchers.

    A segment is a thing if it is a plural, or if something is read or made below it by a parameter. `known` are the
    things named already, by their keys.
    """
    ends = {key_of(name): name for name in known.values()}
    last_words = {words(name)[-1] for name in known.values() if words(name)}
    local = {german_key(key) for key in ends}
    found: dict[str, EntityFact] = {}
    for fact in operations:
        segments = [s for s in path_key(fact.path).split("/") if s]
        for place, segment in enumerate(segments):
            if segment == "{}" or _VERSION.fullmatch(segment) or not segment[0].isalpha() or not segment.isascii():
                continue
            keyed = place + 1 < len(segments) and segments[place + 1] == "{}"
            many = singular(segment) != segment
            key = key_of(segment)
            if not (keyed or (many and place + 1 == len(segments))) or segment.lower() in _NO_RESOURCES:
                continue
            if key in ends or (words(segment) and singular(words(segment)[-1]) in last_words) or key in found:
                continue
            if not many and german_key(key) in local:
                continue
            if keyed and not many and fact.method == "GET" and place > 0:
                continue  # a lookup such as /articles/by_ticket/{id}
            found[key] = EntityFact(statement=fact.statement, name=singular(segment), plural=segment if many else "")
    return list(found.values())
