"""The columns of a blueprint's tables: keys, references, fields and times, wherever they come from."""

from __future__ import annotations

from dataclasses import replace

from bot.roles.backend_developer.blueprint import (
    Blueprint,
    Cardinality,
    Entity,
    EntityField,
    FieldType,
    OperationKind,
    Relation,
    RuleKind,
    StateMachine,
)
from bot.roles.backend_developer.blueprint.keys import (
    key_of,
    relation_columns,
    tenant_column,
    tenant_entity,
    tenant_relation,
)
from bot.roles.backend_developer.renderers.names import folded, identifier, snake
from bot.roles.backend_developer.renderers.shapes import Column, column_of, is_author

DELETED = "deleted_at"
_MOMENTS = {"createdat": "created", "updatedat": "updated"}


class Drawing:
    """A blueprint while its tables are drawn: its parts by name."""

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        self.entities = {entity.name: entity for entity in blueprint.entities}
        self.root = tenant_entity(blueprint)
        self.listed = {op.entity for op in blueprint.operations if op.kind is OperationKind.LIST}
        self.sorted: dict[str, list[str]] = {}
        self.filtered: dict[str, list[str]] = {}
        for op in blueprint.operations:
            if op.entity:
                self.sorted.setdefault(op.entity, []).extend((*op.sort, *op.ranges))
                self.filtered.setdefault(op.entity, []).extend(op.filters)
        self.taken = {entity.plural for entity in blueprint.entities}

    def relations(self, entity: Entity) -> list[Relation]:
        """Return the relations whose key is in the entity's table."""
        return [
            r
            for r in self.blueprint.relations
            if r.source == entity.name and r.cardinality is not Cardinality.MANY_TO_MANY
        ]

    def columns(self, entity: Entity) -> tuple[Column, ...]:
        """Return an entity's columns: key, tenant, foreign keys, fields, times.

        A field that a designer named like one of the renderer's own columns or like a relation's key gives way to it.
        """
        own = [column for said in entity.fields for column in field_columns(said)]
        times = {moment: column for moment in ("created", "updated") for column in [_time(own, moment)]}
        found = [*self._key_column(entity, own), *self.tenant_columns(entity)]
        for relation in self.relations(entity):
            found += self.reference_columns(relation, entity)
        found += [column for column in own if folded(column.name) not in _MOMENTS]
        if self.has_rule(entity, RuleKind.SOFT_DELETE):
            found.append(
                Column(
                    name=DELETED,
                    type=FieldType.TIMESTAMP,
                    required=False,
                    generated=True,
                    description="When it was deleted, UTC; empty while it lives.",
                )
            )
        found += times.values()
        unique: dict[str, Column] = {}
        for column in found:
            unique.setdefault(column.name, column)
        machines = {m.field: m for m in self.blueprint.state_machines if m.entity == entity.name and m.initial}
        owners = self.owner_columns(entity)
        return tuple(self._marked(c, entity, machines.get(c.name), owners) for c in unique.values())

    def _marked(self, column: Column, entity: Entity, machine: StateMachine | None, owners: tuple[str, ...]) -> Column:
        """Return the column as owner, key or state make it."""
        if column.name in owners:
            return replace(column, generated=True)
        if machine is not None:
            # Where every change is an operation's, callers never write the state itself.
            moved = bool(machine.transitions) and all(step.operation for step in machine.transitions)
            column = replace(column, default=machine.initial, optional_input=True, generated=column.generated or moved)
        if column.name in entity.key and not column.identity:
            column = replace(column, required=True, immutable=True)
        return column

    def _key_column(self, entity: Entity, own: list[Column]) -> list[Column]:
        if key_of(self.blueprint, entity) != ("id",):
            return []
        words = "Identifier, given by the server."
        said = next((column for column in own if column.name == "id"), None)
        if said is not None and said.type not in (FieldType.UUID, FieldType.INTEGER, FieldType.BIGINT):
            return [replace(said, required=True, immutable=True, unique=False)]
        numbered = entity.identity == "bigint" or (said is not None and said.type is not FieldType.UUID)
        kind = FieldType.BIGINT if numbered else FieldType.UUID
        return [
            Column(name="id", type=kind, generated=True, identity="bigint" if numbered else "uuid", description=words)
        ]

    def tenant_columns(self, entity: Entity) -> list[Column]:
        """Return the column of a scoped entity's tenant."""
        if not entity.tenant_scoped:
            return []
        root = self.root
        kind = self.key_columns(root)[0].type if root else FieldType.UUID
        return [
            Column(
                name=tenant_column(self.blueprint, entity),
                type=kind,
                generated=True,
                references=root.name if root else "",
                description="Tenant that the row belongs to, taken from the caller's token.",
            )
        ]

    def key_columns(self, entity: Entity, depth: int = 0) -> tuple[Column, ...]:
        """Return the columns that references to the entity copy, the tenant's not among them."""
        names = key_of(self.blueprint, entity)
        own = [column for said in entity.fields for column in field_columns(said)]
        known = {column.name: column for column in [*own, *self._key_column(entity, own)]}
        for relation in self.relations(entity):
            # Only what the key is made of: a blueprint's keys never run in circles, its relations may.
            if depth <= len(self.entities) and set(relation_columns(self.blueprint, relation)) & set(names):
                known |= {c.name: c for c in self.reference_columns(relation, entity, depth + 1)}
        return tuple(known[name] for name in names)

    def reference_columns(self, relation: Relation, entity: Entity, depth: int = 0) -> list[Column]:
        """Return a relation's foreign key columns; that of the tenant itself is the tenant's column."""
        if entity.tenant_scoped and relation is tenant_relation(self.blueprint, entity):
            return []
        target = self.entities[relation.target]
        keys = self.key_columns(target, depth)
        names = relation_columns(self.blueprint, relation)
        words = relation.description or f"Identifier of the {snake(relation.target).replace('_', ' ')}."
        return [
            Column(
                name=name,
                type=key.type,
                required=relation.required,
                unique=relation.cardinality is Cardinality.ONE_TO_ONE and len(names) == 1,
                generated=is_author(name),
                immutable=relation.immutable,
                optional_input=not relation.required,
                values=key.values,
                min_length=key.min_length,
                max_length=key.max_length,
                references=relation.target,
                on_delete=relation.on_delete,
                description=words,
            )
            for name, key in zip(names, keys, strict=True)
        ]

    def owner_columns(self, entity: Entity) -> tuple[str, ...]:
        """Return the columns that name the row's owner; none if the entity has no owner."""
        relation = next((r for r in self.relations(entity) if r.name == entity.owner), None)
        if relation is not None:
            return relation_columns(self.blueprint, relation)
        return (entity.owner,) if entity.owner else ()

    def has_rule(self, entity: Entity, kind: RuleKind) -> bool:
        """Whether the entity has a rule of this kind."""
        return any(rule.entity == entity.name and rule.kind is kind for rule in self.blueprint.rules)

    def scope(self, entity: Entity) -> tuple[str, ...]:
        """Return the column that keeps tenants apart; none if the entity is not scoped."""
        return (tenant_column(self.blueprint, entity),) if entity.tenant_scoped else ()


def _time(own: list[Column], moment: str) -> Column:
    """Return the column of a row's making or last change, in the spelling that people chose."""
    said = next((c for c in own if _MOMENTS.get(folded(c.name)) == moment), None)
    words = "When it was created, UTC." if moment == "created" else "When it last changed, UTC."
    return Column(
        name=said.name if said else f"{moment}_at",
        type=FieldType.TIMESTAMP,
        generated=True,
        description=(said.description if said else "") or words,
        moment="created" if moment == "created" else "updated",
    )


def field_columns(own: EntityField) -> list[Column]:
    """Return the columns of a field: one, or an amount with its currency."""
    column = column_of(own)
    if own.type is not FieldType.MONEY:
        return [column]
    # An amount without its currency is not money; the two travel as neighbours.
    currency = Column(
        name=identifier(own.name, "currency"),
        type=FieldType.STRING,
        required=column.required,
        generated=column.generated,
        immutable=own.immutable,
        write_only=own.write_only,
        optional_input=not own.required,
        currency=True,
        description=f"Currency of {own.name.replace('_', ' ')}, ISO 4217.",
    )
    return [column, currency]
