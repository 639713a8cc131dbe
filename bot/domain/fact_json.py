"""Facts as JSON: what a model is shown of them and answers with, and how they are kept with a brief.

Its `fact` is the name of its type in words (``field``, ``sign_in``), as some facts have a `kind` of their own; parts
that say nothing are left out.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final

from pydantic import PlainSerializer, PlainValidator, TypeAdapter, ValidationError

from bot.domain.facts import AmendmentFact, AnyFact, FieldFact

_UNTOLD: Final = ("statement", "by_model")
_NESTED: Final = frozenset({"fields", "parameters", "body", "result"})
"""Parts that are fields themselves."""

KINDS: Final[Mapping[str, type[Any]]] = {
    re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__.removesuffix("Fact")).lower(): kind
    for kind in typing.get_args(AnyFact)
    if kind is not AmendmentFact
}
"""Every kind of fact that is kept, by its name in JSON: amendments are worked in before anything is."""

_NAMES: Final = {kind: name for name, kind in KINDS.items()}


def fact_to_json(fact: AnyFact) -> dict[str, Any]:
    """Return a fact without its statement: its type, and all parts that say something."""
    return {"fact": _NAMES[type(fact)], **_parts(fact)}


def _parts(fact: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in fields(fact):
        value = getattr(fact, part.name)
        if part.name in _UNTOLD or (part.default is not MISSING and value == part.default) or value in (None, "", ()):
            continue
        found[part.name] = _value(value)
    return found


def _value(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_parts(item) if isinstance(item, FieldFact) else _value(item) for item in value]
    return value


def fact_from_json(value: Mapping[str, Any], *, statement: str, by_model: bool = False) -> AnyFact:
    """Return the fact of a statement that JSON says. Raises ValueError for a kind, part or value that there is not."""
    given = {key: item for key, item in value.items() if key not in ("fact", *_UNTOLD)}
    kind = KINDS.get(str(value.get("fact")))
    if kind is None:
        raise ValueError(f"there is no fact “{str(value.get('fact'))[:40]}”")
    known = {part.name for part in fields(kind)}
    if unknown := sorted(set(given) - known):
        raise ValueError(f"a fact {_NAMES[kind]} has no {unknown[0][:40]}")
    filled = _filled(given, statement, by_model=by_model)
    try:
        made: AnyFact = _adapter(_NAMES[kind]).validate_python(filled)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    return made


def _filled(given: Mapping[str, Any], statement: str, *, by_model: bool) -> dict[str, Any]:
    """Add to a fact and to the fields in it what JSON leaves out."""
    found: dict[str, Any] = {"statement": statement, "by_model": by_model}
    for key, item in given.items():
        if key in _NESTED and isinstance(item, list):
            inner = [part for part in item if isinstance(part, Mapping)]
            found[key] = [{"entity": "", **_filled(part, statement, by_model=by_model)} for part in inner]
        else:
            found[key] = item
    return found


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(KINDS[name])


def _read(value: Any) -> tuple[AnyFact, ...]:
    """Read facts that were written with their statement and whether a model read them."""
    if not isinstance(value, list | tuple):
        raise ValueError("facts are a list")
    return tuple(
        fact_from_json(item, statement=str(item.get("statement", "")), by_model=bool(item.get("by_model")))
        if isinstance(item, Mapping)
        else item
        for item in value
    )


def _written(facts: tuple[AnyFact, ...]) -> list[dict[str, Any]]:
    return [{"statement": fact.statement, "by_model": fact.by_model, **fact_to_json(fact)} for fact in facts]


Facts = Annotated[tuple[AnyFact, ...], PlainValidator(_read), PlainSerializer(_written)]
"""A field that holds facts of any kind; written with their kinds, and read by them."""
