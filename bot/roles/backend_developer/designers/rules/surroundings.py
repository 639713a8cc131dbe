"""Stack, services, numbers, events and conventions from facts, and what was refused or put off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import ValidationError

from bot.domain.facts import (
    AnyFact,
    ConventionFact,
    EntityFact,
    EventFact,
    FieldFact,
    NumberFact,
    OperationFact,
    RuleFact,
    ServiceFact,
    StackFact,
    Stance,
)
from bot.roles.backend_developer.blueprint import (
    Budget,
    Convention,
    Declined,
    Event,
    Integration,
    Operation,
    Services,
    Stack,
)
from bot.roles.backend_developer.designers.rules.citations import path_key
from bot.roles.backend_developer.designers.rules.data import Data
from bot.roles.backend_developer.designers.rules.identifiers import snake
from bot.roles.backend_developer.designers.rules.world import World

_NOT_PRIMARY = frozenset(
    {"clickhouse", "elasticsearch", "opensearch", "redis", "snowflake", "bigquery", "timescaledb", "influxdb", "druid"}
)
_REACTION = (
    "Calls are retried with growing pauses; what cannot be delivered waits in the outbox, and callers are told in time."
)


def stack_of(world: World) -> Stack:
    """Return the stack that was said; what nobody chose is proposed and named as assumed."""
    by_part: dict[str, list[StackFact]] = {}
    for fact in sorted(world.of(StackFact), key=lambda f: bool(f.alternatives)):  # what was chosen goes before
        by_part.setdefault(fact.part, []).append(fact)
    databases = by_part.get("database", [])
    by_part["database"] = sorted(databases, key=lambda f: f.name.lower() in _NOT_PRIMARY)
    said = {part: _named(facts[0]) for part, facts in by_part.items() if facts}
    if len(by_part.get("framework", [])) > 1:  # Fastify with Prisma: one serves, the other keeps
        said["framework"] = ", ".join(dict.fromkeys(map(_named, by_part["framework"])))
    proposed = {"language": "Python 3.12", "framework": "FastAPI", "database": "PostgreSQL 16"}
    if "language" in said and "framework" not in said and not said["language"].startswith("Python"):
        proposed["framework"] = f"the team's choice for {said['language']}"
    others = [_named(f) for f in by_part["database"][1:]]
    return Stack(
        language=said.get("language", proposed["language"])[:80],
        framework=said.get("framework", proposed["framework"])[:80],
        database=said.get("database", proposed["database"])[:80],
        cache=said.get("cache", "")[:80],
        messaging=said.get("messaging", "")[:80],
        search=said.get("search", "")[:80],
        storage=(said.get("storage") or ", ".join(others))[:80],
        deployment=", ".join(dict.fromkeys(_named(f) for f in by_part.get("deployment", [])))[:200],
        cites=tuple(dict.fromkeys(s for part in by_part for s in world.cites.of("stack", part)))[:60],
        assumed_parts=tuple(part for part in proposed if part not in said),
    )


def _named(fact: StackFact) -> str:
    return f"{fact.name} {fact.version}".strip()


def integrations_of(world: World) -> tuple[Integration, ...]:
    """Return the services that are used, by the names that people gave them."""
    found: dict[str, Integration] = {}
    for fact in world.of(ServiceFact):
        found.setdefault(
            fact.name.lower(),
            Integration(
                service=fact.name[:80],
                purpose=(fact.purpose or "not said")[:600],
                method=(fact.protocol or "HTTPS API (assumed)")[:80],
                direction=fact.direction or "outbound",
                on_failure=_REACTION,
                cites=world.cites.of("service", fact.name.lower(), also=(fact.statement,)),
                source=world.source(fact),
            ),
        )
    return tuple(found.values())[:60]


def budgets_of(world: World, data: Data, operations: Sequence[Operation]) -> tuple[Budget, ...]:
    """Return the numbers to hold, in the units in which they were said."""
    found: dict[tuple[object, ...], Budget] = {}
    for fact in world.of(NumberFact):
        metric = "latency_p95" if fact.metric == "latency" else fact.metric
        on = next(
            (
                op.id
                for op in operations
                if fact.path and path_key(op.path) == path_key(fact.path) and fact.method in (None, op.method.value)
            ),
            "",
        )
        try:
            budget = Budget(
                metric=metric,
                value=fact.value,
                unit=fact.unit[:80] or "1",
                operation=on,
                entity=data.name(fact.entity) if fact.entity else "",
                source=world.source(fact) or "said",
                cites=world.cites.of("number", fact.metric, fact.value, also=(fact.statement,)),
            )
        except ValidationError:
            continue  # a metric that no budget has, such as a retention: a rule holds it
        found.setdefault((metric, on, budget.entity, fact.value if metric == "data_volume" else ""), budget)
    return tuple(found.values())[:100]


def events_of(world: World, data: Data) -> tuple[Event, ...]:
    """Return what happens by itself or is told to others."""
    found: dict[tuple[str, str], Event] = {}
    for fact in world.of(EventFact):
        name = snake(fact.name)[:80]
        made = Event(
            kind=fact.kind,
            name=name,
            entity=data.name(fact.entity) if fact.entity else "",
            schedule=fact.schedule[:120],
            signed=fact.signed is not False,
            description=fact.name[:600],
            cites=(fact.statement,),
        )
        found.setdefault((made.kind, made.name), made)
    return tuple(found.values())[:150]


def conventions_of(world: World, data: Data) -> tuple[Convention, ...]:
    """Return how the whole API is, and rules that name no entity of the design, in their own words."""
    said = [(fact.kind, fact.value, fact.statement) for fact in world.of(ConventionFact) if fact.kind and fact.value]
    said += [
        ("rule", rule.text, rule.statement)
        for rule in world.of(RuleFact)
        if rule.text and not (rule.entity and data.name(rule.entity))
    ]
    found: dict[tuple[str, str], Convention] = {}
    for kind, value, statement in said:
        cites = world.cites.of("convention", kind, value.lower(), also=(statement,))
        made = Convention(kind=kind[:80], value=value[:600], cites=cites)
        found.setdefault((kind, value.lower()), made)
    return tuple(found.values())[:40]


def declined_of(world: World) -> tuple[Declined, ...]:
    """Return what people refused, put off or were unsure of, so that it is not in the design."""
    standings = {Stance.DENIED: "refused", Stance.POSTPONED: "postponed", Stance.UNSURE: "note"}
    found: dict[tuple[str, str], Declined] = {}
    for fact in world.understanding.facts:
        standing = standings.get(fact.stance)
        what = _what(fact)
        if standing is not None and what:
            made = Declined(what=what[:600], standing=standing, cites=(fact.statement,))
            old = found.get((what, standing))
            cites = tuple(dict.fromkeys([*(old.cites if old else ()), fact.statement]))[:60]
            found[what, standing] = made.model_copy(update={"cites": cites})
    return tuple(found.values())[:200]


def _what(fact: AnyFact) -> str:
    match fact:
        case EntityFact() | ServiceFact():
            return fact.name
        case FieldFact():
            return f"{fact.entity}.{fact.name}"
        case OperationFact():
            return f"{fact.method or 'Other operations'} {fact.path}".strip()
        case StackFact():
            return f"{fact.part} {fact.name}"
        case _:
            return str(getattr(fact, "name", "") or getattr(fact, "text", "") or getattr(fact, "value", ""))


def services_of(world: World, stack: Stack, boundaries: Iterable[str]) -> Services:
    """Return the architecture in sentences. They are claims: nothing measures them."""
    watched = [f.value for f in world.of(ConventionFact) if f.kind == "monitoring"]
    alerts = ("alerts on each budget", *dict.fromkeys(watched))
    queue = stack.messaging or f"an outbox table in {stack.database.split(' ', maxsplit=1)[0]}"
    return Services(
        style="A modular monolith with one module per boundary; split when measured.",
        communication=f"Synchronous REST for callers; {queue} for events and later work.",
        data_consistency="One transaction per request; an outbox carries events, at least once.",
        service_discovery="Names of the platform, with readiness and liveness endpoints.",
        caching=f"{stack.cache or 'HTTP caching only'}: single reads carry an ETag; nothing personal is cached.",
        scalability="Stateless processes behind a balancer; pooled connections; circuit breakers for integrations.",
        monitoring=f"OpenTelemetry traces, metrics and logs by request id; {'; '.join(alerts)[:500]}.",
        migration_strategy="Versioned SQL files, each with its way back; expand, migrate, contract.",
        database_optimization="Keyset pagination; an index for each list, filter and foreign key.",
        boundaries=tuple(dict.fromkeys(b[:80] for b in boundaries))[:20],
    )
