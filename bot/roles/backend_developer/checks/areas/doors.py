"""Doors that stand open, and locks that make no difference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.domain.facts import AccessFact, NumberFact, RoleFact, SignInFact, Stance
from bot.evidence.checks import CheckResult, failed, judge, not_applicable, nothing_there
from bot.reading.names import singular
from bot.roles.backend_developer.checks.areas import called_for
from bot.roles.backend_developer.checks.areas.entrances import insides_open
from bot.roles.backend_developer.checks.areas.unasked_calls import opened_unasked, tenant_named
from bot.roles.backend_developer.checks.catalogue import Catalogue
from bot.roles.backend_developer.checks.context import CheckContext, catalogue_of
from bot.roles.backend_developer.checks.document import Endpoint, mapping
from bot.roles.backend_developer.checks.fit.openness import asked_open
from bot.roles.backend_developer.checks.fit.rendered import resource, spoken
from bot.roles.backend_developer.checks.names import is_secret

_ENTRANCE: Final = re.compile(
    r"/(log-?in|sign-?(up|in|on)|register|registrations?|tokens?|sessions?|authorize|authenticate|refresh|logout|sign-?out"
    r"|password-?(resets?|forgotten)|forgot-?password|reset-?password|reset|callback|verify|verification|verifications"
    r"|confirm-?email|contact-?(forms?|requests?|messages?)|health|newsletter(-(sign-?ups?|subscriptions?))?)$",
    re.IGNORECASE,
)
_ACCEPTING: Final = re.compile(r"/(invitations?|invites?)/\{[^}]*\}/accept$", re.IGNORECASE)
_HOOK: Final = re.compile(r"(^|[/_-])(web-?)?(hook|callback)s?($|[/_-])", re.IGNORECASE)
_HEALTH: Final = re.compile(r"/(health|healthz|livez|readyz|ready|status|metrics)$")
_MANY_CALLS: Final = 10_000
"""Calls a minute above which a limit limits nobody."""

_FEW_CALLS: Final = 10
"""Calls a minute below which nobody can work with a page that shows a list and a thing."""

_TOKEN_MINUTES: Final = 60
_PUBLIC: Final = "PUBLIC"


def no_anonymous_writes(bench: CheckContext) -> CheckResult:
    """Nobody changes anything without credentials, unless people asked for it or it is how callers come in."""
    writes = [e for e in bench.document.endpoints if e.writes]
    if not writes:
        return nothing_there("The API has no writes.", called_for.writes(bench))
    said = bench.said
    offenders = [e.label for e in writes if e.anonymous and not is_entrance(e) and not asked_open(said, e)]
    offenders += [f"{e.label} (by counting up)" for e in writes if e.anonymous and is_entrance(e) and _counted(e)]
    return judge(offenders, good=f"None of {len(writes)} writes is open to strangers.", bad="Anyone may call")


def is_entrance(endpoint: Endpoint) -> bool:
    """Whether callers reach it before they have credentials: only a POST, and only by its last word."""
    path = endpoint.path.rstrip("/")
    return endpoint.method == "POST" and bool(_ENTRANCE.search(path) or _ACCEPTING.search(path))


def _counted(endpoint: Endpoint) -> bool:
    """Whether its path takes a running number: a stranger comes in by the next one."""
    paths = [mapping(p.get("schema")) for p in endpoint.parameters if p.get("in") == "path"]
    return any(schema.get("type") == "integer" for schema in paths)


def nothing_opened(bench: CheckContext) -> CheckResult:
    """Strangers reach no row of a tenant, of one user or about a person, and no insides, unless people said so."""
    kept = [e for e in bench.blueprint.entities if e.tenant_scoped or e.owner or any(f.sensitive for f in e.fields)]
    said, owned = bench.said, {spoken(name) for e in kept for name in (e.name, e.plural)}
    offenders = [
        e.label
        for e in bench.document.endpoints
        if e.anonymous and not e.writes and not _HEALTH.search(e.path)
        and (resource(e.path) in owned or _answers(bench, e) & owned)
        and not asked_open(said, e)
    ]  # fmt: skip
    offenders += [label for label in (*insides_open(bench), *opened_unasked(bench)) if label not in offenders]
    return judge(offenders, good="Rows of tenants and users are behind sign-in.", bad="Open to the world")


def _answers(bench: CheckContext, endpoint: Endpoint) -> set[str]:
    operation = bench.operation(endpoint)
    return {spoken(name) for name in (operation.entity, operation.response_entity) if name} if operation else set()


def webhooks_signed(bench: CheckContext) -> CheckResult:
    """What other services call proves who called by a signature, and what is told to others is signed."""
    calls = [e for e in bench.document.endpoints if e.method == "POST" and _HOOK.search(e.path)]
    told = [event for event in bench.blueprint.events if event.kind.startswith("webhook")]
    if not calls and not told and not any(op.signed for op in bench.blueprint.operations):
        return nothing_there("There are no webhooks.", called_for.webhooks(bench))
    offenders = [e.label for e in calls if e.anonymous]
    offenders += [event.name for event in told if not event.signed]
    signed = {op.id for op in bench.blueprint.operations if op.signed}
    offenders += [
        f"{e.name} (by {e.operation})" for e in told if e.kind == "webhook_in" and {e.operation} - signed - {""}
    ]
    received = {event.operation for event in told if event.kind == "webhook_in"}
    offenders += [
        f"{op.method} {op.path} (takes a service's signature from people)"
        for op in bench.blueprint.operations
        if op.signed and op.entity and op.id not in received and not _HOOK.search(op.path)
    ]
    return judge(offenders, good=f"All {len(calls) + len(told)} webhooks are signed.", bad="Anyone may forge")


def roles_differ(bench: CheckContext) -> CheckResult:
    """Roles make a difference: not each of them may do everything."""
    limited = [e for e in bench.document.endpoints if e.roles]
    names = {role for e in limited for role in e.roles}
    named = {spoken(f.name) for f in bench.said.facts if isinstance(f, RoleFact) and f.stance is Stance.STATED}
    if len(names) < 2 or len(named) < 2:
        return not_applicable("People named fewer than two roles.")
    if any(isinstance(f, AccessFact) and f.role in ("", "*") and "any" in f.verbs for f in bench.said.facts):
        return not_applicable("People said that everybody may do everything.")
    same = all(set(e.roles) == names for e in limited) and any(e.method == "DELETE" for e in limited)
    return judge(
        sorted(names) if same else [],
        good=f"{len(names)} roles may do different things.",
        bad="May all do everything, deletions among it",
    )


def tenant_from_token(bench: CheckContext) -> CheckResult:
    """Callers do not choose whose rows they see: the tenant comes from the token, not from a parameter or body."""
    scoped = [e for e in bench.blueprint.entities if e.tenant_scoped]
    if not scoped:
        return nothing_there("The design has no tenants.", called_for.tenants(bench))
    catalogue = catalogue_of(bench)
    names = {"tenant_id", "tenant", "x-tenant-id", "x-tenant", *catalogue.tenant_columns.values()} - {"id"}
    offenders = [
        f"{e.label} {p.get('name')}"
        for e in bench.document.endpoints for p in e.parameters
        if p.get("in") in ("query", "header") and str(p.get("name", "")).lower() in names
    ]  # fmt: skip
    document = bench.document
    offenders += [
        f"{e.label} {name} in its body"
        for e in document.endpoints for name in document.properties(document.body(e)) if name.lower() in names
    ]  # fmt: skip
    offenders += [line for e in document.endpoints for line in tenant_named(bench, e) if line not in offenders]
    return judge(offenders, good="No caller names its tenant.", bad="Callers choose the tenant by")


def limits_meant(bench: CheckContext) -> CheckResult:
    """The limit of calls is one that somebody could reach, and that lets through what was said or one page needs."""
    limit = bench.blueprint.auth.rate_limit_per_minute
    asked = [f.value for f in bench.said.facts if isinstance(f, NumberFact) and f.metric == "rate_limit"]
    wide, narrow = limit > max([_MANY_CALLS, *asked]), limit < min(asked, default=_FEW_CALLS)
    return judge(
        [f"{limit:,} calls a minute"] if wide or narrow else [],
        good=f"{limit:,} calls a minute.", bad="Limits nobody" if wide else "Lets too few through",
    )  # fmt: skip


def deletions_single(bench: CheckContext) -> CheckResult:
    """No call deletes a whole collection that nobody asked to have deleted.

    A collection is what is listed there, or many of an entity without any being named: ``DELETE /courses/lessons``.
    """
    listed = {e.path for e in bench.document.lists()}
    kept = {spoken(name) for e in bench.blueprint.entities for name in (e.name, e.plural)}
    offenders = [
        e.label
        for e in bench.document.endpoints
        if e.method == "DELETE" and (e.path in listed or _all_of(e, kept)) and not asked_for(bench, e)
    ]
    return judge(offenders, good="Deletions name what they delete.", bad="Deletes all at once")


def _all_of(endpoint: Endpoint, kept: set[str]) -> bool:
    last = endpoint.path.rstrip("/").rpartition("/")[2]
    return not endpoint.path_parameters and singular(last) != last and spoken(last) in kept


def asked_for(bench: CheckContext, endpoint: Endpoint) -> bool:
    """Whether people named the operation by method and path."""
    return bool(bench.asked(endpoint.id))


def tokens_short(bench: CheckContext) -> CheckResult:
    """Access tokens live an hour at most, unless people asked for longer."""
    asked = [f.token_minutes for f in bench.said.facts if isinstance(f, SignInFact) and f.token_minutes]
    most = max([_TOKEN_MINUTES, *asked])
    given = {bench.blueprint.auth.token_minutes} if not bench.blueprint.sign_ins else set()
    given |= {way.token_minutes for way in bench.blueprint.sign_ins if way.scheme != "api_key"}
    long = sorted(minutes for minutes in given if minutes > most)
    return judge(
        [f"{minutes} minutes" for minutes in long],
        good=f"Access tokens live {max(given, default=0)} minutes at most.", bad="Access tokens live long",
    )  # fmt: skip


def secrets_unlogged(bench: CheckContext) -> CheckResult:
    """No credential stands in a path or query, which logs and histories keep (RFC 9110, section 17.9)."""
    single = {"token", "code", "otp"}
    offenders = [
        f"{e.label} {name}"
        for e in bench.document.endpoints for p in e.parameters
        if p.get("in") in ("query", "path") and is_secret(name := str(p.get("name", ""))) and name.lower() not in single
    ]  # fmt: skip
    return judge(offenders, good="No credential stands in an address.", bad="Credentials in addresses")


def grants_narrow(bench: CheckContext) -> CheckResult:
    """The migrations give nothing to everybody, and no function works with its owner's rights."""
    catalogue: Catalogue = catalogue_of(bench)
    offenders = [f"{name} to {_PUBLIC}" for name in catalogue.facts["public_grants"]]
    offenders += [f"{name} (runs as its owner)" for name in catalogue.facts["definer_functions"]]
    return judge(offenders, good="Nothing is granted to everybody.", bad="Granted too widely")


def schemes_defined(bench: CheckContext) -> CheckResult:
    """Required schemes are defined, and at least one is (OpenAPI 3.1, Security Requirement Object)."""
    document = bench.document
    required = {name for e in document.endpoints for requirement in e.security or () for name in requirement}
    if not document.security_schemes:
        if document.endpoints and all(e.anonymous and asked_open(bench.said, e) for e in document.endpoints):
            return not_applicable("People said that everything is open.")
        return failed("No security scheme is defined.", ["securitySchemes"])
    return judge(
        sorted(required - set(document.security_schemes)),
        good=f"Defined: {', '.join(sorted(document.security_schemes))}.",
        bad="Required but not defined",
    )


def undeclared_refusals(endpoint: Endpoint, *, open_to_all: bool) -> Iterator[str]:
    """Yield the statuses that an endpoint must declare for who is not let in and what is not there, and does not."""
    closed = not endpoint.anonymous and not open_to_all
    if closed and "401" not in endpoint.responses:
        yield "401"
    if closed and endpoint.roles and "403" not in endpoint.responses:
        yield "403"
    if endpoint.path_parameters and "404" not in endpoint.responses:
        yield "404"
