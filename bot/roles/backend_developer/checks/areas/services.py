"""Does the service hold together: integrations, background work, retries, health?"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from bot.evidence.checks import CheckResult, failed, judge, named, nothing_there
from bot.reading.names import words
from bot.roles.backend_developer.checks.areas import called_for, said
from bot.roles.backend_developer.checks.areas.asked import things
from bot.roles.backend_developer.checks.areas.words import unused
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import Endpoint, mapping
from bot.roles.backend_developer.checks.fit.gaps import SERVICE
from bot.roles.backend_developer.checks.fit.rendered import spoken
from bot.roles.backend_developer.checks.names import is_amount

_MONEY: Final = frozenset(["cents", "iban"])
_PAYING: Final = frozenset(["refund", "payout", "transfer", "withdraw", "charge", "disburse", "reimburse", "topup",
                            "donate", "repay", "chargeback", "credit", "debit"])  # fmt: skip
_PAYING_PAIRS: Final = frozenset([("pay", "out"), ("top", "up"), ("pay", "back"), ("cash", "out")])
_JVM: Final = frozenset({"java", "kotlin", "scala", "groovy"})
_NODE: Final = frozenset({"typescript", "javascript", "node", "nodejs", "js", "ts"})
_FRAMEWORKS: Final = {
    r"django.*|flask|fastapi|starlette|litestar|tornado|aiohttp|pyramid|sanic": frozenset({"python"}),
    r"spring.*|quarkus|micronaut|ktor|dropwizard|vertx|helidon|jakarta.*|play.*": _JVM,
    r"nestjs?|express(js)?|fastify|koa|hapi|nextjs|adonis(js)?|hono": _NODE,
    r"(rubyon)?rails|sinatra|hanami": frozenset({"ruby"}),
    r"laravel|symfony|slim|codeigniter|lumen": frozenset({"php"}),
    r"(aspnet|net).*": frozenset({"c#", "f#", "csharp", "net", "c"}),
    r"gin|echo|fiber|chi|gorilla.*|buffalo": frozenset({"go", "golang"}),
    r"actix.*|axum|rocket|warp": frozenset({"rust"}),
    r"phoenix": frozenset({"elixir", "erlang"}),
}  # fmt: skip
"""Frameworks of which everybody knows the language."""

_LANGUAGES: Final = frozenset(language for languages in _FRAMEWORKS.values() for language in languages)
_HEALTH: Final = re.compile(r"/(health|healthz|livez|readyz|ready|status)$")


def accepted_work_traceable(bench: CheckContext) -> CheckResult:
    """What is accepted can be followed: a Location, and its status in the body (RFC 9110, section 15.3.3)."""
    document = bench.document
    accepted = [e for e in document.endpoints if "202" in e.responses]
    background = [op.id for op in bench.blueprint.operations if op.asynchronous]
    if not accepted and not background:
        return nothing_there("Nothing runs in the background.", called_for.background(bench))
    offenders = [f"{name} (no 202)" for name in background if name not in {e.id for e in accepted}]
    for endpoint in accepted:
        headers = {str(name).lower() for name in mapping(endpoint.responses["202"].get("headers"))}
        if "location" not in headers:
            offenders.append(f"{endpoint.label} (no Location)")
        elif "status" not in document.properties(document.result(endpoint)):
            offenders.append(f"{endpoint.label} (no status in its body)")
    return judge(
        offenders, good=f"All {len(accepted)} can be followed by Location and status.", bad="Accepted and lost sight of"
    )


def health_readable(bench: CheckContext) -> CheckResult:
    """There is a health endpoint that needs no credentials: what starts, replaces and balances servers has none."""
    found = [e for e in bench.document.endpoints if e.method == "GET" and _HEALTH.search(e.path)]
    if not found:
        return failed("There is no health endpoint.", ["GET /health"])
    return judge(
        [e.label for e in found if not e.anonymous],
        good=f"{found[0].label} is open to load balancers.",
        bad="Needs credentials",
    )


def creates_repeatable(bench: CheckContext) -> CheckResult:
    """A POST that creates or moves money takes an Idempotency-Key, so that a retry after a lost answer does it once."""
    creates = [
        e for e in bench.document.endpoints
        if e.method == "POST" and ({"201", "202"} & set(e.responses) or _moves_money(bench, e))
    ]  # fmt: skip
    if not creates:
        return nothing_there("No POST creates anything.", called_for.creations(bench))
    offenders = [
        e.label
        for e in creates
        if "idempotency-key" not in {str(p.get("name", "")).lower() for p in e.parameters if p.get("in") == "header"}
    ]
    return judge(
        offenders, good=f"All {len(creates)} creating POSTs can be repeated safely.", bad="Creates twice when retried"
    )


def _moves_money(bench: CheckContext, endpoint: Endpoint) -> bool:
    """Whether something is done to one thing that pays again when repeated: nothing of its state says it is done."""
    operation = bench.operation(endpoint)
    if operation is None or operation.kind != "action" or operation.public or operation.signed:
        return False
    steps = {step.operation for machine in bench.blueprint.state_machines for step in machine.transitions}
    last = words(endpoint.path.rstrip("/").rsplit("/", 1)[-1])
    sent = bench.document.properties(bench.document.body(endpoint))
    paid = any(is_amount(name) or set(words(name)) & _MONEY for name in sent)
    return operation.id not in steps and (paid or bool(set(last) & _PAYING or set(pairwise(last)) & _PAYING_PAIRS))


def stack_followed(bench: CheckContext) -> CheckResult:
    """The stack is as asked, and its framework is one of its language."""
    kept = said.kept(bench, area=SERVICE, kinds=frozenset({"stack"}), what="the stack")
    stack = bench.blueprint.stack
    framework = re.sub(r"[^a-z]", "", stack.framework.casefold())
    known = next((langs for name, langs in _FRAMEWORKS.items() if re.fullmatch(name, framework)), None)
    spoken_in = set(re.findall(r"[a-z]+[#+]*", stack.language.casefold()))
    others = list(unused(bench))
    if known is not None and spoken_in & _LANGUAGES and not spoken_in & known:
        others.append(f"{stack.framework} is no framework of {stack.language}")
    return judge([*kept.findings, *others], good="", bad="Not as said of the stack") if others else kept


def entities_reachable(bench: CheckContext) -> CheckResult:
    """Every entity is served by an operation: what nothing reads or writes is no part of the service.

    Where people listed the operations, it is they who left an entity of theirs without any: that is told, and no fault.
    """
    operations = bench.blueprint.operations
    served = {name for op in operations for name in (op.entity, op.response_entity, op.request_entity)}
    served |= {field.entity for op in operations for field in (*op.request, *op.response)}
    idle = [e.name for e in bench.blueprint.entities if e.name not in served and not e.codes]
    whole = f"{len(bench.blueprint.entities) - len(idle)} of {len(bench.blueprint.entities)} entities are served"
    known = things(bench) if idle and called_for.whole_api(bench) else set()
    left = [name for name in idle if spoken(name) in known]
    good = f"{whole}; people named no operation for {named(left)}." if left else f"{whole}."
    return judge([n for n in idle if n not in left], good=good, bad="Entities that no operation serves")


def operations_rendered(bench: CheckContext) -> CheckResult:
    """The document holds the design's operations, all and only those."""
    planned = {f"{op.method} {_bare(op.path)}" for op in bench.blueprint.operations}
    rendered = {f"{e.method} {_bare(e.path)}" for e in bench.document.endpoints}
    offenders = [f"{label} (not in the document)" for label in sorted(planned - rendered)]
    offenders += [f"{label} (not in the design)" for label in sorted(rendered - planned)]
    return judge(
        offenders, good=f"Design and document agree on {len(planned)} operations.", bad="Design and document differ"
    )


def _bare(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)
