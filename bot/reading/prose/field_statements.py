"""Fields that stand alone in a sentence: ``specimen.class can only be iron or stone``, ``Accession = taxon, box_no``.

Also what goes on about the thing that was spoken of: "Also severity, whole number; video_offset_s, int".
"""

from __future__ import annotations

import re

from bot.domain.facts import AnyFact, EntityFact, FieldFact, ValueType
from bot.reading.field_notes import parts
from bot.reading.fields import read_fields
from bot.reading.names import vocabulary
from bot.reading.prose.attributes.owners import owner_name
from bot.reading.types import value_type

_LONGEST = 1200
_DOTTED = re.compile(r"(?<![\w./@-])[`'\"*]*(?P<o>[^\W\d]\w{1,40})\.(?P<f>[^\W\d]\w{1,40})[`'\"*]*(?=[\s:=,;.]|$)")
_NO_FIELDS = vocabulary(
    "js py io com org net yml yaml json md txt csv html de ts go rb java pdf xml sql sh eu dev app ai"
)
_SIGN = re.compile(
    r"\s*(?:(?P<members>(?::|=|=>|->)?\s*(?:can only be|may only be|must be|can be|is always|is one of"
    r"|is either|kann nur|darf nur|ist eine?[rs]?(?: von)?"
    r"|one of|either|any of|only|nur|in|∈|aus)(?=[\s:({\[]):?)|:=|::|=>|->|→|:|=|[-–—](?=\s)|(?:is|are|ist|sind"
    r"|as|als)(?=\s))?\s*",
    re.I,
)
_REMARK = re.compile(
    r",\s+(?:not|nicht|nobody|niemand|so|because|weil|since|da|as|we|wir|it|that|which|obviously|sorry)\b.*$", re.I
)
_SEIN = re.compile(r"\s+(?:sein|werden)$", re.I)
_JOIN = re.compile(r"^[\s,;.]+|[\s,;.]+(?:and|und)?\s*$", re.I)
_FEWEST = 2
_MEMBERS = re.compile(
    r"(?P<o>[^\W\d][\w-]*(?: [^\W\d][\w-]*)?): (?:the |its |der |die |das )?(?P<f>[^\W\d][\w-]*)"
    r" (?:is|are|can be|may be|ist|kann|sind)(?: always| immer)?"
    r"(?: one of| either| entweder)? (?P<l>[\w-]{1,30}(?:(?:, | / |/| \| |,? or |,? oder )[\w-]{1,30}){1,20})$",
    re.I,
)
_EQUALS = re.compile(r"(?P<o>[^\W\d][\w-]*(?: [^\W\d][\w-]*){0,2}) (?:=|:=|=>|⇒) (?P<l>[^=].{4,800})$")
_MORE = re.compile(
    r"(?:(?:oh|ah|ach|and|und|ok|so),? )*(?:also|plus|additionally|furthermore|then|besides|außerdem|ausserdem"
    r"|dazu|zusätzlich|ferner|weiterhin"
    r"|noch|and|und|forgot|vergessen)(?: (?:also|auch|noch|there['’]s|we need|needs?|has|with|mit|braucht es"
    r"|kommt|gibt es))*[:,]? (?P<l>\S.{4,600})$",
    re.I,
)


def read_field_statement(text: str, entity: str, statement: str, language: str) -> list[AnyFact]:
    """Return the fields that a sentence says by their full names, of a thing that "=" declares, or of `entity`.

    >>> found = read_field_statement("kite.lost true/false", "", "s", "en")
    >>> [(f.entity, f.name, f.type.value) for f in found if isinstance(f, FieldFact) and f.type]
    [('kite', 'lost', 'boolean')]
    """
    said = text.strip(" .!")
    if not 5 <= len(said) <= _LONGEST or said.endswith("?"):
        return []
    return (
        _dotted(said, statement, language)
        or _of_members(said, statement, language)
        or _equals(said, statement, language)
        or _more(said, entity, statement)
    )


def _dotted(said: str, statement: str, language: str) -> list[AnyFact]:
    marks = [m for m in _DOTTED.finditer(said) if m["f"].lower() not in _NO_FIELDS]
    if not marks or _JOIN.sub("", said[: marks[0].start()]) or "/" in said.partition(" ")[0]:
        return []
    found: list[AnyFact] = []
    told = False
    for n, mark in enumerate(marks):
        owner = owner_name(mark["o"], language)
        rest = _JOIN.sub("", said[mark.end() : marks[n + 1].start() if n + 1 < len(marks) else len(said)])
        field = _field(mark["f"], rest, owner, statement) if owner else None
        if field is None:
            return []
        told = told or field.type is not None or bool(field.values)
        found += [EntityFact(statement=statement, name=owner, plural=mark["o"] if mark["o"] != owner else ""), field]
    return list(dict.fromkeys(found)) if told else []


def _field(name: str, said: str, owner: str, statement: str) -> FieldFact | None:
    """Return a field with what stands behind its name, after any sign or verb; None where that says something else."""
    sign = _SIGN.match(said)
    rest = _REMARK.sub("", said[sign.end() :] if sign else said).strip(" .`")
    rest = re.sub(r"^(?:an?|eine?) ", "", _SEIN.sub("", rest), flags=re.I)
    if re.search(r"->|→|=>|⇒", rest):
        return None  # what becomes of what, or what points where
    if not rest:
        return FieldFact(statement=statement, entity=owner, name=name)
    members = sign is not None and bool(sign["members"]) and value_type(rest) is None
    bare = re.sub(r",? (?:or|oder) ", ", ", rest.strip("(){}[] "))
    line = f"{name}: {bare}" if members else f"{name} ({rest})" if rest.count("(") == rest.count(")") else ""
    listed = read_fields(line, owner, statement).fields if line else ()
    if len(listed) != 1:
        return None
    made = listed[0]
    told = made.type or made.unit or made.required is not None or made.unique or made.references or made.nullable
    bounded = any(b is not None for b in (made.minimum, made.maximum, made.min_length, made.max_length))
    if made.type is ValueType.ENUM and not members and " " in rest and not re.search(r"[|/,({]| or | oder ", rest):
        return None
    return made if told or bounded else None


def _of_members(said: str, statement: str, language: str) -> list[AnyFact]:
    """Read ``Lamp: aspect is red, amber, green``: a field whose members stand behind a verb."""
    found = _MEMBERS.match(said)
    owner = owner_name(found["o"], language) if found else ""
    if found is None or not owner:
        return []
    field = _field(found["f"], f"one of {found['l']}", owner, statement)
    if field is None or len(field.values) < _FEWEST:
        return []
    return [EntityFact(statement=statement, name=owner), field]


def _equals(said: str, statement: str, language: str) -> list[AnyFact]:
    """Read ``Accession = taxon, sealed_on (a date), box_no``."""
    found = _EQUALS.match(said)
    owner = owner_name(found["o"], language) if found else ""
    if found is None or not owner or "," not in found["l"] or "_" in found["o"] or value_type(found["l"]) is not None:
        return []
    return _listed(found["l"], owner, statement, named=True)


def _more(said: str, entity: str, statement: str) -> list[AnyFact]:
    found = _MORE.match(said) if entity else None
    return _listed(found["l"], entity, statement, named=False) if found else []


def _listed(text: str, owner: str, statement: str, *, named: bool) -> list[AnyFact]:
    """Return a list of fields if each of its parts is one, and one of them says more than its name."""
    cells = [re.sub(r"\([^()]*\)", "", cell) for cell in parts(text, ",;")]
    if any(len(cell.split()) > _MOST_WORDS or _VERBS.search(cell) for cell in cells):
        return []
    listed = read_fields(text, owner, statement)
    told = [f for f in listed.fields if f.type or f.values or f.unit or f.required is not None]
    if not told or not listed.certain or (not named and len(told) * 2 < len(listed.fields)):
        return []
    return [EntityFact(statement=statement, name=owner), *listed.fields]


_MOST_WORDS = 8
_VERBS = re.compile(
    r"\b(?:is|are|has|have|can|may|must|should|will|belongs?|needs?|wants?|gets?|ist|sind|hat|haben|kann|darf"
    r"|muss|gehört|wird|we|they|wir)\b",
    re.I,
)
