"""From one blueprint's schema to the next, over tables that hold rows: expand now, contract later.

Nothing is dropped here. What the new design no longer has stays, is made optional so that new code can write, and its
removal is written down as a comment, to be run once nothing reads it any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import ForeignKeyConstraint, MetaData, Table
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateTable

from bot.roles.backend_developer.blueprint import Blueprint, FieldType
from bot.roles.backend_developer.renderers import tables as shapes
from bot.roles.backend_developer.renderers.migrations import (
    HEADER,
    TIMEOUTS,
    after_table,
    build_column,
    checks,
    foreign_key,
    metadata,
    quoted,
    row_level_security,
    sql,
    type_name,
)
from bot.roles.backend_developer.renderers.tables import Column, Key, TableShape, identifier

# What existing rows get in a new column that must hold something. Where no value is harmless for all rows at once (a
# key, a unique field), the column starts optional.
_FILLERS = {
    FieldType.STRING: "''",
    FieldType.TEXT: "''",
    FieldType.INTEGER: "0",
    FieldType.DECIMAL: "0",
    FieldType.MONEY: "0",
    FieldType.BOOLEAN: "false",
    FieldType.DATE: "CURRENT_DATE",
    FieldType.TIMESTAMP: "now()",
    FieldType.JSON: "'{}'",
    FieldType.EMAIL: "''",
    FieldType.URL: "''",
    FieldType.BINARY: "''",
}
NO_CURRENCY = "'XXX'"
"""ISO 4217's code for "no currency"."""


def evolve(old: Blueprint, new: Blueprint) -> str:
    """Return the migration from the old schema to the new; empty if the schemas are the same."""
    before = {shape.name: shape for shape in shapes.tables(old)}
    after = {shape.name: shape for shape in shapes.tables(new)}
    catalogue = metadata(new)
    steps = [*_new_tables(before, after, catalogue), *_changed_tables(new, before, after, catalogue)]
    later = list(_contractions(before, after))
    if not steps and not later:
        return ""
    notes = ["-- To contract later, once nothing reads it:", *(f"--   {line}" for line in later)] if later else []
    body = [HEADER.format(title="Changes the schema; rows stay."), TIMEOUTS, *steps, *notes]
    return "\n".join(body).rstrip("\n") + "\n"


def revert(old: Blueprint, new: Blueprint) -> str:
    """Return the migration that takes `evolve` back: new tables, columns and keys go, with what they hold."""
    before = {shape.name: shape for shape in shapes.tables(old)}
    after = {shape.name: shape for shape in shapes.tables(new)}
    lines = [HEADER.format(title="Takes 0002_changes.sql back. Destroys what only the new schema holds."), TIMEOUTS]
    for name, shape in after.items():
        if name in before:
            lines += _reverted(before[name], shape)
    made = [name for name in after if name not in before]
    for name in made:
        keys = [c for c in after[name].columns if c.references]
        lines += [f"ALTER TABLE {quoted(name)} DROP CONSTRAINT {quoted(identifier('fk', name, c.name))};" for c in keys]
    lines += [f"DROP TABLE {quoted(name)};" for name in made]
    return "\n".join(lines) + "\n"


def _new_tables(before: dict[str, TableShape], after: dict[str, TableShape], catalogue: MetaData) -> Iterator[str]:
    made = [name for name in after if name not in before]
    for name in made:
        yield sql(CreateTable(catalogue.tables[name], include_foreign_key_constraints=[]))
    # Empty tables take their keys at once, whatever they point at.
    for name in made:
        yield from (sql(AddConstraint(key)) for key in _sorted(catalogue.tables[name]))
        yield after_table(after[name], catalogue.tables[name])


def _changed_tables(
    plan: Blueprint, before: dict[str, TableShape], after: dict[str, TableShape], catalogue: MetaData
) -> Iterator[str]:
    names = {entity.name: entity.plural for entity in plan.entities}
    for name, shape in after.items():
        if name not in before:
            continue
        old = before[name]
        for column in shape.columns:
            earlier = old.by_name.get(column.name)
            if earlier is None:
                yield from _added(name, column, shape, names)
            elif type_name(earlier) != type_name(column):
                yield from _retyped(name, column, shape, names)
            else:
                yield from _kept(name, earlier, column)
        for gone in _gone(old, shape):
            if gone.required:
                yield f"ALTER TABLE {quoted(name)} ALTER COLUMN {quoted(gone.name)} DROP NOT NULL;\n"
        yield from _keys(old, shape, catalogue.tables[name])
        if shape.tenant_scoped and not old.tenant_scoped:
            yield row_level_security(name, "tenant_id")


def _added(table: str, column: Column, shape: TableShape, names: dict[str, str]) -> Iterator[str]:
    own, kind = quoted(column.name), type_name(column)
    filler = _filler(column, shape)
    rules = "".join(f" CONSTRAINT {quoted(name)} CHECK ({rule})" for name, rule in checks(table, column))
    if column.required and filler:
        yield f"ALTER TABLE {quoted(table)} ADD COLUMN {own} {kind} DEFAULT {filler} NOT NULL{rules};\n"
        yield f"ALTER TABLE {quoted(table)} ALTER COLUMN {own} DROP DEFAULT;\n"
    else:
        note = "-- Optional until existing rows have a value of their own.\n" if column.required else ""
        yield f"{note}ALTER TABLE {quoted(table)} ADD COLUMN {own} {kind}{rules};\n"
    if column.references:
        yield _referenced(table, column, names)


def _retyped(table: str, column: Column, shape: TableShape, names: dict[str, str]) -> Iterator[str]:
    """Keep the old values beside the new column: what casts them is a decision of people."""
    kept = quoted(identifier(column.name, "before"))
    yield f"ALTER TABLE {quoted(table)} ALTER COLUMN {quoted(column.name)} DROP NOT NULL;\n"
    yield f"ALTER TABLE {quoted(table)} RENAME COLUMN {quoted(column.name)} TO {kept};\n"
    yield f"ALTER TABLE {quoted(table)} DROP CONSTRAINT IF EXISTS {quoted(identifier('ck', table, column.name))};\n"
    yield from _added(table, column, shape, names)


def _kept(table: str, old: Column, new: Column) -> Iterator[str]:
    own = quoted(new.name)
    if old.required and not new.required:
        yield f"ALTER TABLE {quoted(table)} ALTER COLUMN {own} DROP NOT NULL;\n"
    if new.required and not old.required:
        # Rows without a value may exist: they stay, new ones must have it.
        yield _checked(table, identifier("nn", table, new.name), f"{own} IS NOT NULL", known=False)
    was, now = checks(table, old), checks(table, new)
    if was != now:
        yield from (f"ALTER TABLE {quoted(table)} DROP CONSTRAINT {quoted(name)};\n" for name, _rule in was)
        wider = set(old.values) <= set(new.values) and old.type == new.type
        yield from (_checked(table, name, rule, known=wider) for name, rule in now)


def _checked(table: str, name: str, rule: str, *, known: bool = True) -> str:
    """Return a check that holds from now on; where it is known to hold for old rows too, how to prove that."""
    add = f"ALTER TABLE {quoted(table)} ADD CONSTRAINT {quoted(name)} CHECK ({rule}) NOT VALID;\n"
    return add + (_validation(table, name) if known else "")


def _validation(table: str, name: str) -> str:
    # In the same transaction it would read the whole table under the lock that the new constraint holds.
    statement = f"ALTER TABLE {quoted(table)} VALIDATE CONSTRAINT {quoted(name)};"
    return f"-- Afterwards, in a transaction of its own: {statement}\n"


def _referenced(table: str, column: Column, names: dict[str, str]) -> str:
    scratch = MetaData()
    Table(names[column.references], scratch, build_column(Column(name="id", type=FieldType.UUID)))
    key = foreign_key(table, column, names)
    if names[column.references] == table:
        scratch.tables[table].append_column(build_column(column))
        scratch.tables[table].append_constraint(key)
    else:
        Table(table, scratch, build_column(column), key)
    added = sql(AddConstraint(key)).rstrip().rstrip(";")
    return f"{added} NOT VALID;\n{_validation(table, str(key.name))}"


def _keys(old: TableShape, new: TableShape, table: Table) -> Iterator[str]:
    have = {(key.columns, key.unique) for key in old.keys}
    for key in new.keys:
        if (key.columns, key.unique) in have:
            continue
        if key.unique:
            columns = ", ".join(quoted(column) for column in key.columns)
            name = quoted(_unique_name(new, key))
            yield f"ALTER TABLE {quoted(new.name)} ADD CONSTRAINT {name} UNIQUE ({columns});\n"
        else:
            name = identifier("ix", new.name, *key.columns)
            yield from (sql(CreateIndex(index)) for index in table.indexes if index.name == name)


def _contractions(before: dict[str, TableShape], after: dict[str, TableShape]) -> Iterator[str]:
    for name, old in before.items():
        if name not in after:
            yield f"DROP TABLE {quoted(name)};"
            continue
        yield from (f"ALTER TABLE {quoted(name)} DROP COLUMN {quoted(c.name)};" for c in _gone(old, after[name]))
        kept = {(key.columns, key.unique) for key in after[name].keys}
        for key in old.keys:
            if (key.columns, key.unique) not in kept and not key.unique:
                yield f"DROP INDEX {quoted(identifier('ix', name, *key.columns))};"


def _reverted(old: TableShape, new: TableShape) -> Iterator[str]:
    table = quoted(new.name)
    if new.tenant_scoped and not old.tenant_scoped:
        yield f"DROP POLICY {quoted(identifier('tenant_isolation', new.name))} ON {table};"
        yield f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    have = {(key.columns, key.unique) for key in old.keys}
    for key in new.keys:
        if (key.columns, key.unique) not in have and key.unique:
            yield f"ALTER TABLE {table} DROP CONSTRAINT {quoted(_unique_name(new, key))};"
        elif (key.columns, key.unique) not in have:
            yield f"DROP INDEX {quoted(identifier('ix', new.name, *key.columns))};"
    for column in new.columns:
        earlier = old.by_name.get(column.name)
        if earlier is None or type_name(earlier) != type_name(column):
            yield f"ALTER TABLE {table} DROP COLUMN {quoted(column.name)};"
        if earlier is not None and type_name(earlier) != type_name(column):
            kept = quoted(identifier(column.name, "before"))
            yield f"ALTER TABLE {table} RENAME COLUMN {kept} TO {quoted(column.name)};"


def _gone(old: TableShape, new: TableShape) -> Iterable[Column]:
    return [column for column in old.columns if column.name not in new.by_name]


def _filler(column: Column, shape: TableShape) -> str:
    unique = any(key.unique and column.name in key.columns for key in shape.keys)
    if column.references or unique:
        return ""
    if column.currency:
        return NO_CURRENCY
    return f"'{column.values[0]}'" if column.type is FieldType.ENUM else _FILLERS.get(column.type, "")


def _unique_name(shape: TableShape, key: Key) -> str:
    return identifier("uq", shape.name, *key.columns)


def _sorted(table: Table) -> list[ForeignKeyConstraint]:
    return sorted(table.foreign_key_constraints, key=lambda key: str(key.name))
