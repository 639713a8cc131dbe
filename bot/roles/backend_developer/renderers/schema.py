"""A design's schema as a value, and what stands in a database that several designs led to.

A migration drops nothing that holds rows, so a database has more than its newest design: what a later design names
again is there already. `laid` says what is, so that the next migration begins there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

from sqlalchemy import MetaData

from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.columns_evolution import kept_name, retyped
from bot.roles.backend_developer.renderers.migrations import build_table, metadata, objects
from bot.roles.backend_developer.renderers.names import identifier, quoted
from bot.roles.backend_developer.renderers.references_evolution import ended
from bot.roles.backend_developer.renderers.shapes import Column, ForeignKey, Key, TableShape
from bot.roles.backend_developer.renderers.sql_objects import SqlObject
from bot.roles.backend_developer.renderers.support_tables import SupportTable, support_tables
from bot.roles.backend_developer.renderers.tables import tables


@dataclass(frozen=True, slots=True)
class Schema:
    """Tables by name, what stands beside their columns, and the tables that no entity asked for.

    `stand_ins` are the columns of each table's unique keys that stand in for the primary key of a later design.
    """

    tables: dict[str, TableShape]
    beside: dict[str, tuple[SqlObject, ...]]
    support: dict[str, SupportTable]
    catalogue: MetaData
    stand_ins: dict[str, frozenset[tuple[str, ...]]]

    @classmethod
    def of(cls, blueprint: Blueprint) -> Schema:
        """Return the schema that a blueprint makes in an empty database."""
        return cls(
            {shape.name: shape for shape in tables(blueprint)},
            objects(blueprint),
            {support.name: support for support in support_tables(blueprint)},
            metadata(blueprint),
            {},
        )

    def lacks_key(self, new: TableShape) -> bool:
        """Whether the primary key of a table's new design needs a unique key that stands in for it."""
        old = self.tables[new.name]
        gone = retyped(old, new)
        moved = old.primary_key != new.primary_key or bool(set(old.primary_key) & gone)
        return moved and new.primary_key not in self.stand_ins_without(new.name, gone)

    def stand_ins_without(self, table: str, columns: set[str]) -> frozenset[tuple[str, ...]]:
        """Return the stand-ins of a table that rest on none of these columns."""
        return frozenset(key for key in self.stand_ins.get(table, ()) if not set(key) & columns)


def laid(designs: Sequence[Blueprint]) -> Schema:
    """Return what a database holds that these designs, at least one, were migrated through in turn."""
    return reduce(_after, map(Schema.of, designs))


def names_column(one: SqlObject, columns: set[str]) -> bool:
    """Whether the object may rest on one of these columns: then it is made anew on the column that takes its place."""
    return bool(one.drop) and any(quoted(column) in one.create for column in columns)


def displaced(old: TableShape, new: TableShape) -> list[Key]:
    """Return the indexes of the old table whose name the new one has for other columns: ``user_id``, ``user, id``.

    An index holds no rows, so it may go at once.
    """
    made = {identifier("ix", new.name, *key.columns) for key in new.keys if not key.unique and key not in old.keys}
    gone = retyped(old, new)
    return [
        key
        for key in old.keys
        if not key.unique and key not in new.keys and not set(key.columns) & gone
        and identifier("ix", old.name, *key.columns) in made
    ]  # fmt: skip


def _after(before: Schema, after: Schema) -> Schema:
    ends = ended(before.tables, after.tables)
    stays = {name: _without(shape, ends.get(name, ())) for name, shape in before.tables.items()}
    shapes = {name: shape for name, shape in stays.items() if name not in after.tables}
    beside = {name: before.beside[name] for name in shapes}
    stand_ins = dict(before.stand_ins)
    for name, shape in after.tables.items():
        old = stays.get(name)
        shapes[name] = shape if old is None else _grown(old, shape)
        beside[name] = after.beside[name]
        if old is not None:
            made = {one.name for one in after.beside[name]}
            gone = retyped(old, shape)
            made_now = {shape.primary_key} if before.lacks_key(shape) else set()
            stand_ins[name] = before.stand_ins_without(name, gone) | made_now
            beside[name] += tuple(
                one for one in before.beside[name]
                if one.kind == "index" and one.name not in made and not names_column(one, gone)
            )  # fmt: skip
    catalogue = MetaData()
    for name, shape in shapes.items():
        build_table(catalogue, shape, beside[name])
    return Schema(shapes, beside, {**before.support, **after.support}, catalogue, stand_ins)


def _without(shape: TableShape, ends: tuple[ForeignKey, ...]) -> TableShape:
    return replace(shape, foreign_keys=tuple(key for key in shape.foreign_keys if key not in ends), by_name={})


def _grown(old: TableShape, new: TableShape) -> TableShape:
    """Return the new table with what stays of the old one, whose foreign keys are those that outlive the step.

    The primary key is the one that the table was made with: rows are known by it, and its columns are never empty.
    """
    gone = retyped(old, new)
    primary = tuple(kept_name(old, new, name) if name in gone else name for name in old.primary_key)
    stays: list[Column] = []
    for column in old.columns:
        if column.name in gone:
            stays.append(replace(column, name=kept_name(old, new, column.name), required=False, identity=""))
        elif column.name not in new.by_name:
            stays.append(replace(column, required=False))
    taken = displaced(old, new)
    return replace(
        new,
        columns=tuple(replace(c, required=True) if c.name in primary else c for c in (*new.columns, *stays)),
        primary_key=primary,
        keys=(
            *new.keys,
            *(k for k in old.keys
              if k not in new.keys and not k.live and not set(k.columns) & gone and k not in taken),
        ),
        foreign_keys=(*new.foreign_keys, *(k for k in old.foreign_keys if k not in new.foreign_keys)),
        by_name={},
    )  # fmt: skip
