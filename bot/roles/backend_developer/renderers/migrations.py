"""The database: PostgreSQL migrations from a blueprint, compiled by SQLAlchemy.

Each file is meant to run in one transaction (``psql --single-transaction``; ``squawk --assume-in-transaction``), and
has a ``.down.sql`` beside it that takes it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateTable, SchemaItem
from sqlalchemy.sql.ddl import sort_tables_and_constraints
from sqlalchemy.types import TypeEngine

from bot.roles.backend_developer.blueprint import Blueprint, FieldType, OnDelete
from bot.roles.backend_developer.renderers import tables as shapes
from bot.roles.backend_developer.renderers.openapi.schemas import LENGTHS, MAX_BINARY
from bot.roles.backend_developer.renderers.tables import identifier

# The plain dialect: a driver's own would double percent signs for its parameters.
_DIALECT = PGDialect(paramstyle="named")  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped

_Sorted: TypeAlias = list[tuple[Table | None, Sequence[ForeignKeyConstraint]]]

HEADER = "-- {title}\n-- Runs in one transaction: psql --single-transaction --file <this file>\n"
# A migration that waits for a lock makes every later query wait behind it; better to fail and be tried again.
TIMEOUTS = "SET lock_timeout = '5s';\nSET statement_timeout = '60s';\n"
_TOUCH = """CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END
$$;
"""
_TYPES: dict[FieldType, TypeEngine[Any]] = {
    FieldType.UUID: postgresql.UUID(),
    FieldType.STRING: Text(),
    FieldType.TEXT: Text(),
    FieldType.INTEGER: BigInteger(),
    FieldType.DECIMAL: Numeric(19, 4),
    FieldType.MONEY: Numeric(19, 4),
    FieldType.BOOLEAN: Boolean(),
    FieldType.DATE: Date(),
    FieldType.TIMESTAMP: DateTime(timezone=True),
    FieldType.JSON: postgresql.JSONB(),
    FieldType.EMAIL: Text(),
    FieldType.URL: Text(),
    FieldType.ENUM: Text(),
    FieldType.BINARY: LargeBinary(),
}
_ON_DELETE = {OnDelete.RESTRICT: "RESTRICT", OnDelete.CASCADE: "CASCADE", OnDelete.SET_NULL: "SET NULL"}


def create(plan: Blueprint) -> str:
    """Return the migration that makes the blueprint's whole schema in an empty database."""
    catalogue = metadata(plan)
    ordered = _sorted_tables(catalogue)
    parts = [HEADER.format(title="Creates the schema."), TIMEOUTS, _TOUCH]
    for table, keys in ordered:
        if table is not None:
            parts.append(sql(CreateTable(table, include_foreign_key_constraints=keys)))
    parts += [sql(AddConstraint(key)) for key in _late_keys(ordered)]
    for shape in shapes.tables(plan):
        table = catalogue.tables[shape.name]
        parts.append(after_table(shape, table))
    return "\n".join(part for part in parts if part)


def drop(plan: Blueprint) -> str:
    """Return the migration that takes `create` back."""
    catalogue = metadata(plan)
    parts = [HEADER.format(title="Takes 0001_initial.sql back. Destroys every row: take a backup first."), TIMEOUTS]
    ordered = _sorted_tables(catalogue)
    for key in _late_keys(ordered):
        parts.append(f"ALTER TABLE {quoted(key.table.name)} DROP CONSTRAINT IF EXISTS {quoted(str(key.name))};")
    names = [table.name for table, _keys in reversed(ordered) if table is not None]
    parts += [f"DROP TABLE IF EXISTS {quoted(name)};" for name in names]
    parts.append("DROP FUNCTION IF EXISTS set_updated_at();")
    return "\n".join(parts) + "\n"


def metadata(plan: Blueprint) -> MetaData:
    """Return the blueprint's tables as SQLAlchemy's."""
    found = MetaData()
    table_names = {entity.name: entity.plural for entity in plan.entities}
    for shape in shapes.tables(plan):
        build_table(found, shape, table_names)
    return found


def build_table(into: MetaData, shape: shapes.TableShape, table_names: dict[str, str]) -> Table:
    """Add one table with its constraints and indexes to the metadata, and return it."""
    items: list[SchemaItem] = [build_column(column) for column in shape.columns]
    items.append(PrimaryKeyConstraint(*shape.primary_key, name=identifier("pk", shape.name)))
    for column in shape.columns:
        if column.references:
            items.append(foreign_key(shape.name, column, table_names))
        items += [CheckConstraint(rule, name=name) for name, rule in checks(shape.name, column)]
    for key in shape.keys:
        if key.unique:
            items.append(UniqueConstraint(*key.columns, name=identifier("uq", shape.name, *key.columns)))
    table = Table(shape.name, into, *items)
    for key in shape.keys:
        if not key.unique:
            build_index(table, shape, key)
    return table


def build_column(column: shapes.Column) -> Column[Any]:
    """Return SQLAlchemy's form of a column."""
    default = None
    if column.name == "id":
        default = text("gen_random_uuid()")
    elif column.name in ("created_at", "updated_at"):
        default = text("now()")
    return Column(column.name, _TYPES[column.type], nullable=not column.required, server_default=default)


def type_name(column: shapes.Column) -> str:
    """Return PostgreSQL's name of a column's type."""
    return _TYPES[column.type].compile(dialect=_DIALECT)


def build_index(table: Table, shape: shapes.TableShape, key: shapes.Key) -> Index:
    """Return an index of the table; one over a single JSON column is a GIN index, as a B-tree cannot look inside."""
    name = identifier("ix", shape.name, *key.columns)
    own = [table.c[column] for column in key.columns]
    if len(key.columns) == 1 and shape.by_name[key.columns[0]].type is FieldType.JSON:
        return Index(name, *own, postgresql_using="gin")
    return Index(name, *own)


def foreign_key(table: str, column: shapes.Column, table_names: dict[str, str]) -> ForeignKeyConstraint:
    """Return the constraint of a column that points at an entity."""
    return ForeignKeyConstraint(
        [column.name],
        [f"{table_names[column.references]}.id"],
        name=identifier("fk", table, column.name),
        ondelete=_ON_DELETE[column.on_delete],
    )


def checks(table: str, column: shapes.Column) -> list[tuple[str, str]]:
    """Return (name, condition) of the column's checks: the bounds that the API's document declares, held here too."""
    own, name = quoted(column.name), identifier("ck", table, column.name)
    if column.currency:
        return [(name, f"{own} ~ '^[A-Z]{{3}}$'")]
    if column.type is FieldType.ENUM:
        return [(name, f"{own} IN ({', '.join(literal(value) for value in column.values)})")]
    if column.type in LENGTHS:
        return [(name, f"char_length({own}) <= {LENGTHS[column.type]}")]
    if column.type is FieldType.BINARY:
        return [(name, f"octet_length({own}) <= {MAX_BINARY * 3 // 4}")]
    return []


def after_table(shape: shapes.TableShape, table: Table) -> str:
    """Return what follows once a table exists: indexes, comment, the trigger of updated_at, row level security."""
    parts = [sql(CreateIndex(index)) for index in sorted(table.indexes, key=lambda index: str(index.name))]
    if shape.description:
        parts.append(f"COMMENT ON TABLE {quoted(shape.name)} IS {literal(shape.description)};\n")
    if "updated_at" in shape.by_name:
        trigger = quoted(identifier("tr", shape.name, "updated_at"))
        parts.append(
            f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {quoted(shape.name)}"
            " FOR EACH ROW EXECUTE FUNCTION set_updated_at();\n"
        )
    if shape.tenant_scoped:
        parts.append(row_level_security(shape.name, "tenant_id"))
    elif shape.tenant:
        parts.append(row_level_security(shape.name, "id"))
    return "".join(parts)


def row_level_security(table: str, column: str) -> str:
    """Return the policy that shows a tenant its own rows only.

    Not forced on the table's owner, who runs migrations: the service must connect as another role.
    """
    policy = quoted(identifier("tenant_isolation", table))
    current = "NULLIF(current_setting('app.tenant_id', true), '')::uuid"
    return (
        f"ALTER TABLE {quoted(table)} ENABLE ROW LEVEL SECURITY;\n"
        f"CREATE POLICY {policy} ON {quoted(table)}\n    USING ({column} = {current})\n"
        f"    WITH CHECK ({column} = {current});\n"
    )


def sql(statement: AddConstraint | CreateIndex | CreateTable) -> str:
    """Return a statement as PostgreSQL's SQL, ended."""
    lines = str(statement.compile(dialect=_DIALECT)).replace("\t", "    ").strip().splitlines()
    return "\n".join(line.rstrip() for line in lines) + ";\n"


def quoted(name: str) -> str:
    """Return a name as it must be written, in quotes where it is one of PostgreSQL's words."""
    return _DIALECT.identifier_preparer.quote(name)


def literal(value: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def _sorted_tables(catalogue: MetaData) -> _Sorted:
    """Return (table, keys to make with it) in an order that works, and last (None, keys to make afterwards)."""
    return list(sort_tables_and_constraints(catalogue.tables.values()))  # type: ignore[no-untyped-call]


def _late_keys(ordered: _Sorted) -> list[ForeignKeyConstraint]:
    """Return the keys of tables that point at each other: they can only be made once both exist."""
    return sorted((key for table, keys in ordered if table is None for key in keys), key=lambda key: str(key.name))
