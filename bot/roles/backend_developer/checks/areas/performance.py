"""Are the team's numbers carried over, and do the queries that the API implies hold on a real PostgreSQL?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.domain.facts import NumberFact, OperationFact, Stance
from bot.evidence.checks import CheckResult, Unmeasurable, judge, not_applicable, nothing_there
from bot.reading.names import words
from bot.roles.backend_developer.checks.areas import called_for
from bot.roles.backend_developer.checks.context import CheckContext, catalogue_of
from bot.roles.backend_developer.checks.document import Document, Endpoint, mapping
from bot.roles.backend_developer.checks.fit.rendered import spoken
from bot.roles.backend_developer.checks.reads import Read, unindexed_parts, unindexed_times

_REFERENCE_MS: Final = 0.25
"""What the calibrating query takes where nothing else runs: times are told in multiples of it."""

_LONG: Final = frozenset(
    [
        "execute",
        "export",
        "import",
        "generate",
        "sync",
        "synchronise",
        "synchronize",
        "train",
        "render",
        "reindex",
        "backfill",
        "recalculate",
        "recompute",
        "rebuild",
        "backup",
        "backups",
        "closing",
        "payroll",
        "transcode",
        "crawl",
        "reconcile",
        "migrate",
    ]
)
_PERIODS: Final = frozenset(["annual", "yearly", "monthly", "quarterly", "year", "month", "quarter"])
_UNITS: Final[Mapping[str, frozenset[str]]] = {
    "latency": frozenset(["ms", "s", "sec", "seconds", "milliseconds", "min", "minutes"]),
    "throughput": frozenset(
        [
            "rps",
            "rpm",
            "req/s",
            "requests/s",
            "per_second",
            "per_minute",
            "per_hour",
            "per_day",
            "requests",
            "tps",
            "qps",
        ]
    ),
    "availability": frozenset(["%", "percent"]),
    "concurrent_users": frozenset(["users", "sessions", "people", "connections", "clients"]),
    "error_rate": frozenset(["%", "percent"]),
    "data_volume": frozenset(
        ["rows", "gb", "tb", "mb", "records", "items", "documents", "events", "per_day", "per_month", "per_year"]
        + [f"rows/{period}" for period in ("second", "minute", "hour", "day", "night", "week", "month", "year")]
    ),
    "recovery": frozenset(["s", "sec", "seconds", "min", "minutes", "h", "hours", "d", "days"]),
    "rate_limit": frozenset(
        ["rpm", "rps", "per_second", "per_minute", "per_hour", "per_day", "requests", "req/s", "req/min"]
    ),
    "retention": frozenset(["d", "days", "months", "years", "y", "hours", "h"]),
}


_MORE_IS_BETTER: Final = frozenset({"throughput", "availability", "concurrent_users", "data_volume", "rate_limit"})
_LESS_IS_BETTER: Final = ("latency", "error_rate", "recovery")


def units_known(bench: CheckContext) -> CheckResult:
    """Every budget is in a unit of its metric, so that it can be measured one day, and none undoes what was said."""
    budgets = bench.blueprint.budgets
    if not budgets:
        return nothing_there("The design has no budgets.", called_for.numbers(bench))
    offenders = [
        f"{b.metric} {b.value:g} {b.unit}"
        for b in budgets
        if not any(b.metric.startswith(metric) and b.unit.lower() in units for metric, units in _UNITS.items())
    ]
    by = {(b.metric, b.operation): _milliseconds(b.value, b.unit) for b in budgets if b.metric.startswith("latency_p")}
    offenders += [
        f"{metric} of {value:g} ms is under {other} of {less:g} ms"
        for (metric, place), value in by.items()
        for (other, at), less in by.items()
        if place == at and other < metric and value < less
    ]
    offenders += list(_loosened(bench))
    return judge(offenders, good=f"All {len(budgets)} budgets can be measured.", bad="Cannot be measured or held")


def _loosened(bench: CheckContext) -> Iterator[str]:
    """Yield budgets that nobody said and that ask for less than what was said of everything."""
    said = [f for f in bench.said.facts if isinstance(f, NumberFact) and f.stance is Stance.STATED]
    for budget in bench.blueprint.budgets:
        alike = [f for f in said if f.metric == budget.metric]
        value = _milliseconds(budget.value, budget.unit)
        heard = [_milliseconds(f.value, f.unit) for f in alike if _same_unit(f.unit, budget.unit)]
        whole = [
            _milliseconds(f.value, f.unit)
            for f in alike
            if not (f.path or f.entity) and _same_unit(f.unit, budget.unit)
        ]
        if not whole or any(abs(value - one) <= 1e-6 * max(1, abs(value)) for one in heard):
            continue
        if (budget.metric in _MORE_IS_BETTER and value < min(whole)) or (
            budget.metric.startswith(_LESS_IS_BETTER) and value > max(whole)
        ):
            yield f"{budget.metric} {budget.value:g} {budget.unit} (less than was said)"


def _same_unit(one: str, other: str) -> bool:
    times = _UNITS["latency"]
    return one.casefold() == other.casefold() or {one.casefold(), other.casefold()} <= times


def lists_use_indexes(bench: CheckContext) -> CheckResult:
    """PostgreSQL plans every list query, on seeded rows, by an index, without a large sort; times have one as well."""
    reads = _reads(bench)
    offenders = [f"{r.query.endpoint} ({r.offence})" for r in reads if r.offence]
    offenders += list(unindexed_times(bench.document, catalogue_of(bench)))
    offenders += list(unindexed_parts(bench.document, catalogue_of(bench)))
    raw = [{"endpoint": r.query.endpoint, "rows": r.rows, "statement": r.statement, "plan": r.plan} for r in reads]
    return judge(
        offenders,
        good=f"All {len(reads)} list queries go by an index ({min(r.rows for r in reads):,} rows a table or more).",
        bad="List queries without an index",
        raw=raw,
    )


def worst_list_in_budget(bench: CheckContext) -> CheckResult:
    """The slowest list query stays within the latency budget: its time as a multiple of a calibrating query's.

    Both are run side by side and the fastest of each is taken, so that a busy machine slows both or neither.
    """
    reads = _reads(bench)
    worst = max(reads, key=lambda r: r.ratio)
    measured = f"{worst.query.endpoint}, {worst.ratio:.1f} times a calibrating query, on {worst.rows:,} rows"
    budget = _latency_budget(bench)
    if budget is None:
        return not_applicable(f"Nobody stated a latency budget. Measured: {measured}.")
    value, whose = budget
    raw = [f"{r.query.endpoint}: {r.ratio:.2f} times a calibrating query, {r.p95_ms:.2f} ms here" for r in reads]
    offenders = [
        f"{r.query.endpoint} ({r.ratio:.0f} times a calibrating query)"
        for r in reads
        if r.ratio * _REFERENCE_MS > value
    ]
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
        return nothing_there("The API lists no collections.", called_for.lists(bench))
    offenders = [e.label for e in lists if any(_unbounded_arrays(document, e))]
    offenders += _carrying_all(bench)
    return judge(offenders, good=f"All {len(lists)} lists answer with bounded pages.", bad="Pages without maxItems")


def _carrying_all(bench: CheckContext) -> Iterator[str]:
    """Yield reads of one thing that carry all rows which point at it, which nobody asked for: those only grow."""
    said = {spoken(f.name) for fact in bench.said.facts if isinstance(fact, OperationFact) for f in fact.result}
    growing = {(r.source, r.target) for r in bench.blueprint.relations if r.cardinality == "many_to_one"}
    own = {(r.source, r.target) for r in bench.blueprint.relations if r.on_delete == "cascade"}
    for op in bench.blueprint.operations:
        yield from (
            f"{op.method} {op.path} {field.name} (all that point at it)"
            for field in op.response
            if op.kind == "read" and field.type == "array" and field.entity and not field.max_length
            and (field.entity, op.entity) in growing - own and spoken(field.name) not in said
        )  # fmt: skip


def long_work_accepted(bench: CheckContext) -> CheckResult:
    """Work that takes long is accepted and done in the background: callers and connections do not wait for it."""
    long = [e for e in bench.document.endpoints if e.method in ("POST", "PUT") and _long(e)]
    if not long:
        return nothing_there("No operation executes, exports, imports or generates.", called_for.background(bench))
    return judge(
        [e.label for e in long if "202" not in e.responses],
        good=f"All {len(long)} answer 202.",
        bad="Long work that callers wait for",
    )


def reads_conditional(bench: CheckContext) -> CheckResult:
    """Reads of one stored object carry an ETag or Cache-Control, for caches to revalidate (RFC 9111, section 4.3)."""
    kinds = {op.id: op.kind for op in bench.blueprint.operations}
    reads = [e for e in bench.document.endpoints if e.method == "GET" and kinds.get(e.id) == "read"]
    if not reads:
        return nothing_there("Nothing is read one by one.", called_for.reads(bench))
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


def _latency_budget(bench: CheckContext) -> tuple[float, str] | None:
    """Return the tightest latency that people stated, in milliseconds, or else the design's."""
    said = [f for f in bench.said.facts if isinstance(f, NumberFact) and f.metric.startswith("latency")
            and f.stance is Stance.STATED]  # fmt: skip
    if said:
        return min(_milliseconds(f.value, f.unit) for f in said), "the team's"
    planned = [b for b in bench.blueprint.budgets if b.metric == "latency_p95"]
    if not planned:
        return None
    tightest = min(planned, key=lambda b: _milliseconds(b.value, b.unit))
    return _milliseconds(tightest.value, tightest.unit), "the team's" if tightest.source else "the design's own default"


def _milliseconds(value: float, unit: str) -> float:
    return value * {"s": 1000, "sec": 1000, "second": 1000, "seconds": 1000, "min": 60_000, "minutes": 60_000}.get(
        unit.lower(), 1
    )


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
    found = set(words(last))
    about_periods = bool(found & _PERIODS) and "report" in endpoint.path
    return bool(found & _LONG) or {"bulk", "upload"} <= found or about_periods
