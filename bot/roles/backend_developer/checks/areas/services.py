"""Does the service hold together: integrations, background work, retries, health?"""

from __future__ import annotations

import re
from typing import Final

from bot.evidence.checks import CheckResult, failed, judge, named, nothing_there
from bot.roles.backend_developer.checks.areas import called_for
from bot.roles.backend_developer.checks.areas.asked import things
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import mapping
from bot.roles.backend_developer.checks.fit.rendered import spoken

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
    """A POST that creates takes an Idempotency-Key, so that a retry after a lost answer does not create twice."""
    creates = [e for e in bench.document.endpoints if e.method == "POST" and {"201", "202"} & set(e.responses)]
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
