"""The forms of what the tests try."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Key:
    """Columns that point at another entity's."""

    entity: str
    columns: tuple[str, ...]
    target: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """An entity: `stored` and `sent` are values that fit, `missing` are columns for which nobody can make any up.

    `free` are columns whose values may differ from row to row, and how long they may be; `counted` and `days` are
    numbers, with their least and greatest, and moments of which no two rows may have the same.
    """

    name: str
    module: str
    model: str
    create_model: str
    update_model: str
    table: str
    key: tuple[str, ...]
    tenant: str
    owner: str
    stored: dict[str, str]
    sent: dict[str, Any]
    changes: dict[str, Any]
    writable: tuple[str, ...]
    missing: tuple[str, ...]
    free: dict[str, int]
    counted: dict[str, tuple[int, int]]
    days: tuple[str, ...]
    codes: bool
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """An operation: `generic` ones are rendered in full, the others are the team's to write."""

    method: str
    path: str
    operation: str
    kind: str
    access: str
    roles: tuple[str, ...]
    own: tuple[str, ...]
    ways: tuple[str, ...]
    entity: str
    parameters: tuple[tuple[str, str, str], ...]
    generic: bool
    own_body: bool
    keyed: bool
    moves: tuple[tuple[str, tuple[str, ...], str, tuple[str, ...]], ...]
    many: bool
    notes: dict[str, str] = field(default_factory=dict)
