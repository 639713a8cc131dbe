"""How frozen values become rows and rows values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Table

from bot.domain.inputs import Contradiction, Missing, Objective, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a context review says beside its documents and uploads, which have rows of their own."""

    refused: tuple[Refusal, ...] = ()
    missing: tuple[Missing, ...] = ()
    objectives: tuple[Objective, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()


def shallow(value: Any, table: Table) -> dict[str, Any]:
    """Return the fields of a frozen value that `table` has columns for; nested values stay whole."""
    kind: Any = type(value)
    names, get = _getter(kind, table)
    return dict(zip(names, get(value), strict=True))


def select_of(kind: Any, table: Table) -> list[Any]:
    """Return the columns of `table` that the frozen type `kind` is built from, in no order that matters."""
    return [table.c[name] for name in _shared(kind, table)]


def grouped(rows: Iterable[Any], key: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows as mappings without the column `key`, by its value, keeping their order."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        values = dict(row)
        groups.setdefault(values.pop(key), []).append(values)
    return groups


@cache
def _getter(kind: Any, table: Table) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = _shared(kind, table)
    return names, attrgetter(*names)


@cache
def _shared(kind: Any, table: Table) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name in table.c)
