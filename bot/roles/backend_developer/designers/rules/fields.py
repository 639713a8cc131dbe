"""Fields as said, with a type from their name where none was."""

from __future__ import annotations

import re

from bot.domain.facts import FieldFact, ValueType
from bot.reading.names import latin, words
from bot.roles.backend_developer.blueprint import EntityField, FieldType
from bot.roles.backend_developer.blueprint.defaults import fits
from bot.roles.backend_developer.checks.names import is_personal
from bot.roles.backend_developer.designers.rules.citations import Citations
from bot.roles.backend_developer.designers.rules.identifiers import column, key_of, member
from bot.roles.backend_developer.designers.rules.name_types import type_by_name

_PROSE = frozenset({"prose", "inline"})
_LATER = re.compile(r"(?:ed|ing)_?at$|^(?:deleted|ended|closed|expires|expired|finished|completed)", re.IGNORECASE)
_SENSITIVE = frozenset(
    {
        "email",
        "phone",
        "mobile",
        "address",
        "birthday",
        "dob",
        "birth",
        "ssn",
        "iban",
        "password",
        "secret",
        "token",
        "passport",
        "firstname",
        "lastname",
        "surname",
        "telefon",
        "adresse",
        "geburtsdatum",
        "salary",
    }
)
_SECRET = frozenset({"password", "secret", "token", "passwort", "pin"})


def entity_field(fact: FieldFact, cites: Citations, notation: str) -> EntityField:
    """Return a field of an entity: everything that was said of it, and no more."""
    return value_field(
        fact, cites.of("field", key_of(fact.entity), key_of(fact.name), also=(fact.statement,)), notation
    )


def value_field(fact: FieldFact, cites: tuple[str, ...], notation: str) -> EntityField:
    """Return a field of anything: an entity, a link, a request."""
    name = column(fact.name)
    kind = _type(fact)
    values = tuple(dict.fromkeys(member(v, verbatim=notation not in _PROSE) for v in fact.values if v.strip()))
    if kind is FieldType.ENUM and not values:
        kind = FieldType.STRING
    if values and kind in (FieldType.STRING, FieldType.TEXT):
        kind = FieldType.ENUM
    default = _default(fact, kind, values)
    said = set(words(latin(fact.name)))
    text = kind in (FieldType.STRING, FieldType.TEXT, FieldType.EMAIL, FieldType.URL)
    return EntityField(
        name=name,
        type=kind,
        label=fact.name[:120] if name != fact.name else "",
        required=_required(fact, name, default),
        nullable=fact.nullable,
        values=values if kind is FieldType.ENUM else (),
        items=_item(fact),
        unique=bool(fact.unique),
        sensitive=bool(fact.sensitive) or bool(said & _SENSITIVE) or is_personal(name),
        read_only=bool(fact.read_only) and not fact.write_only,
        write_only=bool(fact.write_only) or bool(said & _SECRET and "hash" not in said and text),
        immutable=bool(fact.immutable),
        default=default,
        minimum=fact.minimum if not text else None,
        maximum=fact.maximum if not text else None,
        min_length=fact.min_length or 0 if text else 0,
        max_length=fact.max_length or 0 if text else 0,
        pattern=_pattern(fact.pattern) if text else "",
        unit=fact.unit[:40],
        description=fact.description[:600],
        cites=cites,
    )


def _type(fact: FieldFact) -> FieldType:
    if fact.values and fact.type in (None, ValueType.STRING, ValueType.TEXT, ValueType.ENUM):
        return FieldType.ENUM
    if fact.type is not None:
        return FieldType(fact.type.value)
    return type_by_name(fact)


def _item(fact: FieldFact) -> FieldType:
    if fact.items is None or fact.items in (ValueType.ARRAY, ValueType.ENUM):
        return FieldType.STRING
    return FieldType(fact.items.value)


def _required(fact: FieldFact, name: str, default: str | None) -> bool:
    if fact.required is not None:
        return fact.required
    if fact.nullable is not None:
        return not fact.nullable
    return default is None and not _LATER.search(name)


_TRUTH = {
    **dict.fromkeys(("yes", "y", "on", "1", "ja", "t"), "true"),
    **dict.fromkeys(("no", "n", "off", "0", "nein", "f"), "false"),
}


def _default(fact: FieldFact, kind: FieldType, values: tuple[str, ...]) -> str | None:
    said = fact.default
    if said is None or len(said) > 300:
        return None
    bare = said.strip().strip("'\"")
    if kind is FieldType.ENUM:
        return next((value for value in values if value.lower() == bare.lower()), None)
    if kind is FieldType.BOOLEAN:
        bare = _TRUTH.get(bare.lower(), bare.lower())
    return bare if fits(kind.value, bare, values) else None


def _pattern(said: str) -> str:
    try:
        re.compile(said)
    except (re.error, RecursionError, OverflowError):
        return ""
    return said[:300] if len(said) <= 300 else ""
