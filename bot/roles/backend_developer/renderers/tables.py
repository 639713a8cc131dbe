"""A blueprint as tables: which columns, keys and indexes each entity gets.

Documents, migrations and diagrams are all drawn from here, so that the API and the database cannot disagree.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.roles.backend_developer.blueprint import (
    Blueprint,
    Cardinality,
    Entity,
    EntityField,
    FieldType,
    OnDelete,
    OperationKind,
    Relation,
)

MAX_IDENTIFIER = 63
"""PostgreSQL cuts longer identifiers silently (its manual, "Identifiers and Key Words")."""

_SECRET = re.compile(
    r"(password|passwd|secret|token|private_key|api_key|key_hash|credential|otp|recovery_code|pin_hash)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column and what the API needs to know of it.

    `references` names the entity that a foreign key points at. `generated` columns are filled by the database or by
    the service and are never written by callers.
    """

    name: str
    type: FieldType
    required: bool = True
    unique: bool = False
    sensitive: bool = False
    generated: bool = False
    values: tuple[str, ...] = ()
    description: str = ""
    references: str = ""
    on_delete: OnDelete = OnDelete.RESTRICT
    currency: bool = False

    @property
    def secret(self) -> bool:
        """Whether the value must never leave the service, not even in a read."""
        return self.sensitive and _SECRET.search(self.name) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An index or a unique constraint over columns, in order."""

    columns: tuple[str, ...]
    unique: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """One table: an entity's, or the link table of a many-to-many relation (then `entity` is empty).

    `tenant` marks the table whose rows are the tenants themselves.
    """

    name: str
    entity: str
    description: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ("id",)
    keys: tuple[Key, ...] = ()
    tenant_scoped: bool = False
    tenant: bool = False
    by_name: dict[str, Column] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.by_name.update({column.name: column for column in self.columns})


def identifier(*parts: str) -> str:
    """Join the parts to a name that PostgreSQL keeps whole; a name too long ends in a digest of itself."""
    name = "_".join(parts)
    if len(name) <= MAX_IDENTIFIER:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: MAX_IDENTIFIER - 9]}_{digest}"


def snake(name: str) -> str:
    """Return a Pascal case name in snake case: ``OrderLine`` becomes ``order_line``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def tenant(plan: Blueprint) -> Entity | None:
    """Return the entity that owns tenant-scoped rows, if the blueprint has one."""
    named = {entity.name: entity for entity in plan.entities if not entity.tenant_scoped}
    return next((named[name] for name in ("Tenant", "Organization", "Organisation") if name in named), None)


def tables(plan: Blueprint) -> tuple[TableShape, ...]:
    """Return every table of the blueprint, entities first and in their order, then the link tables."""
    taken = {entity.plural for entity in plan.entities}
    links = [r for r in plan.relations if r.cardinality is Cardinality.MANY_TO_MANY]
    return (*(_entity_table(plan, entity) for entity in plan.entities), *(_link_table(plan, r, taken) for r in links))


def table_of(plan: Blueprint, entity: str) -> TableShape:
    """Return the table of the entity with that name; KeyError if there is none."""
    for candidate in plan.entities:
        if candidate.name == entity:
            return _entity_table(plan, candidate)
    raise KeyError(entity)


def columns(plan: Blueprint, entity: Entity) -> tuple[Column, ...]:
    """Return an entity's columns: id, tenant, foreign keys, fields, times.

    A field that a designer named like one of the renderer's own columns or like a relation's key gives way to it.
    """
    found = [Column(name="id", type=FieldType.UUID, generated=True, description="Identifier, given by the server.")]
    if entity.tenant_scoped:
        owner = tenant(plan)
        found.append(
            Column(
                name="tenant_id",
                type=FieldType.UUID,
                generated=True,
                references=owner.name if owner else "",
                description="Tenant that the row belongs to, taken from the caller's token.",
            )
        )
    found += [_foreign_key(r) for r in plan.relations if r.source == entity.name and _is_key(r)]
    found += [column for own in entity.fields for column in _field_columns(own)]
    found += [
        Column(name="created_at", type=FieldType.TIMESTAMP, generated=True, description="When it was created, UTC."),
        Column(name="updated_at", type=FieldType.TIMESTAMP, generated=True, description="When it last changed, UTC."),
    ]
    reserved = {"created_at": found[-2], "updated_at": found[-1]}
    unique: dict[str, Column] = {}
    for column in found:
        unique.setdefault(column.name, reserved.get(column.name, column))
    times = [unique.pop(name) for name in reserved]
    return (*unique.values(), *times)


def _is_key(relation: Relation) -> bool:
    return relation.cardinality is not Cardinality.MANY_TO_MANY


def _foreign_key(relation: Relation) -> Column:
    return Column(
        name=f"{relation.name}_id",
        type=FieldType.UUID,
        required=relation.required,
        unique=relation.cardinality is Cardinality.ONE_TO_ONE,
        references=relation.target,
        on_delete=relation.on_delete,
        description=f"Identifier of the {snake(relation.target).replace('_', ' ')}.",
    )


def _field_columns(own: EntityField) -> list[Column]:
    column = Column(
        name=own.name,
        type=own.type,
        required=own.required,
        unique=own.unique,
        sensitive=own.sensitive,
        generated=own.read_only,
        values=tuple(dict.fromkeys(own.values)),
        description=own.description,
    )
    if own.type is not FieldType.MONEY:
        return [column]
    # An amount without its currency is not money; the two travel as neighbours.
    currency = Column(
        name=identifier(own.name, "currency"),
        type=FieldType.STRING,
        required=own.required,
        generated=own.read_only,
        currency=True,
        description=f"Currency of {own.name.replace('_', ' ')}, ISO 4217.",
    )
    return [column, currency]


def _entity_table(plan: Blueprint, entity: Entity) -> TableShape:
    shape = columns(plan, entity)
    return TableShape(
        name=entity.plural,
        entity=entity.name,
        description=entity.description,
        columns=shape,
        keys=_keys(plan, entity, shape),
        tenant_scoped=entity.tenant_scoped,
        tenant=any(other.tenant_scoped for other in plan.entities) and entity == tenant(plan),
    )


def _keys(plan: Blueprint, entity: Entity, shape: tuple[Column, ...]) -> tuple[Key, ...]:
    scope = ("tenant_id",) if entity.tenant_scoped else ()
    wanted = [Key(columns=_unique_columns(scope, c), unique=True) for c in shape if c.unique and c.name != "id"]
    wanted += [Key(columns=tuple(dict.fromkeys(i.fields)), unique=i.unique) for i in entity.indexes]
    order: tuple[str, ...] = ()
    if any(op.kind is OperationKind.LIST and op.entity == entity.name for op in plan.operations):
        order = ("created_at", "id")
        wanted.append(Key(columns=(*scope, *order)))
    # Children are listed as the newest of their parent: the longer key serves that and the foreign key's check alike.
    parents = [c for c in shape if c.references and not c.unique and c.name != "tenant_id"]
    wanted += [Key(columns=(c.name, *order)) for c in parents]
    if scope:
        wanted.append(Key(columns=scope))
    return _without_prefixes(wanted)


def _unique_columns(scope: tuple[str, ...], column: Column) -> tuple[str, ...]:
    # One-to-one keys are unique everywhere; what people type (an e-mail, a name) is unique within its tenant.
    return (column.name,) if column.references else (*scope, column.name)


def _without_prefixes(wanted: Iterable[Key]) -> tuple[Key, ...]:
    """Drop an index that another one serves already; unique ones always stay."""
    distinct: dict[tuple[str, ...], Key] = {}
    for key in wanted:
        held = distinct.get(key.columns)
        distinct[key.columns] = key if held is None or key.unique else held
    keys = [key for key in distinct.values() if key.columns != ("id",)]
    return tuple(key for key in keys if key.unique or not any(_covers(other, key) for other in keys))


def _covers(other: Key, key: Key) -> bool:
    return other.columns != key.columns and other.columns[: len(key.columns)] == key.columns


def _link_table(plan: Blueprint, relation: Relation, taken: set[str]) -> TableShape:
    plural = {entity.name: entity.plural for entity in plan.entities}
    name = identifier(plural[relation.source], relation.name)
    if name in taken:
        name = identifier(plural[relation.source], relation.name, "links")
    taken.add(name)
    left, right = f"{snake(relation.source)}_id", f"{snake(relation.target)}_id"
    if left == right:
        right = f"related_{right}"
    ends = ((left, relation.source), (right, relation.target))
    own = tuple(
        Column(name=column, type=FieldType.UUID, references=target, on_delete=OnDelete.CASCADE, generated=True)
        for column, target in ends
    )
    created = Column(name="created_at", type=FieldType.TIMESTAMP, generated=True)
    return TableShape(
        name=name,
        entity="",
        description=f"Links {plural[relation.source]} with {plural[relation.target]}.",
        columns=(*own, created),
        primary_key=(left, right),
        keys=(Key(columns=(right,)),),
    )
