"""Calls, and what calls take and tell, that nobody asked for and that let somebody further than people wanted.

Who adds may be right: what is harmless stands here as data. That an addition is called assumed excuses none of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.domain.facts import AccessFact, OperationFact, Stance
from bot.reading.names import words
from bot.roles.backend_developer.blueprint import Blueprint, Entity, EntityField, Operation
from bot.roles.backend_developer.blueprint.rights import own_roles, roles_of, verb_of
from bot.roles.backend_developer.checks.areas.asked import named_roles
from bot.roles.backend_developer.checks.areas.records import RECORDS, stem_of
from bot.roles.backend_developer.checks.areas.sources import Sources
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import Endpoint
from bot.roles.backend_developer.checks.fit.openness import asked_open
from bot.roles.backend_developer.checks.fit.rendered import resources, spoken
from bot.roles.backend_developer.checks.names import NAMES_OF_PEOPLE

_KEYS: Final = frozenset(["id", "uuid", "ref", "key"])
_KNOWN: Final = frozenset(
    ["client", "request", "correlation", "idempotency", "external", "session", "device", "user", "account", "trace",
     "event", "message", "parent", "file", "upload", "job", "task", "transaction", "reference", "captcha", "public",
     "private", "api"]
)  # fmt: skip
"""First words of keys that callers have or make by themselves."""

_ADDRESSES: Final = frozenset(["url", "uri", "endpoint", "webhook", "callback", "host", "hostname"])
_SHOWN: Final = frozenset(
    ["photo", "picture", "image", "avatar", "logo", "icon", "cover", "banner", "thumbnail", "website", "homepage",
     "profile", "link", "video", "redirect", "return", "success", "cancel", "error", "back", "canonical", "linkedin",
     "repository", "docs", "documentation", "terms", "privacy", "map", "maps", "meeting"]
)  # fmt: skip
"""Words of addresses that browsers go to, and the service does not."""

_USUAL_OPEN: Final = frozenset(
    ["health", "healthz", "livez", "readyz", "ready", "status", "metrics", "version", "openapi", "docs", "swagger",
     "jwk", "jwks", "wellknown", "token", "session", "login", "logout", "signin", "signup", "register", "registration",
     "callback", "authorize", "verify", "verification", "confirm", "confirmation", "robot", "sitemap", "favicon",
     "ping", "config", "country", "currency", "language", "timezone", "time"]
)  # fmt: skip
"""Keys of paths that every service has open, or whose answers are the same for everybody."""

_TELLING: Final = frozenset(["name", "title", "label", "company", "code", "number", "id", "email"]) | NAMES_OF_PEOPLE
"""Fields by which one of many is told from the others."""

_MOST_ROLES: Final = 2
"""From so many roles on people have told who there is."""


def unknown_demands(bench: CheckContext) -> Iterator[str]:
    """Yield what asked calls demand that nobody said and nobody can have: the key of a thing that is nowhere."""
    sources, made = Sources(bench), _called(bench.blueprint)
    for op in bench.blueprint.operations:
        facts = bench.asked(op.id)
        said = {spoken(f.name) for fact in facts for f in (*fact.parameters, *fact.body)}
        for field in (*op.request, *op.parameters) if facts and not op.signed else ():
            found = [word.casefold() for word in words(field.name)]
            head = found[:-1] if set(found[-1:]) & _KEYS else found if field.type == "uuid" else []
            if not head or not field.required or field.default is not None or spoken(field.name) in said:
                continue
            known = {spoken(head[-1]), spoken("_".join(head))} & made or set(head[:1]) & _KNOWN
            if not known and not sources.tells(head[-1]) and f"{{{field.name}}}" not in op.path:
                yield f"{op.method} {op.path} {field.name} (of what there is nowhere)"


def set_past_guards(bench: CheckContext) -> Iterator[str]:
    """Yield calls that take a state to set, and that no change of that state names: past its guards and its roles."""
    plan, document = bench.blueprint, bench.document
    for machine in plan.state_machines:
        moving = {step.operation for step in machine.transitions}
        if "" in moving:  # it moves by what callers set
            continue
        states = {state for step in machine.transitions for state in (*step.sources, step.target)}
        for endpoint in document.endpoints:
            operation = bench.operation(endpoint)
            if operation is None or not endpoint.writes or operation.kind not in ("action", "query"):
                continue
            if operation.id in moving or operation.signed or operation.entity not in (machine.entity, None):
                continue
            said = {spoken(f.name) for fact in bench.asked(operation.id) for f in fact.body}
            for name, node in document.properties(document.body(endpoint)).items():
                values = document.resolve(node).get("enum")
                offered = states & {str(v) for v in values} if isinstance(values, list) else set()
                held = name == machine.field and operation.entity == machine.entity
                if (len(offered) > 1 or held) and spoken(name) not in said:
                    yield f"{endpoint.label} {name} (past the changes of {machine.entity})"


def _called(plan: Blueprint) -> set[str]:
    """Return keys of all names that something in the design has."""
    names = [name for e in plan.entities for name in (e.name, e.plural, *(f.name for f in e.fields))]
    names += [r.name for r in plan.relations] + [r.name for r in plan.roles] + [i.service for i in plan.integrations]
    names += [f.name for op in plan.operations for f in op.response]
    found = {spoken(name) for name in names} | {spoken(words(name)[-1]) for name in names if words(name)}
    return found | {spoken(words(name)[0]) for name in names if words(name)}


def records_erased(bench: CheckContext) -> Iterator[str]:
    """Yield deletions of records that nobody asked for, where people listed what may be called."""
    plan, facts = bench.blueprint, [f for f in bench.said.facts if f.stance is Stance.STATED]
    listed = {name for f in facts if isinstance(f, OperationFact) for name in resources(f.path)}
    granted = [f for f in facts if isinstance(f, AccessFact) and not f.path]
    free = {spoken(f.entity) for f in granted if {"delete", "any"} & set(f.verbs)}
    free |= {spoken(r.entity) for r in plan.rules if r.kind == "soft_delete"}
    for op in plan.operations:
        entity = next((e for e in plan.entities if e.name == op.entity), None)
        if entity is None or op.kind != "delete" or stem_of(entity.plural) not in RECORDS or bench.asked(op.id):
            continue
        keys = {spoken(entity.name), spoken(entity.plural)}
        if keys & listed and not (keys | {""}) & free:
            yield f"{op.method} {op.path} (deletes records, which nobody asked for)"


def opened_unasked(bench: CheckContext) -> Iterator[str]:
    """Yield reads that strangers may call and nobody asked for, of no thing, or where people listed the calls."""
    listed = any(isinstance(f, OperationFact) and f.path and f.stance is Stance.STATED for f in bench.said.facts)
    for endpoint in bench.document.endpoints:
        operation = bench.operation(endpoint)
        free = not endpoint.anonymous or endpoint.writes or operation is None or operation.signed
        if free or operation is None or (operation.entity and not listed) or bench.asked(endpoint.id):
            continue
        usual = set(resources(endpoint.path)) & _USUAL_OPEN
        if not usual and not asked_open(bench.said, endpoint):
            yield endpoint.label


def written_by_served(bench: CheckContext, served: frozenset[str]) -> Iterator[str]:
    """Yield who is served and writes the records that others keep of it.

    What it asks for has a life of its own, and what it does itself points at it.
    """
    plan = bench.blueprint
    moved = {m.entity for m in plan.state_machines}
    records = {e.name for e in plan.entities if stem_of(e.plural) in RECORDS and e.name not in moved and not _asks(e)}
    for op in plan.operations:
        staff = set(op.roles) - served
        if op.entity not in records or op.kind not in ("create", "update", "delete") or not staff:
            continue
        its = {spoken(r.target) for r in plan.relations if r.source == op.entity}
        for role in sorted(set(op.roles) & served & set(roles_of(plan, op)) - set(own_roles(plan, op))):
            if spoken(role) not in its and not let(bench, role, op):
                yield f"{op.method} {op.path} ({role} writes what others keep of it)"


def _asks(entity: Entity) -> bool:
    """Whether a row begins in a state that others change: it is a request, and no record yet."""
    return any(f.type == "enum" and f.read_only and f.default is not None for f in entity.fields)


def let(bench: CheckContext, role: str, operation: Operation) -> bool:
    """Whether people said that a role may do what an operation does."""
    if any(spoken(role) in {spoken(one) for one in fact.roles} for fact in bench.asked(operation.id)):
        return True
    about = {spoken(operation.entity or ""), *resources(operation.path)}
    return any(
        isinstance(f, AccessFact) and f.stance is Stance.STATED and not f.own and spoken(f.role) in (spoken(role), "")
        and bool({verb_of(operation), "any"} & set(f.verbs)) and (not f.entity or spoken(f.entity) in about)
        for f in bench.said.facts
    )  # fmt: skip


def figures_of_others(bench: CheckContext, served: frozenset[str]) -> Iterator[str]:
    """Yield lists of no thing that tell each tenant, or who is served, what is the others', each by its name."""
    plan, document = bench.blueprint, bench.document
    scoped = any(e.tenant_scoped for e in plan.entities)
    people = {e.name for e in plan.entities if any(f.sensitive for f in e.fields)}
    for endpoint in document.endpoints:
        operation = bench.operation(endpoint)
        if operation is None or operation.entity or operation.response_entity or endpoint.anonymous:
            continue
        if endpoint.writes or bench.asked(endpoint.id) or not (operation.response_list or operation.paginated):
            continue
        to = set(roles_of(plan, operation)) & served
        shown = document.properties(document.items(endpoint)) or document.shown(endpoint)
        for entity in plan.entities:
            each = scoped and entity.name == plan.tenant
            told = [name for name in shown if _tells_of(name, entity)]
            if told and (each or (to and entity.name in people)) and not own_roles(plan, operation):
                yield f"{endpoint.label} (tells each the {told[0]} of the others)"


def _tells_of(name: str, entity: Entity) -> bool:
    """Whether a property is a field of a thing by which it is told from others: ``sender_company``."""
    found = words(name)
    return any(
        spoken("_".join(found[:i])) == spoken(entity.name) and "_".join(found[i:]) in _TELLING
        for i in range(1, len(found))
    )


def addresses_called(bench: CheckContext) -> Iterator[str]:
    """Yield addresses that nobody said and that callers have the service itself call, in requests and in rows."""
    plan = bench.blueprint
    for op in plan.operations:
        said = {spoken(f.name) for fact in bench.asked(op.id) for f in (*fact.parameters, *fact.body)}
        works = (op.asynchronous or op.kind == "action") and not op.public and not op.signed
        for field in (*op.request, *op.parameters) if works else ():
            if _is_address(field) and spoken(field.name) not in said:
                yield f"{op.method} {op.path} {field.name} (the service calls any address)"


def _is_address(field: EntityField) -> bool:
    found = {word.casefold() for word in words(field.name)}
    texts = field.type in ("url", "string", "text")
    return texts and bool(field.type == "url" or found & _ADDRESSES) and not found & _SHOWN


def roles_from_nowhere(bench: CheckContext) -> Iterator[str]:
    """Yield roles that nobody said beside those that were, which read what tells of people, or change things."""
    plan, known, sources = bench.blueprint, named_roles(bench), Sources(bench)
    told = {e.name for e in plan.entities if e.tenant_scoped or e.owner or any(f.sensitive for f in e.fields)}
    if len(known) < _MOST_ROLES:
        return
    for role in plan.roles:
        if spoken(role.name) in known or sources.tells(role.name):
            continue
        reached = [
            op for op in plan.operations
            if role.name in op.roles and (verb_of(op) != "read" or {op.entity, op.response_entity} & told)
        ]  # fmt: skip
        if reached:
            yield f"{role.name}, whom nobody said, may {reached[0].method} {reached[0].path}"


def tenant_named(bench: CheckContext, endpoint: Endpoint) -> Iterator[str]:
    """Yield inputs that name another tenant under a name of their own: ``to_clinic``, ``target_clinic_id``."""
    plan, document = bench.blueprint, bench.document
    tenant = [word.casefold() for word in words(plan.tenant)]
    said = {spoken(f.name) for fact in bench.asked(endpoint.id) for f in (*fact.parameters, *fact.body)}
    sent: dict[str, object] = dict(document.properties(document.body(endpoint)))
    sent |= {str(p.get("name")): p.get("schema") for p in endpoint.parameters if p.get("in") != "path"}
    for name, node in sent.items() if tenant else ():
        found = [word.casefold() for word in words(name)]
        bare = found[:-1] if set(found[-1:]) & _KEYS else found
        schema = document.resolve(node)
        key = bare != found or schema.get("format") == "uuid"
        if key and bare[-len(tenant) :] == tenant and spoken(name) not in said:
            yield f"{endpoint.label} {name}"
