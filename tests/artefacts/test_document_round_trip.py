"""The OpenAPI document says the whole blueprint: what its reader reads of it is the blueprint again, part by part."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import BaseModel

from bot.domain import facts as said
from bot.reading.notations.openapi import OpenApiReader
from bot.roles.backend_developer import blueprint as parts
from bot.roles.backend_developer.blueprint import Blueprint, Cardinality, FieldType, Operation, OperationKind
from bot.roles.backend_developer.blueprint.operations import DomainProblem
from bot.roles.backend_developer.blueprint.rights import roles_of, ways_of
from bot.roles.backend_developer.renderers.openapi import openapi_yaml
from bot.roles.backend_developer.renderers.openapi.paths import canonical, parameters_of
from bot.roles.backend_developer.renderers.openapi.values import NO_EXAMPLE, describe, json_default
from bot.roles.backend_developer.renderers.shapes import Column, TableShape
from bot.roles.backend_developer.renderers.tables import tables
from tests.artefacts.blueprints import shop
from tests.artefacts.rich import clinic
from tests.artefacts.strategies import blueprints
from tests.artefacts.support import segment
from tests.support.examples import examples

FEW = settings(max_examples=examples(6), suppress_health_check=[HealthCheck.too_slow])
F = TypeVar("F", bound=said.Fact)

NOT_CARRIED: Final[dict[str, str]] = {
    "Blueprint.title": "said in `info`, which asks for nothing that is designed",
    "Blueprint.summary": "as the title",
    "Blueprint.version": "as the title",
    "Blueprint.stack": "callers see an interface, and not what it is built with",
    "Blueprint.services": "as the stack",
    "Blueprint.integrations": "as the stack",
    "Blueprint.decisions": "reasons are in the review",
    "Blueprint.declined": "what is not there is in the review",
    "Blueprint.conventions": "sentences in `info`; what they ask for is in every operation",
    "Blueprint.budgets": "sentences in `info` and `x-budgets`; no reader takes numbers from prose of ours",
    "Blueprint.auth": "sentences; its scheme is a security scheme and is compared as a way to sign in",
    "Cited.cites": "ids of statements mean nothing outside of the evaluation",
    "Cited.assumed": "`x-assumed` on entities and operations: a fact is what was said, so it has no place for it",
    "Entity.label": "words for people, in `description` where there is none",
    "Entity.source": "as the ids of statements",
    "Entity.indexes": "the database's own affair: they are in the migrations",
    "Entity.codes": "rows of a table: they are in the migrations",
    "Entity.identity": "read as the type of `id`, which is compared",
    "Entity.tenant_scoped": "compared as the tenancy's entities",
    "Entity.owner": "`x-owner`; no fact says whose row it is, only who may reach his own (`own`)",
    "_Value.label": "the schema's `title`, for people",
    "_Value.entity": "an object that is another entity is read as a relation to it",
    "EntityField.example": "made up where nobody gave one",
    "EntityField.nullable": "compared as what the column allows; that a nullable field must be sent is not said",
    "Relation.columns": "compared as the fields that hold it",
    "Relation.table": "`x-links` has it; a fact of a relation has no place for it",
    "Relation.immutable": "compared as that of the fields that hold it",
    "Relation.description": "compared as that of the fields that hold it",
    "Transition.guard": "`x-states` has it; a fact of a state has no place for it",
    "Transition.operation": "one word with `action` in facts",
    "AccessRole.label": "words for people",
    "SignIn.name": "the key of the security scheme, in signs that OpenAPI takes",
    "SignIn.roles": "`x-roles`; a fact says in words for whom a way is (`audience`)",
    "SignIn.description": "words for people",
    "Operation.kind": "what its method, path, body and result are",
    "Operation.entity": "compared as what the body and the result are of",
    "Operation.description": "words for people",
    "Operation.source": "as the ids of statements",
    "Operation.sign_ins": "its security requirement; a fact knows who may call, not by which way",
    "Operation.sunset": "`x-sunset`; a fact knows that it is deprecated",
    "Operation.signed": "its security requirement; a fact knows that it is not public",
    "Operation.request_list": "a fact has no place for it",
    "Operation.response_list": "compared for entities; lists of plain results have no place in a fact",
    "DomainProblem.code": "examples of the response; a fact has statuses",
    "DomainProblem.description": "as the code",
    "Event.operation": "`operation` of `x-incoming-webhooks`; a fact has no place for it",
    "Event.retries": "`x-retries`; a fact has no place for it",
    "Event.payload": "the call's body; a fact has no place for it",
    "Event.description": "words for people",
}
"""What the document has no word for, or facts no place, each with its reason; all else is compared."""

COMPARED: Final = {
    "Blueprint": "base_path entities relations tenant rules state_machines operations events sign_ins roles"
    " permissions",
    "Entity": "name plural description fields key",
    "_Value": "name type required values items minimum maximum description",
    "EntityField": "unique sensitive read_only write_only immutable default min_length max_length pattern unit fields",
    "NestedField": "fields",
    "Relation": "source target name cardinality required on_delete fields",
    "Rule": "entity kind fields expression condition value text",
    "StateMachine": "entity field initial transitions",
    "Transition": "sources target action roles",
    "AccessRole": "name description",
    "SignIn": "scheme audience provider multi_factor token_minutes scopes",
    "Permission": "role verbs allowed entity operation field own condition",
    "Operation": "id method path summary paginated idempotent asynchronous public roles parameters filters ranges"
    " search sort request request_entity response response_entity problems deprecated",
    "DomainProblem": "status",
    "Event": "kind name entity schedule signed",
}
MODELS: Final[tuple[type[BaseModel], ...]] = (
    Blueprint, parts.Entity, parts.EntityField, parts.NestedField, parts.Relation, parts.Rule, parts.StateMachine,
    parts.Transition, parts.AccessRole, parts.SignIn, parts.Permission, Operation, DomainProblem, parts.Event,
)  # fmt: skip


def of_document(blueprint: Blueprint) -> tuple[said.AnyFact, ...]:
    reading = OpenApiReader().read(segment(openapi_yaml(blueprint).decode(), ".yaml"))
    assert reading is not None
    return reading.facts


def of(facts: tuple[said.AnyFact, ...], kind: type[F]) -> list[F]:
    return [fact for fact in facts if isinstance(fact, kind)]


def shapes_of(blueprint: Blueprint) -> Iterator[TableShape]:
    yield from (shape for shape in tables(blueprint) if shape.entity)


def entities_agree(blueprint: Blueprint, facts: tuple[said.AnyFact, ...]) -> None:
    described = {shape.entity: shape.description for shape in shapes_of(blueprint)}
    read = of(facts, said.EntityFact)
    assert {(one.name, one.plural) for one in read if one.plural} == {(e.name, e.plural) for e in blueprint.entities}
    assert {one.name for one in read} == set(described), "no form of an entity is taken for another one"
    for one in read:
        assert not one.plural or not described[one.name] or one.description == described[one.name]


def fields_agree(blueprint: Blueprint, facts: tuple[said.AnyFact, ...]) -> None:
    read: dict[tuple[str, str], list[said.FieldFact]] = {}
    for fact in of(facts, said.FieldFact):
        read.setdefault((fact.entity, fact.name), []).append(fact)
    expected = {(shape.entity, column.name) for shape in shapes_of(blueprint) for column in shape.columns}
    unseen = {(s.entity, c.name) for s in shapes_of(blueprint) for c in s.columns if c.secret and c.generated}
    assert set(read) == expected - unseen
    for shape in shapes_of(blueprint):
        for column in shape.columns:
            for fact in read.get((shape.entity, column.name), ()):
                field_agrees(shape, column, fact)
            field_told(column, read.get((shape.entity, column.name), []))


def field_agrees(shape: TableShape, column: Column, fact: said.FieldFact) -> None:
    """Hold what each form of the entity says of a field to its column."""
    objects = FieldType.OBJECT in (column.type, column.items if column.type is FieldType.ARRAY else column.type)
    nested = {inner.name: inner.type.value for inner in column.fields} if objects else {}
    kind = "json" if column.type is FieldType.OBJECT and not nested and fact.type != "object" else column.type.value
    assert fact.type == kind, (column, fact)
    assert fact.values == column.values, (column, fact)
    assert bool(fact.nullable) == (not column.required), (column, fact)
    if column.type is FieldType.ARRAY:
        assert fact.items == ("json" if column.items is FieldType.ARRAY else column.items.value), (column, fact)
    assert {inner.name: inner.type and inner.type.value for inner in fact.fields} == nested, (column, fact)
    assert bool(fact.unique) == (column.unique and not column.references), (column, fact)
    in_key = shape.primary_key != ("id",) and column.name in shape.primary_key
    assert bool(fact.primary_key) == in_key, (column, fact)
    assert bool(fact.read_only) == column.generated and bool(fact.write_only) == column.write_only, (column, fact)
    assert bool(fact.immutable) == column.immutable and bool(fact.sensitive) == column.sensitive, (column, fact)
    assert (fact.minimum, fact.maximum) == (column.minimum, column.maximum), (column, fact)
    if column.type is not FieldType.BINARY:  # its length in the document is that of its base64
        longest = 3 if column.currency else column.max_length
        assert (fact.min_length or 0, fact.max_length or 0) == (column.min_length, longest), (column, fact)
    assert fact.pattern == ("^[A-Z]{3}$" if column.currency else column.pattern), (column, fact)
    assert fact.unit == column.unit, (column, fact)
    words = column.description or describe(column.name)
    assert fact.description == (f"{words} In {column.unit}." if column.unit else words), (column, fact)


def field_told(column: Column, told: list[said.FieldFact]) -> None:
    """Hold to the column what only some forms of the entity say: the default when it is made."""
    defaults = {fact.default for fact in told if fact.default is not None}
    if column.default is None:
        assert not defaults, (column, told)
        return
    as_json = NO_EXAMPLE if column.generated else json_default(column)  # what the server makes has no `default`
    assert len(defaults) == 1, (column, told)
    read = defaults.pop()
    if as_json is NO_EXAMPLE or isinstance(as_json, str):
        assert read == (column.default if as_json is NO_EXAMPLE else as_json), (column, told)
    else:
        assert json.loads(read) == as_json, (column, told)


def relations_agree(blueprint: Blueprint, facts: tuple[said.AnyFact, ...]) -> None:
    read = of(facts, said.RelationFact)
    assert sorted(
        (r.source, r.target, r.name, r.cardinality, r.on_delete, r.required) for r in read
    ) == sorted(
        (r.source, r.target, r.name, r.cardinality.value, r.on_delete.value, r.required) for r in blueprint.relations
    )  # fmt: skip
    inner = {(r.source, r.name): {f.name: f.type and f.type.value for f in r.fields} for r in read}
    for relation in blueprint.relations:
        if relation.cardinality is Cardinality.MANY_TO_MANY:
            assert inner[relation.source, relation.name] == {f.name: f.type.value for f in relation.fields}
    held = {(f.entity, f.name): f.references for f in of(facts, said.FieldFact) if f.references}
    for shape in shapes_of(blueprint):
        for key in shape.foreign_keys:
            assert {held[shape.entity, name] for name in key.columns if name != shape.tenant_column} <= {key.entity}


def rules_and_states_agree(blueprint: Blueprint, facts: tuple[said.AnyFact, ...]) -> None:
    rules = [
        (r.entity, "other" if r.kind.value == "sum" else r.kind.value, r.fields, r.expression, r.condition, r.value,
         r.text) for r in blueprint.rules
    ]  # fmt: skip
    read = [(r.entity, r.kind, r.fields, r.expression, r.condition, r.value, r.text) for r in of(facts, said.RuleFact)]
    assert sorted(map(repr, read)) == sorted(map(repr, rules))
    states = [(m.entity, m.field, (), m.initial, "", ()) for m in blueprint.state_machines if m.initial]
    states += [
        (m.entity, m.field, t.sources, t.target, t.operation or t.action, t.roles)
        for m in blueprint.state_machines for t in m.transitions
    ]  # fmt: skip
    found = [(s.entity, s.field, s.sources, s.target, s.action, s.roles) for s in of(facts, said.StateFact)]
    assert sorted(found) == sorted(states)


def access_agrees(blueprint: Blueprint, facts: tuple[said.AnyFact, ...]) -> None:
    granted = [
        (p.role, p.verbs, "stated" if p.allowed else "denied", p.entity, p.operation, p.field, p.own, p.condition)
        for p in blueprint.permissions
    ]
    read = [
        (a.role, a.verbs, a.stance.value, a.entity, a.action, a.field, a.own, a.condition)
        for a in of(facts, said.AccessFact)
        if not a.path  # scopes of single operations
    ]
    assert read == granted
    described = {(r.name, r.description) for r in of(facts, said.RoleFact) if r.description}
    assert described == {(r.name, r.description) for r in blueprint.roles}
    auth = blueprint.auth
    only = parts.SignIn(
        name="auth", scheme=auth.scheme, multi_factor=auth.multi_factor, token_minutes=auth.token_minutes
    )
    ways = [way for way in (ways_of(blueprint) or (only,)) if way.scheme.value != "none"]
    assert [
        (s.scheme, s.audience, s.provider, bool(s.multi_factor), s.token_minutes, s.scopes)
        for s in of(facts, said.SignInFact)
        if s.token_minutes is not None  # else the signature of webhooks
    ] == [
        (w.scheme.value, w.audience, w.provider, w.multi_factor, w.token_minutes,
         (w.scopes or ("api.read", "api.write")) if w.scheme.value == "oauth2" else ()) for w in ways
    ]  # fmt: skip
    scoped = tuple(entity.name for entity in blueprint.entities if entity.tenant_scoped)
    wanted = [(blueprint.tenant, scoped)] if blueprint.tenant or scoped else []
    assert [(t.tenant, t.entities) for t in of(facts, said.TenancyFact)] == wanted


def operations_agree(blueprint: Blueprint, facts: tuple[said.AnyFact, ...]) -> None:
    read = {(fact.method, fact.path): fact for fact in of(facts, said.OperationFact)}
    spelled: dict[str, str] = {}
    shapes = {shape.entity: shape for shape in shapes_of(blueprint)}
    assert len(read) == len(blueprint.operations)
    for op in blueprint.operations:
        bare = "".join("{}" if part.startswith("{") else part for part in _cut(op.path))
        path = spelled.setdefault(bare, canonical(op.path))
        operation_agrees(blueprint, op, read[op.method.value, path], shapes.get(op.entity or ""))
    base = [c.value for c in of(facts, said.ConventionFact) if c.kind == "base_path"]
    assert base == ([blueprint.base_path] if blueprint.base_path else [])


def operation_agrees(blueprint: Blueprint, op: Operation, fact: said.OperationFact, shape: TableShape | None) -> None:
    assert (fact.operation_id, fact.summary) == (op.id, op.summary)
    assert fact.roles == roles_of(blueprint, op)
    assert bool(fact.deprecated) == op.deprecated and bool(fact.asynchronous) == op.asynchronous
    assert bool(fact.idempotent) == (op.idempotent and op.method in ("POST", "PATCH"))
    closed = blueprint.auth.scheme != "none" or bool(blueprint.sign_ins)
    assert fact.public == (not op.signed and (op.public or not closed)), (op, fact)
    assert bool(fact.paginated) == (op.paginated or op.kind is OperationKind.LIST)
    assert {"405", "429", "500", *(str(p.status) for p in op.problems)} <= set(fact.statuses)
    named = {p.name: p for p in fact.parameters}
    asked = [n for n in op.filters if shape and not shape.by_name[n].nested and shape.by_name[n].type != "json"]
    wanted = {*parameters_of(fact.path), *(p.name for p in op.parameters), *asked}
    wanted |= {f"{name}_{end}" for name in op.ranges if shape for end in ("from", "to")}
    wanted |= {"q"} if op.search else set()
    wanted |= {"sort"} if op.sort else set()
    wanted |= {"cursor", "limit"} if fact.paginated else set()
    assert wanted == {name for name in named if name not in ("Idempotency-Key", "If-Match", "If-None-Match")}
    if op.sort and "sort" not in {p.name for p in op.parameters}:
        assert named["sort"].values == tuple(sign + name for name in op.sort for sign in ("", "-"))
    for name in asked if shape else ():
        if name not in parameters_of(fact.path) and name not in {p.name for p in op.parameters}:
            column = shape.by_name[name]
            assert named[name].type == (column.items if column.type is FieldType.ARRAY else column.type).value
    if op.response and fact.result_entity:  # an envelope is read as what it wraps
        assert fact.result_entity in {f.entity for f in op.response}
    elif op.response and not op.asynchronous:
        assert {f.name for f in fact.result} == {f.name for f in op.response if not f.write_only}
    elif (op.entity or op.response_entity) and op.kind in ("list", "read", "create", "update") and not op.asynchronous:
        assert fact.result_entity == (op.response_entity or op.entity), (op, fact)
        assert fact.result_is_list == (op.paginated or op.kind is OperationKind.LIST or op.response_list), (op, fact)
    if op.request and op.method not in ("GET", "HEAD", "OPTIONS", "DELETE"):
        assert {f.name for f in fact.body} == {f.name for f in op.request}
    elif op.request_entity or fact.body_entity:
        assert fact.body_entity == (op.request_entity or op.entity), (op, fact)


def events_agree(blueprint: Blueprint, facts: tuple[said.AnyFact, ...]) -> None:
    assert sorted(
        (e.kind, e.name, e.entity, e.schedule, e.signed) for e in of(facts, said.EventFact)
    ) == sorted(
        (e.kind, e.name, e.entity, e.schedule if e.kind == "schedule" else "",
         e.signed if e.kind.startswith("webhook") else None) for e in blueprint.events
    )  # fmt: skip


PARTS = (
    entities_agree, fields_agree, relations_agree, rules_and_states_agree, access_agrees, operations_agree, events_agree
)  # fmt: skip


@pytest.mark.sampled
@FEW
@given(blueprint=blueprints())
def test_documents_read_back(blueprint: Blueprint) -> None:
    """Every part of every blueprint comes back as it was said."""
    facts = of_document(blueprint)
    for agrees in PARTS:
        agrees(blueprint, facts)


@pytest.mark.parametrize("agrees", PARTS)
def test_the_samples_read_back(agrees: object) -> None:
    """So do the shop and the clinic, which says everything that one can say."""
    assert callable(agrees)
    for blueprint in (shop(), clinic()):
        agrees(blueprint, of_document(blueprint))


def test_every_part_is_compared_or_its_loss_has_a_reason() -> None:
    """A part that is added to the blueprint and that nobody decided about fails here."""
    known = {f"{model}.{name}" for model, names in COMPARED.items() for name in names.split()} | set(NOT_CARRIED)
    for model in MODELS:
        for name in model.model_fields:
            owners = {base.__name__ for base in model.__mro__ if name in getattr(base, "__annotations__", {})}
            assert any(f"{owner}.{name}" in known for owner in owners), f"{model.__name__}.{name}"


def _cut(path: str) -> list[str]:
    parts_: list[str] = []
    for piece in path.replace("{", "\0{").replace("}", "}\0").split("\0"):
        parts_.append(piece)
    return parts_
