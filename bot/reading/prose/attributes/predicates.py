"""What a sentence says of one attribute: "is an integer and must be unique", "can be at most 80 characters long"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.domain.facts import FieldFact, ValueType
from bot.reading.field_notes import number
from bot.reading.fields import read_fields
from bot.reading.names import singular
from bot.reading.types import value_type

_N = r"(-?\d+(?:[.,]\d+)*)"
_STOP = r"(?=\s*(?:[,.;!]|$)|\s+(?:and|und|but|aber)\b)"
_IS = r"(?:is|are|be|ist|sind|sein)"
_SHOULD = (
    r"(?:(?:must|should|shall|has to|have to|can|may|will|needs to|need to|muss|müssen|soll|sollen|kann|können|darf"
    r"|dürfen) )"
)
_NOT = (
    r"(?:can ?not|can['’]t|must not|mustn['’]t|may not|should not|shouldn['’]t|must never|can never|may never"
    r"|never)"
)
_TEXTS = frozenset({ValueType.STRING, ValueType.TEXT, ValueType.EMAIL, ValueType.URL})
_MEMBER = r"[`'\"]?[^\W_][\w+/-]{0,30}[`'\"]?"
_CHOICE = re.compile(
    rf"^(?:{_SHOULD})?(?:(?:only |always )?{_IS} )?(?:only |always )?(?P<sure>either |one of(?: the"
    rf" following)?:? |any of |"
    rf"entweder |eines von )?(?P<members>{_MEMBER}(?:, {_MEMBER}){{0,20}},? (?P<join>or|oder|and|und) {_MEMBER})"
    rf"(?: sein)?{_STOP}",
    re.I,
)
_TYPED = re.compile(
    rf"^(?:{_SHOULD})?(?:{_IS} )?(?:always |stored as |of type |vom Typ )?(?:an? |eine? )?(?P<type>[a-zäöü][\w/äöü-]*"
    rf"(?: [\w/-]+)?)(?: (?:sein))?(?P<more> (?:of|in|from|between|von|zwischen|with|mit) [^,;]{{1,60}})?{_STOP}",
    re.I,
)
_UNIT = re.compile(
    r"^(?:is|are|will be|wird|werden) (?:always )?(?:given |stored |measured |entered |expressed |recorded |kept"
    r" |counted )?"
    rf"in (?P<unit>[^\W\d][\w°%²³/]*(?: (?!as\b|als\b|an\w|ge\w)[\w°%²³/]+)?)(?: (?:angegeben|gespeichert"
    rf"|gemessen|erfasst|geführt))?"
    rf"(?: (?:as|als) (?:an? |eine? )?(?P<type>[a-zäöü][\w ]{{1,30}}?))?{_STOP}",
    re.I,
)
_Change = Callable[[FieldFact, re.Match[str]], dict[str, Any]]


def _longest(field: FieldFact, match: re.Match[str]) -> dict[str, Any]:
    value = number(match[1])
    lengths = "char" in match[0].lower() or "zeichen" in match[0].lower() or field.type in _TEXTS
    return {"max_length": int(value)} if lengths else {"maximum": value}


def _least(field: FieldFact, match: re.Match[str]) -> dict[str, Any]:
    value = number(match[1])
    lengths = "char" in match[0].lower() or "zeichen" in match[0].lower() or field.type in _TEXTS
    return {"min_length": int(value)} if lengths else {"minimum": value}


def _sure(**changes: Any) -> _Change:
    return lambda _field, _match: changes


_MORE = r"(?: ?(?:characters?|chars?|zeichen|letters?|buchstaben))?(?: long| lang| haben| sein| umfassen)*"
_SAYINGS: tuple[tuple[re.Pattern[str], _Change], ...] = tuple(
    (re.compile(f"(?:{pattern}){_STOP}", re.I), change)
    for pattern, change in (
        (
            rf"^(?:{_SHOULD})?(?:{_IS} )?(?:always |globally |system-wide )?(?:unique|eindeutig|einmalig)(?: sein)?"
            r"(?: (?:across|in|within|over) (?:the whole system|all|everything|the system))?",
            _sure(unique=True),
        ),
        (
            rf"^(?:{_NOT}|dürfen nicht|darf nicht) (?:repeat|occur twice|be used twice|be duplicated|be the same"
            rf"|doppelt vorkommen"
            r"|mehrfach vorkommen)|^(?:may|can|must|darf) (?:only )?(?:exist|occur|be used|nur einmal"
            r" vorkommen)(?: only)?(?: once)?",
            _sure(unique=True),
        ),
        (
            rf"^(?:{_SHOULD})?(?:{_IS} )?(?:always )?(?:required|mandatory|compulsory|obligatory|needed|given"
            rf"|filled in|set|present"
            r"|provided|Pflicht|ein Pflichtfeld|erforderlich|verpflichtend|notwendig|angegeben)(?: (?:werden|sein))?"
            rf"|^(?:{_NOT}|darf nicht) (?:be )?(?:empty|null|missing|blank|leer sein|fehlen)",
            _sure(required=True),
        ),
        (
            rf"^(?:{_SHOULD})?(?:{_IS} )?(?:optional|voluntary|freiwillig)(?: sein)?|^(?:is not|isn['’]t|are not"
            rf"|aren['’]t)"
            r"(?: (?:required|mandatory|needed))?|^(?:can|may) be (?:empty|null|missing|blank|omitted|left"
            r" (?:out|empty|blank))"
            r"|^(?:kann|darf) (?:leer (?:sein|bleiben)|fehlen)",
            _sure(required=False),
        ),
        (
            rf"^(?:{_NOT}|darf nicht|darf nie|dürfen nicht) (?:be |become )?(?:negative|below zero|less than"
            rf" zero|negativ)(?: sein| werden)?"
            rf"|^(?:{_SHOULD})?(?:{_IS} )?(?:positive|non-negative|nicht negativ|never negative)(?: sein)?",
            _sure(minimum=0.0),
        ),
        (
            rf"^(?:{_SHOULD})?(?:only )?(?:{_IS} |has |have |hat )?(?:at most|up to|no longer than|no more than"
            rf"|max\.?|maximum|"
            rf"a maximum of|maximal|höchstens|bis zu) {_N}{_MORE}",
            _longest,
        ),
        (
            rf"^(?:{_NOT}|darf nicht) (?:be |have |exceed )?(?:longer than|more than|above|over|greater than"
            rf"|higher than|exceed)? ?{_N}{_MORE}"
            rf"|^(?:darf) {_N} (?:Zeichen )?nicht überschreiten",
            _longest,
        ),
        (
            rf"^(?:{_SHOULD})?(?:{_IS} |has |have |hat )?(?:at least|min\.?|minimum|a minimum of|mindestens|no"
            rf" less than) {_N}{_MORE}",
            _least,
        ),
        (
            rf"^(?:{_SHOULD})?(?:{_IS} |lies |liegt |ranges |range |goes |runs )?(?:always )?(?:from|between|von"
            rf"|zwischen) {_N}(?: ?%)? "
            rf"(?:to|and|bis|und) {_N}(?: ?%| percent| prozent)?(?: sein| liegen)?",
            lambda _f, m: {"minimum": number(m[1]), "maximum": number(m[2])},
        ),
        (
            r"^(?:it )?(?:defaults?(?: to| is)?|starts? (?:at|with|as)|beginnt (?:bei|mit)|standardmäßig|vorgabe"
            r"|standard) "
            r"[`'\"]?([\w.-]{1,40})[`'\"]?",
            lambda _f, m: {"default": m[1].rstrip(".")},
        ),
        (
            rf"^(?:{_IS} )?[`'\"]?([\w.-]{{1,40}})[`'\"]? (?:by default|als Standard|als Vorgabe)",
            lambda _f, m: {"default": m[1]},
        ),
        (
            rf"^(?:{_NOT}|never|darf nicht|ist nicht) (?:be )?(?:changes?|changed|modified|edited|geändert"
            rf" werden|änderbar)"
            r"(?: later| afterwards| again| once set)?",
            _sure(immutable=True),
        ),
        (
            rf"^{_IS} (?:computed|calculated|derived|generated|berechnet)(?: (?:by|from) [^,;.]{{1,60}})?",
            _sure(read_only=True),
        ),
        (
            rf"^(?:{_SHOULD})?(?:{_IS} )?(?:confidential|sensitive|encrypted|vertraulich|verschlüsselt)"
            r"(?: (?:sein|werden))?",
            _sure(sensitive=True),
        ),
    )
)
_PER = re.compile(
    rf"^(?:{_SHOULD})?(?:{_IS} )?(?:unique|eindeutig) (?:per|within|for|in|pro|je|innerhalb) [^,;.]{{1,40}}", re.I
)
_JOIN = re.compile(r"^\s*(?:,|and|und|but|aber|it|which|es|sie|er|also|auch)\s*", re.I)


def predicated(field: FieldFact, said: str) -> FieldFact | None:
    """Return a field with what a predicate says of it; None where its first part is none that is known.

    >>> predicated(FieldFact(statement="s", entity="bell", name="tone"), "must be unique and is optional").unique
    True
    """
    rest = said.strip()
    known = False
    for _ in range(6):
        step = _step(field, rest)
        if step is None:
            break
        field, rest = step
        known = True
        while (join := _JOIN.match(rest)) and join.end():
            rest = rest[join.end() :]
        if not rest.strip(" .!"):
            break
    return field if known else None


def _step(field: FieldFact, said: str) -> tuple[FieldFact, str] | None:
    """Return the field and the rest behind the first thing that is said of it."""
    if per := _PER.match(said):
        return field, said[per.end() :]
    for pattern, change in _SAYINGS:
        if match := pattern.match(said):
            return replace(field, **change(field, match)), said[match.end() :]
    return _unit(field, said) or _choice(field, said) or _type(field, said)


def _unit(field: FieldFact, said: str) -> tuple[FieldFact, str] | None:
    match = _UNIT.match(said)
    if match is None:
        return None
    found = read_fields(f"x in {match['unit']}", field.entity, field.statement).fields
    if len(found) != 1 or not found[0].unit:
        return None
    shape = value_type(match["type"]) if match["type"] else None
    kind = shape.type if shape else field.type or found[0].type
    return replace(field, unit=found[0].unit, type=kind), said[match.end() :]


def _choice(field: FieldFact, said: str) -> tuple[FieldFact, str] | None:
    match = _CHOICE.match(said)
    if match is None:
        return None
    listed = match["join"].lower() in {"or", "oder"} or bool(match["sure"]) or match["members"].count(",") > 0
    members = [m.strip("`'\" ") for m in re.split(r",? (?:or|and|oder|und) |, ", match["members"])]
    if not listed or any(value_type(m) is not None or _says_of_fields(m) for m in members):
        return None
    return replace(field, type=ValueType.ENUM, values=tuple(members)), said[match.end() :]


def _says_of_fields(word: str) -> bool:
    return word.lower() in {
        "optional",
        "required",
        "mandatory",
        "unique",
        "empty",
        "null",
        "negative",
        "positive",
        "pflicht",
    }


def _type(field: FieldFact, said: str) -> tuple[FieldFact, str] | None:
    match = _TYPED.match(said)
    if match is None:
        return None
    words = match["type"].split()
    for n in range(len(words), 0, -1):
        kind = " ".join(words[:n])
        shape = value_type(kind) or value_type(singular(kind))
        if shape is not None and shape.type is not ValueType.ENUM and (n == len(words) or words[n] in {"long"}):
            made = replace(
                field, type=shape.type, minimum=shape.minimum if shape.minimum is not None else field.minimum
            )
            more = (match["more"] or "").strip()
            return _bounds(made, more), said[match.end() :]
    return None


def _bounds(field: FieldFact, more: str) -> FieldFact:
    if not more:
        return field
    step = next(((f, m) for p, f in _SAYINGS if (m := p.match(more))), None)
    if step is not None:
        return replace(field, **step[0](field, step[1]))
    unit = read_fields(f"x in {more.split(' ', 1)[-1]}", field.entity, field.statement).fields
    return replace(field, unit=unit[0].unit) if len(unit) == 1 and unit[0].unit else field
