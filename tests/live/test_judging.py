"""How probes become checks: each check fails on a probe of its own, and claims nothing that was not tried."""

from __future__ import annotations

import pytest

from bot.domain.evidence import Outcome
from bot.evidence.checks import CheckResult, Unmeasurable
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks.areas.running import LIVE
from bot.roles.backend_developer.checks.context import CheckContext, Live
from bot.roles.backend_developer.checks.live.load import LOAD
from bot.roles.backend_developer.checks.live.outcome import Figure, Findings
from bot.roles.backend_developer.checks.registry import CHECKS
from bot.roles.backend_developer.checks.runner import CheckRunner
from bot.roles.backend_developer.checks.subject import Subject
from tests.evidence.bench_helpers import bench_of
from tests.evidence.samples import brief, design
from tests.live.depot import depot

PROBED = sorted(spec.key for spec in LIVE if spec.key != LOAD)
SPECS = {spec.key: spec for spec in LIVE}


def judged(key: str, live: Live, **changes: object) -> CheckResult:
    context = bench_of(plan={**design(), **changes}) if changes else bench_of()
    context._live = live
    return SPECS[key].run(context)


def found(key: str, *, held: int = 0, failed: int = 0, left: str = "") -> Findings:
    findings = Findings(sandbox="a box")
    for number in range(held):
        findings.record(key, f"op_{number}", "a probe", expected="403", seen="403", held=True)
    for number in range(failed):
        findings.record(key, f"list_things_{number}", "called by a stranger", expected="403", seen="200", held=False)
    if left:
        findings.leave(key, "op", left)
    return findings


@pytest.mark.parametrize("key", PROBED)
def test_one_failed_probe_fails_its_check_and_is_named(key: str) -> None:
    """A check fails with one probe among many, and says which operation, what was expected and what was seen."""
    result = judged(key, found(key, held=50, failed=1))
    assert result.outcome is Outcome.FAILED
    assert "list_things_0" in result.detail
    assert "expected 403, seen 200" in result.detail
    assert result.findings == ("list_things_0: called by a stranger: expected 403, seen 200",)


@pytest.mark.parametrize("key", PROBED)
def test_a_check_of_which_all_probes_held_holds(key: str) -> None:
    """A check holds with the number of its probes, and names what could not be tried beside them."""
    result = judged(key, found(key, held=3, left="its columns have patterns"))
    assert result.outcome is Outcome.HELD
    assert "3 probes" in result.detail
    assert "its columns have patterns" in result.detail


@pytest.mark.parametrize("key", PROBED)
def test_what_was_not_tried_is_not_claimed(key: str) -> None:
    """What could not be tried is told from what the design does not call for; neither holds."""
    untried = judged(key, found(key, left="no row can be made up"))
    assert untried.outcome is Outcome.NOT_MEASURED
    nothing = judged(key, Findings())
    assert nothing.outcome is Outcome.NOT_APPLICABLE
    stopped = found(key, held=9)
    stopped.problem = "it ended while it was probed"
    assert judged(key, stopped).outcome is Outcome.NOT_MEASURED


def test_each_failure_brings_its_area_under_the_threshold() -> None:
    """Every check of the running service has a cap under the threshold of 95, for what fails is harm that was seen."""
    assert all(spec.cap is not None and spec.cap < 95 for spec in LIVE)
    assert [spec.key for spec in CHECKS[-len(LIVE) :]] == [spec.key for spec in LIVE]
    assert len({spec.key for spec in CHECKS}) == len(CHECKS)


def figures(**changes: float) -> Findings:
    findings = Findings(sandbox="a box")
    findings.figures = [
        Figure(operation="list_a", requests=100, failed=0, p50=1, p95=2, p99=3, rate=900),
        Figure(
            operation="list_b", requests=100, failed=int(changes.get("failed", 0)), p50=5, p95=180, p99=400, rate=300
        ),
    ]
    return findings


def budget(metric: str, value: float, unit: str, operation: str = "") -> dict[str, object]:
    return {"budgets": [{"metric": metric, "value": value, "unit": unit, "operation": operation, "source": "said"}]}


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (budget("latency_p95", 100, "ms"), "list_b: p95 180 ms where 100 ms are asked for"),
        (budget("latency_p99", 0.3, "s"), "list_b: p99 400 ms where 300 ms are asked for"),
        (budget("throughput", 1000, "req/s"), "at most 900 requests/s where 1000 are asked for"),
        (budget("throughput", 60_000, "requests per minute"), "at most 900 requests/s where 1000 are asked for"),
    ],
)
def test_a_number_of_the_team_that_is_not_held_fails_with_the_operation(said: dict[str, object], named: str) -> None:
    """Latencies and rates are held to the team's numbers in the team's units; the offender is named."""
    result = judged(LOAD, figures(), **said)
    assert result.outcome is Outcome.FAILED
    assert named in result.findings


def test_load_holds_with_its_worst_operation_named() -> None:
    """Where every number is held the check says which operation is the worst, and on how many rows."""
    result = judged(LOAD, figures(), **budget("latency_p95", 200, "ms"))
    assert result.outcome is Outcome.HELD
    assert "list_b" in result.detail
    assert "10000 rows" in result.detail


def test_failing_requests_fail_the_load_without_any_number() -> None:
    """A request that fails under load is a fault, whether or not anybody said a number."""
    assert judged(LOAD, figures(failed=2), budgets=[]).outcome is Outcome.FAILED
    assert judged(LOAD, Findings()).outcome is Outcome.NOT_MEASURED


def test_two_runs_of_one_design_are_added() -> None:
    """Quick probes of a round and the rest at the end are one account: counts add up, and no failure is lost."""
    key = PROBED[0]
    both = found(key, held=2, failed=1).joined(found(key, held=3, failed=1))
    assert (both.held[key], both.failed[key]) == (5, 2)
    assert Findings.of_json(both.as_json()) == both


async def test_another_stack_loses_nothing_by_not_being_run() -> None:
    """Where no service is rendered its checks are not measured, like those of any that was not run, and say why."""
    plan = depot().model_dump(mode="json")
    plan["stack"] |= {"language": "Kotlin", "framework": "Ktor"}
    runner = CheckRunner(checks=LIVE, live=True)
    try:
        checks = await runner.assess(Subject(artefacts=(), blueprint=Blueprint.model_validate(plan), brief=brief()))
    finally:
        await runner.close()
    assert {check.outcome for check in checks} == {Outcome.NOT_MEASURED}
    assert all(check.weight for check in checks)
    assert "Kotlin" in checks[0].detail


async def test_without_a_sandbox_nothing_runs_and_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no sandbox holds the checks are not measured, keep their weight, and give the reason."""
    from bot.roles.backend_developer.checks import service_runs as module

    async def refused(*_given: object, **_more: object) -> Findings:
        raise Unmeasurable(reason="Nothing generated is run here: bubblewrap is not installed")

    monkeypatch.setattr(module, "run_service", refused)
    runner = CheckRunner(checks=LIVE, live=True)
    try:
        checks = await runner.assess(Subject(artefacts=(), blueprint=depot(), brief=brief()))
    finally:
        await runner.close()
    assert {check.outcome for check in checks} == {Outcome.NOT_MEASURED}
    assert all(check.weight and "bubblewrap is not installed" in check.detail for check in checks)


async def test_the_rest_is_added_to_what_was_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thorough assessment tries only what the quick one of the same design left out."""
    from bot.roles.backend_developer.checks import service_runs as module
    from bot.roles.backend_developer.checks.live.phases import ALL, QUICK

    asked: list[frozenset[str]] = []

    async def run(_blueprint: Blueprint, phases: frozenset[str], *_more: object) -> Findings:
        asked.append(phases)
        return found(PROBED[0], held=1)

    monkeypatch.setattr(module, "run_service", run)
    runner = CheckRunner(checks=LIVE, live=True)
    subject = Subject(artefacts=(), blueprint=depot(), brief=brief())
    try:
        assert not runner.complete(subject.blueprint, thorough=False)
        await runner.assess(subject, thorough=False)
        checks = await runner.assess(subject, thorough=True)
    finally:
        await runner.close()
    assert asked == [QUICK, ALL - QUICK]
    assert "2 probes" in next(check.detail for check in checks if check.key == PROBED[0])


def test_a_context_of_files_alone_says_so() -> None:
    """A check of the running service that is asked where nothing ran says that only static evidence was asked for."""
    context = bench_of()
    assert isinstance(context, CheckContext)
    with pytest.raises(Unmeasurable, match="static evidence"):
        _ = context.live
