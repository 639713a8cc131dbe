"""Findings of checks as mends: by what the check is about, read from its key and its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.domain.evidence import Finding
from bot.roles.backend_developer.blueprint import Blueprint, Budget, Entity, Method, OperationKind
from bot.roles.backend_developer.designers.offline import feedback
from bot.roles.backend_developer.designers.offline.edits import (
    add_entity,
    add_operation,
    add_role,
    checked,
    roles_like,
    with_operations,
)
from bot.roles.backend_developer.designers.offline.integrations import integration, parse_integrations
from bot.roles.backend_developer.designers.offline.nouns import words

Mend = Callable[[Blueprint, Finding], Blueprint]
MAX_INTEGRATIONS = 30
_REACTION = (
    "Calls are retried with growing pauses; what could not be delivered waits in a queue; callers get 503 in time."
)


def repair(plan: Blueprint, findings: Iterable[Finding]) -> tuple[Blueprint, tuple[str, ...]]:
    """Return the blueprint mended as far as a rule knows how, and the checks whose findings changed it."""
    mended = []
    for finding in findings:
        mend = MENDS.get(finding.check.rpartition(".")[2])
        grown = _tried(mend, plan, finding) if mend else plan
        if grown != plan:
            mended.append(finding.check)
            plan = grown
    return plan, tuple(mended)


def _tried(mend: Mend, plan: Blueprint, finding: Finding) -> Blueprint:
    try:
        return mend(plan, finding)
    except ValueError:
        # The mend would go over a bound of the blueprint; the finding stays, and people see it in the review.
        return plan


def _by_words(rule: feedback.Rule) -> Mend:
    def mend(plan: Blueprint, finding: Finding) -> Blueprint:
        return rule(plan, finding.detail)[0]

    return mend


def _named(finding: Finding) -> list[str]:
    """Return the offenders that a finding names after its colon."""
    listed = finding.detail.partition(":")[2]
    return [item.strip().rstrip(".") for item in listed.split(",") if item.strip()][:20]


def _entities(plan: Blueprint, finding: Finding) -> Blueprint:
    for name in _named(finding):
        plan = add_entity(plan, name, finding.check)
    return plan


def _reachable(plan: Blueprint, finding: Finding) -> Blueprint:
    for entity in plan.entities:
        if entity.name in _named(finding):
            path = f"/{entity.plural.replace('_', '-')}"
            plan = add_operation(plan, Method.GET, path, kind=OperationKind.LIST, entity=entity.name)
    return plan


def _roles(plan: Blueprint, finding: Finding) -> Blueprint:
    for name in _named(finding):
        plan = add_role(plan, name)
    return plan


def _guarded(plan: Blueprint, _finding: Finding) -> Blueprint:
    return with_operations(
        plan,
        lambda op: (
            op if op.public or op.signed or op.roles else op.model_copy(update={"roles": roles_like(plan, op.kind)})
        ),
    )


def _no_anonymous(plan: Blueprint, _finding: Finding) -> Blueprint:
    return with_operations(
        plan,
        lambda op: (
            op.model_copy(update={"public": False, "roles": roles_like(plan, op.kind)})
            if op.public and op.method is not Method.GET
            else op
        ),
    )


def _background(plan: Blueprint, finding: Finding) -> Blueprint:
    names = set(_named(finding))
    return with_operations(
        plan,
        lambda op: (
            op.model_copy(update={"asynchronous": True}) if op.id in names or f"{op.method} {op.path}" in names else op
        ),
    )


def _integrations(plan: Blueprint, finding: Finding) -> Blueprint:
    have = {item.service.lower() for item in plan.integrations}
    for name in _named(finding):
        known = parse_integrations(name, finding.check)
        made = known[0] if known else integration(name, "", "", finding.check)
        if made and made.service.lower() not in have and len(plan.integrations) < MAX_INTEGRATIONS:
            have.add(made.service.lower())
            plan = checked(plan, integrations=(*plan.integrations, made))
    return plan


def _failures(plan: Blueprint, finding: Finding) -> Blueprint:
    names = set(_named(finding))
    items = tuple(
        i.model_copy(update={"on_failure": _REACTION}) if i.service in names else i for i in plan.integrations
    )
    return checked(plan, integrations=items)


def _health(plan: Blueprint, _finding: Finding) -> Blueprint:
    grown = add_operation(
        plan, Method.GET, "/health", kind=OperationKind.QUERY, entity=None, summary="Tell whether it is up"
    )
    return with_operations(
        grown, lambda op: op.model_copy(update={"public": True, "roles": ()}) if op.path == "/health" else op
    )


def _tenants(plan: Blueprint, finding: Finding) -> Blueprint:
    names = set(_named(finding))

    def scoped(entity: Entity) -> Entity:
        hit = names & {entity.name, entity.plural} and entity.name not in ("Tenant", "Organization")
        return entity.model_copy(update={"tenant_scoped": True}) if hit else entity

    return checked(plan, entities=tuple(scoped(entity) for entity in plan.entities))


def _sensitive(plan: Blueprint, finding: Finding) -> Blueprint:
    said = set(re.findall(r"[a-z][a-z0-9_]+", finding.detail))
    entities = tuple(
        e.model_copy(
            update={
                "fields": tuple(f.model_copy(update={"sensitive": f.sensitive or f.name in said}) for f in e.fields)
            }
        )
        for e in plan.entities
    )
    return checked(plan, entities=entities)


def _optional(plan: Blueprint, finding: Finding) -> Blueprint:
    said = set(words(finding.detail))
    entities = tuple(
        e.model_copy(
            update={
                "fields": tuple(
                    f.model_copy(update={"required": False}) if f.required and set(words(f.name)) <= said else f
                    for f in e.fields
                )
            }
        )
        for e in plan.entities
    )
    return checked(plan, entities=entities)


def _budgets(plan: Blueprint, finding: Finding) -> Blueprint:
    have = {(b.metric, b.operation) for b in plan.budgets}
    pattern = r"(latency_p95|latency_p99|throughput|availability|concurrent_users)\D{0,12}(\d+(?:\.\d+)?)\s*([\w/%]+)"
    found = [
        Budget(metric=m, value=float(v), unit=unit, source=finding.check)
        for m, v, unit in re.findall(pattern, finding.detail)
        if float(v) > 0 and (m, "") not in have
    ]
    return checked(plan, budgets=(*plan.budgets, *found)[:40])


def _short_tokens(plan: Blueprint, _finding: Finding) -> Blueprint:
    return checked(plan, auth=plan.auth.model_copy(update={"token_minutes": min(plan.auth.token_minutes, 15)}))


MENDS: dict[str, Mend] = {
    "answers_covered": _by_words(feedback.add_endpoints),
    "entities_covered": _entities,
    "lists_paginate": _by_words(feedback.page_lists),
    "versioned": lambda plan, _finding: checked(plan, base_path="/api/v1"),
    "secrets_kept": _sensitive,
    "migrations_meet_rows": _optional,
    "passwords_hashed": _sensitive,
    "operations_secured": _guarded,
    "no_anonymous_writes": _no_anonymous,
    "schemes_asked": _by_words(feedback.change_scheme),
    "roles_asked": _roles,
    "objects_guarded": _guarded,
    "tenants_scoped": _tenants,
    "personal_marked": _sensitive,
    "tokens_short": _short_tokens,
    "budgets_carried": _budgets,
    "long_work_accepted": _background,
    "integrations_asked": _integrations,
    "failures_planned": _failures,
    "health_readable": _health,
    "creates_repeatable": _by_words(feedback.repeat_safely),
    "entities_reachable": _reachable,
}
"""What can be mended, by the last part of a check's key. A finding that is not here is the people's to decide."""
