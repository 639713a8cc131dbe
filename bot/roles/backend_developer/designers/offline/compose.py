"""A brief as a blueprint: wishes of answers and documents, completed by rules to a design that stands on its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.design import Brief
from bot.roles.backend_developer.blueprint import Blueprint, Budget, Decision, Operation, OperationKind, Services, Stack
from bot.roles.backend_developer.designers.offline.access import access, access_roles, auth
from bot.roles.backend_developer.designers.offline.answers import read_answers, refuses_tenants, wants_tenants
from bot.roles.backend_developer.designers.offline.api import operations
from bot.roles.backend_developer.designers.offline.model import ASYNC_VERBS, DataModel, data_model
from bot.roles.backend_developer.designers.offline.nouns import quote, spoken
from bot.roles.backend_developer.designers.offline.relations import verbs_of
from bot.roles.backend_developer.designers.offline.security import merged
from bot.roles.backend_developer.designers.offline.sources import read_sources
from bot.roles.backend_developer.designers.offline.stack import completed, first_named
from bot.roles.backend_developer.designers.offline.wishes import StackWish, Wishes

_DEFAULT_BUDGETS = (
    Budget(metric="latency_p95", value=300, unit="ms"),
    Budget(metric="availability", value=99.9, unit="%"),
)
MAX_PER_CALL = 12
"""Operations that get a budget of their own where one was named for reads or writes."""


def gather(brief: Brief) -> Wishes:
    """Return everything that is asked for; answers go before documents."""
    said, read = read_answers(brief.replies), read_sources(brief.sources)
    about = f"{brief.title}\n{brief.description}\n{brief.goal}"[:8000]
    tenants = (said.tenants or read.tenants or wants_tenants(about)) and not refuses_tenants(brief.replies)
    entities = {wish.name: wish for wish in (*read.entities, *said.entities)}
    order = dict.fromkeys([wish.name for wish in (*read.entities, *said.entities)])
    links = {frozenset({link.one, link.many}): link for link in (*read.links, *said.links)}
    integrations = {item.service.lower(): item for item in (*said.integrations, *read.integrations)}
    integrations |= {item.service.lower(): item for item in said.integrations}
    names = [*order, *(end for link in links.values() for end in (link.one, link.many))]
    spoken_of = verbs_of("\n".join(reply.text[:4000] for reply in brief.replies), names)
    abilities = {ability.entity: ability for ability in said.abilities}
    loose = tuple(replace(a, source="answers") for a in spoken_of if a.entity not in abilities and not _plain(a.verbs))
    return replace(
        said,
        entities=tuple(entities[name] for name in order),
        links=tuple(links.values()),
        abilities=(*abilities.values(), *loose),
        integrations=tuple(integrations.values())[:30],
        stack=first_named(said.stack, read.stack),
        security=merged((said.security, read.security)),
        tenants=tenants,
        style=read.style,
        observed=read.observed,
    )


def compose(brief: Brief) -> Blueprint:
    """Return the design that the brief asks for. Needs no more than a title."""
    wishes = gather(brief)
    model = data_model(wishes, brief)
    found = access(wishes.security)
    calls = operations(wishes, model, found)
    stack = completed(wishes.stack)
    title = quote(brief.title, 80) or "Backend"
    return Blueprint(
        title=title,
        summary=_summary(brief),
        version=f"{wishes.major}.{brief.iteration - 1 if brief.iteration > 0 else 0}.0",
        base_path=f"/api/v{wishes.major}",
        stack=Stack(
            language=stack.language,
            framework=stack.framework,
            database=stack.database,
            cache=stack.cache,
            messaging=stack.messaging,
            deployment=stack.deployment,
        ),
        entities=model.entities,
        relations=model.relations,
        operations=calls,
        auth=auth(wishes.security, found, tenants=any(e.tenant_scoped for e in model.entities)),
        roles=access_roles(found),
        integrations=wishes.integrations,
        budgets=_budgets(wishes, calls),
        services=_services(wishes, model, stack, calls),
        decisions=_decisions(wishes, model, stack, brief),
    )


def _plain(verbs: Sequence[str]) -> bool:
    return set(verbs) <= {
        "create",
        "read",
        "list",
        "view",
        "get",
        "search",
        "update",
        "edit",
        "change",
        "delete",
        "remove",
    }


def _summary(brief: Brief) -> str:
    """Return what it is, without counts: feedback and mends change those afterwards."""
    about = quote(brief.description, 300).rstrip(".") or f"Backend of {quote(brief.title, 80) or 'the idea'}"
    return f"{about}."


def _budgets(wishes: Wishes, calls: Sequence[Operation]) -> tuple[Budget, ...]:
    """Resolve budgets named for reads or writes to operations; the looser of both holds for all calls."""
    found = [b for b in wishes.budgets if not b.operation]
    kinds = {"reads": (OperationKind.LIST, OperationKind.READ), "writes": (OperationKind.CREATE, OperationKind.UPDATE)}
    narrow = [b for b in wishes.budgets if b.operation]
    for budget in narrow:
        ids = [op.id for op in calls if op.kind in kinds[budget.operation]][:MAX_PER_CALL]
        found += [budget.model_copy(update={"operation": own}) for own in ids]
    stated = {b.metric for b in found if not b.operation}
    for metric in dict.fromkeys(b.metric for b in narrow if b.metric not in stated):
        loosest = max((b for b in narrow if b.metric == metric), key=lambda b: b.value)
        found.insert(0, loosest.model_copy(update={"operation": ""}))
    have = {b.metric for b in found}
    return (*found, *(b for b in _DEFAULT_BUDGETS if b.metric not in have))[:40]


def _services(wishes: Wishes, model: DataModel, stack: StackWish, calls: Sequence[Operation]) -> Services:
    queue = stack.messaging or f"a job table in {stack.database.split(' ', maxsplit=1)[0]} (SKIP LOCKED)"
    cache = stack.cache or "HTTP caching only"
    users = next((b for b in wishes.budgets if b.metric == "concurrent_users"), None)
    load = f", sized for {users.value:,.0f} concurrent users" if users else ""
    later = "background jobs" if any(op.asynchronous for op in calls) else "later work"
    return Services(
        style=f"{wishes.style}."
        if wishes.style
        else "Modular monolith with one module per boundary; split when measured.",
        communication=f"Synchronous REST for callers; {queue} for events and {later}.",
        data_consistency="One database transaction per request; an outbox carries events and integrations, at least "
        "once, with idempotent receivers.",
        service_discovery=f"Names of the platform ({quote(stack.deployment, 120)}), readiness at /health.",
        caching=f"{cache}: single reads carry an ETag and are revalidated; reference data for 60 seconds; nothing "
        "personal is cached.",
        scalability=f"Stateless processes behind a load balancer, added by CPU and queue length{load}; pooled "
        "connections; circuit breakers around every integration.",
        monitoring="OpenTelemetry traces, metrics and logs with one request id; alerts on error rate and p95.",
        migration_strategy="Versioned SQL files, each with its way back; expand, migrate, contract, so that two "
        "versions run side by side.",
        database_optimization="Keyset pagination over (created_at, id); an index per list, filter and foreign key.",
        boundaries=_boundaries(model),
    )


def _boundaries(model: DataModel) -> tuple[str, ...]:
    """Return modules: each entity that belongs to none, with what belongs to it; people and tenants make one."""
    home: dict[str, str] = {}
    for entity in model.entities:
        parents = [r.target for r in model.parents(entity.name) if r.target not in ("User", "Tenant", "Organization")]
        home[entity.name] = parents[0] if parents and parents[0] != entity.name else entity.name
    groups: dict[str, list[str]] = {}
    for entity in model.entities:
        top, seen = entity.name, {entity.name}
        while home[top] not in seen:
            top = home[top]
            seen.add(top)
        key = "identity" if top in ("User", "Tenant", "Organization") else spoken(top)
        groups.setdefault(key, []).append(entity.name)
    return tuple(f"{key}: {', '.join(names)}"[:80] for key, names in groups.items())[:20]


def _decisions(wishes: Wishes, model: DataModel, stack: StackWish, brief: Brief) -> tuple[Decision, ...]:
    found = [_stack_decision(wishes, stack)]
    if not stack.database.startswith("PostgreSQL"):
        found.append(
            Decision(
                what=f"The migrations are written for PostgreSQL, not for {stack.database}.",
                why="They are run on a real server before anyone sees them, and that server is PostgreSQL.",
            )
        )
    if any(entity.tenant_scoped for entity in model.entities):
        why = "Several customers share the system; row level security holds even where a query forgets its filter."
        found.append(Decision(what="Every row carries its tenant.", why=why))
    if "AuditEvent" in model.names():
        laws = ", ".join(wishes.security.laws)
        found.append(Decision(what="Changes are written to an append-only audit trail.", why=f"Asked for by {laws}."))
    if any(set(a.verbs) & ASYNC_VERBS for a in wishes.abilities) or "Job" in model.names():
        why = "Work that outlasts a request would break callers' time limits and be lost with the process."
        found.append(Decision(what="Long work answers 202 and runs as a job.", why=why))
    named = sum(1 for e in wishes.endpoints if e.path)
    if named:
        what = f"{named} named endpoints are kept as named, below /api/v{wishes.major}."
        found.append(Decision(what=what, why="A version in the path lets later contracts live beside older ones."))
    if brief.missing:
        what = f"Designed without {len(brief.missing)} documents: {quote(', '.join(brief.missing), 400)}."
        found.append(Decision(what=what, why="They were not given; what they would have told is our own default."))
    return tuple(found)


def _stack_decision(wishes: Wishes, stack: StackWish) -> Decision:
    said = wishes.stack.language or wishes.stack.database
    what = f"{stack.language} with {stack.framework} on {stack.database}."
    return Decision(
        what=what, why="Named in the answers or documents." if said else "Nothing was named; a usual choice."
    )
