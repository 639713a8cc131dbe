"""Does the service hold together: integrations, background work, retries, health?"""

from __future__ import annotations

import re
from typing import Final

from bot.evidence.checks import CheckResult, failed, held, judge, not_applicable
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import mapping

_HEALTH: Final = re.compile(r"/(health|healthz|livez|readyz|ready|status)$")
_REACTION: Final = re.compile(
    r"retr|queue|fall|park|circuit|dead|degrad|cache|later|skip|alert|timeout|back ?off|stale|buffer|outbox|refus"
    r"|reject|poll|continu|replay|resum|manual|disab|fail|log|store|kept|keep",
    re.IGNORECASE,
)


def integrations_asked(bench: CheckContext) -> CheckResult:
    """Every outside service that people named is an integration of the design."""
    asked = bench.claims.services
    if not asked:
        return not_applicable("No answer names a known outside service.")
    planned = " | ".join(f"{i.service} {i.purpose} {i.method}" for i in bench.blueprint.integrations).lower()
    missing = [a.what for a in asked if a.what.lower() not in planned]
    return judge(
        missing,
        good=f"All {len(asked)} services of the answers are integrated.",
        bad="Named in the answers but not integrated",
        raw=planned,
    )


def failures_planned(bench: CheckContext) -> CheckResult:
    """Every integration says what happens when the other side is down."""
    integrations = bench.blueprint.integrations
    if not integrations:
        return not_applicable("The design has no integrations.")
    offenders = [i.service for i in integrations if not _REACTION.search(i.on_failure)]
    return judge(
        offenders,
        good=f"All {len(integrations)} integrations have a plan for failure.",
        bad="No plan for failure",
        raw=[i.on_failure for i in integrations],
    )


def accepted_work_traceable(bench: CheckContext) -> CheckResult:
    """What is accepted can be followed: a Location, and its status in the body (RFC 9110, section 15.3.3)."""
    document = bench.document
    accepted = [e for e in document.endpoints if "202" in e.responses]
    background = [op.id for op in bench.blueprint.operations if op.asynchronous]
    if not accepted and not background:
        return not_applicable("Nothing runs in the background.")
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
    """A POST that creates takes an Idempotency-Key, so that a retry after a lost answer does not create twice."""
    creates = [e for e in bench.document.endpoints if e.method == "POST" and {"201", "202"} & set(e.responses)]
    if not creates:
        return not_applicable("No POST creates anything.")
    offenders = [
        e.label
        for e in creates
        if "idempotency-key" not in {str(p.get("name", "")).lower() for p in e.parameters if p.get("in") == "header"}
    ]
    return judge(
        offenders, good=f"All {len(creates)} creating POSTs can be repeated safely.", bad="Creates twice when retried"
    )


def entities_reachable(bench: CheckContext) -> CheckResult:
    """Every entity is served by an operation: what nothing reads or writes is no part of the service."""
    served = {operation.entity for operation in bench.blueprint.operations}
    idle = [entity.name for entity in bench.blueprint.entities if entity.name not in served]
    return judge(
        idle, good=f"All {len(bench.blueprint.entities)} entities are served.", bad="Entities that no operation serves"
    )


def operations_rendered(bench: CheckContext) -> CheckResult:
    """The document holds the design's operations, all and only those."""
    planned = {f"{op.method} {_bare(op.path)}" for op in bench.blueprint.operations}
    rendered = {f"{e.method} {_bare(e.path)}" for e in bench.document.endpoints}
    offenders = [f"{label} (not in the document)" for label in sorted(planned - rendered)]
    offenders += [f"{label} (not in the design)" for label in sorted(rendered - planned)]
    return judge(
        offenders, good=f"Design and document agree on {len(planned)} operations.", bad="Design and document differ"
    )


def stack_followed(bench: CheckContext) -> CheckResult:
    """The languages, frameworks and databases that people named are what the design builds on."""
    asked = bench.claims.technologies
    if not asked:
        return not_applicable("No answer names a technology.")
    stack = bench.blueprint.stack
    services = bench.blueprint.services
    chosen = " ".join(
        [
            stack.language,
            stack.framework,
            stack.database,
            stack.cache,
            stack.messaging,
            stack.deployment,
            services.caching,
            services.communication,
        ]
    ).lower()
    missing = [a.what for a in asked if not _chosen(a.what, chosen)]
    return judge(
        missing,
        good=f"Built on {', '.join(a.what for a in asked)}, as asked.",
        bad="Asked for but not used",
        raw=chosen,
    )


def monitoring_stated(bench: CheckContext) -> CheckResult:
    """The design says what is watched. Only words: it weighs little."""
    words = bench.blueprint.services.monitoring
    found = re.findall(r"metric|trac|log|alert|dashboard|health|telemetry|apm", words.lower())
    return (
        held("Stated (not tested).", words) if found else failed("Monitoring is hardly stated.", ["monitoring"], words)
    )


def _chosen(what: str, chosen: str) -> bool:
    aliases = {"postgres": "postgresql", "go": r"go(lang)?", "node.js": r"node(\.?js)?", "k8s": "kubernetes"}
    return re.search(rf"(?<!\w){aliases.get(what.lower(), re.escape(what.lower()))}(?!\w)", chosen) is not None


def _bare(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)
