"""Reads arrows and cardinalities in a line: ``A 1:N B``, ``books.author_id -> authors.id``, ``A has_many B``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from bot.domain.facts import AnyFact, EntityFact, FieldFact, RelationFact
from bot.reading.field_notes import parts
from bot.reading.prose import lifecycle
from bot.reading.prose.clause import COMMON, NOT_THINGS, thing_name
from bot.reading.tokens import Token, tokens
from bot.reading.words import FUNCTION

_SIDE = r"(?:0\.\.\*|0\.\.n|0\.\.1|1\.\.\*|1\.\.n|1\.\.1|[1nm*]|one|many)"
_CARDINAL = re.compile(
    rf"(?P<a>[^\W\d_][\w .'-]{{0,60}}?)\s*\(?(?<![\w])(?P<l>{_SIDE})\s*"
    rf"(?::|-{{1,2}}>?|–|\s?to\s?|\s?zu\s?|\.\.|→|<->)\s*(?P<r>{_SIDE})(?!\w)\)?\s*"
    rf"(?P<b>[^\W\d_][\w .'-]{{0,60}})?$",
    re.I,
)
_RAILS = re.compile(
    r"(?P<a>[^\W\d_][\w ]{0,40}?)\s+(?P<v>has_many|belongs_to|has_one|has_and_belongs_to_many|"
    r"hasMany|belongsTo|hasOne|belongsToMany)\s*:?(?P<b>[\w ,:]{1,200})$"
)
_KEY = re.compile(
    r"(?P<a>[^\W\d]\w*)\.(?P<f>\w+)\s*(?:->|-->|=>|→|>|references|ref:?|fk to)\s*(?P<b>[^\W\d]\w*)(?:\.(?P<g>\w+))?",
    re.I,
)
_PLAIN = re.compile(
    r"(?P<a>[^\W\d][\w ]{0,40}?)\s*(?:<->|<-->|↔)\s*(?P<b>[^\W\d][\w ]{0,40})$|(?P<c>[^\W\d][\w "
    r"]{0,40}?)\s*(?:-{1,2}>|=>|→)\s*(?P<d>[^\W\d][\w ]{0,40})$"
)
_DOTTED = re.compile(r"[1nm*]\.\.[1nm*]|\.\.", re.I)
_REMARK = re.compile(r"\s*\((?![^()]*[1nm*]\s*:\s*[1nm*])[^()]*\)\s*$", re.I)
"""A bracket behind a relation that says no cardinality: ``quiz 1:N questions (at least two)``."""
_MANY = frozenset({"n", "m", "*", "0..*", "0..n", "1..*", "1..n", "many"})


def read_arrows(
    words: Sequence[Token], text: str, statement: str, *, topic: str, entity: str, language: str
) -> list[AnyFact]:
    """Return relations, keys and state changes that signs say in a line."""
    signs = any(
        w.text in lifecycle.ARROWS
        or w.text in {":", "*", "<->", "↔"}
        or w.low in {"has_many", "belongs_to", "has_one", "hasmany", "belongsto"}
        or w.text == "-"
        or w.low in {"one", "many"}
        or _DOTTED.fullmatch(w.text)
        for w in words
    )
    if not signs or any(w.kind == "path" for w in words):
        return []
    found: list[AnyFact] = []
    for part in parts(text.strip(" ."), ",;"):
        if len(part) < 300:
            found += _relation(_REMARK.sub("", part), statement, topic, language)
    if found or topic not in {"data", "", "api", "flow"}:
        return found
    return _chain(words, statement, entity, language)


def _relation(part: str, statement: str, topic: str, language: str) -> list[AnyFact]:
    def thing(said: str) -> str:
        said = re.sub(r"^(?:an?|the|one|each|every|ein|eine|der|die|das)\s+|^.*:\s+", "", said.strip(" .'"), flags=re.I)
        return thing_name(said.strip(), language)

    if match := _KEY.search(part):
        source, target = thing(match["a"]), thing(match["b"])
        field = FieldFact(statement=statement, entity=source, name=match["f"], references=target)
        return [field, RelationFact(statement=statement, source=source, target=target)]
    if match := _RAILS.search(part):
        return _rails(match, statement, thing)
    match = _CARDINAL.search(part)
    if match and match["b"] and (match["l"].lower() not in {"one", "many"} or match["r"].lower() in {"one", "many"}):
        return _cardinal(
            thing(match["a"].split(" and ")[-1]),
            thing(match["b"]),
            match["l"].lower() in _MANY,
            match["r"].lower() in _MANY,
            statement,
        )
    match = _PLAIN.match(part) if topic == "data" else None
    if match and match["a"]:
        return _cardinal(thing(match["a"]), thing(match["b"]), True, True, statement)
    if match and match["c"][0].isupper() and match["d"][0].isupper():
        one, other = thing(match["c"]), thing(match["d"])
        return _cardinal(one, other, other == match["d"].strip(), other != match["d"].strip(), statement)
    return []


def _cardinal(one: str, other: str, many: bool, others: bool, statement: str) -> list[AnyFact]:
    kind: Literal["many_to_one", "one_to_one", "many_to_many"] = (
        "many_to_many" if many and others else "many_to_one" if many or others else "one_to_one"
    )
    source, target = (other, one) if others and not many else (one, other)
    if any(n.lower() in NOT_THINGS - COMMON or n.lower() in FUNCTION or not n for n in (one, other)):
        return []
    return [
        EntityFact(statement=statement, name=one),
        EntityFact(statement=statement, name=other),
        RelationFact(statement=statement, source=source, target=target, cardinality=kind),
    ]


def _rails(match: re.Match[str], statement: str, thing: object) -> list[AnyFact]:
    found: list[AnyFact] = []
    one = thing_name(match["a"].strip(), "en")
    verb = match["v"].lower().replace("_", "")
    for said in re.split(r"[,]|\band\b", match["b"]):
        other = thing_name(said.strip(" :"), "en")
        if other:
            found += _cardinal(
                one,
                other,
                verb in {"belongsto", "hasandbelongstomany", "belongstomany"},
                verb in {"hasmany", "hasandbelongstomany", "belongstomany"},
                statement,
            )
    return found


def _chain(words: Sequence[Token], statement: str, entity: str, language: str) -> list[AnyFact]:
    first = next((n for n, w in enumerate(words) if w.text in lifecycle.ARROWS - {">"}), None)
    if not first:
        return []
    start = first - 1
    while start > 0 and (
        words[start - 1].text in {"|", "/"}
        or words[start - 1].low in {"or", "oder"}
        or words[start].text in {"|", "/"}
        or words[start].low in {"or", "oder"}
    ):
        start -= 1
    stop = first
    while (
        stop < len(words)
        and (
            words[stop].kind == "word"
            or words[stop].text in lifecycle.ARROWS
            or words[stop].text in {"|", "/", ",", ";"}
        )
        and words[stop].low not in {"and", "und", "never", "by", "when", "with"}
    ):
        stop += 1
    before = [w for w in words[:start] if w.kind == "word" and w.low not in FUNCTION]
    verbs = {
        "move",
        "moves",
        "go",
        "goes",
        "status",
        "state",
        "lifecycle",
        "flow",
        "wechselt",
        "geht",
        "transition",
        "transitions",
        "states",
        "life",
        "cycle",
        "is",
        "an",
        "a",
        "each",
    }
    names = [
        w.text for w in before if w.low not in verbs and w.low not in {"the", "a", "an", "ein", "eine", "der", "die"}
    ]
    subject = thing_name(names[-1], language) if names and len(names) <= 3 else entity
    if not subject:
        return []
    chain = lifecycle.read_chain(words[start:stop], subject, statement)
    return [*chain, *lifecycle.states_as_field(chain, statement)]


__all__ = ["read_arrows", "tokens"]
