"""What stands beside a table's columns: checks over several, exclusions, indexes, triggers, policies, by name.

Each is made and taken away by itself, so that a migration from one design to the next is a comparison by name.
"""

# ruff: noqa: S608 - the statements are put together from quoted names and literals, and are a file for people

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.roles.backend_developer.blueprint import Blueprint, Entity, FieldType, Index, Rule, RuleKind
from bot.roles.backend_developer.renderers.drawing import DELETED
from bot.roles.backend_developer.renderers.expressions import condition
from bot.roles.backend_developer.renderers.keys import plain_index
from bot.roles.backend_developer.renderers.names import identifier, literal, quoted, remark
from bot.roles.backend_developer.renderers.shapes import TableShape

EXTENSION = "CREATE EXTENSION IF NOT EXISTS btree_gist;\n"
"""Lets an exclusion compare plain values beside ranges; of PostgreSQL's own, and trusted: an owner may make it."""

_RANGES = {FieldType.DATE: "daterange", FieldType.TIMESTAMP: "tstzrange"}
_NO_GIST = frozenset({FieldType.JSON, FieldType.OBJECT, FieldType.ARRAY, FieldType.POINT, FieldType.DURATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlObject:
    """One object of a table: how it is made, made over rows that may not fit it, and taken away.

    A `check` is made with its table. `after` takes away what stays when the table is dropped (a function).
    """

    name: str
    kind: Literal["check", "exclude", "index", "trigger", "policy", "rows", "note"]
    create: str
    drop: str = ""
    over_rows: str = ""
    after: str = ""
    condition: str = ""


def constraints(shape: TableShape) -> Iterator[SqlObject]:
    """Yield the checks and exclusions of a table's rules; a rule that no constraint can hold becomes a remark."""
    for rule in shape.rules:
        if rule.kind in (RuleKind.COMPARE, RuleKind.BOUND):
            said = condition(rule.expression, shape.by_name)
            yield _check(shape, rule, said) if said else _note(shape, rule)
        elif rule.kind is RuleKind.NO_OVERLAP:
            yield _exclusion(shape, rule)
        elif rule.kind in (RuleKind.SUM, RuleKind.OTHER):
            yield _note(shape, rule)


def enforced(shape: TableShape, rule: Rule) -> bool:
    """Whether the database holds the rule by itself."""
    if rule.kind in (RuleKind.COMPARE, RuleKind.BOUND):
        return condition(rule.expression, shape.by_name) is not None
    if rule.kind is RuleKind.NO_OVERLAP:
        return _exclusion(shape, rule).kind == "exclude"
    if rule.kind in (RuleKind.SUM, RuleKind.OTHER):
        return False
    return not rule.condition or condition(rule.condition, shape.by_name) is not None


def indexes(shape: TableShape, entity: Entity | None, searched: tuple[tuple[str, ...], ...]) -> Iterator[SqlObject]:
    """Yield the indexes that are more than columns in order: partial, descending, over expressions or words."""
    live = DELETED in shape.by_name
    for key in shape.keys:
        if key.unique and key.live:
            columns = ", ".join(quoted(name) for name in key.columns)
            yield _index(shape, identifier("uq", shape.name, *key.columns), columns, unique=True, live=True)
    for index in entity.indexes if entity else ():
        plain = plain_index(index.method, index.descending, index.condition, index.expression)
        if not plain or index.case_insensitive or index.text_search:
            yield from _said_index(shape, index, live=live and index.unique)
    for rule in shape.rules:
        if rule.kind is RuleKind.UNIQUE and rule.condition:
            said = condition(rule.condition, shape.by_name)
            scope = (shape.tenant_column,) if shape.tenant_column else ()
            columns = ", ".join(quoted(name) for name in dict.fromkeys((*scope, *rule.fields)))
            name = identifier("uq", shape.name, *rule.fields, "where", _short(rule.condition))
            yield _index(shape, name, columns, unique=True, live=live, where=said) if said else _note(shape, rule)
    for fields in dict.fromkeys(searched):
        words = _words(shape, fields)
        if words:
            name = identifier("ix", shape.name, *fields, "words")
            yield _index(shape, name, words, method="gin")


def _said_index(shape: TableShape, index: Index, *, live: bool) -> Iterator[SqlObject]:
    names = [shape.tenant_column if name == "tenant_id" and shape.tenant_column else name for name in index.fields]
    where = condition(index.condition, shape.by_name) if index.condition else ""
    parts = [_part(shape, name, index) for name in names]
    name = identifier(
        "uq" if index.unique else "ix", shape.name, *names,
        *([_short(f"{index.method}{index.descending}{index.condition}{index.expression}")]),
    )  # fmt: skip
    if index.text_search and (words := _words(shape, tuple(names))):
        yield _index(shape, name, words, method="gin", where=where)
        return
    if index.expression:
        made = _expression(shape, index.expression)
        parts = [made] if made else []
    if where is None or not parts or None in parts:
        yield SqlObject(
            name=name, kind="note", create=remark(f"Not made, as it is not understood: an index of {shape.name}"
                                                  f" over {index.expression or index.condition or index.fields}"),
        )  # fmt: skip
        return
    method = _method(shape, index)
    columns = ", ".join(part for part in parts if part)
    yield _index(shape, name, columns, unique=index.unique and method == "btree", live=live, where=where, method=method)


def _part(shape: TableShape, name: str, index: Index) -> str | None:
    column = shape.by_name.get(name)
    if column is None:
        return None
    text = quoted(name)
    if index.case_insensitive and column.type in (
        FieldType.STRING, FieldType.TEXT, FieldType.EMAIL, FieldType.URL, FieldType.ENUM
    ):  # fmt: skip
        text = f"lower({text})"
    return f"{text} DESC" if name in index.descending and _method(shape, index) == "btree" else text


def _method(shape: TableShape, index: Index) -> str:
    """Return the method as said if PostgreSQL has it for the columns' types; otherwise the one that it has."""
    kinds = {shape.by_name[name].type for name in index.fields if name in shape.by_name}
    listed = {FieldType.JSON, FieldType.OBJECT, FieldType.ARRAY}
    if FieldType.POINT in kinds:
        return "gist"
    if kinds and kinds <= listed:
        return "gin"
    if index.method == "hash" and len(index.fields) == 1 and not index.unique:
        return "hash"
    return "btree"


def _expression(shape: TableShape, said: str) -> str | None:
    """Return an indexed expression; only what a comparison could hold is understood."""
    for probe, strip in ((f"{said} = ''", len(" = ''")), (f"{said} = 0", len(" = 0")), (f"{said} = true", 7)):
        made = condition(probe, shape.by_name)
        if made:
            return f"({made[:-strip]})"
    return None


def _words(shape: TableShape, fields: tuple[str, ...]) -> str:
    texts = FieldType.STRING, FieldType.TEXT, FieldType.EMAIL, FieldType.URL, FieldType.ENUM
    known = [name for name in fields if name in shape.by_name and shape.by_name[name].type in texts]
    parts = " || ' ' || ".join(f"coalesce({quoted(name)}, '')" for name in known)
    return f"to_tsvector('simple', {parts})" if parts else ""


def _index(
    shape: TableShape,
    name: str,
    columns: str,
    *,
    unique: bool = False,
    live: bool = False,
    where: str | None = "",
    method: str = "btree",
) -> SqlObject:
    filters = [f"({where})"] if where else []
    if live:  # a name of its own: while a schema changes, the key of all rows may still be there
        name = identifier("live", name)
        filters.append(f"{quoted(DELETED)} IS NULL")
    tail = f" WHERE {' AND '.join(filters)}" if filters else ""
    using = "" if method == "btree" else f" USING {method}"
    head = "CREATE UNIQUE INDEX" if unique else "CREATE INDEX"
    return SqlObject(
        name=name,
        kind="index",
        create=f"{head} {quoted(name)} ON {quoted(shape.name)}{using} ({columns}){tail};\n",
        drop=f"DROP INDEX {quoted(name)};\n",
    )


def _check(shape: TableShape, rule: Rule, said: str) -> SqlObject:
    name = identifier("ck", shape.name, "rule", _short(said))
    add = f"ALTER TABLE {quoted(shape.name)} ADD CONSTRAINT {quoted(name)} CHECK ({said})"
    return SqlObject(
        name=name,
        kind="check",
        create=f"{add};\n",
        over_rows=f"{add} NOT VALID;\n",
        drop=f"ALTER TABLE {quoted(shape.name)} DROP CONSTRAINT {quoted(name)};\n",
        condition=said,
    )


def _exclusion(shape: TableShape, rule: Rule) -> SqlObject:
    columns = [shape.by_name[name] for name in rule.fields if name in shape.by_name]
    ends = [column for column in columns if column.type in _RANGES]
    same = [column for column in columns if column.type not in _RANGES]
    kinds = {column.type for column in ends}
    said = condition(rule.condition, shape.by_name) if rule.condition else ""
    if len(ends) != 2 or len(kinds) != 1 or said is None or any(c.type in _NO_GIST for c in same):
        return _note(shape, rule)
    scope = (shape.tenant_column,) if shape.tenant_column else ()
    names = dict.fromkeys((*scope, *(column.name for column in same)))
    parts = [f"{quoted(name)} WITH =" for name in names]
    parts.append(f"{_RANGES[kinds.pop()]}({quoted(ends[0].name)}, {quoted(ends[1].name)}) WITH &&")
    filters = [f"({said})"] if said else []
    if DELETED in shape.by_name:
        filters.append(f"{quoted(DELETED)} IS NULL")
    where = f" WHERE ({' AND '.join(filters)})" if filters else ""
    name = identifier("ex", shape.name, *(column.name for column in columns))
    return SqlObject(
        name=name,
        kind="exclude",
        create=f"ALTER TABLE {quoted(shape.name)} ADD CONSTRAINT {quoted(name)}\n"
        f"    EXCLUDE USING gist ({', '.join(parts)}){where};\n",
        drop=f"ALTER TABLE {quoted(shape.name)} DROP CONSTRAINT {quoted(name)};\n",
    )


def _note(shape: TableShape, rule: Rule) -> SqlObject:
    said = rule.text or rule.expression or rule.condition or ", ".join(rule.fields)
    return SqlObject(
        name=identifier("note", shape.name, _short(f"{rule.kind}{said}")),
        kind="note",
        create=remark(f"Not held by the database, but by the service: {rule.kind} of {shape.name}: {said}"),
    )


def code_rows(shape: TableShape, blueprint: Blueprint) -> Iterator[SqlObject]:
    """Yield the rows of a code table."""
    entity = next((e for e in blueprint.entities if e.name == shape.entity), None)
    if entity is None or not entity.codes:
        return
    rows = ", ".join(f"({literal(code)})" for code in dict.fromkeys(entity.codes))
    yield SqlObject(
        name=identifier("rows", shape.name),
        kind="rows",
        create=f"INSERT INTO {quoted(shape.name)} ({quoted(entity.key[0])}) VALUES {rows} ON CONFLICT DO NOTHING;\n",
    )


def _short(said: str) -> str:
    """Return a digest that keeps two conditions of one table apart."""
    return identifier(said + " " * 64)[-8:]
