"""Every check of the registry is shown to fail on a fault of its own and to hold without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

import pytest

from bot.domain.design import Feedback
from bot.domain.evidence import Outcome
from bot.evidence.checks import Unmeasurable
from bot.evidence.sharing import SharedServer
from bot.roles.backend_developer.checks.areas.running import LIVE
from bot.roles.backend_developer.checks.context import CheckContext
from tests.evidence.bench_helpers import SPECS, bench_of, file, rendered_document, sql_bench
from tests.evidence.samples import brief, design
from tests.evidence.test_database_checks import DOCUMENT, FAULTY
from tests.evidence.test_document_checks import PLANS, SPOILT, WORDS
from tests.judge.bases import BASES
from tests.judge.bench import SMALL
from tests.judge.faults import FAULTS
from tests.judge.planting import base_of, right, spoilt
from tests.judge.spoil import DoesNotApplyError
from tests.support import quick_yaml

Sample = Callable[[SharedServer], CheckContext]

NOTHING_RUNS: Final = frozenset(spec.key for spec in LIVE)
"""What only a running service can show: with static evidence it is not measured; see tests/live for each of them."""

_TABLE = "CREATE TABLE a (id bigint PRIMARY KEY, name text NOT NULL);"
_LEAKY = """CREATE TABLE workflows (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
ALTER TABLE workflows ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON workflows USING (true);"""
_UNINDEXED = """CREATE TABLE workflows (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now());"""


def _spoilt(spoil: Callable[[dict[str, Any]], object]) -> Sample:
    return lambda server: bench_of(spoil=spoil, server=server)


def _planned(spoil: Callable[[dict[str, Any]], object]) -> Sample:
    def sample(server: SharedServer) -> CheckContext:
        plan = design()
        spoil(plan)
        return bench_of(plan=plan, server=server)

    return sample


def _said(key: str, text: str) -> Sample:
    return lambda server: bench_of(asked=brief(replies=[(key, text)]), server=server)


def _rendered(spoil: Callable[[dict[str, Any]], object] = lambda document: None) -> str:
    document = rendered_document()
    spoil(document)
    return quick_yaml.dump(document)


def _open_object(document: dict[str, Any]) -> None:
    document["paths"]["/tenants/{tenant_id}"]["get"]["x-roles"] = []


def _impossible_budget(server: SharedServer) -> CheckContext:
    plan = design()
    plan["budgets"][0]["value"] = 0.0001
    return bench_of(plan=plan, asked=brief(replies=[]), server=server)


# Tried once for all checks that look at the same migrations: applying them is what takes time.
@cache
def _faulty(server: SharedServer) -> CheckContext:
    return sql_bench(server, FAULTY, down="DROP TABLE notes;", document=DOCUMENT)


@cache
def _whole(server: SharedServer) -> CheckContext:
    return bench_of(server=server)


def _planted(key: str, server: SharedServer) -> CheckContext:
    """The first base design with a fault in it that this check is to name, and names."""
    for fault in FAULTS:
        for base in BASES:
            if key in fault.named_by:
                try:
                    bench = CheckContext(spoilt(fault, base), server, scale=SMALL)
                except (DoesNotApplyError, KeyError, StopIteration):
                    continue
                if SPECS[key].run(bench).outcome is Outcome.FAILED:
                    return bench
    raise AssertionError(f"no fault is named by {key}")


@cache
def _right(name: str, server: SharedServer) -> CheckContext:
    return CheckContext(right(name), server, scale=SMALL)


def _unheard(area: str) -> Sample:
    """The design after feedback that it does not answer."""
    words = {
        "api": "GET /aquariums", "database": "Aquarium: volume (integer), opened_on (date)",
        "security": "Roles: diver.", "performance": "p95 under 40 ms.", "service": "Twilio for SMS.",
    }[area]  # fmt: skip
    point = Feedback(id="f1", origin="api_review", text=words, by="U1", iteration=1)
    return lambda server: bench_of(asked=replace(brief(), feedback=(point,)), server=server)


def _heard(area: str) -> Sample:
    words = {
        "api": "POST /api/workflows",
        "database": "| entity | field | type |\n|--|--|--|\n| Workflow | title | string |",
        "security": "Roles: admin, editor.", "performance": "p95 under 200 ms.", "service": "Stripe for payments.",
    }[area]  # fmt: skip
    point = Feedback(id="f1", origin="api_review", text=words, by="U1", iteration=1)
    return lambda server: bench_of(asked=replace(brief(replies=[]), feedback=(point,)), server=server)


def _again(server: SharedServer) -> CheckContext:
    """The same design as the iteration before."""
    first = right("clinic")
    later = replace(first, brief=base_of("clinic").brief(iteration=2, previous=first.blueprint))
    return CheckContext(later, server)


_AREAS = ("api", "database", "security", "performance", "service")
CLAIMED: Final = frozenset(WORDS)
"""Checks of sentences: without an admission nothing of them is measured."""

_FAULTY_KEYS = [
    *("database.reversible", "database.linted", "database.primary_keys", "database.foreign_keys_indexed"),
    *("database.foreign_key_types", "database.relations_enforced", "database.indexes_distinct"),
    *("database.times_have_zones", "database.money_exact", "database.keys_wide", "database.passwords_hashed"),
    *("database.entities_stored", "database.document_matches", "security.tenants_scoped"),
]
FAILING: Final[Mapping[str, Sample]] = {
    **{key: _spoilt(spoil) for key, spoil, _ in SPOILT},
    **{key: _planned(spoil) for key, spoil, _ in PLANS},
    **dict.fromkeys(_FAULTY_KEYS, _faulty),
    "api.fit": _said("api_design", "GET /aquariums"),
    "database.fit": _said("database_schema", "Aquarium: volume (integer), opened_on (date)"),
    "security.fit": _said("security_controls", "Roles: diver."),
    "performance.fit": _said("performance_requirements", "p95 under 40 ms."),
    "service.fit": _said("integration_needs", "Twilio for SMS."),
    "database.migrations_apply": lambda server: sql_bench(
        server, "CREATE TABLE a (b_id bigint REFERENCES missing (id));"
    ),
    "database.migrations_meet_rows": lambda server: sql_bench(
        server, _TABLE, later="ALTER TABLE a ADD COLUMN size bigint NOT NULL;"
    ),
    "database.parses": lambda server: sql_bench(server, "CREATE TABEL a (id int);"),
    "security.roles_asked": _said("security_controls", "Roles: admin, auditor."),
    "security.objects_guarded": lambda server: sql_bench(server, FAULTY, document=_rendered(_open_object)),
    "security.tenants_isolated": lambda server: sql_bench(server, _LEAKY),
    "security.no_secrets": lambda server: bench_of(files=(file("notes.md", "xoxb-" + "1234567890-abcdef"),)),
    "performance.lists_use_indexes": lambda server: sql_bench(server, _UNINDEXED, document=_rendered()),
    "performance.worst_list_in_budget": _impossible_budget,
    "service.stack_followed": _said("opening_1", "Kotlin and MongoDB."),
    **{f"{area}.feedback_kept": _unheard(area) for area in _AREAS},
}
PLANTED: Final = frozenset(SPECS) - NOTHING_RUNS - set(FAILING)
"""Checks whose sample is a fault of `tests.judge`."""

HOLDING: Final[Mapping[str, Sample]] = {
    "api.fit": _said("api_design", "POST /api/workflows, GET /api/workflows/{id}"),
    "database.fit": _said("database_schema", "| entity | field | type |\n|--|--|--|\n| Workflow | title | string |"),
    "security.fit": _said("security_controls", "Roles: admin, editor."),
    "performance.fit": _said("performance_requirements", "p95 under 200 ms."),
    "service.fit": _said("integration_needs", "Stripe for payments."),
    "database.migrations_meet_rows": lambda server: sql_bench(
        server, _TABLE, later="ALTER TABLE a ADD COLUMN size bigint;"
    ),
    "service.stack_followed": _said("opening_1", "Python with FastAPI on PostgreSQL."),
    **{f"{area}.feedback_kept": _heard(area) for area in _AREAS},
    "api.callers_kept": _again,
    "database.rows_kept": _again,
    "security.rights_kept": _again,
    "service.boundaries_there": lambda server: _split(server),
}
"""Samples that hold where the whole design of `tests.evidence.samples` does not ask for what is checked."""


def _split(server: SharedServer) -> CheckContext:
    plan = design()
    plan["services"].update(style="Two microservices.", boundaries=["Identity", "Workflow"])
    return bench_of(plan=plan, server=server)


def _without_fault(key: str, server: SharedServer) -> Outcome:
    """What the check says of its holding sample, or of the first whole design to which its question applies."""
    if key in HOLDING:
        return SPECS[key].run(HOLDING[key](server)).outcome
    found = (SPECS[key].run(one) for one in (_whole(server), *(_right(base.name, server) for base in BASES)))
    return next((v.outcome for v in found if v.outcome is not Outcome.NOT_APPLICABLE), Outcome.NOT_MEASURED)


def test_every_sample_is_of_a_check() -> None:
    """No sample is of a check that is gone."""
    assert set(FAILING) | set(HOLDING) <= set(SPECS)


@pytest.mark.parametrize("key", sorted(set(SPECS) - NOTHING_RUNS))
def test_a_check_tells_its_fault_from_its_absence(key: str, server: SharedServer) -> None:
    """Each check fails on its sample with the fault, and holds on the one without it; sentences are only claimed."""
    bench = _planted(key, server) if key in PLANTED else FAILING[key](server)
    assert SPECS[key].run(bench).outcome is Outcome.FAILED
    assert _without_fault(key, server) is (Outcome.NOT_MEASURED if key in CLAIMED else Outcome.HELD)


@pytest.mark.parametrize("key", sorted(NOTHING_RUNS))
def test_what_would_have_to_run_is_not_measured_without(key: str) -> None:
    """With static evidence nothing is claimed of a running service: it is neither held nor failed, and says why."""
    with pytest.raises(Unmeasurable, match="the service was not run"):
        SPECS[key].run(bench_of())
