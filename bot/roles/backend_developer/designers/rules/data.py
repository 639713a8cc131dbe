"""Entities, relations, rules and lives of rows, from facts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.domain.facts import (
    EntityFact,
    FieldFact,
    OperationFact,
    RelationFact,
    Stance,
    StateFact,
    TenancyFact,
    ValueType,
)
from bot.reading.names import german_key, plural, singular, words
from bot.roles.backend_developer.blueprint import (
    Cardinality,
    Entity,
    EntityField,
    Index,
    OnDelete,
    Relation,
)
from bot.roles.backend_developer.blueprint.spelling import FORMS, SCHEMAS
from bot.roles.backend_developer.checks.names import tells_of_animal
from bot.roles.backend_developer.designers.rules.fields import entity_field, value_field
from bot.roles.backend_developer.designers.rules.identifiers import column, key_of, pascal, snake, table
from bot.roles.backend_developer.designers.rules.world import World, resources

_ADDRESS = re.compile(r"([^/{}]+)/\{([^{}/]+)\}")
_BELOW = re.compile(r"([^/{}]+)/\{[^{}/]+\}/(?=([^/{}]+)(?:/|$))")
_RENDERED = frozenset({"id", "created_at", "updated_at", "tenant_id"})
_SYSTEM = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})


@dataclass(slots=True)
class Data:
    """The data model under construction, entities by their key."""

    entities: dict[str, Entity] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    tenant: str = ""

    def name(self, said: str) -> str:
        """Return the entity's name for what people call it, "" if there is none.

        ``events`` may mean UsageEvent where nothing is called Event: the last word decides if it is unambiguous.
        """
        key = key_of(said)
        if key in self.entities:
            return self.entities[key].name
        alike = [e.name for k, e in self.entities.items() if german_key(k) == german_key(key)]
        if len(alike) == 1 and singular(said) == said:
            return alike[0]
        last = words(said)[-1:]
        near = [e.name for k, e in self.entities.items() if last and key_of(words(e.name)[-1]) == key_of(last[0])]
        return near[0] if len(near) == 1 and len(words(said)) == 1 else ""

    def get(self, name: str) -> Entity:
        """Return the entity whose schema has that name."""
        return self.entities[self._key(name)]

    def put(self, entity: Entity) -> None:
        """Keep an entity in place of the one of its name."""
        self.entities[self._key(entity.name)] = entity

    def _key(self, name: str) -> str:
        """Return what the entity is called by: a schema whose name was taken has another name than people gave."""
        own = key_of(name)
        return own if own in self.entities else next(key for key, e in self.entities.items() if e.name == name)


def data_of(world: World) -> Data:
    """Return entities and relations. What is only pointed at becomes an entity, too, marked as assumed."""
    data = Data()
    denied = {key_of(f.name) for f in world.of(EntityFact, Stance.DENIED, Stance.POSTPONED)}
    stated = [f for f in world.of(EntityFact) if key_of(f.name) not in denied]
    names = {key_of(f.name): f.name for f in stated}
    for fact in stated:
        _add(data, world, fact.name, fact.plural, fact)
    for found in resources(world.of(OperationFact), names):
        if key_of(found.name) not in denied:
            _add(data, world, found.name, found.plural, found, assumed=True)
    for state in world.of(StateFact):
        if state.entity and key_of(state.entity) not in denied and not data.name(state.entity):
            _add(data, world, state.entity, "", state)
    for attribute in world.of(FieldFact):
        if attribute.entity and key_of(attribute.entity) not in denied and not data.name(attribute.entity):
            _add(data, world, attribute.entity, "", attribute)
    links = [f for f in world.of(RelationFact) if not {key_of(f.source), key_of(f.target)} & denied]
    for link in links:
        for end in (link.source, link.target):
            if not data.name(end):
                _add(data, world, end, "", link, assumed=True)
    _addressed_by(data, world)
    _fields(data, world, [*links, *_nested(data, world, links)])
    _tenancy(data, world)
    return data


def _nested(data: Data, world: World, links: list[RelationFact]) -> list[RelationFact]:
    """Return what paths say: ``/articles/{slug}/comments`` makes a comment belong to an article."""
    known = {frozenset({data.name(one.source), data.name(one.target)}) for one in links}
    found: dict[frozenset[str], RelationFact] = {}
    for fact in world.of(OperationFact):
        for above, below in _BELOW.findall(fact.path):
            parent, child = data.name(above), data.name(below)
            pair = frozenset({parent, child})
            if parent and child and len(pair) == 2 and pair not in known and plural(below) == below:
                found.setdefault(pair, RelationFact(statement=fact.statement, source=child, target=parent))
    return list(found.values())


def _add(
    data: Data,
    world: World,
    name: str,
    plural: str,
    fact: EntityFact | FieldFact | RelationFact | StateFact,
    *,
    assumed: bool = False,
) -> None:
    schema = pascal(name)
    if not schema[0].isalpha():
        return
    names = {e.name for e in data.entities.values()}
    while schema in SCHEMAS or any(
        schema in {f"{name}{form}" for name in names} or f"{schema}{form}" in names for form in FORMS
    ):
        schema += "Record"
    own = table(name, plural)
    if any(e.plural == own for e in data.entities.values()):
        own = snake(name)
        if any(e.plural == own for e in data.entities.values()):
            return
    data.entities[key_of(name)] = Entity(
        name=schema,
        plural=own,
        label=name[:120] if schema != name else "",
        description=fact.description[:600] if isinstance(fact, EntityFact) else "",
        cites=world.cites.of("entity", key_of(name), also=(fact.statement,)),
        assumed=assumed,
        source=world.source(fact),
    )


def _addressed_by(data: Data, world: World) -> None:
    """Give an entity the field by which its paths address it: ``/plans/{code}`` says that a plan has a code."""
    for fact in world.of(OperationFact):
        for found in _ADDRESS.finditer(fact.path):
            segment, parameter = found.groups()
            name = data.name(segment)
            key = column(parameter)
            if not name or key in _RENDERED or (words(key)[-1:] == ("id",) and words(key)[:1] != ("external",)):
                continue
            entity = data.get(name)
            if key_of(key) != key_of(name) and all(f.name != key for f in entity.fields):
                made = EntityField(name=key, type="string", unique=True, immutable=True, cites=(fact.statement,))
                data.put(extended(entity, made))


def _fields(data: Data, world: World, links: list[RelationFact]) -> None:
    by_entity: dict[str, list[FieldFact]] = {}
    refused = {(key_of(f.entity), key_of(f.name)) for f in world.of(FieldFact, Stance.DENIED, Stance.POSTPONED)}
    for fact in world.of(FieldFact):
        owner = data.name(fact.entity)
        if owner and (key_of(fact.entity), key_of(fact.name)) not in refused:
            by_entity.setdefault(owner, []).append(fact)
    pointing = {
        (data.name(f.entity), key_of(f.name)): f
        for f in world.of(FieldFact)
        if f.references and data.name(f.references) and column(f.name) != "id"
    }
    for link in links:
        _relate(data, world, link, pointing)
    for owner, facts in by_entity.items():
        _fill(data, world, owner, facts, pointing)


def _relate(data: Data, world: World, link: RelationFact, pointing: dict[tuple[str, str], FieldFact]) -> None:
    source, target = data.name(link.source), data.name(link.target)
    if not source or not target:
        return
    many = link.cardinality == "many_to_many"
    said_table = link.name if many and world.notation(link) == "sql" else ""
    name = _link_name(data, link, source, target) if many else column(link.name) if link.name else snake(target)
    said = next(
        (
            f
            for (owner, _), f in pointing.items()
            if owner == source and data.name(f.references) == target and _fits(f.name, name, target)
        ),
        None,
    )
    if source == target and name == snake(source):
        name = "parent"
    if any(r.source == source and r.name == name for r in data.relations):
        return
    required = (
        link.required
        if link.required is not None
        else bool(said and said.required) or (source != target and not many and said is None)
    )
    data.relations.append(
        Relation(
            source=source,
            target=target,
            name=name,
            cardinality=Cardinality(link.cardinality),
            table=table(link.name, link.name) if said_table else "",
            required=required and link.on_delete != "set_null",
            on_delete=OnDelete(link.on_delete) if link.on_delete else OnDelete.RESTRICT,
            columns=(column(said.name),)
            if said is not None and not many and _columns_fit(data, said, link, target)
            else (),
            fields=tuple(value_field(f, (link.statement,), world.notation(link)) for f in link.fields) if many else (),
            cites=world.cites.of(
                "relation",
                frozenset({key_of(link.source), key_of(link.target)}),
                also=(link.statement, said.statement if said else ""),
            ),
        )
    )


_SAYS_NOTHING = frozenset(
    {"have", "be", "contain", "include", "consist", "own", "hold", "use", "link", "relate", "haben"}
)


def _link_name(data: Data, link: RelationFact, source: str, target: str) -> str:
    """Return what a many-to-many relation is called: by the other end, with the verb where that tells two apart."""
    many = data.get(target).plural
    verb = column(link.name) if link.name else ""
    if not verb or verb in _SAYS_NOTHING:
        return many
    return verb if many in verb else f"{verb}_{many}"[:56]


def _columns_fit(data: Data, said: FieldFact, link: RelationFact, target: str) -> bool:
    """Whether the column as said can point there: a row's own id points at one of many only by a slip."""
    own_id = column(said.name) == "id" and link.cardinality == "many_to_one"
    return len(data.get(target).key) <= 1 and not own_id


def _fits(said: str, name: str, target: str) -> bool:
    bare = said[:-3] if said.lower().endswith("_id") else said[:-2] if said.endswith("Id") else said
    return key_of(bare) in {key_of(name), key_of(target)} or key_of(said) == key_of(name)


def _fill(
    data: Data, world: World, owner: str, facts: list[FieldFact], pointing: dict[tuple[str, str], FieldFact]
) -> None:
    entity = data.get(owner)
    links = {(column(c)) for r in data.relations if r.source == owner for c in (r.columns or (f"{r.name}_id",))}
    roles = {r.name for r in data.relations if r.source == owner}
    keys = [f for f in facts if f.primary_key]
    kept: dict[str, EntityField] = {}
    addressed = {f.name: f for f in entity.fields}
    for fact in facts:
        name = column(fact.name)
        if (owner, key_of(fact.name)) in pointing or name in links or (name in roles and fact.type is None):
            continue
        if name in _RENDERED and not (name == "id" and fact.type in (ValueType.STRING, ValueType.TEXT)):
            continue
        if name.lower() in _SYSTEM:
            name = f"{name}_"
        made = entity_field(fact, world.cites, world.notation(fact))
        kept.setdefault(name, made.model_copy(update={"name": name}) if made.name != name else made)
    kept = {n: f.model_copy(update={"sensitive": False}) if tells_of_animal(n, kept) else f for n, f in kept.items()}
    said = {key_of(name) for name in kept}
    kept |= {name: f for name, f in addressed.items() if key_of(name) not in said}
    big = any(f.type in (ValueType.BIGINT, ValueType.INTEGER) and column(f.name) == "id" for f in facts)
    natural = tuple(column(f.name) for f in keys if column(f.name) in kept or column(f.name) in links)
    use_key = natural if natural and len(natural) == len(keys) else ()
    if use_key:
        kept = {
            n: f.model_copy(update={"required": True, "nullable": None}) if n in use_key else f for n, f in kept.items()
        }
        data.relations = [_in_key(r) if r.source == owner and _columns(r) & set(use_key) else r for r in data.relations]
    data.put(
        entity.model_copy(
            update={
                "fields": tuple(kept.values())[:250],
                "identity": "bigint" if big and not use_key else "uuid",
                "key": use_key,
                "indexes": _indexes(kept.values(), entity),
                "cites": tuple(dict.fromkeys([*entity.cites, *(f.statement for f in facts if _is_rendered(f))]))[:60],
            }
        )
    )


def _is_rendered(fact: FieldFact) -> bool:
    """Whether a field is of every table, so that whoever says it speaks of the table: its key, times, tenant."""
    return column(fact.name) in _RENDERED


def _columns(relation: Relation) -> set[str]:
    return set(relation.columns or (f"{relation.name}_id",))


def _in_key(relation: Relation) -> Relation:
    """Return a relation whose columns are part of the key, and so never empty."""
    kept = OnDelete.RESTRICT if relation.on_delete is OnDelete.SET_NULL else relation.on_delete
    return relation.model_copy(update={"required": True, "on_delete": kept})


def _indexes(fields: Iterable[EntityField], entity: Entity) -> tuple[Index, ...]:
    """Return an index for each state that lists are filtered by."""
    return tuple(Index(fields=(f.name, "created_at")) for f in fields if f.values)[:3]


def _tenancy(data: Data, world: World) -> None:
    facts = world.of(TenancyFact)
    if not facts:
        return
    fact = facts[-1]
    said = fact.tenant or "tenant"
    name = data.name(said)
    if not name:
        data.entities[key_of(said)] = Entity(
            name=pascal(said),
            plural=table(said, ""),
            cites=(fact.statement,),
            assumed=not fact.tenant,
            fields=(EntityField(name="name", type="string", assumed=True),),
            source=world.source(fact),
        )
        name = pascal(said)
    data.tenant = name
    scoped = {data.name(one) for one in fact.entities} - {""} or {e.name for e in data.entities.values()}
    data.relations = [
        r for r in data.relations if not (r.target == name and r.name == snake(name) and r.source in scoped)
    ]
    for entity in list(data.entities.values()):
        if entity.name in scoped and entity.name != name:
            data.put(entity.model_copy(update={"tenant_scoped": True}))


def extended(entity: Entity, made: EntityField) -> Entity:
    """Return the entity with one field more, or with that field in place of its namesake."""
    others = tuple(f for f in entity.fields if f.name != made.name)
    return entity.model_copy(update={"fields": (*others, made)})
