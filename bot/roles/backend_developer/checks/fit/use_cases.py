"""What is to be done with a thing, whoever may: an operation of that very thing does it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.domain.facts import Stance, UseCaseFact
from bot.roles.backend_developer.checks.document import Endpoint
from bot.roles.backend_developer.checks.fit.gaps import API, Gap
from bot.roles.backend_developer.checks.fit.rendered import Rendered, plain, spoken

_METHODS: Final = {"read": {"GET"}, "create": {"POST", "PUT"}, "update": {"PUT", "PATCH"}, "delete": {"DELETE"}}


def use_case(fact: UseCaseFact, made: Rendered) -> Iterator[Gap]:
    """An operation of the thing does it, and what is to be seen of the thing is among what it answers with."""
    if fact.stance is Stance.DENIED:
        return
    for verb in fact.verbs:
        found = made.acting(fact.action, fact.entity) if fact.action else _doing(verb, fact.entity, made)
        if not found or made.meant(fact.entity) is None:
            yield API, f"no operation lets anyone {fact.action or verb} {fact.entity}"
        elif fact.shows and not any(_shows(endpoint, fact.shows, made) for endpoint in found):
            yield API, f"no operation shows {' or '.join(fact.shows)} of {fact.entity}"


def _doing(verb: str, entity: str, made: Rendered) -> list[Endpoint]:
    about = [e for e in made.about(entity, acting=False) if e.method in _METHODS.get(verb, {e.method})]
    return [e for e in about if not e.path.endswith("}")] if verb == "create" else about


def _shows(endpoint: Endpoint, names: tuple[str, ...], made: Rendered) -> bool:
    document = made.document
    shown = {*document.shown(endpoint), *document.properties(document.items(endpoint) or document.result(endpoint))}
    return bool({plain(spoken(one)) for one in names} & {plain(spoken(one)) for one in shown})
