"""The database: PostgreSQL migrations from a blueprint, compiled by SQLAlchemy.

Each file is meant to run in one transaction (``psql --single-transaction``; ``squawk --assume-in-transaction``), and
has a ``.down.sql`` beside it that takes it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKeyConstraint,
    Identity,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateTable, SchemaItem
from sqlalchemy.sql.ddl import sort_tables_and_constraints

from bot.roles.backend_developer.blueprint import Blueprint, FieldType, OnDelete
from bot.roles.backend_developer.renderers import shapes
from bot.roles.backend_developer.renderers.names import DIALECT, identifier, literal, quoted, remark
from bot.roles.backend_developer.renderers.policies import policies
from bot.roles.backend_developer.renderers.remembered import remembered
from bot.roles.backend_developer.renderers.sql_objects import EXTENSION, SqlObject, code_rows, constraints, indexes
from bot.roles.backend_developer.renderers.support_tables import history_name, support_tables
from bot.roles.backend_developer.renderers.tables import tables
from bot.roles.backend_developer.renderers.triggers import TOUCH, triggers
from bot.roles.backend_developer.renderers.values import checks, default_of, sql_type

_Sorted: TypeAlias = list[tuple[Table | None, Sequence[ForeignKeyConstraint]]]

HEADER = "-- {title}\n-- Runs in one transaction: psql --single-transaction --file <this file>\n"
# A migration that waits for a lock makes every later query wait behind it; better to fail and be tried again.
TIMEOUTS = "SET lock_timeout = '5s';\nSET statement_timeout = '60s';\n"
_ON_DELETE = {OnDelete.RESTRICT: "RESTRICT", OnDelete.CASCADE: "CASCADE", OnDelete.SET_NULL: "SET NULL"}
_LISTS = frozenset({FieldType.JSON, FieldType.OBJECT, FieldType.ARRAY})


def create(blueprint: Blueprint) -> str:
    """Return the migration that makes the blueprint's whole schema in an empty database."""
    drawn = tables(blueprint)
    beside = objects(blueprint)
    catalogue = metadata(blueprint)
    ordered = _sorted_tables(catalogue)
    parts = [HEADER.format(title="Creates the schema."), TIMEOUTS]
    parts += [EXTENSION] if needs_extension(beside) else []
    parts.append(TOUCH)
    for table, keys in ordered:
        if table is not None:
            parts.append(sql(CreateTable(table, include_foreign_key_constraints=keys)))
    # Triggers of audited tables call a function of theirs.
    parts += [support.create for support in support_tables(blueprint)]
    parts += [key_added(key) for key in _late_keys(ordered)]
    parts += [after_table(shape, catalogue.tables[shape.name], beside[shape.name]) for shape in drawn]
    parts += _unsaid(blueprint)
    return "\n".join(part for part in parts if part)


def drop(blueprint: Blueprint) -> str:
    """Return the migration that takes `create` back."""
    catalogue = metadata(blueprint)
    parts = [HEADER.format(title="Takes 0001_initial.sql back. Destroys every row: take a backup first."), TIMEOUTS]
    ordered = _sorted_tables(catalogue)
    for key in _late_keys(ordered):
        parts.append(f"ALTER TABLE {quoted(key.table.name)} DROP CONSTRAINT IF EXISTS {quoted(str(key.name))};")
    names = [table.name for table, _keys in reversed(ordered) if table is not None]
    parts += [f"DROP TABLE IF EXISTS {quoted(name)};" for name in names]
    parts += [one.after.rstrip() for found in objects(blueprint).values() for one in found if one.after]
    parts += [support.drop.rstrip() for support in support_tables(blueprint)]
    parts.append("DROP FUNCTION IF EXISTS set_updated_at();")
    return "\n".join(parts) + "\n"


@remembered
def objects(blueprint: Blueprint) -> dict[str, tuple[SqlObject, ...]]:
    """Return what stands beside the columns of each table, in the order in which it is made."""
    entities = {entity.name: entity for entity in blueprint.entities}
    searched: dict[str, list[tuple[str, ...]]] = {}
    for op in blueprint.operations:
        if op.search and op.entity:
            searched.setdefault(op.entity, []).append(op.search)
    history = history_name(blueprint)
    found: dict[str, tuple[SqlObject, ...]] = {}
    for shape in tables(blueprint):
        words = tuple(searched.get(shape.entity, ())) if shape.entity else ()
        made = (
            *constraints(shape),
            *indexes(shape, entities.get(shape.entity), words),
            *code_rows(shape, blueprint),
            *triggers(shape, blueprint, history),
            *policies(shape, blueprint),
        )
        found[shape.name] = tuple({one.name: one for one in reversed(made)}.values())[::-1]
    return found


def needs_extension(beside: dict[str, tuple[SqlObject, ...]]) -> bool:
    """Whether a table has an exclusion, which compares plain values beside ranges."""
    return any(one.kind == "exclude" for found in beside.values() for one in found)


@remembered
def metadata(blueprint: Blueprint) -> MetaData:
    """Return the blueprint's tables as SQLAlchemy's."""
    found = MetaData()
    beside = objects(blueprint)
    for shape in tables(blueprint):
        build_table(found, shape, beside[shape.name])
    return found


def build_table(into: MetaData, shape: shapes.TableShape, beside: Sequence[SqlObject] = ()) -> Table:
    """Add one table with its constraints and indexes to the metadata, and return it."""
    items: list[SchemaItem] = [build_column(column) for column in shape.columns]
    items.append(PrimaryKeyConstraint(*shape.primary_key, name=identifier("pk", shape.name)))
    items += [foreign_key(key) for key in shape.foreign_keys]
    for column in shape.columns:
        items += [check(rule, name) for name, rule in checks(shape.name, column)]
    items += [check(one.condition, one.name) for one in beside if one.kind == "check"]
    for key in shape.keys:
        if key.unique and not key.live:
            items.append(UniqueConstraint(*key.columns, name=identifier("uq", shape.name, *key.columns)))
    table = Table(shape.name, into, *items)
    for key in shape.keys:
        if not key.unique:
            build_index(table, shape, key)
    return table


def check(rule: str, name: str) -> CheckConstraint:
    """Return a check of this very text: colons in it are no parameters."""
    return CheckConstraint(literal_column(rule), name=name)


def build_column(column: shapes.Column) -> Column[Any]:
    """Return SQLAlchemy's form of a column."""
    if column.identity == "bigint":
        return Column(column.name, sql_type(column), Identity(always=False), nullable=False)
    said = default_of(column)
    default: ColumnElement[Any] | None = literal_column(said) if said else None
    return Column(column.name, sql_type(column), nullable=not column.required, server_default=default)


def build_index(table: Table, shape: shapes.TableShape, key: shapes.Key) -> Index:
    """Return an index of the table; over a single JSON or array column a GIN index: a B-tree cannot look inside."""
    name = identifier("ix", shape.name, *key.columns)
    own = [table.c[column] for column in key.columns]
    kinds = {shape.by_name[name].type for name in key.columns}
    if len(key.columns) == 1 and kinds <= _LISTS:
        return Index(name, *own, postgresql_using="gin")
    if FieldType.POINT in kinds:
        return Index(name, *(c for c in own if shape.by_name[c.name].type is FieldType.POINT), postgresql_using="gist")
    return Index(name, *own)


def foreign_key(key: shapes.ForeignKey) -> ForeignKeyConstraint:
    """Return the constraint of columns that point at an entity."""
    action = _ON_DELETE[key.on_delete]
    if key.on_delete is OnDelete.SET_NULL and key.cleared:
        action += f" ({', '.join(quoted(name) for name in key.cleared)})"
    return ForeignKeyConstraint(
        list(key.columns), [f"{key.table}.{name}" for name in key.target_columns], name=key.name, ondelete=action
    )


def after_table(shape: shapes.TableShape, table: Table, beside: Sequence[SqlObject]) -> str:
    """Return what follows once a table exists: indexes, comments, exclusions, triggers, row level security."""
    parts = [sql(CreateIndex(index)) for index in sorted(table.indexes, key=lambda index: str(index.name))]
    if shape.description:
        parts.append(f"COMMENT ON TABLE {quoted(shape.name)} IS {literal(shape.description)};\n")
    for column in shape.columns:
        if column.label or column.unit:
            words = " ".join(part for part in (column.label, f"({column.unit})" if column.unit else "") if part)
            place = f"{quoted(shape.name)}.{quoted(column.name)}"
            parts.append(f"COMMENT ON COLUMN {place} IS {literal(words)};\n")
    parts += [one.create for one in beside if one.kind != "check"]
    return "".join(parts)


def sql(statement: AddConstraint | CreateIndex | CreateTable) -> str:
    """Return a statement as PostgreSQL's SQL, ended."""
    lines = str(statement.compile(dialect=DIALECT)).replace("\t", "    ").strip().splitlines()
    return "\n".join(line.rstrip() for line in lines) + ";\n"


def _unsaid(blueprint: Blueprint) -> list[str]:
    assumed = [entity.plural for entity in blueprint.entities if entity.assumed]
    return [remark(f"Assumed, as nobody named them: {', '.join(assumed)}")] if assumed else []


def _sorted_tables(catalogue: MetaData) -> _Sorted:
    """Return (table, keys to make with it) in an order that works, and last (None, keys to make afterwards)."""
    return list(sort_tables_and_constraints(catalogue.tables.values()))  # type: ignore[no-untyped-call]


def key_added(key: ForeignKeyConstraint) -> str:
    """Return the statement that adds a foreign key to a table that is there.

    The catalogue is shared by all that is rendered of a design; by itself SQLAlchemy takes a key that was added out of
    every CREATE TABLE to come.
    """
    return sql(AddConstraint(key, isolate_from_table=False))


def _late_keys(ordered: _Sorted) -> list[ForeignKeyConstraint]:
    """Return the keys of tables that point at each other: they can only be made once both exist."""
    return sorted((key for table, keys in ordered if table is None for key in keys), key=lambda key: str(key.name))
