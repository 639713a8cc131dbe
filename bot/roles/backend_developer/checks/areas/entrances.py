"""Who comes in by which way, and what strangers find out before they are in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.domain.facts import AccessFact, OperationFact, RoleFact, SignInFact, Stance
from bot.evidence.checks import CheckResult, judge, not_applicable
from bot.reading.names import words
from bot.roles.backend_developer.blueprint import Operation, SignIn
from bot.roles.backend_developer.blueprint.rights import roles_of, ways_of
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import Document, Endpoint
from bot.roles.backend_developer.checks.fit.openness import asked_open
from bot.roles.backend_developer.checks.fit.rendered import resources, spoken

_STRENGTH: Final = {
    "none": 0, "basic": 1, "api_key": 2, "password": 2, "magic_link": 2, "session": 3, "jwt": 3, "oauth2": 3, "oidc": 3,
    "saml": 3, "mtls": 3,
}  # fmt: skip
"""How much it takes to be taken for somebody else: a word that stays the same in every call is the least."""

_OF_MACHINES: Final = frozenset({"api_key", "mtls"})
_ACCOUNTS: Final = frozenset(["account", "user", "email", "mail", "address", "login", "phone", "member", "customer",
                              "konto", "benutzer", "password"])  # fmt: skip
_KNOWN: Final = re.compile(
    r"known|exist|taken|in_?use|already|registered|unknown|not_?found|no_?such|duplicate|vergeben|wrong_?password"
    r"|is_?missing|available", re.IGNORECASE,
)  # fmt: skip
_ASKED_FOR: Final = frozenset(["email", "mail", "phone", "mobile"])
_WHETHER: Final = re.compile(r"^(is_)?(exists?|available|taken|registered|known|in_use|has_account)$", re.IGNORECASE)
_INSIDES: Final = frozenset(
    ["debug", "log", "trace", "dump", "heapdump", "threaddump", "env", "config", "configuration", "actuator",
     "internal", "stacktrace", "profiler", "pprof", "console", "request", "query", "audit", "backup", "error"]
)  # fmt: skip
"""Keys of what tells of the service itself and of what others sent."""

_TOLD_OF_CALLS: Final = frozenset(
    ["headers", "body", "payload", "cookies", "authorization", "stack", "stack_trace", "stacktrace", "sql", "query",
     "env", "environment", "ip", "ip_address", "user_agent", "request", "request_body", "query_string"]
)  # fmt: skip
_ROLES_MATTER: Final = 8
"""From so many operations with roles on, a role that opens one of them is hardly meant so."""

_READING: Final = frozenset({"read", "any"})


def roles_useful(bench: CheckContext) -> CheckResult:
    """A role that people named without saying what little it may do opens more than one operation, and sees it."""
    said = bench.said.facts
    told = {spoken(f.role) for f in said if isinstance(f, AccessFact) and f.stance is Stance.STATED}
    told |= {spoken(role) for f in said if isinstance(f, OperationFact) for role in f.roles}
    named = [
        f.name for f in said if isinstance(f, RoleFact) and f.stance is Stance.STATED and spoken(f.name) not in told
    ]
    limited = [e for e in bench.document.endpoints if e.roles]
    blind = [*_blind(bench), *_contradicted(bench)]
    if (not named or len(limited) < _ROLES_MATTER) and not blind:
        return not_applicable("No role was named without saying what it may do.")
    opened = {one: sum(spoken(one) in {spoken(r) for r in e.roles} for e in limited) for one in named}
    idle = [name for name, count in opened.items() if count == 1 and len(limited) >= _ROLES_MATTER]
    return judge(
        [*(f"{name} (1 of {len(limited)} operations)" for name in idle), *blind],
        good="Every role opens more than one operation.", bad="Roles that may do next to nothing, or blindly",
    )  # fmt: skip


def stray_ways(bench: CheckContext) -> Iterator[str]:
    """Yield ways to sign in that nobody said and that are weaker than all that were, or go round the second factor."""
    said = [f for f in bench.said.facts if isinstance(f, SignInFact) and f.stance is Stance.STATED and f.scheme]
    if not said:
        return
    least = min(_STRENGTH.get(f.scheme, 3) for f in said)
    named = {f.scheme for f in said}
    ways = _ways(bench)
    for way in ways:
        if way.scheme.value not in named and _STRENGTH.get(way.scheme.value, 3) < least:
            yield f"{way.name} ({way.scheme}, weaker than what was asked for)"
    strict = {role for way in ways if way.multi_factor for role in way.roles}
    if any(f.multi_factor and not f.audience for f in said):  # of everybody who is no machine
        for way in ways:
            lax = not way.multi_factor and way.scheme not in _OF_MACHINES and not strict & set(way.roles)
            yield from [f"{way.name} (asks for no second factor, which was said of all)"] if lax else []
    if any(f.multi_factor for f in said):
        for way in ways:
            round_it = (
                sorted(strict & set(way.roles)) if not way.multi_factor and way.scheme not in _OF_MACHINES else ()
            )
            yield from (f"{way.name} ({role} comes in without a second factor)" for role in round_it)


def without_way(bench: CheckContext) -> Iterator[str]:
    """Yield roles that no way to sign in is for, and operations whose own ways none of their roles has."""
    ways = _ways(bench)
    for op in bench.blueprint.operations:
        own = [way for way in ways if way.name in op.sign_ins]
        may = set(roles_of(bench.blueprint, op))
        if own and may and all(way.roles for way in own) and not any(may & set(way.roles) for way in own):
            yield f"{op.method} {op.path} (none of its roles signs in so)"
    if not ways or any(not way.roles for way in ways):
        return
    let = {role for way in ways for role in way.roles}
    yield from (f"{role.name} (no way to sign in)" for role in bench.blueprint.roles if role.name not in let)


def _ways(bench: CheckContext) -> tuple[SignIn, ...]:
    return ways_of(bench.blueprint)


def _contradicted(bench: CheckContext) -> Iterator[str]:
    """Yield roles that an operation names and a denial refuses it, which nobody said."""
    denied = [f for f in bench.said.facts if isinstance(f, AccessFact) and f.stance is Stance.DENIED]
    told = {spoken(f.role) for f in denied}
    for op in bench.blueprint.operations:
        left = set(op.roles) - set(roles_of(bench.blueprint, op))
        yield from (f"{role} ({op.method} {op.path} names it and refuses it)" for role in sorted(left)
                    if spoken(role) not in told or not _denies(denied, role, op))  # fmt: skip


def _denies(denied: Sequence[AccessFact], role: str, op: Operation) -> bool:
    about = {spoken(op.entity or ""), *resources(op.path), ""}
    return any(spoken(f.role) == spoken(role) and spoken(f.entity) in about for f in denied)


def _blind(bench: CheckContext) -> Iterator[str]:
    """Yield roles that change or delete a thing which others may read and they may not, unless people said so."""
    told = {
        (spoken(f.role), spoken(f.entity))
        for f in bench.said.facts
        if isinstance(f, AccessFact) and (f.stance is Stance.DENIED or not _READING & set(f.verbs))
    }
    for entity in bench.blueprint.entities:
        about = [op for op in bench.blueprint.operations if entity.name in (op.entity, op.response_entity)]
        reads = [op for op in about if op.method == "GET"]
        sees = {role for op in reads for role in roles_of(bench.blueprint, op)}
        if not sees or any(op.public or not roles_of(bench.blueprint, op) for op in reads):
            continue
        for op in about:
            blind = set(roles_of(bench.blueprint, op)) - sees if op.kind in ("update", "delete") else set()
            yield from (
                f"{role} ({op.method} {op.path} without reading it)"
                for role in sorted(blind)
                if not {(spoken(role), spoken(name)) for name in (entity.name, entity.plural, "")} & told
            )


def accounts_told(bench: CheckContext) -> Iterator[str]:
    """Yield what tells a stranger whether somebody has an account: a refusal of its own, or an answer yes or no."""
    for endpoint in bench.document.endpoints:
        operation = bench.operation(endpoint)
        if not endpoint.anonymous or operation is None:
            continue
        yield from (
            f"{endpoint.label} (tells who has an account: {problem.code})"
            for problem in operation.problems
            if set(words(problem.code)) & _ACCOUNTS and _KNOWN.search(problem.code)
        )
        if not asked_open(bench.said, endpoint) and _answers_whether(bench.document, endpoint):
            yield f"{endpoint.label} (tells who has an account)"


def _answers_whether(document: Document, endpoint: Endpoint) -> bool:
    asked = {str(p.get("name")) for p in endpoint.parameters} | set(document.properties(document.body(endpoint)))
    told = document.properties(document.result(endpoint))
    about = any(set(words(name)) & _ASKED_FOR for name in asked)
    return about and any(_WHETHER.match(name) for name in told)


def insides_open(bench: CheckContext) -> Iterator[str]:
    """Yield what shows strangers the service's own insides, or what others sent to it."""
    document = bench.document
    for endpoint in document.endpoints:
        if not endpoint.anonymous or endpoint.writes or asked_open(bench.said, endpoint):
            continue
        kept = {spoken(n) for e in bench.blueprint.entities for n in (e.name, e.plural)}
        named = set(resources(endpoint.path)) & _INSIDES - kept
        if named or len(document.shown(endpoint).keys() & _TOLD_OF_CALLS) > 1:
            yield endpoint.label
