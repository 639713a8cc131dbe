"""The API: what was named as it was named, completed to the calls that each entity needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.designers.offline.access import Access
from bot.designers.offline.fields import parse_fields
from bot.designers.offline.lexicon import append_only
from bot.designers.offline.model import ASYNC_VERBS, DataModel
from bot.designers.offline.nouns import entity_name, kebab, plural_name, singular, snake, spoken, words
from bot.designers.offline.wishes import AbilityWish, EndpointWish, Wishes
from bot.domain.blueprint import Entity, EntityField, FieldType, Method, Operation, OperationKind

MAX_OPERATIONS = 240
_WRITES = {
    OperationKind.LIST: ("list", "read", "view", "get", "search"),
    OperationKind.READ: ("list", "read", "view", "get", "search"),
    OperationKind.CREATE: ("create", "add", "submit", "book", "upload", "import"),
    OperationKind.UPDATE: ("update", "edit", "change", "assign", "reschedule"),
    OperationKind.DELETE: ("delete", "remove"),
}
_PLAIN = frozenset(verb for verbs in _WRITES.values() for verb in verbs)
_UNCHANGED = {OperationKind.LIST, OperationKind.READ}
_READ_ONLY = frozenset({"AuditEvent", "AuditLog", "InboundEvent", "SystemMetric"})


def operations(wishes: Wishes, model: DataModel, access: Access) -> tuple[Operation, ...]:
    """Return every operation: named ones first come, first kept; then the usual ones of each entity; then our own."""
    built = _Builder(model, access)
    for endpoint in wishes.endpoints:
        built.named(endpoint)
    abilities = {model.renamed.get(a.entity, a.entity): a for a in wishes.abilities}
    for entity in model.entities:
        built.usual(entity, abilities.get(entity.name))
    for ability in abilities.values():
        built.actions(ability, model)
    built.nested()
    built.own(wishes)
    return tuple(built.found.values())[:MAX_OPERATIONS]


class _Builder:
    """Collects operations by route, so that nothing is there twice."""

    def __init__(self, model: DataModel, access: Access) -> None:
        self.model, self.access = model, access
        self.found: dict[str, Operation] = {}
        self.ids: set[str] = set()
        self.by_segment = {kebab(entity.plural): entity for entity in model.entities}

    def add(self, op: Operation) -> None:
        """Keep an operation unless its route is taken; a taken id gets a number."""
        route = _route(op.method, op.path)
        if route in self.found:
            return
        own, count = op.id, 2
        while own in self.ids:
            own, count = f"{op.id[:50]}_{count}", count + 1
        self.ids.add(own)
        self.found[route] = op.model_copy(update={"id": own})

    def has(self, method: Method, path: str) -> bool:
        """Whether that route is there."""
        return _route(method, path) in self.found

    def named(self, wish: EndpointWish) -> None:
        """Add an endpoint as people named it."""
        segments = [s for s in wish.path.split("/") if s]
        nouns = [s for s in segments if not s.startswith("{")]
        entity = next((self.by_segment[s] for s in reversed(nouns) if s in self.by_segment), None)
        kind = _kind(wish.method, segments, self.by_segment)
        listed = kind is OperationKind.LIST and entity is not None
        verb = _verb(segments, self.by_segment)
        long = kind is OperationKind.ACTION and bool(set(words(verb)) & ASYNC_VERBS)
        self.add(
            Operation(
                id=_id(wish.method, kind, segments),
                method=wish.method,
                path=wish.path,
                summary=wish.words or _sentence(kind, entity, verb),
                kind=kind,
                entity=entity.name if entity else None,
                paginated=listed,
                idempotent=wish.method is Method.POST,
                asynchronous=long,
                roles=self.access.roles(kind, entity.name if entity else ""),
                parameters=_filters(entity) if listed and entity else _period(kind, entity),
                request=_input(verb) if kind is OperationKind.ACTION else (),
                response=() if entity else _result(kind),
                source=wish.source,
            )
        )

    def usual(self, entity: Entity, ability: AbilityWish | None) -> None:
        """Add what can usually be done with an entity, or only what was named for it."""
        base = f"/{kebab(entity.plural)}"
        replaced = self.has(Method.PUT, f"{base}/{{id}}")
        for kind, method, path in (
            (OperationKind.LIST, Method.GET, base),
            (OperationKind.CREATE, Method.POST, base),
            (OperationKind.READ, Method.GET, f"{base}/{{id}}"),
            (OperationKind.UPDATE, Method.PATCH, f"{base}/{{id}}"),
            (OperationKind.DELETE, Method.DELETE, f"{base}/{{id}}"),
        ):
            if not _wanted(kind, entity, ability) or (kind is OperationKind.UPDATE and replaced):
                continue
            self.add(
                Operation(
                    id=snake(f"{kind.value} {entity.plural if kind is OperationKind.LIST else spoken(entity.name)}"),
                    method=method,
                    path=path,
                    summary=_sentence(kind, entity, ""),
                    kind=kind,
                    entity=entity.name,
                    paginated=kind is OperationKind.LIST,
                    idempotent=kind is OperationKind.CREATE,
                    roles=self.access.roles(kind, entity.name),
                    parameters=_filters(entity) if kind is OperationKind.LIST else (),
                    source=ability.source if ability else "",
                )
            )

    def actions(self, ability: AbilityWish, model: DataModel) -> None:
        """Add verbs beyond reading and writing as calls on one resource: ``POST /orders/{id}/cancel``."""
        name = model.renamed.get(ability.entity, ability.entity)
        entity = next((e for e in model.entities if e.name == name), None)
        for verb in ability.verbs:
            if entity is None or verb in _PLAIN:
                continue
            path = f"/{kebab(entity.plural)}/{{id}}/{verb}"
            if any(self.has(method, path) for method in (Method.PUT, Method.POST)):
                continue
            self.action(entity, verb, path, ability.source)

    def action(self, entity: Entity, verb: str, path: str, source: str) -> None:
        """Add one call that does something with one resource."""
        self.add(
            Operation(
                id=snake(f"{verb} {spoken(entity.name)}"),
                method=Method.POST,
                path=path,
                summary=_sentence(OperationKind.ACTION, entity, verb),
                kind=OperationKind.ACTION,
                entity=entity.name,
                idempotent=True,
                asynchronous=verb in ASYNC_VERBS,
                roles=self.access.roles(OperationKind.ACTION, entity.name),
                request=_input(verb),
                source=source,
            )
        )

    def nested(self) -> None:
        """Add the lists of children below their parent, except below those that own nearly everything."""
        for relation in self.model.relations:
            parent = next(e for e in self.model.entities if e.name == relation.target)
            child = next(e for e in self.model.entities if e.name == relation.source)
            if relation not in self.model.parents(child.name) or parent.name in ("User", "Tenant", "Organization"):
                continue
            self.add(
                Operation(
                    id=snake(f"list {spoken(parent.name)} {child.plural}"),
                    method=Method.GET,
                    path=f"/{kebab(parent.plural)}/{{id}}/{kebab(child.plural)}",
                    summary=f"List the {spoken(child.plural)} of one {spoken(parent.name)}",
                    kind=OperationKind.LIST,
                    entity=child.name,
                    paginated=True,
                    roles=self.access.roles(OperationKind.LIST, child.name),
                    parameters=_filters(child),
                )
            )

    def own(self, wishes: Wishes) -> None:
        """Add what every such service needs: health, the caller, cancelling of jobs, calls from other services."""
        status = EntityField(name="status", type=FieldType.ENUM, values=("ok", "degraded"))
        self.add(
            Operation(
                id="get_health",
                method=Method.GET,
                path="/health",
                summary="Tell whether the service and what it needs are up",
                kind=OperationKind.QUERY,
                public=True,
                response=(status, EntityField(name="version", type=FieldType.STRING)),
            )
        )
        job = next((e for e in self.model.entities if e.name == "Job"), None)
        if job:
            self.action(job, "cancel", "/jobs/{id}/cancel", "")
        if "InboundEvent" in self.model.names():
            for item in wishes.integrations:
                if item.direction != "outbound" and "webhook" in item.method.lower() and snake(item.service):
                    self.webhook(item.service)

    def webhook(self, service: str) -> None:
        """Add the call by which another service reports events."""
        self.add(
            Operation(
                id=snake(f"receive {service} event"),
                method=Method.POST,
                path=f"/webhooks/{kebab(snake(service))}",
                summary=f"Take an event from {service}; repeated deliveries change nothing",
                kind=OperationKind.ACTION,
                signed=True,
                idempotent=False,
                request=parse_fields("event_id string, type, payload json"),
                response=parse_fields("received boolean"),
            )
        )


def _route(method: Method, path: str) -> str:
    return f"{method} {re.sub(r'{[^}]*}', '{}', path)}"


def _kind(method: Method, segments: Sequence[str], known: dict[str, Entity]) -> OperationKind:
    last = segments[-1]
    on_item = last.startswith("{")
    if method is Method.GET:
        return OperationKind.READ if on_item else OperationKind.LIST if last in known else OperationKind.QUERY
    if method is Method.DELETE:
        return OperationKind.DELETE
    if on_item:
        return OperationKind.ACTION if method is Method.POST else OperationKind.UPDATE
    return OperationKind.CREATE if method is Method.POST and last in known else OperationKind.ACTION


def _verb(segments: Sequence[str], known: dict[str, Entity]) -> str:
    last = segments[-1]
    return "" if last.startswith("{") or last in known else spoken(last)


def _id(method: Method, kind: OperationKind, segments: Sequence[str]) -> str:
    nouns = [s for s in segments if not s.startswith("{")]
    if kind is OperationKind.ACTION and len(nouns) > 1:
        parts = [nouns[-1], *(plural_to_one(s) for s in nouns[:-1])]
    elif kind in (OperationKind.LIST, OperationKind.QUERY):
        parts = ["list" if kind is OperationKind.LIST else "get", *(plural_to_one(s) for s in nouns[:-1]), nouns[-1]]
    else:
        parts = [kind.value if kind is not OperationKind.ACTION else method.lower(), *(plural_to_one(s) for s in nouns)]
    return snake(" ".join(parts)) or f"{method.lower()}_call"


def plural_to_one(segment: str) -> str:
    """Return a path's segment in the singular."""
    parts = words(segment)
    return " ".join([*parts[:-1], singular(parts[-1])]) if parts else ""


def _sentence(kind: OperationKind, entity: Entity | None, verb: str) -> str:
    if entity is None:
        return f"{verb.capitalize() or 'Read'}"
    one, many = spoken(entity.name), spoken(entity.plural)
    article = "an" if one[0] in "aeiou" and not one.startswith("use") else "a"
    sentences = {
        OperationKind.LIST: f"List {many}",
        OperationKind.READ: f"Read {article} {one}",
        OperationKind.CREATE: f"Create {article} {one}",
        OperationKind.UPDATE: f"Change {article} {one}",
        OperationKind.DELETE: f"Delete {article} {one}",
        OperationKind.QUERY: f"Read {verb or 'figures'} of {many}",
    }
    return sentences.get(kind) or f"{(verb or 'act on').capitalize()} {article} {one}"


def _wanted(kind: OperationKind, entity: Entity, ability: AbilityWish | None) -> bool:
    if ability is not None:
        named = set(ability.verbs) & _PLAIN
        return not named or kind in _UNCHANGED or bool(named & set(_WRITES[kind]))
    if entity.name in _READ_ONLY or entity.name == "Job":
        return kind in _UNCHANGED
    if append_only(entity.name):
        return kind in {*_UNCHANGED, OperationKind.CREATE}
    # A list of tenants would show each customer who the others are; tenants are made and closed by operators.
    return entity.name not in ("Tenant", "Organization") or kind in (OperationKind.READ, OperationKind.UPDATE)


def _filters(entity: Entity) -> tuple[EntityField, ...]:
    """Return the query parameters of a list: its enums, each of which has an index."""
    return tuple(
        EntityField(
            name=f.name,
            type=FieldType.ENUM,
            required=False,
            values=f.values,
            description=f"Only of this {spoken(f.name)}.",
        )
        for f in entity.fields
        if f.type is FieldType.ENUM
    )[:3]


def _period(kind: OperationKind, entity: Entity | None) -> tuple[EntityField, ...]:
    return (
        parse_fields("from_date optional, to_date optional") if kind is OperationKind.QUERY and entity is None else ()
    )


def _result(kind: OperationKind) -> tuple[EntityField, ...]:
    if kind is OperationKind.QUERY or kind in _UNCHANGED:
        return parse_fields("generated_at, from_date, to_date, metrics json")
    return parse_fields("accepted_at, result json")


def _input(verb: str) -> tuple[EntityField, ...]:
    first = (words(verb) or [""])[0]
    known: dict[str, str] = {
        "execute": "input json optional",
        "run": "input json optional",
        "export": "format (csv|json)",
        "cancel": "reason text optional",
        "reject": "reason text",
        "approve": "comment text optional",
        "refund": "amount money, reason text optional",
        "assign": "assignee_id uuid",
        "schedule": "starts_at",
        "reschedule": "starts_at",
        "share": "email email",
        "invite": "email email",
    }
    return parse_fields(known.get(first, "note text optional"))


def mentioned(entities: Iterable[str]) -> set[str]:
    """Return entity names as people may have written them."""
    return {form for name in entities for form in (spoken(name), spoken(plural_name(name)), entity_name(name))}
