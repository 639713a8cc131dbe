"""What only a running service can show. A design is data and nothing generated is run, so these are never measured.

They stand among the checks because a share of "measured" that left them out would say that a document proves a
service: each keeps its weight in its score's measured share, is named in the review, and moves no score.
"""

from __future__ import annotations

from bot.evidence.checks import CheckResult, not_measured
from bot.roles.backend_developer.checks.context import CheckContext

_NOTHING_RUNS = "No service was built from this design, and nothing generated is run"


def contract_kept(_bench: CheckContext) -> CheckResult:
    """Property tests of the running operations against the document."""
    return not_measured(f"{_NOTHING_RUNS}: whether the operations keep the document is open until there is one.")


def attacks_fail(_bench: CheckContext) -> CheckResult:
    """Injection, broken object-level authorisation and the like, tried against the running service."""
    return not_measured(f"{_NOTHING_RUNS}: no attack could be tried.")


def load_held(bench: CheckContext) -> CheckResult:
    """The stated throughput, latency under load and availability."""
    goals = [f"{b.metric} {b.value:g} {b.unit}" for b in bench.subject.blueprint.budgets if b.metric in _UNDER_LOAD]
    stated = f" ({', '.join(goals)})" if goals else ""
    return not_measured(f"{_NOTHING_RUNS}: what the team expects under load{stated} is a goal, not a finding.")


def starts_and_stops(_bench: CheckContext) -> CheckResult:
    """The service starts from nothing, answers its health check and stops on SIGTERM."""
    return not_measured(f"{_NOTHING_RUNS}: starting, health and stopping are open until there is one.")


_UNDER_LOAD = frozenset({"throughput", "availability", "concurrent_users", "error_rate", "latency_p99"})
