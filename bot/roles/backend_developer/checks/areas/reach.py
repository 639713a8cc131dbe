"""Does nobody reach further than they are for: customers each other's records, tenants each other, anybody as another?

A customer here is who is served and not who serves: a role that is called so, or that sees rows of its own only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.domain.facts import AccessFact, Stance
from bot.evidence.checks import CheckResult, judge, nothing_there
from bot.reading.names import same_verb, words
from bot.roles.backend_developer.blueprint import Blueprint, Entity
from bot.roles.backend_developer.blueprint.rights import own_roles, roles_of, verb_of
from bot.roles.backend_developer.checks.areas import called_for
from bot.roles.backend_developer.checks.areas.records import SERVED
from bot.roles.backend_developer.checks.areas.refusals import telling_refusals
from bot.roles.backend_developer.checks.areas.unasked_calls import (
    addresses_called,
    figures_of_others,
    let,
    roles_from_nowhere,
    written_by_served,
)
from bot.roles.backend_developer.checks.areas.unasked_moves import DECIDING
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import Endpoint
from bot.roles.backend_developer.checks.fit.reach import of_oneself
from bot.roles.backend_developer.checks.fit.rendered import resources, spoken
from bot.roles.backend_developer.checks.names import NAMES_OF_PEOPLE

_MAIL: Final = frozenset({"email", "mail"})
_ACTING: Final = frozenset(["impersonate", "impersonation", "impersonations", "sudo", "masquerade"])
_AS_OTHER: Final = frozenset(
    ["acting_as", "act_as", "acting_user_id", "on_behalf_of", "as_user", "as_user_id", "run_as", "impersonate",
     "impersonated_user_id", "x_act_as", "x_on_behalf_of", "effective_user_id"]
)  # fmt: skip
_WHO: Final = frozenset(["user", "account", "login", "username", "member", "person", "employee", "customer", "subject"])
_WAYS_IN: Final = frozenset(["session", "token", "jwt", "cookie", "access_token", "id_token"])
_POWERS: Final = frozenset(
    ["role", "roles", "user_role", "account_role", "permission", "permissions", "scopes", "groups"]
)


def reach_meant(bench: CheckContext) -> CheckResult:
    """No customer reads another's record or grants its own request, no tenant touches another, nobody acts as one."""
    if not bench.document.endpoints:
        return nothing_there("The API has no operations.", called_for.whole_api(bench))
    served = customers(bench.blueprint)
    offenders = [*_records(bench), *_tenants(bench), *_as_another(bench), *_powers_taken(bench), *_granted(bench)]
    offenders += [*written_by_served(bench, called_served(bench.blueprint)), *figures_of_others(bench, served)]
    offenders += [*addresses_called(bench), *roles_from_nowhere(bench)]
    offenders += telling_refusals(bench)
    return judge(
        list(dict.fromkeys(offenders)), good="Nobody reaches further than they are for.", bad="Reaches further"
    )


def customers(plan: Blueprint) -> frozenset[str]:
    """Return the roles of who is served: called so, or limited to rows of their own."""
    own = {p.role for p in plan.permissions if p.own and p.allowed}
    return called_served(plan) | {r.name for r in plan.roles if r.name in own}


def called_served(plan: Blueprint) -> frozenset[str]:
    """Return the roles that are called like who is served: who is limited to rows of its own may work as well."""
    return frozenset(r.name for r in plan.roles if set(words(spoken(r.name))) & SERVED)


def _records(bench: CheckContext) -> Iterator[str]:
    """Yield what shows the whole record of any person to customers, though others work with it."""
    plan, served = bench.blueprint, customers(bench.blueprint)
    moved = {machine.entity for machine in plan.state_machines}  # what is asked for tells of people, and is none
    people = {e.name: {f.name for f in e.fields if f.sensitive} for e in plan.entities
              if _of_people(e) and e.name not in moved}  # fmt: skip
    staff = {spoken(role.name) for role in plan.roles} - {spoken(role) for role in served}
    for endpoint in bench.document.endpoints if served else ():
        operation = bench.operation(endpoint)
        name = (operation.response_entity or operation.entity or "") if operation is not None else ""
        if operation is None or endpoint.writes or name not in people or spoken(name) in staff or of_oneself(endpoint):
            continue
        shown, may = bench.document.shown(endpoint).keys(), set(roles_of(plan, operation))
        for role in sorted(may & served) if may - served and shown & people[name] else ():
            if role not in own_roles(plan, operation) and not let(bench, role, operation):
                yield f"{endpoint.label} shows {role} everybody's record"


def _of_people(entity: Entity) -> bool:
    return any(f.sensitive and (f.name in NAMES_OF_PEOPLE or set(words(f.name)) <= _MAIL) for f in entity.fields)


def _tenants(bench: CheckContext) -> Iterator[str]:
    """Yield what changes the record of a tenant that nobody asked for: who works for one changes those of all."""
    plan = bench.blueprint
    scoped = {e.name for e in plan.entities if e.tenant_scoped}
    inside = {role for op in plan.operations if op.entity in scoped for role in roles_of(plan, op)}
    root = next((e for e in plan.entities if e.name == plan.tenant), None)
    if root is None or root.tenant_scoped or not scoped:
        return
    for endpoint in bench.document.endpoints:
        operation = bench.operation(endpoint)
        if operation is None or operation.entity != root.name or not endpoint.writes or endpoint.anonymous:
            continue
        roles = set(roles_of(plan, operation))
        limited = set(own_roles(plan, operation)) or of_oneself(endpoint)
        if (not roles or roles & inside) and not limited and not _asked(bench, endpoint):
            yield f"{endpoint.label} ({'of any' if endpoint.path_parameters else 'one more'} {plan.tenant})"


def _asked(bench: CheckContext, endpoint: Endpoint) -> bool:
    """Whether people named the operation by its path, or let somebody do so to the thing."""
    operation = bench.operation(endpoint)
    if bench.asked(endpoint.id):
        return True
    return operation is not None and any(
        isinstance(f, AccessFact) and bool(f.entity) and f.stance is Stance.STATED
        and spoken(f.entity) in resources(endpoint.path) and bool({verb_of(operation), "any"} & set(f.verbs))
        for f in bench.said.facts
    )  # fmt: skip


def _as_another(bench: CheckContext) -> Iterator[str]:
    """Yield what lets somebody act as somebody else, which nobody asked for."""
    document = bench.document
    for endpoint in document.endpoints:
        facts = bench.asked(endpoint.id)
        said = {spoken(p.name) for fact in facts for p in (*fact.parameters, *fact.body)}
        sent = {str(p.get("name")) for p in endpoint.parameters} | set(document.properties(document.body(endpoint)))
        called = set(resources(endpoint.path)) | {word for part in endpoint.path.split("/") for word in words(part)}
        other = {name for name in sent if name.casefold().replace("-", "_") in _AS_OTHER and spoken(name) not in said}
        if other or (called & _ACTING and not facts):
            yield f"{endpoint.label} (acts as another{f' by {min(other)}' if other else ''})"
        elif endpoint.writes and not endpoint.anonymous and not facts and any(set(words(name)) & _WHO for name in sent):
            told = document.properties(document.result(endpoint))
            if any(set(words(name)) & _WAYS_IN for name in told):
                yield f"{endpoint.label} (comes in as another)"


def _powers_taken(bench: CheckContext) -> Iterator[str]:
    """Yield bodies in which strangers, or who is limited to their own, choose the role that they have."""
    plan, document = bench.blueprint, bench.document
    names, served = {spoken(r.name) for r in plan.roles}, {spoken(role) for role in customers(plan)}
    for endpoint in document.endpoints:
        if not endpoint.writes or not (endpoint.anonymous or endpoint.node.get("x-own-rows")):
            continue
        said = {spoken(p.name) for fact in bench.asked(endpoint.id) for p in fact.body}
        for name, node in document.properties(document.body(endpoint)).items():
            values = document.resolve(node).get("enum")
            offered = {spoken(str(v)) for v in values} & names if isinstance(values, list) else set()
            called = name.casefold() in _POWERS and not isinstance(values, list)
            if (called or offered - served) and spoken(name) not in said:
                yield f"{endpoint.label} {name} (chooses its own role)"


def _granted(bench: CheckContext) -> Iterator[str]:
    """Yield what grants a request and may be called by customers who make such requests, which nobody said."""
    plan, served = bench.blueprint, customers(bench.blueprint)
    for op in plan.operations:
        last = words(op.path.rstrip("/").rsplit("/", 1)[-1])
        if op.kind != "action" or not last or not any(same_verb(last[0].casefold(), verb) for verb in DECIDING):
            continue
        makes = {
            r
            for one in plan.operations
            if one.entity == op.entity and one.kind == "create"
            for r in roles_of(plan, one)
        }
        may = set(roles_of(plan, op))
        for role in sorted(may & served & makes) if may - served else ():
            if not let(bench, role, op):
                yield f"{op.method} {op.path} (granted by {role}, who asks for it)"
