"""The migrations say the data of a blueprint: what their reader reads of them is the blueprint again."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from bot.domain.facts import AnyFact, EntityFact, FieldFact, RelationFact
from bot.reading.notations.sql import SqlReader
from bot.roles.backend_developer.blueprint import Blueprint, FieldType
from bot.roles.backend_developer.renderers.migrations import create
from bot.roles.backend_developer.renderers.tables import tables
from tests.artefacts.blueprints import shop
from tests.artefacts.rich import clinic
from tests.artefacts.strategies import blueprints
from tests.artefacts.support import segment

FEW = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
_TEXT = {"string", "text", "email", "url", "file"}
_WHOLE = {"integer", "bigint"}
_EXACT = {"decimal", "money"}
_FREE = {"json", "object", "point"}


def kin(kind: str) -> str:
    """Return the family of types that one notation cannot tell apart: a text's kinds in SQL, whole numbers, JSON."""
    families = {"text": _TEXT, "whole": _WHOLE, "exact": _EXACT, "free": _FREE}
    return next((name for name, kinds in families.items() if kind in kinds), kind)


def of_sql(blueprint: Blueprint) -> tuple[AnyFact, ...]:
    reading = SqlReader().read(segment(create(blueprint), ".sql"))
    assert reading is not None
    return reading.facts


def columns_agree(blueprint: Blueprint) -> None:
    facts = of_sql(blueprint)
    names = {e.plural or e.name: e.name for e in facts if isinstance(e, EntityFact)}
    read: dict[tuple[str, str], list[FieldFact]] = {}
    for fact in facts:
        if isinstance(fact, FieldFact):
            read.setdefault((fact.entity, fact.name), []).append(fact)
    for shape in tables(blueprint):
        if not shape.entity:
            continue
        assert shape.name in names, (shape.name, names)
        for column in shape.columns:
            said = read.get((names[shape.name], column.name), [])
            assert said or column.references or column.identity or column.moment, (shape.name, column.name)
            types = {kin(fact.type) for fact in said if fact.type is not None}
            if said and not column.references:
                wanted = "array" if column.type is FieldType.ARRAY and not column.nested else kin(column.type)
                wanted = "free" if column.nested else wanted
                assert types & {wanted} or (wanted == "free" and types <= {"free"}), (column, said)
            if column.type is FieldType.ENUM:
                assert any(set(fact.values) == set(column.values) for fact in said), (column, said)
            if column.required and said and not column.references and not column.identity:
                assert any(fact.required for fact in said), (column, said)
            for bound in ("minimum", "maximum"):
                value = getattr(column, bound)
                if value is not None and kin(column.type) in ("whole", "exact", "float"):
                    assert any(getattr(fact, bound) == value for fact in said), (column, said)


def references_agree(blueprint: Blueprint) -> None:
    facts = of_sql(blueprint)
    names = {e.plural or e.name: e.name for e in facts if isinstance(e, EntityFact)}
    read = {(fact.source, fact.target) for fact in facts if isinstance(fact, RelationFact)}
    for shape in tables(blueprint):
        for key in shape.foreign_keys:
            if shape.entity:
                assert (names[shape.name], names[key.table]) in read, (key, read)


@FEW
@given(blueprint=blueprints())
def test_sql_reads_back(blueprint: Blueprint) -> None:
    """Every column comes back with its type, its members, its bounds and whether it is required; every reference."""
    columns_agree(blueprint)
    references_agree(blueprint)


def test_the_samples_read_back() -> None:
    """So do the shop and the clinic."""
    for blueprint in (shop(), clinic()):
        columns_agree(blueprint)
        references_agree(blueprint)
