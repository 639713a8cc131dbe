"""From one blueprint's schema to the next, over tables that hold rows: expand now, contract later.

Nothing that holds rows is dropped here. What the new design no longer has stays, is made optional so that new code can
write, and its removal is written down as a comment, to be run once nothing reads it any more. Rules (checks, triggers,
policies) are replaced at once: new code must not be held to old ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy.schema import CreateIndex, CreateTable

from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers import columns_evolution as column_steps
from bot.roles.backend_developer.renderers.migrations import (
    HEADER,
    TIMEOUTS,
    after_table,
    key_added,
    needs_extension,
    sql,
)
from bot.roles.backend_developer.renderers.names import identifier, quoted
from bot.roles.backend_developer.renderers.references_evolution import Ends, ended, lifted
from bot.roles.backend_developer.renderers.schema import Schema, displaced, laid, names_column
from bot.roles.backend_developer.renderers.shapes import ForeignKey, Key, TableShape
from bot.roles.backend_developer.renderers.sql_objects import EXTENSION, SqlObject

NO_CURRENCY = column_steps.NO_CURRENCY


def evolve(old: Blueprint, new: Blueprint, *, earlier: Sequence[Blueprint] = ()) -> str:
    """Return the migration from the old schema to the new; empty if the schemas are the same.

    `earlier` are the designs before the old one that the same database was migrated through, the first one first.
    """
    before, after = laid((*earlier, old)), Schema.of(new)
    ends = ended(before.tables, after.tables)
    steps = [*_new_tables(before, after), *_keys_dropped(ends), *_changed_tables(before, after)]
    steps += _references(before, after, ends)
    steps += [table.create for name, table in after.support.items() if name not in before.support]
    steps += _objects(before, after)
    later = list(_contractions(before, after))
    if not steps and not later:
        return ""
    if needs_extension(after.beside) and not needs_extension(before.beside):
        steps.insert(0, EXTENSION)
    notes = ["-- To contract later, once nothing reads it:", *(f"--   {line}" for line in later)] if later else []
    body = [HEADER.format(title="Changes the schema; rows stay."), TIMEOUTS, *steps, *notes]
    return "\n".join(body).rstrip("\n") + "\n"


def revert(old: Blueprint, new: Blueprint, *, earlier: Sequence[Blueprint] = (), file: str = "0002_changes.sql") -> str:
    """Return the migration that takes `evolve` back: new tables, columns and keys go, with what they hold."""
    before, after = laid((*earlier, old)), Schema.of(new)
    ends = ended(before.tables, after.tables)
    rests = lifted(before.tables, ends, _unique_columns_taken_back(before, after))
    lines = [HEADER.format(title=f"Takes {file} back. Destroys what only the new schema holds."), TIMEOUTS]
    made = [name for name in after.tables if name not in before.tables]
    for name, shape in after.tables.items():
        if name in before.tables:
            gone = column_steps.retyped(before.tables[name], shape)
            lines += [
                one.drop
                for one in after.beside[name]
                if one.drop and (_differs(one, before.beside[name]) or names_column(one, gone))
            ]
            lines += _keys_taken_back(before.tables[name], shape, ends.get(name, ()))
    lines += _keys_dropped(rests)
    for name in made:
        lines += [_dropped_key(name, key) for key in after.tables[name].foreign_keys]
    lines += [f"DROP TABLE {quoted(name)};" for name in made]
    lines += [one.after for name in made for one in after.beside[name] if one.after]
    for name, shape in after.tables.items():
        if name in before.tables:
            lines += _unique_taken_back(before.tables[name], shape)
            lines += [_stand_in_dropped(name, shape.primary_key)] if before.lacks_key(shape) else []
    for name, shape in after.tables.items():
        if name in before.tables:
            lines += column_steps.taken_back(before.tables[name], shape)
    lines += [table.drop for name, table in after.support.items() if name not in before.support]
    for name in before.tables:
        if name in after.tables:
            lines += _keys_restored(before, after, name)
    lines += _references_restored(before, ends)
    lines += _references_restored(before, rests)
    for name in before.tables:
        if name in after.tables:
            lines += _objects_restored(before, after, name)
    return "\n".join(line.rstrip("\n") for line in lines) + "\n"


def _new_tables(before: Schema, after: Schema) -> Iterator[str]:
    for name in after.tables:
        if name not in before.tables:
            yield sql(CreateTable(after.catalogue.tables[name], include_foreign_key_constraints=[]))


def _changed_tables(before: Schema, after: Schema) -> Iterator[str]:
    for name, shape in after.tables.items():
        if name not in before.tables:
            continue
        old = before.tables[name]
        gone = column_steps.retyped(old, shape)
        for one in before.beside[name]:
            outdated = one.kind != "index" and _differs(one, after.beside[name])
            if one.drop and (outdated or names_column(one, gone)):
                yield one.drop
        yield from (f"{_dropped(old, key)}\n" for key in old.keys if set(key.columns) & gone and not key.live)
        yield from (f"{_dropped(old, key)}\n" for key in displaced(old, shape))
        outlived = before.stand_ins.get(name, frozenset()) - before.stand_ins_without(name, gone)
        yield from (f"{_stand_in_dropped(name, key)}\n" for key in sorted(outlived))
        yield from column_steps.steps(old, shape)
        if before.lacks_key(shape):
            yield f"{_stand_in_added(name, shape.primary_key)}\n"
        yield from _keys(old, shape, gone, after)


def _references(before: Schema, after: Schema, ends: Ends) -> Iterator[str]:
    """Yield the new foreign keys: last, when everything that they point at is there."""
    for name, shape in after.tables.items():
        old = before.tables.get(name)
        kept = set(old.foreign_keys).difference(ends.get(name, ())) if old else set()
        made = {str(key.name): key for key in after.catalogue.tables[name].foreign_key_constraints}
        for key in sorted(shape.foreign_keys, key=lambda key: key.name):
            if key in kept:
                continue
            added = key_added(made[key.name])
            if old is None:
                yield added
            else:
                yield f"{added.rstrip().rstrip(';')} NOT VALID;\n{column_steps.validation(name, key.name)}"


def _objects(before: Schema, after: Schema) -> Iterator[str]:
    for name, shape in after.tables.items():
        if name not in before.tables:
            yield after_table(shape, after.catalogue.tables[name], after.beside[name])
            continue
        gone = column_steps.retyped(before.tables[name], shape)
        for one in after.beside[name]:
            if _differs(one, before.beside[name]) or names_column(one, gone):
                if one.kind == "check":
                    yield one.over_rows
                elif one.kind != "note":
                    yield one.create


def _keys(old: TableShape, new: TableShape, gone: set[str], after: Schema) -> Iterator[str]:
    have = {key for key in old.keys if not set(key.columns) & gone}
    for key in new.keys:
        if key in have or key.live:
            continue
        if key.unique:
            columns = ", ".join(quoted(column) for column in key.columns)
            name = quoted(identifier("uq", new.name, *key.columns))
            yield f"ALTER TABLE {quoted(new.name)} ADD CONSTRAINT {name} UNIQUE ({columns});\n"
        else:
            name = identifier("ix", new.name, *key.columns)
            indexes = after.catalogue.tables[new.name].indexes
            yield from (sql(CreateIndex(index)) for index in indexes if index.name == name)


def _contractions(before: Schema, after: Schema) -> Iterator[str]:
    for name, old in before.tables.items():
        if name not in after.tables:
            yield f"DROP TABLE {quoted(name)};"
            continue
        new = after.tables[name]
        yield from (
            f"ALTER TABLE {quoted(name)} DROP COLUMN {quoted(c.name)};"
            for c in old.columns
            if c.name not in new.by_name
        )
        gone, taken = column_steps.retyped(old, new), displaced(old, new)
        for key in old.keys:
            if key in taken:
                continue
            if key not in new.keys and not key.unique and not set(key.columns) & gone:
                yield f"DROP INDEX {quoted(identifier('ix', name, *key.columns))};"
            elif key.unique and not key.live and key not in new.keys and not set(key.columns) & gone:
                yield _dropped(old, key)
        for one in before.beside[name]:
            if one.kind == "index" and _differs(one, after.beside[name]) and not names_column(one, gone):
                yield one.drop.rstrip()
        if old.primary_key != new.primary_key or set(old.primary_key) & gone:
            yield f"The primary key of {name} becomes ({', '.join(new.primary_key)})."
    yield from (f"DROP TABLE {quoted(name)};" for name in before.support if name not in after.support)


def _keys_taken_back(old: TableShape, new: TableShape, ends: tuple[ForeignKey, ...]) -> Iterator[str]:
    gone = column_steps.retyped(old, new)
    for foreign in new.foreign_keys:
        if foreign not in old.foreign_keys or foreign in ends:
            yield _dropped_key(new.name, foreign)
    have = {key for key in old.keys if not set(key.columns) & gone}
    yield from (_dropped(new, key) for key in new.keys if key not in have and not key.live and not key.unique)


def _unique_taken_back(old: TableShape, new: TableShape) -> Iterator[str]:
    """Yield the end of unique keys: after all foreign keys, which may point at them."""
    yield from (_dropped(new, key) for key in _new_unique(old, new))


def _new_unique(old: TableShape, new: TableShape) -> list[Key]:
    """Return the unique keys that the step to the new table makes."""
    gone = column_steps.retyped(old, new)
    have = {key for key in old.keys if not set(key.columns) & gone}
    return [key for key in new.keys if key not in have and not key.live and key.unique]


def _unique_columns_taken_back(before: Schema, after: Schema) -> dict[str, set[frozenset[str]]]:
    """Return the columns of the unique keys that the way back drops, by table."""
    found: dict[str, set[frozenset[str]]] = {}
    for name, shape in after.tables.items():
        if name in before.tables:
            found[name] = {frozenset(key.columns) for key in _new_unique(before.tables[name], shape)}
            if before.lacks_key(shape):
                found[name].add(frozenset(shape.primary_key))
    return found


def _keys_restored(before: Schema, after: Schema, name: str) -> Iterator[str]:
    """Yield the keys that the old table had over columns that the new one has otherwise."""
    old, new = before.tables[name], after.tables[name]
    gone = column_steps.retyped(old, new)
    table = before.catalogue.tables[name]
    taken = displaced(old, new)
    for key in old.keys:
        if (set(key.columns) & gone and not key.live) or key in taken:
            label = identifier("uq" if key.unique else "ix", name, *key.columns)
            columns = ", ".join(quoted(column) for column in key.columns)
            if key.unique:
                yield f"ALTER TABLE {quoted(name)} ADD CONSTRAINT {quoted(label)} UNIQUE ({columns});"
            else:
                yield from (sql(CreateIndex(index)) for index in table.indexes if index.name == label)
    outlived = before.stand_ins.get(name, frozenset()) - before.stand_ins_without(name, gone)
    yield from (_stand_in_added(name, key) for key in sorted(outlived))


def _references_restored(before: Schema, ends: Ends) -> Iterator[str]:
    """Yield foreign keys of the old schema: when all unique keys that they may rest on are there again."""
    for name, keys in ends.items():
        made = {str(key.name): key for key in before.catalogue.tables[name].foreign_key_constraints}
        yield from (f"{key_added(made[key.name]).rstrip().rstrip(';')} NOT VALID;" for key in keys)


def _objects_restored(before: Schema, after: Schema, name: str) -> Iterator[str]:
    """Yield what stood beside the old table's columns and stands beside the new one's otherwise."""
    gone = column_steps.retyped(before.tables[name], after.tables[name])
    for one in before.beside[name]:
        removed = _differs(one, after.beside[name]) or names_column(one, gone)
        still_there = one.kind == "index" and not names_column(one, gone) and not _same_name(one, after.beside[name])
        if removed and not still_there and one.kind not in ("note", "rows"):
            yield one.over_rows or one.create


def _differs(one: SqlObject, others: tuple[SqlObject, ...]) -> bool:
    return one not in others


def _same_name(one: SqlObject, others: tuple[SqlObject, ...]) -> bool:
    return any(one.name == other.name for other in others)


def _stand_in_added(table: str, columns: tuple[str, ...]) -> str:
    """A key that stands in for a primary key: that of a table that holds rows stays as it was made."""
    listed = ", ".join(quoted(name) for name in columns)
    return f"ALTER TABLE {quoted(table)} ADD CONSTRAINT {quoted(identifier('uk', table, *columns))} UNIQUE ({listed});"


def _stand_in_dropped(table: str, columns: tuple[str, ...]) -> str:
    return f"ALTER TABLE {quoted(table)} DROP CONSTRAINT {quoted(identifier('uk', table, *columns))};"


def _keys_dropped(ends: Ends) -> Iterator[str]:
    yield from (f"{_dropped_key(name, key)}\n" for name, keys in ends.items() for key in keys)


def _dropped_key(table: str, key: ForeignKey) -> str:
    return f"ALTER TABLE {quoted(table)} DROP CONSTRAINT {quoted(key.name)};"


def _dropped(shape: TableShape, key: Key) -> str:
    if key.unique:
        name = quoted(identifier("uq", shape.name, *key.columns))
        return f"ALTER TABLE {quoted(shape.name)} DROP CONSTRAINT {name};"
    return f"DROP INDEX {quoted(identifier('ix', shape.name, *key.columns))};"
