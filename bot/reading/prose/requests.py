"""Requests in the imperative, as reviewers write them: add this, drop that, make it optional. English and German."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot.domain.facts import AnyFact, EntityFact, FieldFact, RoleFact, Stance
from bot.reading.fields import read_fields

_LONGEST = 400
_NAME = r"[\"'`“”]?([^\W\d][\w-]*(?: [\w-]+){0,3}?)[\"'`“”]?"
_ADD = (
    r"^(?:please |bitte |also |and |und |just )*(?:add|introduce|include|create|we(?: also| still)? need|"
    r"it(?: also)? needs|there should be|(?:es )?fehlt|ergänzt?|wir brauchen(?: noch)?|füge?)\s+"
    r"(?:an?|the|another|one more|eine?n?|die|den|das|noch)?\s*"
    r"(?:new |further |additional |neue[nrs]? |weitere[nrs]? )?"
)
_DROP = (
    r"^(?:please |bitte |also |and |und )*(?:remove|drop|delete|get rid of|leave out|entfernt?|streicht?|lasst)\s+"
    r"(?:an?|the|die|den|das)?\s*"
)
_ENTITY = r"(?:entity|entities|table|model|resource|thing|entität|tabelle|ressource)"
_FIELD = r"(?:field|attribute|column|property|feld|spalte|attribut)"
_TO = r"(?:to|on|in|for|of|from|zu|zur|zum|beim?|für|von|aus|an)(?: the| an?| each| every| der| dem| die)?"
_END = r"(?: (?:hinzu|weg|bitte|please|too|as well))?[\s.!]*$"

_ADD_ENTITY = re.compile(
    rf"{_ADD}{_ENTITY}\s+(?:called |named |for |namens )?{_NAME}"
    rf"(?:\s*(?:\bwith\b|\bmit\b|:|\(|\bhaving\b)\s*(.+?)\)?)?{_END}",
    re.I,
)
_ADD_FIELD = re.compile(
    rf"{_ADD}(?:(?:optional|required|unique) )?{_FIELD}s?\s+(?:called |named |for |namens )?(.+?)\s+{_TO}\s+"
    rf"{_NAME}{_END}",
    re.I,
)
_ADD_ROLE = re.compile(rf"{_ADD}(?:(?:role|rolle)\s+{_NAME}|{_NAME}\s*-?(?:role|rolle)){_END}", re.I)
_DROP_FIELD = re.compile(rf"{_DROP}{_FIELD}\s+{_NAME}\s+{_TO}\s+{_NAME}{_END}", re.I)
_DROP_ENTITY = re.compile(rf"{_DROP}{_ENTITY}\s+{_NAME}{_END}", re.I)
_MAKE = re.compile(
    rf"^(?:please |bitte |also )*(?:make|mach[et]?|set)\s+(?:the )?(?:{_FIELD} )?([\w-]+)(?:\s+{_TO}\s+{_NAME})?\s+"
    r"(optional|required|mandatory|unique|nullable|read[- ]only|pflicht|eindeutig)[\s.!]*$",
    re.I,
)
_MAKE_DOTTED = re.compile(
    r"^(?:please |bitte |also )*(?:make\s+)?([\w-]+)\.([\w-]+)\s+(?:(?:must|should) be |is |ist |muss )?"
    r"(optional|required|mandatory|unique|nullable|read[- ]only|pflicht|eindeutig)(?: sein)?[\s.!]*$",
    re.I,
)
_FLAGS: Final[dict[str, Callable[[FieldFact], FieldFact]]] = {
    "optional": lambda f: replace(f, required=False),
    "nullable": lambda f: replace(f, nullable=True),
    "required": lambda f: replace(f, required=True),
    "mandatory": lambda f: replace(f, required=True),
    "pflicht": lambda f: replace(f, required=True),
    "unique": lambda f: replace(f, unique=True),
    "eindeutig": lambda f: replace(f, unique=True),
    "read-only": lambda f: replace(f, read_only=True),
    "read only": lambda f: replace(f, read_only=True),
}


def read_request(text: str, statement: str, entity: str = "") -> list[AnyFact]:
    """Return what a sentence in the imperative asks for; nothing if it is none. `entity` is what was spoken of."""
    bare = " ".join(text.split()).strip()
    if not bare or len(bare) > _LONGEST:
        return []
    for pattern, make in _PATTERNS:
        if found := pattern.match(bare):
            return make(found, statement, entity)
    return []


def _entity(found: re.Match[str], statement: str, _entity: str) -> list[AnyFact]:
    name, said = found[1], found[2]
    if said and said.count("(") > said.count(")"):
        said = f"{said})"
    fields = read_fields(_bare(said), name, statement).fields if said else ()
    return [EntityFact(statement=statement, name=name), *fields]


def _field(found: re.Match[str], statement: str, _entity: str) -> list[AnyFact]:
    fields = read_fields(_bare(found[1]), found[2], statement, bullet=True).fields
    flag = next(
        (word for word in ("optional", "required", "unique") if re.search(rf"\b{word} {_FIELD}", found[0], re.I)), ""
    )
    return [_FLAGS[flag](f) if flag else f for f in fields]


def _role(found: re.Match[str], statement: str, _entity: str) -> list[AnyFact]:
    return [RoleFact(statement=statement, name=(found[1] or found[2]).strip())]


def _no_field(found: re.Match[str], statement: str, _entity: str) -> list[AnyFact]:
    return [FieldFact(statement=statement, entity=found[2], name=found[1], stance=Stance.DENIED)]


def _no_entity(found: re.Match[str], statement: str, _entity: str) -> list[AnyFact]:
    return [EntityFact(statement=statement, name=found[1], stance=Stance.DENIED)]


def _flag(found: re.Match[str], statement: str, entity: str) -> list[AnyFact]:
    owner = found[2] or entity
    if not owner:
        return []
    return [_FLAGS[found[3].lower()](FieldFact(statement=statement, entity=owner, name=found[1]))]


def _dotted(found: re.Match[str], statement: str, _entity: str) -> list[AnyFact]:
    return [_FLAGS[found[3].lower()](FieldFact(statement=statement, entity=found[1], name=found[2]))]


def _bare(said: str) -> str:
    """Return a list of fields without the articles before them: ``a colour and an optional size``."""
    return re.sub(
        r"(?:(?<=^)|(?<=, )|(?<= and )|(?<= und ))(?:an?|the|eine?n?|die|der|das)\s+(?=\w)", "", said, flags=re.I
    )


_PATTERNS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str, str], list[AnyFact]]], ...]] = (
    (_ADD_ENTITY, _entity),
    (_ADD_FIELD, _field),
    (_ADD_ROLE, _role),
    (_DROP_FIELD, _no_field),
    (_DROP_ENTITY, _no_entity),
    (_MAKE_DOTTED, _dotted),
    (_MAKE, _flag),
)
