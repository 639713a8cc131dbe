"""Renderers and readers agree: what is read of our migrations and of our document is the blueprint again."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from bot.domain.facts import AnyFact, EntityFact, EventFact, FieldFact, OperationFact, RelationFact
from bot.reading.notations.openapi import OpenApiReader
from bot.reading.notations.sql import SqlReader
from bot.reading.segments import Segment
from bot.roles.backend_developer.blueprint import Blueprint, FieldType
from bot.roles.backend_developer.blueprint.rights import roles_of
from bot.roles.backend_developer.blueprint.spelling import document_name
from bot.roles.backend_developer.renderers.migrations import create
from bot.roles.backend_developer.renderers.openapi import openapi_yaml
from bot.roles.backend_developer.renderers.openapi.paths import template
from bot.roles.backend_developer.renderers.tables import tables
from tests.artefacts.blueprints import shop
from tests.artefacts.rich import clinic
from tests.artefacts.strategies import blueprints

FEW = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
_TEXT = {"string", "text", "email", "url", "file"}
_WHOLE = {"integer", "bigint"}
_EXACT = {"decimal", "money"}
_FREE = {"json", "object", "point"}


def kin(kind: str) -> str:
    """Return the family of types that one notation cannot tell apart: a text's kinds in SQL, whole numbers, JSON."""
    families = {"text": _TEXT, "whole": _WHOLE, "exact": _EXACT, "free": _FREE}
    return next((name for name, kinds in families.items() if kind in kinds), kind)


def segment(text: str, suffix: str) -> Segment:
    return Segment(source=f"input:x{suffix}", start=0, text=text, kind="document", info=suffix)


def of_sql(blueprint: Blueprint) -> tuple[AnyFact, ...]:
    reading = SqlReader().read(segment(create(blueprint), ".sql"))
    assert reading is not None
    return reading.facts


def of_document(blueprint: Blueprint) -> tuple[AnyFact, ...]:
    reading = OpenApiReader().read(segment(openapi_yaml(blueprint).decode(), ".yaml"))
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


def operations_agree(blueprint: Blueprint) -> None:
    read = {
        (fact.method, template(fact.path)): fact for fact in of_document(blueprint) if isinstance(fact, OperationFact)
    }
    for op in blueprint.operations:
        if op.method in ("HEAD", "OPTIONS"):
            continue
        path = template(op.path)
        fact = read.get((op.method.value, path)) or read.get((op.method.value, template(blueprint.base_path + op.path)))
        assert fact is not None, (op.method, op.path, sorted(map(str, read)))
        assert fact.operation_id == op.id and set(fact.roles) == set(roles_of(blueprint, op))
        assert bool(fact.deprecated) == op.deprecated
        if blueprint.auth.scheme != "none" or blueprint.sign_ins:
            assert bool(fact.public) == (op.public and not op.signed), (op, fact)
        assert {"405", "429", "500"} <= set(fact.statuses)
        assert {str(p.status) for p in op.problems} <= set(fact.statuses)
        if op.paginated:
            assert fact.paginated and {"cursor", "limit"} <= {p.name for p in fact.parameters}
        assert set(op.filters) <= {p.name for p in fact.parameters}


def schemas_agree(blueprint: Blueprint) -> None:
    facts = of_document(blueprint)
    entities = {fact.name for fact in facts if isinstance(fact, EntityFact)}
    read = {(fact.entity, fact.name): fact for fact in facts if isinstance(fact, FieldFact)}
    for entity in blueprint.entities:
        name = document_name(entity.name)
        if name not in entities:  # the reader holds it for a form of another thing: `List`, `Return`
            continue
        for field in entity.fields:
            fact = read.get((name, field.name))
            if fact is None or field.write_only:
                continue
            if field.type is FieldType.ENUM:
                assert set(field.values) == {v for v in fact.values if v != "null"} | ({"null"} & set(field.values))
            assert fact.default in (None, field.default) or field.default is not None


@FEW
@given(blueprint=blueprints())
def test_sql_reads_back(blueprint: Blueprint) -> None:
    """Every column comes back with its type, its members, its bounds and whether it is required; every reference."""
    columns_agree(blueprint)
    references_agree(blueprint)


@FEW
@given(blueprint=blueprints())
def test_documents_read_back(blueprint: Blueprint) -> None:
    """Every operation comes back with its id, roles, openness, statuses and parameters; enums with their members."""
    operations_agree(blueprint)
    schemas_agree(blueprint)


def test_the_samples_read_back() -> None:
    """So do the shop and the clinic, whose webhooks come back, too."""
    for blueprint in (shop(), clinic()):
        columns_agree(blueprint)
        references_agree(blueprint)
        operations_agree(blueprint)
        schemas_agree(blueprint)
    hooks = [fact.name for fact in of_document(clinic()) if isinstance(fact, EventFact)]
    assert hooks == ["appointment.booked"]
