"""Where in a blueprint a fact belongs: the address of the part that says it, or of the list in which it is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.domain.facts import (
    AccessFact,
    AnyFact,
    ConventionFact,
    EntityFact,
    EventFact,
    FieldFact,
    NumberFact,
    OperationFact,
    RelationFact,
    RoleFact,
    RuleFact,
    ServiceFact,
    SignInFact,
    StackFact,
    StateFact,
    TenancyFact,
    UseCaseFact,
)
from bot.reading.names import name_key
from bot.roles.backend_developer.blueprint import Blueprint, Entity
from bot.roles.backend_developer.designers.rules.citations import path_key


def place_of(fact: AnyFact, plan: Blueprint) -> str:
    """Return the address that a fact is about."""
    find = _PLACES.get(type(fact))
    return find(fact, plan) if find is not None else ""


def _entity_of(name: str, plan: Blueprint) -> Entity | None:
    wanted = name_key(name)
    return next((e for e in plan.entities if wanted in (name_key(e.name), name_key(e.plural))), None)


def _entity(fact: EntityFact, plan: Blueprint) -> str:
    found = _entity_of(fact.name, plan)
    return f"entities/{found.name}" if found else "entities"


def _field(fact: FieldFact, plan: Blueprint) -> str:
    entity = _entity_of(fact.entity, plan)
    if entity is None:
        return "entities"
    wanted = name_key(fact.name)
    field = next((f for f in entity.fields if wanted in (name_key(f.name), name_key(f.label))), None)
    return f"entities/{entity.name}/fields" + (f"/{field.name}" if field else "")


def _relation(fact: RelationFact, plan: Blueprint) -> str:
    ends = {name_key(fact.source), name_key(fact.target)}
    hit = next((r for r in plan.relations if {name_key(r.source), name_key(r.target)} == ends), None)
    return f"relations/{hit.source}.{hit.name}" if hit else "relations"


def _operation(fact: OperationFact, plan: Blueprint) -> str:
    wanted = _bare(fact.path, plan)
    for op in plan.operations:
        if _bare(op.path, plan) == wanted and fact.method in (None, op.method.value):
            return f"operations/{op.id}"
    return "operations"


def _bare(path: str, plan: Blueprint) -> str:
    return path_key(path.removeprefix(plan.base_path)).lower()


def _state(fact: StateFact, plan: Blueprint) -> str:
    wanted = name_key(fact.entity)
    hit = next((m for m in plan.state_machines if name_key(m.entity) == wanted), None)
    return f"state_machines/{hit.entity}.{hit.field}" if hit else "state_machines"


def _access(fact: AccessFact, plan: Blueprint) -> str:
    if fact.path:
        return _operation(OperationFact(statement=fact.statement, method=fact.method, path=fact.path), plan)
    for number, one in enumerate(plan.permissions, 1):
        if name_key(one.role) == name_key(fact.role) and name_key(one.entity) == name_key(fact.entity):
            return f"permissions/#{number}"
    return "permissions"


def _role(fact: RoleFact, plan: Blueprint) -> str:
    wanted = name_key(fact.name)
    hit = next((r for r in plan.roles if wanted in (name_key(r.name), name_key(r.label))), None)
    return f"roles/{hit.name}" if hit else "roles"


def _rule(fact: RuleFact, plan: Blueprint) -> str:
    for number, one in enumerate(plan.rules, 1):
        if name_key(one.entity) == name_key(fact.entity) and one.kind.value == fact.kind:
            return f"rules/#{number}"
    return "rules"


def _number(fact: NumberFact, plan: Blueprint) -> str:
    hit = next((n for n, one in enumerate(plan.budgets, 1) if one.metric == fact.metric), None)
    return f"budgets/#{hit}" if hit else "budgets"


def _service(fact: ServiceFact, plan: Blueprint) -> str:
    hit = next((one for one in plan.integrations if name_key(one.service) == name_key(fact.name)), None)
    return f"integrations/{hit.service}" if hit else "integrations"


def _sign_in(fact: SignInFact, plan: Blueprint) -> str:
    hit = next((one for one in plan.sign_ins if one.scheme.value == fact.scheme), None)
    return f"sign_ins/{hit.name}" if hit else "sign_ins" if plan.sign_ins else "auth/scheme"


def _event(fact: EventFact, plan: Blueprint) -> str:
    hit = next((one for one in plan.events if name_key(one.name) == name_key(fact.name)), None)
    return f"events/{hit.kind}.{hit.name}" if hit else "events"


def _convention(fact: ConventionFact, plan: Blueprint) -> str:
    return "base_path" if fact.kind == "base_path" else "conventions"


_PLACES: Final[Mapping[type[Any], Callable[[Any, Blueprint], str]]] = {
    EntityFact: _entity,
    FieldFact: _field,
    RelationFact: _relation,
    OperationFact: _operation,
    StateFact: _state,
    AccessFact: _access,
    UseCaseFact: lambda fact, plan: "operations",
    RoleFact: _role,
    RuleFact: _rule,
    NumberFact: _number,
    ServiceFact: _service,
    StackFact: lambda fact, plan: f"stack/{fact.part}",
    SignInFact: _sign_in,
    TenancyFact: lambda fact, plan: "tenant",
    EventFact: _event,
    ConventionFact: _convention,
}
