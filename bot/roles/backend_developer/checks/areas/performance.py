"""Are the team's numbers carried over, and do the queries that the API implies hold on a real PostgreSQL?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Final

from bot.evidence.checks import CheckResult, Unmeasurable, judge, not_applicable
from bot.roles.backend_developer.blueprint import Budget
from bot.roles.backend_developer.checks.claims import AskedNumber
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import Document, Endpoint, mapping
from bot.roles.backend_developer.checks.reads import Read

_METRICS: Final[Mapping[str, tuple[str, ...]]] = {
    "latency": ("latency_p95", "latency_p99"),
    "throughput": ("throughput",),
    "availability": ("availability",),
    "concurrent_users": ("concurrent_users",),
}


def budgets_carried(bench: CheckContext) -> CheckResult:
    """Every number that the team stated is a budget of the design, as stated."""
    asked = bench.claims.numbers
    if not asked:
        return not_applicable("No answer states a number for latency, throughput, availability or users.")
    missing = [
        f"“{number.words}” ({number.where})" for number in asked if not _carried(number, bench.blueprint.budgets)
    ]
    return judge(
        missing, good=f"All {len(asked)} numbers of the answers are budgets.", bad="Stated but not carried over"
    )


def lists_use_indexes(bench: CheckContext) -> CheckResult:
    """PostgreSQL plans every list query, on seeded rows, by an index: no scan of the table, no large sort."""
    reads = _reads(bench)
    offenders = [f"{r.query.endpoint} ({r.offence})" for r in reads if r.offence]
    raw = [{"endpoint": r.query.endpoint, "rows": r.rows, "statement": r.statement, "plan": r.plan} for r in reads]
    return judge(
        offenders,
        good=f"All {len(reads)} list queries go by an index ({min(r.rows for r in reads):,} rows a table or more).",
        bad="List queries without an index",
        raw=raw,
    )


def worst_list_in_budget(bench: CheckContext) -> CheckResult:
    """The slowest list query stays within the latency budget: database time only, on this machine."""
    reads = _reads(bench)
    worst = max(reads, key=lambda r: r.p95_ms)
    where = f"database time, on this machine, {os.cpu_count()} cores"
    measured = f"{worst.query.endpoint} {worst.p95_ms:.1f} ms p95 on {worst.rows:,} rows ({where})"
    budget = _latency_budget(bench)
    if budget is None:
        raise Unmeasurable(reason=f"Nobody stated a latency budget. Measured: {measured}.")
    value, whose = budget
    raw = [f"{r.query.endpoint}: {r.p95_ms:.2f} ms" for r in reads]
    offenders = [f"{r.query.endpoint} {r.p95_ms:.1f} ms" for r in reads if r.p95_ms > value]
    return judge(
        offenders,
        good=f"Worst: {measured}; budget {value:g} ms ({whose}).",
        bad=f"Over {value:g} ms ({whose})",
        raw=raw,
    )


def results_bounded(bench: CheckContext) -> CheckResult:
    """Every collection in a response has a maximum (OWASP API4:2023)."""
    document = bench.document
    lists = document.lists()
    if not lists:
        return not_applicable("The API lists no collections.")
    offenders = [e.label for e in lists if any(_unbounded_arrays(document, e))]
    return judge(offenders, good=f"All {len(lists)} lists answer with bounded pages.", bad="Pages without maxItems")


def long_work_accepted(bench: CheckContext) -> CheckResult:
    """Work that takes long is accepted and done in the background: callers and connections do not wait for it."""
    long = [e for e in bench.document.endpoints if e.writes and _long(e)]
    if not long:
        return not_applicable("No operation executes, exports, imports or generates.")
    return judge(
        [e.label for e in long if "202" not in e.responses],
        good=f"All {len(long)} answer 202.",
        bad="Long work that callers wait for",
    )


def reads_conditional(bench: CheckContext) -> CheckResult:
    """Reads of one object carry an ETag or Cache-Control, for caches to revalidate (RFC 9111, section 4.3)."""
    reads = [e for e in bench.document.endpoints if e.method == "GET" and e.path.endswith("}")]
    if not reads:
        return not_applicable("Nothing is read one by one.")
    offenders = [
        e.label
        for e in reads
        if not {"etag", "cache-control"}
        & {str(h).lower() for h in mapping(mapping(e.responses.get("200")).get("headers"))}
    ]
    return judge(
        offenders,
        good=f"All {len(reads)} reads can be cached and revalidated.",
        bad="Reads without ETag or Cache-Control",
    )


def caching_stated(bench: CheckContext) -> CheckResult:
    """The design says what is cached, how long, or why nothing is. Only words: it weighs little."""
    words = bench.blueprint.services.caching
    return judge([] if len(words) >= 15 else ["caching"], good="Stated (not tested).", bad="Hardly stated", raw=words)


def _reads(bench: CheckContext) -> tuple[Read, ...]:
    trial = bench.trial
    if trial.failure is not None:
        raise Unmeasurable(reason=f"{trial.failure.name} failed, so there is nothing to query.")
    if trial.reads_problem:
        raise Unmeasurable(reason=f"Not every list could be measured: {trial.reads_problem}")
    if not trial.reads:
        raise Unmeasurable(
            reason=f"No list of the API could be measured as a query of a table. {trial.reads_problem}".strip()
        )
    return trial.reads


def _carried(number: AskedNumber, budgets: tuple[Budget, ...]) -> bool:
    return any(
        b.metric in _METRICS[number.metric] and abs(_plain(b) - number.value) < 0.001 * number.value for b in budgets
    )


def _plain(budget: Budget) -> float:
    """Return a budget's value in the unit that claims use: milliseconds, requests per second, percent, users."""
    if budget.metric.startswith("latency") and budget.unit.lower() in ("s", "sec", "second", "seconds"):
        return budget.value * 1000
    return budget.value


def _latency_budget(bench: CheckContext) -> tuple[float, str] | None:
    asked = bench.claims.latency_ms
    if asked is not None:
        return asked.value, f"the team's, {asked.where}"
    planned = [b for b in bench.blueprint.budgets if b.metric == "latency_p95"]
    if not planned:
        return None
    tightest = min(planned, key=_plain)
    return _plain(tightest), "the team's" if tightest.source else "the design's own default"


def _unbounded_arrays(document: Document, endpoint: Endpoint) -> Iterator[str]:
    result = document.result(endpoint)
    if result.get("type") == "array" and "maxItems" not in result:
        yield "response"
    for name, prop in document.properties(result).items():
        node = document.resolve(prop)
        if node.get("type") == "array" and "maxItems" not in node:
            yield name


def _long(endpoint: Endpoint) -> bool:
    last = endpoint.path.replace(":", "/").rstrip("/").rsplit("/", 1)[-1]
    return last in {"execute", "export", "import", "generate", "sync", "train", "render", "reindex", "backfill"}
