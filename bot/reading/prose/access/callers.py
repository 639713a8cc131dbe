"""Who may call, from the short notes behind a list of calls: ``POST /runs (boss), GET /runs (boss, crew)``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.facts import AnyFact, OperationFact
from bot.reading.names import singular, vocabulary
from bot.reading.people import looks_like_people
from bot.reading.prose.access.verbs import GERUNDS, VERB_OF, participle
from bot.reading.tokens import lemma
from bot.reading.words import FUNCTION

_NOTE = re.compile(
    r"(?:\(|\[|: ?|[-–—>→] ?|by |for |für )?(?P<names>[^\W\d][\w-]{1,24}(?:(?:, ?| ?/ ?| ?\| ?| & | \+ | and "
    r"| und | or )[^\W\d][\w-]{1,24}){0,5})(?:\)|\])?",
    re.I,
)
_NO_ROLES = vocabulary(
    "json csv xml pdf html async public open new all list detail details single one many bulk batch paginated "
    "paged idempotent"
    " deprecated internal optional required search filter filters overview index stream sync body query html "
    "file webhook"
    " liste alle neu einzeln öffentlich intern optional anlegen ändern löschen"
)


def shared_callers(facts: Sequence[AnyFact]) -> list[AnyFact]:
    """Return facts in which the notes of a list of calls are the roles that may call them.

    They are if every call has a note of nothing but names, no name is what is done or what the path is about, and a
    name comes back at another call or is a word for people.
    """
    calls = [f for f in facts if isinstance(f, OperationFact)]
    notes = [_names(f) for f in calls]
    if len(calls) < 2 or not all(notes) or any(f.roles or f.public for f in calls):
        return list(facts)
    times = Counter(name for names in notes for name in dict.fromkeys(names))
    if not any(n > 1 for n in times.values()) or (len(times) < 2 and not any(map(looks_like_people, times))):
        return list(facts)
    roles = iter(notes)
    return [replace(f, roles=tuple(next(roles)), summary="") if isinstance(f, OperationFact) else f for f in facts]


def _names(fact: OperationFact) -> list[str]:
    found = _NOTE.fullmatch(fact.summary.strip(" .,;"))
    if found is None:
        return []
    names = [singular(n.strip()) for n in re.split(r",|/|\||&|\+| and | und | or ", found["names"]) if n.strip()]
    about = {singular(p).lower() for p in fact.path.split("/")}
    return [] if any(_is_none(n.lower(), about) for n in names) else names


def _is_none(low: str, about: set[str]) -> bool:
    known = low in VERB_OF or low in GERUNDS or lemma(low, "en") in VERB_OF or participle(low) in VERB_OF
    return low in about or low in _NO_ROLES or low in FUNCTION or (known and not looks_like_people(low))
