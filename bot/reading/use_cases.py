"""Headlines that ask for something to be done with a thing that is known: "Announce a return and get its code"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.domain.facts import AnyFact, EntityFact, Stance, Standing, Statement, UseCaseFact, Verb
from bot.reading.names import german_key, name_key, singular, vocabulary
from bot.reading.read import ReadingResult
from bot.reading.words import CREATE_VERBS, DELETE_VERBS, READ_VERBS, UPDATE_VERBS

_READ: Final = READ_VERBS | vocabulary("know follow track find check nachverfolgen verfolgen prüfen finden anzeigen")
_CREATE: Final = CREATE_VERBS | vocabulary("announce plan schedule draft compose report log anmelden ankündigen planen")
_CHANGE: Final = vocabulary(
    "update change edit modify correct amend manage ändern bearbeiten aktualisieren korrigieren pflegen verwalten"
)
_ACTS: Final = (UPDATE_VERBS - _CHANGE) | vocabulary("publish archive answer return ship collect pause resume complete")
_ONE: Final = r"(?:an?|the|every|each|all|my|our|their|any|eine?n?|die|den|das|jede[nrs]?|alle|meine?n?)"
_NAME: Final = r"[^\W\d_][\w-]*(?: [^\W\d_][\w-]*){0,2}?"
_PLACE: Final = (
    r"(?: (?:at|in|on|from|over|via|am|im|an der|in der|auf der) (?:the |a |an )?(?P<place>[\w-]+(?: [\w-]+)?))?"
)
_ALSO: Final = r"(?:, (?:also|even|auch) [\w-]+(?: [\w-]+){0,2})?"
_DOING: Final = re.compile(
    rf"(?P<verbs>[a-z]+(?:, [a-z]+)*(?:,? and [a-z]+)?) (?:{_ONE} )?(?P<thing>{_NAME})"
    rf"(?: and (?:get|see|receive) (?:its|their|the) (?P<shown>[\w-]+(?: [\w-]+){{0,2}}))?{_PLACE}{_ALSO}",
    re.I,
)
_TUN: Final = re.compile(
    rf"(?:(?i:{_ONE}) )?(?P<thing>[A-ZÄÖÜ][\w-]+) "
    r"(?P<verbs>[a-zäöüß]+(?:e[lr])?n(?:, [a-zäöüß]+n)*(?:,? und [a-zäöüß]+n)?)"
)
_KNOWING: Final = re.compile(
    rf"(?:know|see|find out|look up|wissen|sehen),? (?P<asked>where|what|which|how|wo|was|wie) (?:{_ONE} )"
    rf"(?P<thing>{_NAME}) (?:is|are|stands?|holds?|goes|steht|ist|sind|stehen|liegt|enthält)",
    re.I,
)
_CALLED: Final = re.compile(rf"(?P<thing>[^\W\d_]+)(?=[ ,]){_PLACE}{_ALSO}", re.I)
"""A thing's name as a verb: "Scan at the counter"."""
_WHEREABOUTS: Final = ("status", "state", "place", "location", "position", "address", "ort", "standort", "zustand")
_LONGEST: Final = 90


def with_use_cases(result: ReadingResult) -> ReadingResult:
    """Return a reading in which headlines that speak of known things are understood; all others stay as they are."""
    things: dict[str, str] = {}
    for fact in result.facts:
        if isinstance(fact, EntityFact) and fact.stance is Stance.STATED:
            things.setdefault(name_key(fact.name), fact.name)
            things.setdefault(german_key(fact.name), fact.name)
    facts: list[AnyFact] = []
    statements: list[Statement] = []
    for one in result.statements:
        unread = one.standing is Standing.NOT_UNDERSTOOD and one.notation == "prose" and len(one.text) <= _LONGEST
        asked = _asked(one, things) if unread else ()
        facts += asked
        statements.append(replace(one, standing=Standing.UNDERSTOOD) if asked else one)
    return replace(result, statements=tuple(statements), facts=(*result.facts, *facts)) if facts else result


def _asked(one: Statement, things: Mapping[str, str]) -> Sequence[UseCaseFact]:
    text = re.sub(r"^\W+", "", one.text).rstrip(" .!")
    if known := _KNOWING.fullmatch(text):
        thing = _thing(known["thing"], things)
        shows = _WHEREABOUTS if known["asked"].lower() in ("where", "wo") else ()
        return [UseCaseFact(statement=one.id, entity=thing, verbs=("read",), shows=shows)] if thing else ()
    if (done := _DOING.fullmatch(text)) and (deeds := _deeds(one.id, done, things)):
        return deeds
    if tun := _TUN.fullmatch(text):
        thing = _thing(tun["thing"], things)
        return [_deed(one.id, verb, thing) for verb in _verbs(tun["verbs"])] if thing else ()
    called = _CALLED.fullmatch(text)
    if called and (thing := _thing(called["thing"], things)) and singular(called["thing"]) == called["thing"]:
        return () if _speaks(called["place"], things) else [
            UseCaseFact(statement=one.id, entity=thing, verbs=("create",))
        ]  # fmt: skip
    return ()


def _deeds(statement: str, done: re.Match[str], things: Mapping[str, str]) -> Sequence[UseCaseFact]:
    """Return what an English headline asks for, nothing where a verb is no known one or the place is a thing itself."""
    verbs, thing = _verbs(done["verbs"]), _thing(done["thing"], things)
    known = _READ | _CREATE | _CHANGE | _ACTS | DELETE_VERBS
    if not thing or _speaks(done["place"], things) or any(verb not in known for verb in verbs):
        return ()
    found = [_deed(statement, verb, thing) for verb in verbs]
    if done["shown"]:
        found.append(UseCaseFact(statement=statement, entity=thing, verbs=("read",), shows=(done["shown"],)))
    return found


def _deed(statement: str, verb: str, thing: str) -> UseCaseFact:
    kinds: tuple[tuple[frozenset[str], Verb], ...] = (
        (_READ, "read"), (_CREATE, "create"), (_CHANGE, "update"), (DELETE_VERBS, "delete"),
    )  # fmt: skip
    plain = next((kind for among, kind in kinds if verb in among), None)
    if plain is not None:
        return UseCaseFact(statement=statement, entity=thing, verbs=(plain,))
    return UseCaseFact(statement=statement, entity=thing, verbs=("update",), action=verb)


def _verbs(said: str) -> list[str]:
    return [verb for verb in re.split(r",? (?:and|und) |, ", said.lower()) if verb]


def _thing(said: str, things: Mapping[str, str]) -> str:
    return things.get(name_key(said)) or things.get(german_key(said)) or ""


def _speaks(place: str | None, things: Mapping[str, str]) -> bool:
    """Whether a place names a thing: "at the first scan" says when, and asks for more than the deed."""
    return any(_thing(word, things) for word in (place or "").split())
