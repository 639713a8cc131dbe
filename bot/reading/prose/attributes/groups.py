"""Reads things with attributes in brackets or behind signs: "a trophy (text, height) and an engraver (name, rate)"."""

from __future__ import annotations

import re

from bot.domain.facts import AnyFact, EntityFact, FieldFact
from bot.reading.field_notes import parts
from bot.reading.fields import read_fields
from bot.reading.prose.attributes.owners import owner_name
from bot.reading.prose.attributes.phrases import read_list
from bot.reading.types import value_type

_NAME = r"(?:an? |the |each |every |eine? |die |der |das )?[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*){0,2}"
_INNER = r"(?:[^()\[\]{}]|\([^()]{0,200}\)){3,600}"
_ONE = rf"{_NAME} ?[(\[{{]{_INNER}[)\]}}]"
_SIGN = r"(?:,? and |,? und |, | sowie | ?/ | ?; | plus | )"
_ALL = re.compile(rf"^{_ONE}(?:{_SIGN}{_ONE}){{1,12}}\.?$", re.I)
_SINGLE = re.compile(rf"^{_NAME} ?[\[{{]{_INNER}[\]}}]\.?$", re.I)
_EACH = re.compile(rf"(?:^|{_SIGN})(?P<o>{_NAME}) ?[(\[{{](?P<l>{_INNER})[)\]}}]", re.I)
_OPENS = re.compile(
    r"^(?:we|i|there|wir|es)(?: also| auch)? (?:have|has|need|want|are|is|store|keep|haben|brauchen|gibt)(?:"
    r" also)? ",
    re.I,
)
_PAIR = re.compile(r"(?<![\w:])(\w{1,60}):([a-z]\w{1,40}(?:\([\d,]+\))?)(?![\w:/])")
_PAIRS = re.compile(
    r"^(?:(?:\w+ )?(?:rails|rake|bin/rails) (?:g|generate) (?:model|scaffold|resource)"
    r" )?(?P<o>[^\W\d]\w{1,40})(?::| -| =)? "
    r"(?P<l>\w+:[a-z][\w(),]*(?:[ ,;]+\w+:[a-z][\w(),]*){1,60})\.?$",
    re.I,
)
_SUM = re.compile(r"^(?P<o>[A-Z]\w{1,40}) = (?P<l>[^\W\d][\w ]{1,40}(?: \+ [^\W\d][\w ]{1,40}){1,30})$")
_COLUMN = re.compile(
    r"^(?P<o>[^\W\d]\w{0,40})\.(?P<f>[^\W\d]\w{0,40})(?: is(?: an?)?|:)? (?P<kind>[a-z][\w(), ]{1,60})$", re.I
)


def read_groups(text: str, statement: str, language: str) -> list[AnyFact]:
    """Return things and attributes of a text that is nothing but things, each with a list behind it."""
    said = text.strip(" .!")
    return (
        _brackets(_OPENS.sub("", said), statement, language)
        or _several_pairs(said, statement)
        or _sum(said, statement)
        or _column(said, statement)
    )


def _brackets(said: str, statement: str, language: str) -> list[AnyFact]:
    if not any(sign in said for sign in "([{") or not (_ALL.match(said) or _SINGLE.match(said)):
        return []
    found: list[AnyFact] = []
    for match in _EACH.finditer(said):
        name = owner_name(match["o"], language)
        listed = read_list(_PAIR.sub(r"\1: \2", match["l"]), name, statement, language)
        if not name or len(listed.fields) < (1 if _PAIR.search(match["l"]) else 2) or listed.left:
            return []
        found += [EntityFact(statement=statement, name=name), *listed.fields]
    return found


def _several_pairs(said: str, statement: str) -> list[AnyFact]:
    """Read ``kites: span:decimal, lost:boolean; reels: length:int``; a single pair may be anything."""
    if not _PAIR.search(said):
        return []
    found: list[AnyFact] = []
    for piece in parts(said, ";"):
        match = _PAIRS.match(piece) or re.match(r"^(?P<o>[^\W\d]\w{1,40}): (?P<l>\w+:[a-z]\w+)$", piece)
        name = owner_name(match["o"], "en") if match else ""
        pairs = _PAIR.findall(match["l"]) if match else []
        if not name or not pairs or not any(value_type(kind) for _, kind in pairs):
            return []
        found.append(EntityFact(statement=statement, name=name))
        for field, kind in pairs:
            if kind.lower() in {"references", "belongs_to"}:
                found.append(FieldFact(statement=statement, entity=name, name=f"{field}_id", references=field))
            else:
                found += read_fields(f"{field}: {kind}", name, statement).fields
    return found if sum(isinstance(f, FieldFact) for f in found) > 1 else []


def _sum(said: str, statement: str) -> list[AnyFact]:
    match = _SUM.match(said)
    name = owner_name(match["o"], "en") if match else ""
    if match is None or not name:
        return []
    listed = read_list(match["l"].replace(" + ", ", "), name, statement)
    return [] if listed.left or listed.many else [EntityFact(statement=statement, name=name), *listed.fields]


def _column(said: str, statement: str) -> list[AnyFact]:
    match = _COLUMN.match(said)
    if match is None or value_type(match["kind"].split(" ")[0]) is None:
        return []
    name = owner_name(match["o"], "en")
    fields = read_fields(f"{match['f']} ({match['kind']})", name, statement).fields if name else ()
    return [EntityFact(statement=statement, name=name), *fields] if fields else []
