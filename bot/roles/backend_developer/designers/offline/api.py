"""The API: what was named as it was named, completed to the calls that each entity needs."""

from __future__ import annotations

from bot.roles.backend_developer.blueprint import Entity, EntityField, FieldType, Method, Operation, OperationKind
from bot.roles.backend_developer.designers.offline.access import Access
from bot.roles.backend_developer.designers.offline.calls import (
    PLAIN_VERBS,
    filters,
    input_fields,
    kind_of,
    operation_id,
    period,
    result_fields,
    route,
    sentence,
    verb_of,
    wanted,
)
from bot.roles.backend_developer.designers.offline.fields import parse_fields
from bot.roles.backend_developer.designers.offline.model import ASYNC_VERBS, DataModel
from bot.roles.backend_developer.designers.offline.nouns import kebab, snake, spoken, words
from bot.roles.backend_developer.designers.offline.wishes import AbilityWish, EndpointWish, Wishes

MAX_OPERATIONS = 240


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
        place = route(op.method, op.path)
        if place in self.found:
            return
        own, count = op.id, 2
        while own in self.ids:
            own, count = f"{op.id[:50]}_{count}", count + 1
        self.ids.add(own)
        self.found[place] = op.model_copy(update={"id": own})

    def has(self, method: Method, path: str) -> bool:
        """Whether that route is there."""
        return route(method, path) in self.found

    def named(self, wish: EndpointWish) -> None:
        """Add an endpoint as people named it."""
        segments = [s for s in wish.path.split("/") if s]
        nouns = [s for s in segments if not s.startswith("{")]
        entity = next((self.by_segment[s] for s in reversed(nouns) if s in self.by_segment), None)
        kind = kind_of(wish.method, segments, self.by_segment)
        listed = kind is OperationKind.LIST and entity is not None
        verb = verb_of(segments, self.by_segment)
        long = kind is OperationKind.ACTION and bool(set(words(verb)) & ASYNC_VERBS)
        self.add(
            Operation(
                id=operation_id(wish.method, kind, segments),
                method=wish.method,
                path=wish.path,
                summary=wish.words or sentence(kind, entity, verb),
                kind=kind,
                entity=entity.name if entity else None,
                paginated=listed,
                idempotent=wish.method is Method.POST,
                asynchronous=long,
                roles=self.access.roles(kind, entity.name if entity else ""),
                parameters=filters(entity) if listed and entity else period(kind, entity),
                request=input_fields(verb) if kind is OperationKind.ACTION else (),
                response=() if entity else result_fields(kind),
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
            if not wanted(kind, entity, ability) or (kind is OperationKind.UPDATE and replaced):
                continue
            self.add(
                Operation(
                    id=snake(f"{kind.value} {entity.plural if kind is OperationKind.LIST else spoken(entity.name)}"),
                    method=method,
                    path=path,
                    summary=sentence(kind, entity, ""),
                    kind=kind,
                    entity=entity.name,
                    paginated=kind is OperationKind.LIST,
                    idempotent=kind is OperationKind.CREATE,
                    roles=self.access.roles(kind, entity.name),
                    parameters=filters(entity) if kind is OperationKind.LIST else (),
                    source=ability.source if ability else "",
                )
            )

    def actions(self, ability: AbilityWish, model: DataModel) -> None:
        """Add verbs beyond reading and writing as calls on one resource: ``POST /orders/{id}/cancel``."""
        name = model.renamed.get(ability.entity, ability.entity)
        entity = next((e for e in model.entities if e.name == name), None)
        for verb in ability.verbs:
            if entity is None or verb in PLAIN_VERBS:
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
                summary=sentence(OperationKind.ACTION, entity, verb),
                kind=OperationKind.ACTION,
                entity=entity.name,
                idempotent=True,
                asynchronous=verb in ASYNC_VERBS,
                roles=self.access.roles(OperationKind.ACTION, entity.name),
                request=input_fields(verb),
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
                    parameters=filters(child),
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
