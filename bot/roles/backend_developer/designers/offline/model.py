"""The data model: entities, fields and relations from wishes, completed to what such a backend needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.domain.design import Brief
from bot.roles.backend_developer.blueprint import Cardinality, Entity, EntityField, FieldType, Index, OnDelete, Relation
from bot.roles.backend_developer.designers.offline.lexicon import append_only, has_own_parent, known_nouns, usual_fields
from bot.roles.backend_developer.designers.offline.nouns import (
    entity_name,
    is_plural,
    plural_name,
    singular,
    snake,
    spoken,
    words,
    wordset,
)
from bot.roles.backend_developer.designers.offline.wishes import LinkWish, Wishes

MAX_ENTITIES = 30
MAX_FIELDS = 30
MAX_RELATIONS = 100
MIN_NOUN = 3
ASYNC_VERBS = wordset("execute run export import generate process train sync render rebuild analyze")
_GENERIC_TITLE = frozenset(
    [
        "ai",
        "app",
        "application",
        "platform",
        "system",
        "tool",
        "service",
        "software",
        "solution",
        "product",
        "portal",
        "online",
        "smart",
        "digital",
        "powered",
        "driven",
        "based",
        "the",
        "a",
        "an",
        "for",
        "of",
        "and",
        "with",
        "to",
        "in",
        "on",
        "my",
        "our",
        "new",
        "idea",
        "project",
        "automation",
        "management",
        "enterprise",
        "startup",
        "api",
        "bot",
        "backend",
        "marketplace",
        "assistant",
        "engine",
        "hub",
        "suite",
    ]
)
_TAKEN = ("Problem", "Accepted")
_FORMS = ("Summary", "Create", "Update", "Page")
_SHARED = frozenset({"Tenant", "Organization"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DataModel:
    """Entities and relations; `observed` are those that record what happens to all the others."""

    entities: tuple[Entity, ...]
    relations: tuple[Relation, ...]
    observed: tuple[str, ...] = ()
    renamed: dict[str, str] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """Return the entities' names in order."""
        return tuple(entity.name for entity in self.entities)

    def parents(self, child: str) -> tuple[Relation, ...]:
        """Return the relations by which a child points at what it belongs to."""
        return tuple(r for r in self.relations if r.source == child and r.cardinality is Cardinality.MANY_TO_ONE)


def data_model(wishes: Wishes, brief: Brief) -> DataModel:
    """Return the data model that the wishes ask for."""
    drafts = _named(wishes) or _guessed(brief)
    helpers = _helpers(wishes, set(drafts))
    drafts = {**helpers[0], **drafts, **helpers[1]}
    drafts = dict(list(drafts.items())[:MAX_ENTITIES])
    renamed = {name: f"{name}Record" for name in drafts if _clashes(name, drafts)}
    names = [renamed.get(name, name) for name in drafts]
    links = [_renamed(link, renamed) for link in wishes.links]
    relations = _relations(links, names)
    tenants = _tenant_of(names) if wishes.tenants else ""
    entities = [
        _entity(renamed.get(name, name), source, fields, relations, names, tenants=bool(tenants))
        for name, (source, fields) in drafts.items()
    ]
    kept = _distinct(entities)
    alive = {entity.name for entity in kept}
    return DataModel(
        entities=tuple(kept),
        relations=tuple(r for r in relations if r.source in alive and r.target in alive),
        observed=tuple(renamed.get(name, name) for name in wishes.observed if renamed.get(name, name) in alive),
        renamed=renamed,
    )


_Drafts = dict[str, tuple[str, tuple[EntityField, ...]]]


def _named(wishes: Wishes) -> _Drafts:
    drafts: _Drafts = {}
    for wish in wishes.entities:
        source, fields = drafts.get(wish.name, (wish.source, ()))
        drafts[wish.name] = (source, fields or wish.fields)
    for link in wishes.links:
        for end in (link.one, link.many):
            drafts.setdefault(end, (link.source, ()))
    for ability in wishes.abilities:
        drafts.setdefault(ability.entity, (ability.source, ()))
    return drafts


def _guessed(brief: Brief) -> _Drafts:
    """Return entities that the title and the description speak of: known nouns, else the title's own last noun."""
    text = " ".join(singular(word) for word in words(f"{brief.title} {brief.description} {brief.goal}"[:4000]))
    found = [noun for noun in known_nouns() if f" {noun} " in f" {text} "]
    names = [entity_name(noun) for noun in found if not any(noun != other and noun in other for other in found)]
    if names:
        return dict.fromkeys(names[:8], ("the title and description", ()))
    content = [
        word for word in words(brief.title) if word not in _GENERIC_TITLE and len(word) >= MIN_NOUN and word.isalpha()
    ]
    nouns = [word for word in content if is_plural(word)] or [word for word in content if not word.endswith("ing")]
    return {entity_name(nouns[-1] if nouns else "item"): ("the title", ())}


def _helpers(wishes: Wishes, named: set[str]) -> tuple[_Drafts, _Drafts]:
    """Return entities that go before and after the named ones, because the design needs them."""
    before: _Drafts = {}
    after: _Drafts = {}
    if wishes.tenants and not named & {"Tenant", "Organization"}:
        before["Tenant"] = ("several tenants are asked for", ())
    if "User" not in named:
        before["User"] = ("somebody signs in", ())
    verbs = {verb for ability in wishes.abilities for verb in ability.verbs}
    verbs |= {word for endpoint in wishes.endpoints for word in words(endpoint.path.rpartition("/")[2])}
    if verbs & ASYNC_VERBS and "Job" not in named:
        after["Job"] = ("long work runs in the background", ())
    if any(item.direction != "outbound" and "webhook" in item.method.lower() for item in wishes.integrations):
        after["InboundEvent"] = ("other services call back", ())
    if wishes.security.laws and not named & {"AuditEvent", "AuditLog"}:
        after["AuditEvent"] = (f"a trail, for {', '.join(wishes.security.laws)}", ())
    return before, after


def _tenant_of(names: Iterable[str]) -> str:
    return next((name for name in ("Tenant", "Organization") if name in set(names)), "")


def _clashes(name: str, drafts: Iterable[str]) -> bool:
    return name in _TAKEN or any(name == f"{other}{form}" for other in drafts for form in _FORMS)


def _renamed(link: LinkWish, renamed: dict[str, str]) -> LinkWish:
    one, many = renamed.get(link.one, link.one), renamed.get(link.many, link.many)
    return LinkWish(one=one, many=many, kind=link.kind, source=link.source)


def _relations(links: Sequence[LinkWish], names: Sequence[str]) -> list[Relation]:
    found: dict[tuple[str, str], Relation] = {}
    pairs: set[frozenset[str]] = set()
    for link in links:
        pair = frozenset({link.one, link.many})
        if link.one in names and link.many in names and pair not in pairs and len(found) < MAX_RELATIONS:
            pairs.add(pair)
            relation = _relation(link)
            found.setdefault((relation.source, relation.name), relation)
    linked = {relation.source for relation in found.values()}
    for name in names:
        if name not in linked | {"User", "AuditEvent", "InboundEvent", *_SHARED} and not append_only(name):
            role = "requested_by" if name == "Job" else "created_by"
            found[(name, role)] = Relation(
                source=name, target="User", name=role, required=False, on_delete=OnDelete.SET_NULL
            )
    return list(found.values())


def _relation(link: LinkWish) -> Relation:
    if link.kind == "both":
        name = plural_name(link.many)
        return Relation(source=link.one, target=link.many, name=name, cardinality=Cardinality.MANY_TO_MANY)
    goes_with = has_own_parent(link.many, link.one) and link.one != "User"
    name = "owner" if link.one == "User" else snake(link.one)
    if link.one == link.many:
        return Relation(source=link.many, target=link.one, name="parent", required=False, on_delete=OnDelete.SET_NULL)
    return Relation(
        source=link.many,
        target=link.one,
        name=name,
        cardinality=Cardinality.ONE_TO_ONE if link.kind == "one" else Cardinality.MANY_TO_ONE,
        on_delete=OnDelete.CASCADE if goes_with else OnDelete.RESTRICT,
    )


def _entity(
    name: str,
    source: str,
    fields: tuple[EntityField, ...],
    relations: list[Relation],
    names: Sequence[str],
    *,
    tenants: bool,
) -> Entity:
    own = _without_keys(name, fields, relations, names) or usual_fields(name)
    keys = {f"{r.name}_id" for r in relations if r.source == name}
    kept = tuple(f for f in own if f.name not in keys)[:MAX_FIELDS] or usual_fields("thing")
    scoped = tenants and name not in _SHARED
    return Entity(
        name=name,
        plural=plural_name(name),
        description=_describe(name, relations),
        fields=kept,
        indexes=_indexes(kept, scoped),
        tenant_scoped=scoped,
        source=source[:200],
    )


def _without_keys(
    name: str, fields: tuple[EntityField, ...], relations: list[Relation], names: Sequence[str]
) -> tuple[EntityField, ...]:
    """Turn fields that name another entity (``customer`` or ``customer_id``) into relations."""
    by_field = {snake(other): other for other in names}
    have = {(r.source, r.name) for r in relations} | {(r.source, snake(r.target)) for r in relations}
    kept = []
    for own in fields:
        base = own.name.removesuffix("_id")
        target = by_field.get(base)
        if target is None or target == name or own.type not in (FieldType.STRING, FieldType.UUID):
            kept.append(own)
        elif (name, base) not in have:
            relations.append(Relation(source=name, target=target, name=base, required=own.required))
            have.add((name, base))
    return tuple(kept)


def _describe(name: str, relations: Sequence[Relation]) -> str:
    parents = [spoken(r.target) for r in relations if r.source == name and r.required]
    said = f"{spoken(name).capitalize()}"
    return f"{said} of a {parents[0]}." if parents else f"{said}."


def _indexes(fields: Sequence[EntityField], scoped: bool) -> tuple[Index, ...]:
    scope = ("tenant_id",) if scoped else ()
    return tuple(Index(fields=(*scope, f.name, "created_at")) for f in fields if f.type is FieldType.ENUM)[:3]


def _distinct(entities: Iterable[Entity]) -> list[Entity]:
    """Drop an entity whose plural another has already: two spellings of one thing."""
    found: dict[str, Entity] = {}
    for entity in entities:
        found.setdefault(entity.plural, entity)
    return list(found.values())
