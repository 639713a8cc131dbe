"""Outside services and the stack, against what the iteration's file lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.domain.facts import ServiceFact, StackFact, Stance
from bot.reading.names import singular, words
from bot.roles.backend_developer.blueprint import Stack
from bot.roles.backend_developer.checks.fit.gaps import SERVICE, Gap
from bot.roles.backend_developer.checks.fit.rendered import Rendered, plain

_ONE_ONLY: Final = {"language", "framework", "deployment"}
_TOPICS: Final = tuple(
    frozenset(topic.split())
    for topic in (
        "pay payment payout card charge billing invoice refund checkout subscription debit zahlung",
        "sms text whatsapp message messaging push notification nachricht",
        "mail email newsletter e-mail",
        "ship shipping shipment label parcel courier postage tracking versand",
        "map geocode geocoding route routing geolocation karte",
        "file upload recording video image picture photo object storage backup archive datei",
        "login sso identity account directory sign-in anmeldung",
        "search index full-text suche",
        "analytics metric statistic dashboard",
        "calendar meeting appointment kalender",
        "accounting bookkeeping ledger tax vat buchhaltung",
        "error log trace monitoring alert",
        "weather forecast wetter",
        "translation translate language",
    )
)
"""What services are for: two purposes that speak of none in common are two purposes."""


def service(fact: ServiceFact, made: Rendered) -> Iterator[Gap]:
    """An outside service is integrated, for what it was said to be for; one that was refused is not."""
    there = [one for one in made.integrations
             if plain(fact.name) in plain(one.service) or plain(one.service) in plain(fact.name)]  # fmt: skip
    if fact.stance is Stance.DENIED:
        if there:
            yield SERVICE, f"{fact.name} was refused, and is integrated"
    elif not there:
        yield SERVICE, f"{fact.name} is not integrated"
    elif fact.direction in ("", "outbound") and all(one.direction == "inbound" for one in there):
        yield SERVICE, f"{fact.name} is to call us, where we were to call it"
    elif fact.purpose and all(_for_else(fact.purpose, one.purpose) for one in there):
        yield SERVICE, f"{fact.name} is integrated for something else than {fact.purpose}"


def _for_else(said: str, planned: str) -> bool:
    """Whether both tell what a service is for, and nothing of it is the same."""
    one, other = _about(said), _about(planned)
    return bool(one and other) and not one & other


def _about(purpose: str) -> frozenset[int]:
    found = {word.casefold() for word in words(purpose)}
    found |= {singular(word) for word in found}
    return frozenset(number for number, topic in enumerate(_TOPICS) if topic & found)


_ALSO: Final = {"JavaScript": ("TypeScript",)}
"""A language that is another one with types: who asks for Node is served by either."""


def stack(fact: StackFact, made: Rendered) -> Iterator[Gap]:
    """The stack names what was asked for; a second store may stand in another part than it was said of."""
    parts = [fact.part] if fact.part in _ONE_ONLY else [*Stack.model_fields]
    names = (fact.name, *fact.alternatives, *(_ALSO.get(fact.name, ()) if fact.stance is Stance.STATED else ()))
    there = any(plain(name) in plain(str(getattr(made.stack, part, ""))) for part in parts for name in names)
    if fact.stance is Stance.DENIED:
        if there:
            yield SERVICE, f"{fact.name} was refused, and is the {fact.part}"
    elif not there:
        yield SERVICE, f"the {fact.part} is not {fact.name}"
