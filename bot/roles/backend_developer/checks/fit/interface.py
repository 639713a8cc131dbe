"""Operations, who may call them, how callers sign in, events and numbers, against the document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.domain.facts import (
    AccessFact,
    ConventionFact,
    EventFact,
    NumberFact,
    OperationFact,
    RoleFact,
    ServiceFact,
    SignInFact,
    StackFact,
    Stance,
    TenancyFact,
    UseCaseFact,
)
from bot.reading.names import words
from bot.roles.backend_developer.checks.catalogue import Table
from bot.roles.backend_developer.checks.document import Endpoint, Node, mapping
from bot.roles.backend_developer.checks.fit.gaps import API, PERFORMANCE, SECURITY, SERVICE, Denied, Gap
from bot.roles.backend_developer.checks.fit.reach import hinting, of_oneself, removing, removing_above, showing
from bot.roles.backend_developer.checks.fit.rendered import Rendered, plain, references, spoken

_METHODS: Final = {"read": {"GET", "HEAD"}, "create": {"POST", "PUT"}, "update": {"PUT", "PATCH", "POST"},
                   "delete": {"DELETE"}}  # fmt: skip
_ALONE: Final = "only"
_FILLING: Final = frozenset({"a", "an", "the", "job", "we", "to", "of", "it", "all", "every", "run", "send"})


def operation(fact: OperationFact, made: Rendered) -> Iterator[Gap]:
    """An operation is there with its method and path, open or closed as said, with what it takes and gives."""
    label = f"{fact.method or 'any method'} {fact.path or 'anywhere'}"
    found = made.operations(fact.method, fact.path)
    if fact.stance is Stance.DENIED:
        if found:
            yield API, f"{label} was refused, and is there"
        return
    if not found:
        yield API, f"{label} is missing"
        return
    endpoint = found[0]
    if fact.path and not any(_same_letters(fact.path, e.path) for e in found):
        yield API, f"{label} is written {endpoint.path}"
    if fact.public and not endpoint.anonymous:
        yield SECURITY, f"{label} is not open to everybody"
    if fact.public is False and endpoint.anonymous:
        yield SECURITY, f"{label} is open to everybody"
    have = {spoken(role) for role in endpoint.roles}
    for role in fact.roles:
        if endpoint.anonymous or spoken(role) not in have:
            yield SECURITY, f"{label} is not limited to {role}" if not have else f"{role} may not call {label}"
    yield from ((API, f"{label} {why}") for why in _contents(fact, endpoint, made))


def _same_letters(said: str, path: str) -> bool:
    """Whether a path is written as it was said: its fixed parts are told apart by case (RFC 9110, section 4.2.3)."""
    fixed = [part for part in path.strip("/").split("/") if not part.startswith("{")]
    heard = re.split(r"[/?]", said)
    return all(part in heard for part in fixed) or not {part.casefold() for part in fixed} <= {
        p.casefold() for p in heard
    }


def _contents(fact: OperationFact, endpoint: Endpoint, made: Rendered) -> Iterator[str]:
    document = made.document
    named = {plain(str(parameter.get("name", ""))) for parameter in endpoint.parameters}
    yield from (f"takes no {field.name}" for field in fact.parameters if plain(field.name) not in named)
    yield from (f"is refused without {name}" for name in _demanded(fact, endpoint, made))
    sent = {plain(name) for name in document.properties(document.body(endpoint))}
    yield from (f"takes no {f.name} in its body" for f in fact.body if plain(f.name) not in sent)
    shown = {plain(name) for name in document.shown(endpoint)}
    yield from (f"gives no {f.name}" for f in fact.result if plain(f.name) not in shown)
    if fact.result_is_list and not (document.items(endpoint) or document.result(endpoint).get("type") == "array"):
        yield "gives no list"
    if fact.asynchronous and "202" not in endpoint.responses:
        yield "lets callers wait"
    if fact.paginated and not named & {"limit", "cursor", "page", "pagesize", "offset"}:
        yield "does not page"
    if fact.idempotent and endpoint.method == "POST" and "idempotencykey" not in named:
        yield "cannot be repeated safely"
    if fact.deprecated and not endpoint.node.get("deprecated"):
        yield "is not marked as deprecated"
    if not fact.deprecated and endpoint.node.get("deprecated"):
        yield "is marked as deprecated"


def _demanded(fact: OperationFact, endpoint: Endpoint, made: Rendered) -> Iterator[str]:
    """Yield what a plain list demands of who reads it, and nobody said: a collection can be read as a whole."""
    said = {plain(field.name) for field in fact.parameters}
    last = endpoint.path.rstrip("/").rpartition("/")[2]
    if endpoint.method != "GET" or not made.document.items(endpoint) or made.table(last) is None:
        return
    for parameter in endpoint.parameters:
        name = str(parameter.get("name", ""))
        if parameter.get("in") == "query" and parameter.get("required") and plain(name) not in said:
            yield name


def access(fact: AccessFact, made: Rendered, beside: Sequence[AccessFact] = ()) -> Iterator[Gap]:
    """Who may, may; who must not, cannot: by the roles that each operation names and by what it answers.

    `beside` is what else the statement grants: "only lawyers and partners" lets in either of the two.
    """
    if fact.stance is Stance.DENIED:
        yield from _refused(fact, made)
        return
    by_verb = {verb: _reached(fact, verb, made) for verb in fact.verbs}
    if not any(by_verb.values()):
        yield SECURITY, f"no operation lets anyone {' or '.join(_what(fact, verb) for verb in fact.verbs)}"
        return
    for verb, reached in by_verb.items():
        what = _what(fact, verb)
        open_to = [endpoint for endpoint in reached if _may(endpoint, fact.role)]
        if reached and not open_to:
            yield SECURITY, f"{_who(fact.role)} may not {what}"
        wide = _wider(fact, open_to, made) if verb in ("read", "any") else []
        if fact.own and open_to and (wide or not any(_own(endpoint, fact.role) for endpoint in open_to)):
            yield SECURITY, Denied(f"{_who(fact.role)} may {what} of others{f' ({wide[0].label})' if wide else ''}")
        if fact.condition == _ALONE and fact.role not in ("", "*"):
            named = verb == "delete" and fact.entity and not fact.path
            others = [*removing(fact.entity, made), *removing_above(fact.entity, made)] if named else []
            let_in = {spoken(f.role) for f in (fact, *beside) if _alike(f, fact)}
            yield from _others(fact, [*reached, *others], what, let_in)


def _wider(fact: AccessFact, open_to: list[Endpoint], made: Rendered) -> list[Endpoint]:
    """Return what shows rows of others to a role that is to see its own only: each list must be limited, not one."""
    about = [*made.about(fact.entity, acting=False), *made.answering(fact.entity)] if fact.entity else open_to
    shown = about if not fact.path else open_to
    named = [e for e in shown if spoken(fact.role) in {spoken(one) for one in e.roles}]
    return [e for e in named if fact.role and not _own(e, fact.role) and not of_oneself(e) and not e.writes]


def _alike(one: AccessFact, other: AccessFact) -> bool:
    """Whether two facts grant the same, be it to others."""
    return (one.verbs, one.entity, one.path, one.method, one.action, one.condition, one.stance) == (
        other.verbs, other.entity, other.path, other.method, other.action, other.condition, other.stance,
    )  # fmt: skip


def _what(fact: AccessFact, verb: str) -> str:
    return f"{fact.action or verb} {fact.path or fact.entity or 'anything'}"


def _others(fact: AccessFact, reached: list[Endpoint], what: str, let_in: set[str]) -> Iterator[Gap]:
    """“Only admins may delete patients”: nobody else may."""
    for endpoint in reached:
        others = [role for role in endpoint.roles if spoken(role) not in let_in]
        if endpoint.anonymous or not endpoint.roles or others:
            who = "everybody" if endpoint.anonymous else ", ".join(others) or "anybody signed in"
            yield SECURITY, Denied(f"{who} may {what} ({endpoint.label}), which only {fact.role} may")


def _refused(fact: AccessFact, made: Rendered) -> Iterator[Gap]:
    for verb in fact.verbs:
        reached = _reached(fact, verb, made)
        if verb in ("read", "any") and fact.entity and not fact.path and not fact.action:
            reached += [e for e in showing(fact.entity, made) if e not in reached]
        if verb in ("delete", "any") and fact.entity and not fact.path and not fact.action:
            ways = (*removing(fact.entity, made), *removing_above(fact.entity, made))
            reached += [e for e in ways if e not in reached]
        open_to = [endpoint for endpoint in reached if _may(endpoint, fact.role)]
        limited = fact.own or all(_own(endpoint, fact.role) for endpoint in open_to)
        if open_to and not fact.field and not fact.condition and not limited:
            what = _what(fact, verb)
            yield SECURITY, Denied(f"{_who(fact.role)} may {what} ({open_to[0].label}), which was refused")
        elif verb in ("read", "any") and fact.entity and not (fact.path or fact.action or fact.field or fact.own):
            hints = [one for one in hinting(fact.entity, made) if not _own(one[0], fact.role)]
            for endpoint, name in [one for one in hints if _may(one[0], fact.role)][:1] if not fact.condition else ():
                yield SECURITY, Denied(f"{_who(fact.role)} is told of {fact.entity} by {name} of {endpoint.label}")


def _who(role: str) -> str:
    return {"": "anybody signed in", "*": "everybody"}.get(role, role)


def _reached(fact: AccessFact, verb: str, made: Rendered) -> list[Endpoint]:
    if fact.path:
        return made.operations(fact.method, fact.path)
    if fact.action and (done := made.acting(fact.action, fact.entity)):
        return done
    if fact.action and not fact.entity:
        return []
    about = made.about(fact.entity, acting=verb in ("update", "any")) if fact.entity else made.document.endpoints
    methods = _METHODS.get(verb)
    kept = [e for e in about if methods is None or e.method in methods]
    if verb == "create":
        kept = [e for e in kept if not e.path.endswith("}")]
    return [e for e in kept if fact.method in (None, e.method)]


def _may(endpoint: Endpoint, role: str) -> bool:
    if role == "*":
        return endpoint.anonymous
    if endpoint.anonymous or not endpoint.roles:
        return True
    return role == "" or spoken(role) in {spoken(one) for one in endpoint.roles}


def _own(endpoint: Endpoint, role: str) -> bool:
    own = endpoint.node.get("x-own-rows") or ()
    return any(one == "*" or spoken(str(one)) == spoken(role) or not role for one in own)


def role(fact: RoleFact, made: Rendered) -> Iterator[Gap]:
    """A role opens at least one operation."""
    if fact.stance is not Stance.DENIED and spoken(fact.name) not in made.roles:
        yield SECURITY, f"the role {fact.name} opens nothing"


def tenancy(fact: TenancyFact, made: Rendered) -> Iterator[Gap]:
    """Each table that belongs to a tenant has the tenant's column, required, behind a row-level policy."""
    if fact.stance is Stance.DENIED:
        return
    guarded = set(made.catalogue.facts["row_level_security"])
    root, roots = made.table(fact.tenant), _tenants(fact, made)
    named = [(name, made.table(name)) for name in fact.entities]
    if not fact.entities:
        named = [(t.name, t) for t in made.catalogue.tables.values() if made.schema(t.name) and t.name not in roots]
    if not named:
        yield SECURITY, "nothing is kept apart by tenant"
    for name, table in named:
        column = made.catalogue.tenant_column(table) if table else ""
        if table is None or table.name not in guarded or not column or not table.columns[column].required:
            yield SECURITY, f"{name} is not kept apart by tenant"
        elif root is not None and not (_keyed(table, column, root) or _called_after(column, root)):
            yield SECURITY, f"{name} is kept apart by {column}, which is no {fact.tenant}"


def _keyed(table: Table, column: str, root: Table) -> bool:
    return any(key.columns == (column,) for key in references(table, root))


def _called_after(column: str, table: Table) -> bool:
    return plain(column) in {f"{plain(name)}id" for name in (table.name, spoken(table.name))}


def _tenants(fact: TenancyFact, made: Rendered) -> set[str]:
    """Return the names of the tables whose rows are the tenants: as said, or what the tenants' columns are about."""
    found = {table.name} if (table := made.table(fact.tenant)) else set()
    for table in made.catalogue.tables.values():
        column = made.catalogue.tenant_column(table)
        found |= {c.target for c in table.constraints if c.kind == "f" and column and c.columns == (column,)}
        found |= {other for other in made.catalogue.tables if column and plain(column) == f"{spoken(other)}id"}
    return found


def event(fact: EventFact, made: Rendered) -> Iterator[Gap]:
    """An event, webhook or schedule is declared in the document."""
    root = made.document.root
    places = {"event": "x-events", "webhook_out": "webhooks", "webhook_in": "x-incoming-webhooks",
              "schedule": "x-schedules"}  # fmt: skip
    declared = mapping(root.get(places[fact.kind]))
    hit = next((mapping(node) for name, node in declared.items() if _same_event(fact, name, mapping(node))), None)
    if fact.stance is Stance.DENIED:
        if hit is not None:
            yield API, f"{fact.name} was refused, and is there"
    elif hit is None:
        yield API, f"the {fact.kind.replace('_', ' ')} {fact.name} is not declared"
    elif fact.schedule and plain(str(hit.get("schedule", ""))) != plain(fact.schedule):
        yield API, f"{fact.name} does not run {fact.schedule}"
    elif fact.signed and fact.kind == "webhook_in" and not hit.get("signed"):
        yield SECURITY, f"{fact.name} is not signed"


def _same_event(fact: EventFact, name: str, node: Node) -> bool:
    """Whether it is called so, or is about the same thing at the same time: people name no jobs, they tell them."""
    if plain(name) == plain(fact.name):
        return True
    told = {spoken(word) for word in words(fact.name)} - _FILLING
    made = {spoken(word) for word in words(name)} - _FILLING
    same_time = bool(fact.schedule) and plain(str(node.get("schedule", ""))) == plain(fact.schedule)
    return same_time and bool(told & made)


HOME: Final = {AccessFact: SECURITY, RoleFact: SECURITY, SignInFact: SECURITY, TenancyFact: SECURITY, EventFact: API,
               NumberFact: PERFORMANCE, ServiceFact: SERVICE, StackFact: SERVICE, ConventionFact: API,
               OperationFact: API, UseCaseFact: API}  # fmt: skip
"""The area that each of these kinds belongs to, whether it is done or not."""
