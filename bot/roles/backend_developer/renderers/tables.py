"""A blueprint as tables: which columns, keys and indexes each entity gets.

Documents, migrations and diagrams are all drawn from here, so that the API and the database cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.roles.backend_developer.blueprint import (
    Blueprint,
    Cardinality,
    Entity,
    EntityField,
    FieldType,
    OnDelete,
    OperationKind,
    Relation,
    RuleKind,
    StateMachine,
)
from bot.roles.backend_developer.blueprint.keys import (
    TENANT,
    key_of,
    relation_columns,
    tenant_column,
    tenant_entity,
    tenant_relation,
)
from bot.roles.backend_developer.renderers.names import MAX_IDENTIFIER, folded, identifier, snake
from bot.roles.backend_developer.renderers.shapes import Column, ForeignKey, Key, TableShape, column_of, is_author

__all__ = [
    "MAX_IDENTIFIER",
    "Column",
    "ForeignKey",
    "Key",
    "TableShape",
    "identifier",
    "snake",
    "table_of",
    "tables",
    "tenant",
]

_MOMENTS = {"createdat": "created", "updatedat": "updated"}
DELETED = "deleted_at"


def tenant(blueprint: Blueprint) -> Entity | None:
    """Return the entity that owns tenant-scoped rows, if the blueprint has one."""
    return tenant_entity(blueprint)


def tables(blueprint: Blueprint) -> tuple[TableShape, ...]:
    """Return every table of the blueprint, entities first and in their order, then the link tables."""
    drawn = _Drawn(blueprint)
    links = [r for r in blueprint.relations if r.cardinality is Cardinality.MANY_TO_MANY]
    return (*(drawn.entity_table(entity) for entity in blueprint.entities), *(drawn.link_table(r) for r in links))


def table_of(blueprint: Blueprint, entity: str) -> TableShape:
    """Return the table of the entity with that name; KeyError if there is none."""
    drawn = _Drawn(blueprint)
    return drawn.entity_table(drawn.entities[entity])


class _Drawn:
    """A blueprint while its tables are drawn: its parts by name."""

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        self.entities = {entity.name: entity for entity in blueprint.entities}
        self.root = tenant_entity(blueprint)
        self.listed = {op.entity for op in blueprint.operations if op.kind is OperationKind.LIST}
        self.sorted: dict[str, list[str]] = {}
        for op in blueprint.operations:
            if op.entity and op.sort:
                self.sorted.setdefault(op.entity, []).extend(op.sort)
        self.taken = {entity.plural for entity in blueprint.entities}

    def relations(self, entity: Entity) -> list[Relation]:
        """Return the relations whose key is in the entity's table."""
        return [
            r
            for r in self.blueprint.relations
            if r.source == entity.name and r.cardinality is not Cardinality.MANY_TO_MANY
        ]

    # --- columns --------------------------------------------------------------------------------------------------

    def columns(self, entity: Entity) -> tuple[Column, ...]:
        """Return an entity's columns: key, tenant, foreign keys, fields, times.

        A field that a designer named like one of the renderer's own columns or like a relation's key gives way to it.
        """
        own = [column for said in entity.fields for column in _field_columns(said)]
        times = {moment: column for moment in ("created", "updated") for column in [_time(own, moment)]}
        found = [*self._key_column(entity, own), *self._tenant_column(entity)]
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

    def _tenant_column(self, entity: Entity) -> list[Column]:
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
        own = [column for said in entity.fields for column in _field_columns(said)]
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

    # --- tables ---------------------------------------------------------------------------------------------------

    def has_rule(self, entity: Entity, kind: RuleKind) -> bool:
        """Whether the entity has a rule of this kind."""
        return any(rule.entity == entity.name and rule.kind is kind for rule in self.blueprint.rules)

    def entity_table(self, entity: Entity) -> TableShape:
        """Return an entity's table."""
        columns = self.columns(entity)
        scope = self._scope(entity)
        key = key_of(self.blueprint, entity)
        owners = self.owner_columns(entity)
        return TableShape(
            name=entity.plural,
            entity=entity.name,
            description=entity.description or entity.label,
            columns=columns,
            primary_key=key if key == ("id",) else tuple(dict.fromkeys((*scope, *key))),
            keys=self._keys(entity, columns),
            foreign_keys=self._foreign_keys(entity),
            tenant_scoped=entity.tenant_scoped,
            tenant=entity is self.root and any(other.tenant_scoped for other in self.blueprint.entities),
            tenant_column=scope[0] if scope else "",
            owner_column=owners[0] if len(owners) == 1 else "",
            rules=tuple(rule for rule in self.blueprint.rules if rule.entity == entity.name),
            machines=tuple(m for m in self.blueprint.state_machines if m.entity == entity.name),
        )

    def _scope(self, entity: Entity) -> tuple[str, ...]:
        return (tenant_column(self.blueprint, entity),) if entity.tenant_scoped else ()

    def foreign_key(self, table: str, columns: tuple[str, ...], scope: str, relation: Relation) -> ForeignKey:
        """Return the key that points at the relation's target, within the tenant if both are a tenant's (`scope`)."""
        target = self.entities[relation.target]
        theirs = key_of(self.blueprint, target)
        shared = bool(scope) and target.tenant_scoped
        return ForeignKey(
            name=identifier("fk", table, *columns),
            columns=(scope, *columns) if shared else columns,
            table=target.plural,
            target_columns=(tenant_column(self.blueprint, target), *theirs) if shared else theirs,
            entity=target.name,
            on_delete=relation.on_delete,
            cleared=columns if shared else (),
        )

    def _foreign_keys(self, entity: Entity) -> tuple[ForeignKey, ...]:
        found = []
        scope = self._scope(entity)
        if scope and self.root is not None:
            belongs = tenant_relation(self.blueprint, entity)
            found.append(
                ForeignKey(
                    name=identifier("fk", entity.plural, *scope),
                    columns=scope,
                    table=self.root.plural,
                    target_columns=key_of(self.blueprint, self.root),
                    entity=self.root.name,
                    on_delete=belongs.on_delete if belongs else OnDelete.RESTRICT,
                )
            )
        for relation in self.relations(entity):
            if scope and relation is tenant_relation(self.blueprint, entity):
                continue
            columns = relation_columns(self.blueprint, relation)
            found.append(self.foreign_key(entity.plural, columns, "".join(scope), relation))
        return tuple({key.name: key for key in reversed(found)}.values())[::-1]

    def _keys(self, entity: Entity, columns: tuple[Column, ...]) -> tuple[Key, ...]:
        scope, key = self._scope(entity), key_of(self.blueprint, entity)
        rules = [rule for rule in self.blueprint.rules if rule.entity == entity.name]
        live = self.has_rule(entity, RuleKind.SOFT_DELETE)
        wanted = [
            Key(columns=(*scope, c.name), unique=True, live=live)
            for c in columns
            if c.unique and not c.references and c.name not in (key if len(key) == 1 else ())
        ]
        if scope and key == ("id",) and self._pointed_at(entity):
            wanted.append(Key(columns=(*scope, "id"), unique=True))
        wanted += [
            Key(columns=self.index_columns(entity, i.fields), unique=i.unique, live=live and i.unique)
            for i in entity.indexes
            if plain_index(i.method, i.descending, i.condition, i.expression)
            and not (i.case_insensitive or i.text_search)
            and i.fields
        ]
        wanted += [
            Key(columns=tuple(dict.fromkeys((*scope, *rule.fields))), unique=True, live=live)
            for rule in rules
            if rule.kind is RuleKind.UNIQUE and not rule.condition
        ]
        created = next(column.name for column in columns if column.moment == "created")
        if any(rule.kind is RuleKind.RETENTION for rule in rules):
            wanted.append(Key(columns=(created,)))
        order: tuple[str, ...] = ()
        if entity.name in self.listed:
            order = tuple(dict.fromkeys((created, *key)))
            wanted.append(Key(columns=tuple(dict.fromkeys((*scope, *order)))))
            wanted += [
                Key(columns=tuple(dict.fromkeys((*scope, name, *key))))
                for name in self.sorted.get(entity.name, ())
                if name != created
            ]
        wanted += self._reference_keys(entity, scope, order)
        if scope:
            wanted.append(Key(columns=scope))
        return _without_prefixes(wanted, ("id",) if key == ("id",) else (*scope, *key))

    def index_columns(self, entity: Entity, fields: tuple[str, ...]) -> tuple[str, ...]:
        """Return an index's columns; the tenant may be named as ever, whatever its column is called here."""
        scope = "".join(self._scope(entity))
        return tuple(dict.fromkeys(scope if scope and name == TENANT else name for name in fields))

    def _reference_keys(self, entity: Entity, scope: tuple[str, ...], order: tuple[str, ...]) -> Iterable[Key]:
        # Children are listed as the newest of their parent: the longer key serves that and the foreign key's check.
        for relation in self.relations(entity):
            if scope and relation is tenant_relation(self.blueprint, entity):
                continue
            names = relation_columns(self.blueprint, relation)
            columns = (*scope, *names) if scope and self.entities[relation.target].tenant_scoped else names
            if relation.cardinality is Cardinality.ONE_TO_ONE:
                yield Key(columns=columns, unique=True)
            else:
                yield Key(columns=tuple(dict.fromkeys((*columns, *order))))

    def _pointed_at(self, entity: Entity) -> bool:
        """Whether rows of the same tenant point at the entity's."""
        return any(
            (r.target == entity.name and self.entities[r.source].tenant_scoped)
            or (r.cardinality is Cardinality.MANY_TO_MANY and r.source == entity.name
                and self.entities[r.target].tenant_scoped)
            for r in self.blueprint.relations
        )  # fmt: skip

    def link_table(self, relation: Relation) -> TableShape:
        """Return the table of a many-to-many relation."""
        ends = self.entities[relation.source], self.entities[relation.target]
        name = self._link_name(relation)
        scope = "tenant_id" if all(end.tenant_scoped for end in ends) else ""
        left, right = self._link_columns(relation, ends)
        names = tuple(c.name for c in left), tuple(c.name for c in right)
        extra = [column for own in relation.fields for column in _field_columns(own)]
        times = [Column(name="created_at", type=FieldType.TIMESTAMP, generated=True, moment="created")]
        tenants = self._tenant_column(ends[0].model_copy(update={"name": ""})) if scope else []
        tenants = [replace(column, name=scope) for column in tenants]
        columns = {c.name: c for c in reversed([*tenants, *left, *right, *extra, *times])}
        turned = relation.model_copy(update={"target": relation.source})
        made = [
            self.foreign_key(name, own, scope, one.model_copy(update={"on_delete": OnDelete.CASCADE}))
            for own, one in zip(names, (turned, relation), strict=True)
        ]
        if scope and self.root is not None:
            own = (scope,)
            made.append(
                ForeignKey(
                    name=identifier("fk", name, scope),
                    columns=own,
                    table=self.root.plural,
                    target_columns=key_of(self.blueprint, self.root),
                    entity=self.root.name,
                    on_delete=OnDelete.RESTRICT,
                )
            )
        prefix = (scope,) if scope else ()
        both = [end.tenant_scoped for end in ends]
        return TableShape(
            name=name,
            entity="",
            description=relation.description or f"Links {ends[0].plural} with {ends[1].plural}.",
            columns=tuple(reversed(columns.values())),
            primary_key=tuple(dict.fromkeys((*prefix, *names[0], *names[1]))),
            keys=(Key(columns=(*(prefix if both[1] else ()), *names[1])),
                  *(Key(columns=(*prefix, c.name), unique=True) for c in extra if c.unique)),
            foreign_keys=tuple(made),
            tenant_scoped=bool(scope),
            tenant_column=scope,
        )  # fmt: skip

    def _link_name(self, relation: Relation) -> str:
        plural = self.entities[relation.source].plural
        name = relation.table or identifier(plural, relation.name)
        if name in self.taken:
            name = identifier(plural, relation.name, "links")
        count = 2
        while name in self.taken:
            name, count = identifier(plural, relation.name, "links", str(count)), count + 1
        self.taken.add(name)
        return name

    def _link_columns(self, relation: Relation, ends: tuple[Entity, Entity]) -> tuple[list[Column], list[Column]]:
        """Return the columns that point at the source and those that point at the target."""
        sides: list[list[Column]] = []
        said = list(relation.columns)
        used: set[str] = set()
        for end in ends:
            keys = self.key_columns(end)
            names = [f"{snake(end.name)}_{key.name}" for key in keys]
            if len(said) == sum(len(key_of(self.blueprint, one)) for one in ends):
                first = len(sides[0]) if sides else 0
                names = said[first : first + len(keys)]
            names = [f"related_{name}" if name in used else name for name in names]
            used |= set(names)
            sides.append(
                [
                    Column(name=name, type=key.type, references=end.name, on_delete=OnDelete.CASCADE, generated=True,
                           values=key.values, min_length=key.min_length, max_length=key.max_length)
                    for name, key in zip(names, keys, strict=True)
                ]
            )  # fmt: skip
        return sides[0], sides[1]


def plain_index(method: str, descending: tuple[str, ...], condition: str, expression: str) -> bool:
    """Whether an index is a B-tree over columns as they are."""
    return method == "btree" and not descending and not condition and not expression


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


def _field_columns(own: EntityField) -> list[Column]:
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


def _without_prefixes(wanted: Iterable[Key], primary: tuple[str, ...]) -> tuple[Key, ...]:
    """Drop an index that another one serves already; unique ones always stay."""
    distinct: dict[tuple[str, ...], Key] = {}
    for key in wanted:
        held = distinct.get(key.columns)
        distinct[key.columns] = key if held is None or (key.unique and not held.unique) else held
    keys = [key for key in distinct.values() if key.columns != primary]
    served = [key.columns for key in keys if not key.live] + [primary]
    return tuple(
        key
        for key in keys
        if key.unique or not any(one != key.columns and one[: len(key.columns)] == key.columns for one in served)
    )
