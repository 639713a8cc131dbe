"""Which foreign keys a migration from one schema to the next ends, and which its way back has to lift for a while.

A foreign key rests on a unique key of the table that it points at, whatever table it is in: one of a table or column
that the new design no longer has is in the database still. So all that end are dropped before any unique key is, and
made again on the way back after all unique keys are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import TypeAlias

from bot.roles.backend_developer.renderers.columns_evolution import retyped
from bot.roles.backend_developer.renderers.shapes import ForeignKey, TableShape

Shapes: TypeAlias = Mapping[str, TableShape]
Ends: TypeAlias = dict[str, tuple[ForeignKey, ...]]
"""Foreign keys by the table that has them."""


def ended(before: Shapes, after: Shapes) -> Ends:
    """Return the foreign keys that do not outlive the step from these tables to those.

    A key ends with a column of another type at either end: what it compared is called otherwise from then on. And it
    ends where another takes its name.
    """
    gone = {name: retyped(before[name], after[name]) for name in before if name in after}
    return _those(
        before,
        lambda table, key: bool(
            set(key.columns) & gone.get(table, set())
            or set(key.target_columns) & gone.get(key.table, set())
            or (table in after and replaced(key, after[table].foreign_keys))
        ),
    )


def lifted(before: Shapes, ends: Ends, dropped: Mapping[str, Set[frozenset[str]]]) -> Ends:
    """Return the foreign keys that outlived the step, but may rest on a unique key that its way back drops.

    `dropped` are the columns of those keys by table. Of two unique keys over the same columns PostgreSQL takes the
    older one for a foreign key, and a way back makes keys again in an order of its own.
    """
    return _those(
        before,
        lambda table, key: (
            key not in ends.get(table, ()) and frozenset(key.target_columns) in dropped.get(key.table, ())
        ),
    )


def replaced(key: ForeignKey, others: tuple[ForeignKey, ...]) -> bool:
    """Whether another key takes this one's place: the same columns' own name, or the same columns within a tenant."""
    return key not in others and any(key.name == other.name for other in others)


def _those(tables: Shapes, wanted: Callable[[str, ForeignKey], bool]) -> Ends:
    found = {name: tuple(key for key in shape.foreign_keys if wanted(name, key)) for name, shape in tables.items()}
    return {name: keys for name, keys in found.items() if keys}
