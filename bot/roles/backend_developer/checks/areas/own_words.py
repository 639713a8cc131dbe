"""What a design's own sentences let people do, read as what people said is read, and held against what was denied.

Roles and permissions may be right and the words beside them wrong: who builds by the words lets in whom people did not
want. Only sentences that name a denied thing together with its role, or everybody, are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.domain.facts import AccessFact, Stance
from bot.reading.names import words
from bot.reading.read import SourceText
from bot.roles.backend_developer.checks.areas.undone import sentences
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import spoken
from bot.roles.backend_developer.understanding import read_here

_WORD: Final = re.compile(r"\w+")
_ALL: Final = frozenset(map(spoken, ["everybody", "everyone", "anybody", "anyone", "all", "user", "jeder", "alle"]))
_MOST: Final = 40
"""So many sentences are read at most: a design has few that name both."""

_QUOTED: Final = 70


def let_by_words(bench: CheckContext) -> Iterator[str]:
    """Yield sentences by which a role may do what people said that it must not, or more than what is its own."""
    limits = [f for f in bench.said.facts if isinstance(f, AccessFact) and _limits(f)]
    about = [(limit, place, one) for place, one in sentences(bench) for limit in limits if _names(limit, place, one)]
    seen: set[tuple[str, str]] = set()
    for limit, place, one in about[:_MOST]:
        if (place, one) not in seen and any(_undoes(fact, limit) for fact in _facts(limit, place, one)):
            seen.add((place, one))
            yield f"{place}: “{one.strip()[:_QUOTED]}”"


def _limits(fact: AccessFact) -> bool:
    """Whether people denied a role a thing, or limited it to its own rows of it."""
    whole = bool(fact.entity) and fact.role not in ("", "*") and not (fact.path or fact.field or fact.condition)
    return whole and (fact.stance is Stance.DENIED or (fact.stance is Stance.STATED and fact.own))


def _names(limit: AccessFact, place: str, sentence: str) -> bool:
    found = {spoken(word) for word in _WORD.findall(sentence)}
    whom = {spoken(word) for word in words(limit.role)} | _ALL
    return spoken(limit.entity) in found and (bool(whom & found) or _of_role(limit, place))


def _of_role(limit: AccessFact, place: str) -> bool:
    return place.startswith("role ") and spoken(place.removeprefix("role ")) == spoken(limit.role)


def _facts(limit: AccessFact, place: str, sentence: str) -> Iterator[AccessFact]:
    """Yield what a sentence lets people do; in a role's description it is the role that does it."""
    named = {spoken(word) for word in words(limit.role)} & {spoken(word) for word in _WORD.findall(sentence)}
    text = f"{limit.role}: {sentence}" if _of_role(limit, place) and not named else sentence
    read = read_here((SourceText(source="design", text=text, topic="security_controls"),))
    yield from (fact for fact in read.facts if isinstance(fact, AccessFact))


def _undoes(fact: AccessFact, limit: AccessFact) -> bool:
    """Whether a sentence lets the role, or everybody, do what a limit speaks of, and not to its own rows only."""
    who = fact.role in ("", "*") or spoken(fact.role) == spoken(limit.role)
    what = spoken(fact.entity) == spoken(limit.entity) and not (fact.field or fact.condition)
    how = bool(set(fact.verbs) & set(limit.verbs) or "any" in (*fact.verbs, *limit.verbs))
    return fact.stance is Stance.STATED and who and what and how and not fact.own
