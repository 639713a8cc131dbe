"""The checks of a running service: one line each, and how the probes of each become its outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from bot.evidence.checks import CheckResult, CheckSpec, failed, held, not_applicable, not_measured
from bot.roles.backend_developer.blueprint import Budget
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.live.access import OWN, ROLES, SIGN_IN, TENANTS
from bot.roles.backend_developer.checks.live.behaviour import REPEATS, VERSIONS
from bot.roles.backend_developer.checks.live.calls import SIGNED
from bot.roles.backend_developer.checks.live.effects import NOTED
from bot.roles.backend_developer.checks.live.endurance import DATABASE, LIFE, RATE
from bot.roles.backend_developer.checks.live.inputs import INPUTS
from bot.roles.backend_developer.checks.live.lists import LISTS
from bot.roles.backend_developer.checks.live.load import AT_ONCE, LOAD, ROWS
from bot.roles.backend_developer.checks.live.outcome import Figure, Findings
from bot.roles.backend_developer.checks.live.play import OWN_TESTS
from bot.roles.backend_developer.checks.live.prober import ATTACKS, CONTRACT
from bot.roles.backend_developer.checks.live.rules import RULES, STATES

_NAMED: Final = 3
_HERE: Final = "python -m bot.roles.backend_developer.checks . {key}"
_SHARE: Final[Mapping[str, float]] = {"%": 0.01, "percent": 0.01, "": 1.0}
_MS: Final[Mapping[str, float]] = {"ms": 1.0, "s": 1000.0, "seconds": 1000.0, "milliseconds": 1.0, "µs": 0.001}
_SECONDS: Final[Mapping[str, float]] = {"minute": 60.0, "min": 60.0, "hour": 3600.0, "day": 86400.0}


def probed(context: CheckContext, *, key: str) -> CheckResult:
    """Judge by the probes of a check: failed if one did, held if some were tried, otherwise not measured."""
    findings = context.live
    if findings.failed.get(key):
        return _failed(findings, key)
    count, untried = findings.held.get(key, 0), findings.untried.get(key, {})
    if findings.problem:
        return not_measured(f"The service was not probed to the end: {findings.problem}")
    left = f" {len(untried)} could not be tried: {_words(untried)}." if untried else ""
    if count:
        return held(f"{count} probes, in {findings.sandbox}.{left}", _raw(findings, key))
    if untried:
        return not_measured(f"Nothing could be tried.{left}")
    return not_applicable("Nothing in the design calls for it.")


def load_held(context: CheckContext) -> CheckResult:
    """Judge what was measured under load by the team's numbers; the worst operation is named."""
    findings = context.live
    if not findings.figures:
        why = findings.problem or _words(findings.untried.get(LOAD, {})) or "no list, read or create can be called"
        return not_measured(f"No load was put on it: {why}")
    broken = [f"{f.operation}: {f.failed} of {f.requests} requests failed" for f in findings.figures if f.failed]
    passed: list[str] = []
    for budget in context.blueprint.budgets:
        passed += _passed(budget, findings.figures)
    worst = max(findings.figures, key=lambda f: f.p95)
    seen = (
        f"Worst: {worst.operation}, p95 {worst.p95:g} ms, {worst.rate:g} requests/s, {AT_ONCE} at once on this machine,"
        f" {ROWS} rows per listed table."
    )
    raw = [
        f"{f.operation} p50 {f.p50} p95 {f.p95} p99 {f.p99} ms, {f.rate}/s, {f.failed} failed" for f in findings.figures
    ]
    if broken or passed:
        offenders = [*broken, *passed]
        return failed(f"{'; '.join(offenders[:_NAMED])}. {seen}", offenders, raw)
    return held(seen, raw)


def _passed(budget: Budget, figures: Sequence[Figure]) -> list[str]:
    """Return in words where a number of the team is not held."""
    mine = [f for f in figures if budget.operation in ("", f.operation)]
    unit = budget.unit.lower()
    if budget.metric.startswith("latency_"):
        most = budget.value * _MS.get(unit, 1.0)
        name = budget.metric.removeprefix("latency_")
        return [f"{f.operation}: {name} {getattr(f, name):g} ms where {most:g} ms are asked for" for f in mine
                if getattr(f, name) > most]  # fmt: skip
    if budget.metric == "throughput" and mine:
        per = next((seconds for word, seconds in _SECONDS.items() if word in unit), 1.0)
        wanted, best = budget.value / per, max(f.rate for f in mine)
        return [f"at most {best:g} requests/s where {wanted:g} are asked for"] if best < wanted else []
    if budget.metric == "error_rate" and mine:
        most = budget.value * _SHARE.get(unit, 1.0)
        share = sum(f.failed for f in mine) / sum(f.requests for f in mine)
        return [f"{share:.2%} of the requests failed where {most:.2%} may"] if share > most else []
    return []


def _failed(findings: Findings, key: str) -> CheckResult:
    mine = [one for one in findings.failures if one.check == key]
    words = [one.words() for one in mine]
    more = findings.failed[key] - min(len(mine), _NAMED)
    tail = f" And {more} more." if more > 0 else ""
    return failed(
        f"{findings.failed[key]} probes failed. {' | '.join(words[:_NAMED])}.{tail}", words, _raw(findings, key)
    )


def _raw(findings: Findings, key: str) -> dict[str, object]:
    return {
        "held": findings.held.get(key, 0),
        "failed": findings.failed.get(key, 0),
        "failures": [one.words() for one in findings.failures if one.check == key],
        "untried": findings.untried.get(key, {}),
        "seconds": findings.seconds,
        "sandbox": findings.sandbox,
    }


def _words(untried: Mapping[str, str]) -> str:
    first = [f"{what} ({why})" for what, why in list(untried.items())[:2]]
    return "; ".join(first) + (f" and {len(untried) - 2} more" if len(untried) > 2 else "")


def _spec(
    score: str,
    key: str,
    weight: float,
    title: str,
    *,
    cap: int,
    fix: str,
    run: Callable[[CheckContext], CheckResult] | None = None,
) -> CheckSpec[CheckContext]:
    return CheckSpec(
        key=key, title=title, score=score, weight=weight, cap=cap, tool="own", fix=fix, command=_HERE,
        run=run or partial(probed, key=key),
    )  # fmt: skip


_API = partial(_spec, "api_design")
_DB = partial(_spec, "database_implementation")
_SEC = partial(_spec, "security_integration")
_PERF = partial(_spec, "performance_optimization")
_SVC = partial(_spec, "service_architecture")

# fmt: off
LIVE: Final[tuple[CheckSpec[CheckContext], ...]] = (
    _API(CONTRACT, 2, "The running operations keep the document", cap=80,
         fix="Mend what the operation answers, or what openapi.yaml says of it."),
    _API(INPUTS, 1, "The running service refuses what the document does not take", cap=80,
         fix="Read bodies and parameters strictly, by the bounds of the document."),
    _API(LISTS, 1, "Lists have every row once, filtered and in order", cap=80,
         fix="Order by a key that is unique, and let the cursor hold all of it."),
    _DB(RULES, 1, "Rows that break a rule are refused (tried)", cap=70,
        fix="Hold the rule as a constraint or a trigger."),
    _DB(STATES, 1, "States change as said and in no other way (tried)", cap=70,
        fix="Refuse what no transition names, in the operation and in the database."),
    _SEC(SIGN_IN, 1, "Nobody gets in without credentials that hold (tried)", cap=30,
         fix="Check signature, issuer, audience, end and second factor of every token."),
    _SEC(ROLES, 0.75, "Only the roles that may can (tried)", cap=30,
         fix="Let the operation in by its roles alone; refuse the others with 403."),
    _SEC(TENANTS, 0.75, "No tenant reaches another's rows (tried)", cap=30,
         fix="Scope rows by the caller's tenant, also where a body or a filter names them."),
    _SEC(OWN, 0.5, "Whoever may reach only their own rows does (tried)", cap=30,
         fix="Limit the role to rows whose owner the caller is."),
    _SEC(ATTACKS, 0.5, "Attacks on the running service fail", cap=30,
         fix="Pass values as parameters, and keep words of the inside out of answers."),
    _SEC(SIGNED, 0.25, "Calls of other services are taken only if they are signed (tried)", cap=50,
         fix="Check signature and moment over the raw body before anything is done."),
    _SEC(RATE, 0.25, "Who asks too often is told to wait (tried)", cap=80,
         fix="Count requests by caller and answer 429 with Retry-After."),
    _PERF(LOAD, 3, "The running service holds its load", cap=70, run=load_held,
          fix="Make the operation named faster, or ask for less."),
    _SVC(LIFE, 1, "The service starts, answers and stops", cap=60,
         fix="Start it from nothing; on SIGTERM finish what is under way, then end."),
    _SVC(REPEATS, 0.25, "A repeated request is done once (tried)", cap=70,
         fix="Keep the first answer by caller, operation and key, in the transaction that makes it."),
    _SVC(VERSIONS, 0.25, "No update is lost (tried)", cap=70,
         fix="Give ETag, and refuse an If-Match that is not the row's with 412."),
    _SVC(DATABASE, 0.25, "It outlives its database (tried)", cap=80,
         fix="Answer 503 while the database is away, and connect anew."),
    _SVC(NOTED, 0.25, "Changes are noted (tried)", cap=80,
         fix="Write who changed what in the transaction that changes it."),
    _SVC(OWN_TESTS, 0.25, "The service's own tests pass", cap=80,
         fix="Mend the service, or the test that is wrong about it."),
)
# fmt: on
