"""The migrations say the data of a blueprint: what their reader reads of them is the blueprint again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings

from bot.domain.facts import AnyFact, EntityFact, FieldFact, RelationFact, RuleFact
from bot.reading.notations.sql import SqlReader
from bot.roles.backend_developer.blueprint import Blueprint, FieldType, OnDelete
from bot.roles.backend_developer.renderers.migrations import create
from bot.roles.backend_developer.renderers.shapes import Column, ForeignKey, TableShape, is_password
from bot.roles.backend_developer.renderers.tables import tables
from bot.roles.backend_developer.renderers.values import LENGTHS, MAX_BINARY, MAX_ITEMS, default_of, portable
from tests.artefacts.blueprints import shop
from tests.artefacts.rich import clinic
from tests.artefacts.strategies import blueprints
from tests.artefacts.support import segment
from tests.support.examples import examples

FEW = settings(max_examples=examples(6), suppress_health_check=[HealthCheck.too_slow])

NOT_CARRIED: Final[dict[str, str]] = {
    "operations, events, roles, sign-ins": "the interface is in the document; a database has none",
    "permissions": "a policy keeps them, and its conditions are the service's settings",
    "Entity.name": "tables have plurals: their singular is a guess, compared as the entity that the table is of",
    "string, text, email, url, file, enum's own name": "PostgreSQL has one type of text (`kin`)",
    "integer and bigint": "both are kept as bigint, so that no number overflows",
    "decimal and money": "both are numeric; a currency is a column of its own",
    "fields of objects": "JSONB has no columns",
    "read_only, write_only, immutable, sensitive": "who writes what is the service's and its triggers' affair",
    "bounds of an optional length": "a text without a bound has its type's, as in the document (`LENGTHS`)",
    "patterns of one dialect": "what PostgreSQL reads otherwise is held by the service (`portable`)",
    "Relation.name": "a foreign key's columns are named after it, and what was cut off is a guess",
    "many-to-many": "a joining table: compared as its two references",
    "rules of kind count, sum, immutable, retention, audit, other": "triggers, functions and remarks",
    "state machines": "a trigger's text",
    "tenants": "compared as the key within the tenant; a policy names the column and not the entity",
    "expressions": "compared as fields: PostgreSQL's spelling is not the blueprint's",
}
"""What the migrations have no word for, or only in the text of a function, each with its reason."""

KIN = {
    **dict.fromkeys(("string", "text", "email", "url", "file"), "text"),
    **dict.fromkeys(("integer", "bigint"), "whole"),
    **dict.fromkeys(("decimal", "money"), "exact"),
    **dict.fromkeys(("json", "object"), "free"),
}
"""Families of types that one of PostgreSQL's stands for."""


class Read:
    """What was read of a blueprint's migration, by its tables."""

    def __init__(self, blueprint: Blueprint) -> None:
        reading = SqlReader().read(segment(create(blueprint), ".sql"))
        assert reading is not None
        self.facts: tuple[AnyFact, ...] = reading.facts
        self.names = {one.plural or one.name: one.name for one in self.facts if isinstance(one, EntityFact)}
        self.fields: dict[tuple[str, str], list[FieldFact]] = {}
        for fact in self.facts:
            if isinstance(fact, FieldFact):
                self.fields.setdefault((fact.entity, fact.name), []).append(fact)

    def entity(self, shape: TableShape) -> str:
        return self.names[shape.name]

    def rules(self, shape: TableShape, kind: str) -> list[RuleFact]:
        own = self.entity(shape)
        return [one for one in self.facts if isinstance(one, RuleFact) and one.entity == own and one.kind == kind]


def entity_tables(blueprint: Blueprint) -> Iterator[TableShape]:
    yield from (shape for shape in tables(blueprint) if shape.entity)


def columns_agree(blueprint: Blueprint, read: Read) -> None:
    folded = {
        e.name: {index.fields for index in e.indexes if index.unique and index.case_insensitive and not index.condition}
        for e in blueprint.entities
    }
    for shape in entity_tables(blueprint):
        for column in shape.columns:
            said = read.fields[read.entity(shape), column.name]
            type_agrees(column, said)
            assert {f.required for f in said if f.required is not None} <= {column.required}, (column, said)
            if not column.identity:
                assert any(f.required is not None for f in said), (column, said)
            assert any(f.primary_key for f in said) == (column.name in shape.primary_key), (column, said)
            alone = any(key.unique and not key.live and key.columns == (column.name,) for key in shape.keys)
            alone = alone or (column.name,) in folded.get(shape.entity, set())
            assert any(f.unique for f in said) == alone, (column, said)
            bounds_agree(column, said)
            default_agrees(column, [f.default for f in said if f.default is not None])
            if column.unit or column.label:
                assert any(column.unit in f.description and column.label in f.description for f in said), (column, said)


def type_agrees(column: Column, said: list[FieldFact]) -> None:
    types = {KIN.get(f.type, f.type) for f in said if f.type is not None}
    if column.type is FieldType.ENUM:
        assert any(f.values == column.values for f in said), (column, said)
        return
    if column.type is FieldType.ARRAY:
        assert types <= {"array", "free"}, (column, said)
        if not column.nested:
            wanted = "text" if column.items is FieldType.ENUM else KIN.get(column.items, column.items)
            assert {KIN.get(f.items, f.items) for f in said if f.items} == {wanted}, (column, said)
            assert {f.values for f in said if f.values} == ({column.values} if column.values else set())
        return
    assert types == {KIN.get(column.type, column.type.value)}, (column, said)


def bounds_agree(column: Column, said: list[FieldFact]) -> None:
    def told(name: str) -> set[object]:
        return {value for f in said if (value := getattr(f, name)) not in (None, "")}

    numbers = column.type in ("integer", "bigint", "decimal", "money", "float")
    for name in ("minimum", "maximum"):
        wanted = getattr(column, name)
        assert told(name) == ({wanted} if numbers and wanted is not None else set()), (column, said)
    if column.currency or column.type is FieldType.ENUM:
        return
    longest = {**LENGTHS, FieldType.BINARY: MAX_BINARY * 3 // 4}.get(column.type)
    if column.type is FieldType.ARRAY and not column.nested:
        longest = MAX_ITEMS
    digest = is_password(column)  # what is kept is not what people send
    if longest is not None:
        assert told("max_length") == {longest if digest else column.max_length or longest}, (column, said)
        counted = column.min_length and column.type is not FieldType.BINARY and not digest
        assert told("min_length") == ({column.min_length} if counted else set()), (column, said)
    kept = column.pattern if column.type in LENGTHS and portable(column.pattern) and not digest else ""
    assert told("pattern") == ({kept} if kept else set()), (column, said)


def default_agrees(column: Column, said: list[str]) -> None:
    """Hold a default to the SQL that was written; words of PostgreSQL's own are read in its standard spelling."""
    written = default_of(column)
    if not written or column.identity == "bigint":
        assert not said, (column, said)
        return
    (read,) = set(said)
    if written.startswith("'"):
        assert read == written[1:-1].replace("''", "'"), (column, said)
    elif written.startswith("ARRAY"):
        assert read.startswith("CAST(ARRAY["), (column, said)
    elif written == "now()":
        assert read == "CURRENT_TIMESTAMP"
    else:
        same = read.lower() == written.lower()
        assert same or float(read) == float(written), (column, said)


def references_agree(blueprint: Blueprint, read: Read) -> None:
    relations = [one for one in read.facts if isinstance(one, RelationFact)]
    joined = {one.name for one in relations if one.cardinality == "many_to_many"}
    for shape in tables(blueprint):
        if shape.name in joined:
            assert not shape.entity, "only a joining table is read as the relation itself"
            continue
        own = [one for one in relations if one.source == read.entity(shape) and one.cardinality != "many_to_many"]
        found = sorted((one.target, str(one.on_delete), bool(one.required), one.cardinality) for one in own)
        assert found == sorted(reference(shape, key, read) for key in shape.foreign_keys), shape.name


def reference(shape: TableShape, key: ForeignKey, read: Read) -> tuple[str, str, bool, str]:
    required = all(shape.by_name[name].required for name in key.columns)
    alone = any(set(k.columns) == set(key.columns) and k.unique and not k.live for k in shape.keys)
    alone = alone or set(key.columns) == set(shape.primary_key)
    deleted = {OnDelete.RESTRICT: "restrict", OnDelete.CASCADE: "cascade", OnDelete.SET_NULL: "set_null"}
    return read.names[key.table], deleted[key.on_delete], required, "one_to_one" if alone else "many_to_one"


def rules_agree(blueprint: Blueprint, read: Read) -> None:
    for shape in entity_tables(blueprint):
        unique = {frozenset(rule.fields) for rule in read.rules(shape, "unique")}
        assert {frozenset(key.columns) for key in shape.keys if key.unique} <= unique, shape.name
        for rule in shape.rules:
            if rule.kind == "no_overlap" and not rule.condition:
                scope = {shape.tenant_column} if shape.tenant_column else set()
                wanted = {*scope, *rule.fields}
                assert any(set(one.fields) == wanted for one in read.rules(shape, "no_overlap")), (rule, shape)
            if rule.kind == "soft_delete":
                assert (read.entity(shape), "deleted_at") in read.fields


def agree(blueprint: Blueprint) -> None:
    read = Read(blueprint)
    columns_agree(blueprint, read)
    references_agree(blueprint, read)
    rules_agree(blueprint, read)


@pytest.mark.sampled
@FEW
@given(blueprint=blueprints())
def test_sql_reads_back(blueprint: Blueprint) -> None:
    """Every column comes back with type, members, bounds, default and keys; every reference; every rule it can say."""
    agree(blueprint)


def test_the_samples_read_back() -> None:
    """So do the shop and the clinic."""
    for blueprint in (shop(), clinic()):
        agree(blueprint)
